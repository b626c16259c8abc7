"""Every call of the command line: what it prints, what it returns, what it leaves alone."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import NoReturn

import pytest

from core import VERSION
from core.cache.alert_notes import AlertNote
from core.cache.known_ledger import KnownLedger
from core.cache.sqlite_cache import SQLiteCache
from core.cli.command_line import Surroundings, WindowOptions, main, run
from core.computer import paths
from core.domain.errors import CredentialsError, ExitCode, KeyringLocked, NoKeyring
from core.engine.own import LibCal2PP
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from core.settings.config import load_config
from core.settings.credentials import Credentials, CredentialStore, KeyringStore, MemoryStore

PROJECT = Path(__file__).parents[3]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Desk:
    """A computer with a config.yml, a password store and no screen."""

    def __init__(self, folder: Path, services: PracticeServices) -> None:
        self.folder = folder
        self.services = services
        self.config = folder / "config.yml"
        self.store: CredentialStore = services.store()
        self.stdout, self.stderr = io.StringIO(), io.StringIO()
        self.environment: dict[str, str] = {}
        self.opened: list[WindowOptions] = []
        self.write_config()

    @property
    def cache(self) -> Path:
        return self.folder / "cache.db"

    def write_config(self) -> None:
        text = self.services.config_text(
            Cache={"path": str(self.cache)}, Alma={"calls_per_second": 25}
        )
        self.config.write_text(text, encoding="utf-8")

    def run(self, *argv: str, stdin: str = "") -> int:
        """One call; what it printed is in ``stdout`` and ``stderr``."""
        self.stdout, self.stderr = io.StringIO(), io.StringIO()
        return run(argv, self.around(stdin))

    def run_here(self, *argv: str, stdin: str = "") -> int:
        """The same with this desk's config.yml."""
        return self.run(*argv, "--config", str(self.config), stdin=stdin)

    def around(self, stdin: str = "") -> Surroundings:
        return Surroundings(
            stdin=io.StringIO(stdin),
            stdout=self.stdout,
            stderr=self.stderr,
            environment=self.environment,
            store=lambda: self.store,
            open_window=self._open_window,
            log_folder=lambda: self.folder / "log",
        )

    def _open_window(self, options: WindowOptions) -> int:
        self.opened.append(options)
        return 0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("program_folder", "machine_config_folder", "config_folder", "data_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    now = datetime.now(UTC)
    with PracticeServices(make_day(now, practice_zone(now), bookings=60)) as services:
        yield Desk(tmp_path, services)


# The window


def test_without_options_the_window_opens(desk: Desk) -> None:
    desk.environment["QT_QPA_PLATFORM"] = "offscreen"
    assert desk.run_here("--log-level", "debug") == 0
    assert desk.opened == [
        WindowOptions(desk.config, practice=False, log_level="debug", platform="offscreen")
    ]


def test_window_opens_without_a_config_for_the_assistant(desk: Desk) -> None:
    desk.environment["QT_QPA_PLATFORM"] = "minimal"
    desk.run()
    assert desk.opened == [
        WindowOptions(None, practice=False, log_level="info", platform="minimal")
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_a_sentence_says_what_else_there_is(desk: Desk) -> None:
    assert desk.run_here() == ExitCode.CANNOT_START
    assert "no display" in desk.stderr.getvalue()
    assert "--once" in desk.stderr.getvalue()
    assert not desk.opened


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_practice_without_a_display_prints_the_table(desk: Desk) -> None:
    assert desk.run("--practice") == ExitCode.DONE
    assert "bookings today" in desk.stdout.getvalue()
    assert "No display" in desk.stderr.getvalue()


def test_practice_window_gets_the_word(desk: Desk) -> None:
    desk.environment["QT_QPA_PLATFORM"] = "offscreen"
    desk.run("--practice")
    assert desk.opened == [
        WindowOptions(None, practice=True, log_level="info", platform="offscreen")
    ]


# --once


def test_once_registers_and_prints_the_day(desk: Desk) -> None:
    assert desk.run_here("--once") == ExitCode.DONE
    lines = desk.stdout.getvalue().splitlines()
    assert lines[0].startswith("Time")
    assert lines[-4].endswith("not registering")
    assert lines[-1] == "PassagePoint: answered"
    assert desk.services.visits


def test_once_leaves_a_heartbeat_for_the_monitoring(desk: Desk) -> None:
    desk.run_here("--once")
    heartbeat = json.loads((paths.data_folder() / "heartbeat.json").read_text())
    assert heartbeat["version"] == VERSION
    assert heartbeat["counts"]["registered"] == len(desk.services.visits)


def test_second_pass_registers_nothing_twice(desk: Desk) -> None:
    desk.run_here("--once")
    sent = len(desk.services.visits)
    assert desk.run_here("--once") == ExitCode.DONE
    assert len(desk.services.visits) == sent


def test_json_is_the_only_thing_on_stdout(desk: Desk) -> None:
    assert desk.run_here("--once", "--json") == ExitCode.DONE
    content = json.loads(desk.stdout.getvalue())
    assert content["counts"]["registered"] == len(desk.services.visits)
    assert content["counts"]["total"] == len(content["bookings"])
    assert content["services"]["Alma"] == {"ok": True, "error": None}


def test_json_is_printed_when_a_service_fails(desk: Desk) -> None:
    desk.services.faults.add("Alma", "500")
    assert desk.run_here("--once", "--json") == ExitCode.INCOMPLETE
    services = json.loads(desk.stdout.getvalue())["services"]
    assert not services["Alma"]["ok"]
    assert services["LibCal"]["ok"]


def test_json_is_printed_when_a_secret_is_missing(desk: Desk) -> None:
    desk.store = MemoryStore()
    assert desk.run_here("--once", "--json") == ExitCode.CREDENTIALS
    assert "not been entered" in json.loads(desk.stdout.getvalue())["services"]["LibCal"]["error"]


def test_json_says_the_error_when_nothing_could_start(desk: Desk) -> None:
    desk.config.write_text("Sync: {every_second: 5}\n", encoding="utf-8")
    assert desk.run_here("--once", "--json") == ExitCode.CANNOT_START
    error = json.loads(desk.stdout.getvalue())["error"]
    assert "do you mean every_seconds?" in error
    assert "LibCal is missing" in error


def test_json_says_the_error_of_a_wrong_call(desk: Desk) -> None:
    assert desk.run("--once", "--json", "--wach") == ExitCode.CANNOT_START
    assert "--wach" in json.loads(desk.stdout.getvalue())["error"]


def test_program_that_was_never_set_up_says_so(desk: Desk) -> None:
    assert desk.run("--once") == ExitCode.CANNOT_START
    assert "no config.yml yet" in desk.stderr.getvalue()


def test_config_that_can_not_be_used_is_told_and_exit_2(desk: Desk) -> None:
    for content, told in {
        "": "has no settings",
        "LibCal: [": "not valid YAML",
        "Alma: {apikey: abc}": "--set-secret",
        "LCPP: {interval: 300}": "belongs to the script",
        "Libcal: {}\nCashe: {}": "do you mean Cache?",
    }.items():
        desk.config.write_text(content, encoding="utf-8")
        assert desk.run_here("--once") == ExitCode.CANNOT_START
        assert told in desk.stderr.getvalue()


@pytest.mark.parametrize("error", [NoKeyring, KeyringLocked])
def test_password_store_that_can_not_be_read_is_told_and_exit_3(
    desk: Desk, error: type[CredentialsError]
) -> None:
    class Closed(MemoryStore):
        def get(self, address: str, user: str) -> NoReturn:
            raise error(f"The store says {error.__name__}.")

    desk.store = Closed()
    for command in ("--once", "--check"):
        assert desk.run_here(command) == ExitCode.CREDENTIALS
        assert f"The store says {error.__name__}." in desk.stdout.getvalue()


def a_text_file(cache: Path) -> None:
    cache.write_bytes(b"not a database" * 100)


def half_a_cache(cache: Path) -> None:
    cache.write_bytes(cache.read_bytes()[:5000])


def a_newer_cache(cache: Path) -> None:
    with closing(sqlite3.connect(cache)) as database:
        database.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [(a_text_file, "is not a database"), (half_a_cache, "damaged"), (a_newer_cache, "newer")],
)
def test_cache_that_can_not_be_used_is_one_sentence_and_stays(
    desk: Desk, spoil: Callable[[Path], None], told: str
) -> None:
    desk.run_here("--once")
    spoil(desk.cache)
    before = desk.cache.read_bytes()
    assert desk.run_here("--once") == ExitCode.CANNOT_START
    assert told in desk.stderr.getvalue()
    assert desk.stderr.getvalue().count("\n") == 1
    assert desk.cache.read_bytes() == before


def test_cache_that_another_program_has_is_told_and_exit_2(desk: Desk) -> None:
    desk.run_here("--once")
    with SQLiteCache(desk.cache) as cache:
        cache.claim_writer("ana", "desk-2")
        assert desk.run_here("--once") == ExitCode.CANNOT_START
    assert "has it open" in desk.stderr.getvalue()


def test_nothing_of_a_person_is_in_the_log(desk: Desk) -> None:
    desk.run_here("--once", "--log-level", "debug")
    text = "".join(file.read_text(encoding="utf-8") for file in (desk.folder / "log").iterdir())
    for person in desk.services.day.people:
        assert person.primary_id not in text
        assert person.last_name not in text


def test_log_says_each_call_with_what_came_of_it(desk: Desk) -> None:
    desk.run_here("--once")
    desk.services.faults.add("PassagePoint", "html")
    desk.services.add_booking(datetime.now(UTC) + timedelta(hours=1))
    desk.run_here("--once")
    desk.config.write_text("LibCall: {}")
    desk.run_here("--check")
    lines = (desk.folder / "log" / "libcal2pp.log").read_text(encoding="utf-8").splitlines()
    said = [line.partition(": ")[2] for line in lines]
    assert [one for one in said if not one.startswith("Pass")] == [
        f"LibCal2PP {VERSION} begins: once",
        "LibCal2PP ends with 0",
        f"LibCal2PP {VERSION} begins: once",
        "LibCal2PP ends with 4",
        f"LibCal2PP {VERSION} begins: check",
        "LibCal2PP ends with 2: ConfigError",
    ]
    passes = [one for one in said if one.startswith("Pass")]
    assert "registered" in passes[0]
    assert "PassagePoint: PassagePoint answered with a web page" in passes[1]


# A new ledger


@pytest.fixture
def desk_with_lost_ledger(desk: Desk) -> Desk:
    desk.run_here("--once")
    for file in desk.folder.glob("cache.db*"):
        file.unlink()
    return desk


@pytest.mark.parametrize("command", ["--once", "--watch"])
def test_new_ledger_is_a_question(desk_with_lost_ledger: Desk, command: str) -> None:
    desk = desk_with_lost_ledger
    sent = len(desk.services.visits)
    assert desk.run_here(command) == ExitCode.CANNOT_START
    assert "--assume" in desk.stderr.getvalue()
    assert len(desk.services.visits) == sent


def test_a_pass_that_notices_another_ledger_says_so_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KnownLedger, "note_send", lambda _known, _position: False)
    assert desk.run_here("--once", "--json") == ExitCode.CANNOT_START
    assert set(json.loads(desk.stdout.getvalue())) == {"error"}
    assert desk.services.visits == []


def test_assume_all_sends_nothing_again(desk_with_lost_ledger: Desk) -> None:
    desk = desk_with_lost_ledger
    assert desk.run_here("--once", "--assume", "all") == ExitCode.DONE
    assert not desk.services.duplicates()


def test_assume_none_sends_everything(desk_with_lost_ledger: Desk) -> None:
    desk = desk_with_lost_ledger
    sent = len(desk.services.visits)
    assert desk.run_here("--once", "--assume", "none") == ExitCode.DONE
    assert len(desk.services.visits) == 2 * sent


# --watch


def test_watch_prints_a_line_a_pass_until_it_is_told_to_stop() -> None:
    with _started("--practice", "--watch") as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "bookings today" in line
    assert "new visits" in line


def test_watch_takes_over_a_config_that_is_changed_by_hand(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = LibCal2PP.log_new_bookings
    seconds: list[int] = []

    def edit_then_stop(engine: LibCal2PP, stop: object = None) -> object:
        seconds.append(engine.config.sync.every_seconds)
        if len(seconds) == 1:
            text = desk.config.read_text(encoding="utf-8")
            desk.config.write_text(f"{text}Sync: {{every_seconds: 77}}\n", encoding="utf-8")
        else:
            signal.raise_signal(signal.SIGINT)
        return real(engine)

    monkeypatch.setattr(LibCal2PP, "log_new_bookings", edit_then_stop)
    desk.run_here("--watch")
    assert seconds == [300, 77]


def test_watch_returns_what_its_last_pass_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.services.faults.add("Alma", "500")
    real = LibCal2PP.log_new_bookings

    def stop_after_one(engine: LibCal2PP, stop: object = None) -> object:
        report = real(engine)
        signal.raise_signal(signal.SIGINT)
        return report

    monkeypatch.setattr(LibCal2PP, "log_new_bookings", stop_after_one)
    assert desk.run_here("--watch") == ExitCode.INCOMPLETE
    assert desk.stdout.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("command", "code"), [("--watch", ExitCode.DONE), ("--once", ExitCode.INCOMPLETE)]
)
def test_a_pass_whose_services_hang_is_stopped_within_five_seconds(
    desk: Desk, command: str, code: ExitCode
) -> None:
    stopped_at: list[float] = []

    def stop_once_it_hangs() -> None:
        while not any(call.name == "createVisitor" for call in desk.services.calls):
            threading.Event().wait(0.01)
        stopped_at.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    desk.services.faults.add("createVisitor", "hang")
    thread = threading.Thread(target=stop_once_it_hangs)
    thread.start()
    assert desk.run_here(command) == code
    thread.join()
    assert time.monotonic() - stopped_at[0] < 5
    assert "bookings today" in desk.stdout.getvalue()


def test_signal_handlers_are_put_back(desk: Desk) -> None:
    before = signal.getsignal(signal.SIGTERM)
    desk.run_here("--once")
    assert signal.getsignal(signal.SIGTERM) is before


# --check


def test_check_has_a_line_for_each_part(desk: Desk) -> None:
    assert desk.run_here("--check") == ExitCode.DONE
    subjects = [line[9:].split(":")[0] for line in desk.stdout.getvalue().splitlines()]
    assert list(dict.fromkeys(subjects)) == [
        "Settings",
        "Network",
        "Password store",
        "LibCal",
        "Alma Main",
        "Alma Law",
        "PassagePoint",
        "Clock",
        "Cache",
    ]


def test_check_returns_the_first_code_in_order(desk: Desk) -> None:
    desk.services.faults.add("Alma", "500")
    desk.store = MemoryStore()
    assert desk.run_here("--check") == ExitCode.CREDENTIALS


def test_check_says_by_which_ways_alerts_go_and_sends_none(desk: Desk) -> None:
    _with_alerts(desk)
    assert desk.run_here("--check") == ExitCode.DONE
    assert "ok       Alerts: They go by mail and webhook." in desk.stdout.getvalue()
    assert (desk.services.mail.taken, desk.services.hook.taken) == ([], [])


def test_check_tells_what_an_alert_lacks_and_what_the_last_one_ended_with(desk: Desk) -> None:
    credentials = _with_alerts(desk)
    desk.store.delete(*credentials.entry("Alerts", "mail"))
    assert desk.run_here("--check") == ExitCode.INCOMPLETE
    said = desk.stdout.getvalue()
    assert "PROBLEM  Alerts: The secret for Alerts mail has not been entered" in said
    with SQLiteCache(desk.cache) as cache:
        note = AlertNote("webhook", datetime.now(UTC), error="The web hook fell over.")
        cache.alerts.put([note])
    desk.run_here("--check")
    assert "PROBLEM  Alerts: The web hook fell over." in desk.stdout.getvalue()


def test_check_tells_a_cache_that_cannot_be_used(desk: Desk) -> None:
    desk.cache.write_bytes(b"not a database" * 100)
    assert desk.run_here("--check") == ExitCode.CANNOT_START
    assert "PROBLEM  Cache" in desk.stdout.getvalue()


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_check_tells_settings_that_every_account_may_change(desk: Desk) -> None:
    desk.config.chmod(0o666)
    assert desk.run_here("--check") == ExitCode.CANNOT_START
    assert f"PROBLEM  Settings: Every account of this computer may change {desk.config}" in (
        desk.stdout.getvalue()
    )


def test_check_tells_that_a_question_is_open(desk: Desk) -> None:
    assert desk.run_here("--once") == ExitCode.DONE
    for file in desk.cache.parent.glob("cache.db*"):
        file.unlink()
    assert desk.run_here("--check") == ExitCode.CANNOT_START
    assert "Nothing is sent for earlier bookings." in desk.stdout.getvalue()


def test_check_lets_refused_credentials_be_tried_again(desk: Desk) -> None:
    right = desk.store
    desk.store = MemoryStore()
    for service, zone in [("LibCal", None), ("Alma", "Main"), ("Alma", "Law")]:
        entry = _entry(desk, service, zone)
        desk.store.set(*entry, right.get(*entry) or "")
    desk.store.set(*_entry(desk, "PassagePoint"), "wrong")
    assert desk.run_here("--once") == ExitCode.CREDENTIALS
    desk.services.clear_calls()
    desk.run_here("--once")
    assert not _logins(desk)
    desk.run_here("--check")
    desk.services.clear_calls()
    desk.run_here("--once")
    assert _logins(desk)


# --practice


def test_practice_touches_nothing_of_the_real_program(desk: Desk) -> None:
    before = sorted(desk.folder.rglob("*"))
    assert desk.run("--practice", "--once") == ExitCode.DONE
    assert desk.run("--practice", "--check") == ExitCode.DONE
    assert sorted(desk.folder.rglob("*")) == before


def test_check_counts_the_readers_in_groups_that_no_category_names(desk: Desk) -> None:
    assert desk.run("--practice", "--check") == ExitCode.DONE
    [said] = [one for one in desk.stdout.getvalue().splitlines() if "Categories:" in one]
    assert said.startswith("ok       Categories: ")
    assert "in Alma's group gw staff, which no category names: registered as Visitor." in said


def test_serve_says_what_to_type_and_runs_until_it_is_stopped() -> None:
    with _started("--practice", "--serve", "0") as process:
        assert process.stdout
        text = "".join(takewhile(lambda line: "  PassagePoint: " not in line, process.stdout))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert "http://127.0.0.1:" in text
    assert "LibCal:\n" in text
    assert "  Alma Law: " in text


class StoppedAtOnce(io.StringIO):
    """Whoever reads this presses Ctrl-C as soon as something is to be seen."""

    def flush(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_serve_ends_well_and_leaves_nothing(desk: Desk) -> None:
    before = sorted(desk.folder.rglob("*"))
    stdout = StoppedAtOnce()
    around = replace(desk.around(), stdout=stdout)
    assert run(["--practice", "--serve", "0"], around) == ExitCode.DONE
    assert "Nothing here is real" in stdout.getvalue()
    assert sorted(desk.folder.rglob("*")) == before


def test_port_that_is_used_is_told(desk: Desk) -> None:
    port = desk.services.url.rpartition(":")[2]
    assert desk.run("--practice", "--serve", port) == ExitCode.CANNOT_START
    assert f"can't use port {port}" in desk.stderr.getvalue()


@pytest.mark.parametrize("port", ["-1", "65536", "9" * 30])
def test_number_that_is_no_port_is_told(desk: Desk, port: str) -> None:
    assert desk.run("--practice", "--serve", port) == ExitCode.CANNOT_START
    assert f"can't use port {port}" in desk.stderr.getvalue()


@pytest.mark.parametrize("hour", range(24))
def test_practice_day_is_never_all_over(hour: int) -> None:
    now = datetime(2026, 1, 15, hour, 30, tzinfo=UTC)
    assert 8 <= now.astimezone(practice_zone(now)).hour < 19


def test_an_empty_name_after_config_is_called_so(desk: Desk) -> None:
    assert desk.run("--once", "--config", "") == ExitCode.CANNOT_START
    assert "the name after --config is empty." in desk.stderr.getvalue()


# --set-secret


def test_secret_is_the_whole_first_line(desk: Desk) -> None:
    given = " s3 cret \r\nmore\n"
    assert desk.run_here("--set-secret", "passagepoint", stdin=given) == ExitCode.DONE
    assert desk.store.get(*_entry(desk, "PassagePoint")) == " s3 cret "
    dates = json.loads((paths.config_folder() / "secrets-changed.json").read_text())
    assert list(dates) == ["|".join(_entry(desk, "PassagePoint"))]


@pytest.mark.parametrize("service", ["LibCal", "Alma"])
def test_blanks_around_a_secret_that_can_have_none_are_cut(desk: Desk, service: str) -> None:
    names = ["Main"] if service == "Alma" else []
    given = " s3cret \r\n"
    assert desk.run_here("--set-secret", service, *names, stdin=given) == ExitCode.DONE
    assert desk.store.get(*_entry(desk, service, *names)) == "s3cret"


def test_secret_is_typed_unseen_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal("shown\n")
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "unseen")
    argv = ["--set-secret", "LibCal", "--config", str(desk.config)]
    assert run(argv, replace(desk.around(), stdin=terminal)) == ExitCode.DONE
    assert desk.store.get(*_entry(desk, "LibCal")) == "unseen"


def test_secret_goes_into_the_operating_systems_store_unless_a_test_says_otherwise() -> None:
    nowhere = io.StringIO()
    around = Surroundings(nowhere, nowhere, nowhere, lambda _options: 0)
    assert isinstance(around.store(), KeyringStore)


def test_secret_is_not_printed(desk: Desk) -> None:
    desk.run_here("--set-secret", "PassagePoint", stdin="pa55word\n")
    assert "pa55word" not in desk.stdout.getvalue() + desk.stderr.getvalue()


def test_alma_has_one_secret_a_zone(desk: Desk) -> None:
    desk.run_here("--set-secret", "Alma", "Law", stdin="key\n")
    assert desk.store.get(*_entry(desk, "Alma", "Law")) == "key"
    assert desk.store.get(*_entry(desk, "Alma", "Main")) != "key"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["Libcall"], "no secret for Libcall"),
        (["LibCal", "Main"], "A NAME follows only"),
        (["Alma"], "For which zone"),
        (["Alma", "Low"], "no Alma zone Low"),
        (["Alma", "Law", "Main"], "A NAME follows only"),
        (["LibCal", "extra"], "“extra” is too much after LibCal"),
        (["Alma", "Law", "Main"], "“Main” is too much after Alma"),
        (["Cache"], "no address with a user"),
        (["Alerts"], "One of: mail, webhook"),
        (["Alerts", "fax"], "One of: mail, webhook"),
        (["Alerts", "mail"], "no server with a user"),
        (["Alerts", "webhook"], "doesn't say what the web hook understands"),
    ],
)
def test_secret_that_belongs_nowhere_is_refused(
    desk: Desk, given: list[str], sentence: str
) -> None:
    assert desk.run_here("--set-secret", *given, stdin="x\n") == ExitCode.CANNOT_START
    assert sentence in desk.stderr.getvalue()


def _with_alerts(desk: Desk) -> Credentials:
    text = desk.services.config_text(
        Alerts=desk.services.alerts("slack"), Cache={"path": str(desk.cache)}
    )
    desk.config.write_text(text, encoding="utf-8")
    return Credentials(load_config(desk.config), desk.store)


def test_mails_password_and_the_hooks_address_are_secrets(desk: Desk) -> None:
    credentials = _with_alerts(desk)
    hook = "https://hooks.slack.com/services/T0/B0/x"
    assert desk.run_here("--set-secret", "Alerts", "mail", stdin="pa55word\n") == ExitCode.DONE
    assert desk.run_here("--set-secret", "alerts", "webhook", stdin=f" {hook} \n") == ExitCode.DONE
    assert credentials.secret("Alerts", "mail") == "pa55word"
    assert credentials.secret("Alerts", "webhook") == hook
    assert hook not in desk.stderr.getvalue()


@pytest.mark.parametrize(
    "address",
    ["http://hooks.example.edu/x", "hooks.example.edu", "https://", "https://a b/", "https://[x/"],
)
def test_a_hook_that_anybody_could_read_along_is_refused(desk: Desk, address: str) -> None:
    _with_alerts(desk)
    given = f"{address}\n"
    assert desk.run_here("--set-secret", "Alerts", "webhook", stdin=given) == ExitCode.CANNOT_START
    assert "begins with https://" in desk.stderr.getvalue()


def test_empty_secret_is_refused(desk: Desk) -> None:
    assert desk.run_here("--set-secret", "LibCal", stdin="\n") == ExitCode.CANNOT_START


# The rest


def test_a_cache_that_is_not_there_is_not_moved(desk: Desk) -> None:
    assert desk.run("--move-cache", "a.db", "postgresql://u@h/db") == ExitCode.CANNOT_START
    assert "There is no cache a.db" in desk.stderr.getvalue()


def test_program_without_streams_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A windowed program on Windows has none."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    monkeypatch.setattr(sys, "argv", ["main.py", "--version"])
    assert main(lambda _options: 0) == 0


def test_terminal_with_few_letters_gets_what_it_can_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    old = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stderr", old)
    monkeypatch.setattr(sys, "argv", ["main.py", "--王"])
    assert main(lambda _options: 0) == ExitCode.CANNOT_START
    assert b"--?" in raw.getvalue()


def test_version_and_help_need_no_config(desk: Desk) -> None:
    assert desk.run("--version") == 0
    assert desk.stdout.getvalue() == f"{VERSION}\n"
    assert desk.run("--help") == 0
    assert "--set-secret" in desk.stdout.getvalue()


@pytest.mark.parametrize(
    "argv",
    [
        ["--once", "--watch"],
        ["--json"],
        ["--assume", "all"],
        ["--once", "--assume", "some"],
        ["--serve", "8080"],
        ["--practice", "--serve", "http"],
        ["--practice", "--config", "config.yml"],
        ["--practice", "--set-secret", "LibCal"],
        ["--log-level", "loud"],
        ["--onc"],
        ["extra"],
    ],
)
def test_call_that_makes_no_sense_is_refused_in_a_sentence(desk: Desk, argv: list[str]) -> None:
    assert desk.run(*argv) == ExitCode.CANNOT_START
    assert desk.stderr.getvalue().startswith("This call can't be used: ")
    assert "main.py --help" in desk.stderr.getvalue()


def test_bug_is_one_calm_sentence_and_a_logged_traceback(desk: Desk) -> None:
    def fail(options: WindowOptions) -> int:
        raise KeyError(options)

    desk.environment["QT_QPA_PLATFORM"] = "offscreen"
    assert run([], replace(desk.around(), open_window=fail)) == ExitCode.BUG
    assert "fault of its own" in desk.stderr.getvalue()
    assert "Traceback" not in desk.stderr.getvalue()
    assert "in fail" in (desk.folder / "log" / "libcal2pp.log").read_text(encoding="utf-8")


def test_ctrl_c_before_anything_was_done_is_no_success(desk: Desk) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> NoReturn:
            raise KeyboardInterrupt

    around = replace(desk.around(), stdin=Interrupted())
    argv = ["--set-secret", "LibCal", "--config", str(desk.config)]
    assert run(argv, around) == ExitCode.INCOMPLETE


def test_output_that_cannot_be_written_is_no_crash(desk: Desk) -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> NoReturn:
            raise OSError(28, "No space left on device")

    around = replace(desk.around(), stdout=Full())
    assert run(["--once", "--json", "--config", str(desk.config)], around) == ExitCode.BUG


def test_json_says_even_a_bug(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("core.cli.commands.report_json", fail)
    assert desk.run_here("--once", "--json") == ExitCode.BUG
    assert "fault of its own" in json.loads(desk.stdout.getvalue())["error"]


def test_ctrl_c_is_no_bug(desk: Desk) -> None:
    def interrupt(options: WindowOptions) -> int:
        raise KeyboardInterrupt(options)

    desk.environment["QT_QPA_PLATFORM"] = "offscreen"
    assert run([], replace(desk.around(), open_window=interrupt)) == ExitCode.DONE


@pytest.mark.parametrize("command", [["--practice", "--once"], ["--practice", "--check"]])
def test_commands_do_not_import_qt(command: list[str], tmp_path: Path) -> None:
    assert _modules_after(command, tmp_path).isdisjoint({"PySide6", "qtawesome"})


def test_real_commands_do_not_import_flask(desk: Desk) -> None:
    modules = _modules_after(["--once", "--config", str(desk.config)], desk.folder)
    assert "core.cli.commands" in modules
    assert modules.isdisjoint({"PySide6", "flask", "core.practice"})


def test_window_waits_for_neither_network_nor_keyring() -> None:
    code = "import sys, core.cli.command_line; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    slow = {"requests", "keyring", "pydantic", "yaml", "flask", "sqlite3"}
    assert slow.isdisjoint(done.stdout.split())


def _entry(desk: Desk, service: str, zone: str | None = None) -> tuple[str, str]:
    from core.settings.credentials import Credentials

    return Credentials(desk.services.config(), desk.store).entry(service, zone)


def _logins(desk: Desk) -> list[object]:
    return [call for call in desk.services.calls if call.name == "login"]


def _started(*argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "main.py", *argv],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def _modules_after(command: list[str], folder: Path) -> set[str]:
    """What a process has imported after one call; its own folders are below ``folder``."""
    code = """
import io, pathlib, sys
from core import VERSION
from core.computer import paths
from core.cli.command_line import Surroundings, run
from core.settings.credentials import MemoryStore
folder = pathlib.Path(sys.argv[1])
paths.config_folder = paths.data_folder = paths.log_folder = lambda: folder
streams = io.StringIO(), io.StringIO(), io.StringIO()
run(sys.argv[2:], Surroundings(*streams, print, store=MemoryStore, log_folder=lambda: folder))
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), *command],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_reader_of_the_output_that_has_seen_enough_is_no_fault(desk: Desk) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    around = replace(desk.around(), stdout=Closed())
    assert run(["--check", "--config", str(desk.config)], around) == ExitCode.DONE
    assert desk.stderr.getvalue() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_crash_leaves_no_dump_with_a_secret_in_it() -> None:
    script = (
        "import ctypes, resource, sys; sys.argv = ['main.py', *sys.argv[1:]];"
        "from core.cli.command_line import main; main(lambda _options: 0);"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))"
    )

    def run_with(*argv: str) -> str:
        command = [sys.executable, "-c", script, *argv]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        return done.stdout.splitlines()[-1]

    assert run_with("--once", "--config", "/nowhere/config.yml") == "(0, 0) 0"
    # A window asks the desktop for its colours first, which looks into /proc to see who asks.
    assert run_with() == "(0, 0) 1"


# A server: secrets from the service manager


def service_manager(desk: Desk) -> None:
    """A folder of credentials as systemd makes it, and a password store that nobody opened."""
    folder = desk.folder / "credentials"
    folder.mkdir()
    for what, secret in desk.services.secrets():
        (folder / f"libcal2pp.{what.replace(' ', '.', 1).replace(' ', '_')}").write_text(secret)
    desk.environment["CREDENTIALS_DIRECTORY"] = str(folder)
    desk.store = KeyringStore()


@pytest.mark.parametrize("call", ["--once", "--check"])
def test_secrets_come_from_the_service_manager_only_when_told_so(desk: Desk, call: str) -> None:
    service_manager(desk)
    assert desk.run_here(call, "--credentials", "systemd") == ExitCode.DONE, desk.stderr.getvalue()
    assert desk.run_here(call) == ExitCode.CREDENTIALS


def test_a_credential_that_is_missing_is_exit_3(desk: Desk) -> None:
    service_manager(desk)
    (desk.folder / "credentials" / "libcal2pp.PassagePoint").unlink()
    assert desk.run_here("--once", "--credentials", "systemd") == ExitCode.CREDENTIALS


@pytest.mark.parametrize(
    "call", [("--practice", "--once"), (), ("--set-secret", "LibCal")], ids=" ".join
)
def test_other_calls_take_no_service_managers_credentials(
    desk: Desk, call: tuple[str, ...]
) -> None:
    assert desk.run(*call, "--credentials", "systemd") == ExitCode.CANNOT_START
