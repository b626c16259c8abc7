"""What on this computer ruins the day: who may change the settings, and other ledgers."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.computer import paths
from core.day.new_ledger import NewLedgerQuestion
from core.domain.clock import Clock
from core.domain.errors import ExitCode
from core.engine import claiming
from core.engine.assembly import default_cache
from core.services.findings import Finding
from core.settings.config import Config
from core.setup import this_computer
from core.setup.cache_access import cache_findings
from core.setup.draft import Draft
from core.setup.this_computer import computer_findings
from tests.builders import NOON, a_booking, a_config, a_patron, some_credentials
from tests.core.setup.conftest import Bench

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")


@pytest.fixture
def config(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in ("machine_data_folder",):
        monkeypatch.setattr(paths, name, lambda: bench.folder / "machine")
    file = bench.folder / "config_folder" / "config.yml"
    file.parent.mkdir()
    file.write_text("", encoding="utf-8")
    file.chmod(0o600)
    return Draft.of(a_config()).config().read_from(file)


def ledger(file: Path, clock: Clock, *, age: timedelta) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"")
    at = (clock.now() - age).timestamp()
    os.utime(file, (at, at))
    return file


def told(config: Config, bench: Bench) -> list[Finding]:
    found = list(computer_findings(config, bench.clock))
    assert {(one.ok, one.exit_code) for one in found} <= {(False, ExitCode.CANNOT_START)}
    return found


def test_nothing_is_told_where_all_is_well(config: Config, bench: Bench) -> None:
    ledger(paths.data_folder() / "cache.db", bench.clock, age=timedelta())  # this one's own
    assert not told(config, bench)


@pytest.mark.parametrize(
    ("named", "ok", "said"),
    [
        (["here"], True, "This computer (here) registers from these settings."),
        (
            ["There.example.edu", "HERE", "back"],
            True,
            "This computer (here) registers from these settings, besides There.example.edu, back. "
            "Computers that both register have to share a database.",
        ),
        (["there"], True, "This computer (here) looks on: there registers from these settings."),
        ([], False, "This computer registers nothing: "),
    ],
)
def test_which_computer_registers_is_told_and_whether_it_is_this_one(
    bench: Bench,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    named: list[str],
    *,
    ok: bool,
    said: str,
) -> None:
    assert config.file is not None
    for module in (claiming, this_computer):
        monkeypatch.setattr(module, "computer", lambda: "here")
    from_file = a_config(Desk={"registers_on": named}).read_from(config.file)
    [found] = computer_findings(from_file, bench.clock)
    assert (found.subject, found.ok) == ("Registering", ok)
    assert found.text.startswith(said)
    only_asks = {"role": "desk", "registers_on": named}
    cache = {"url": "postgresql://desk@db.example.edu/db"}
    desk = a_config(Desk=only_asks, Cache=cache).read_from(config.file)
    assert not list(computer_findings(desk, bench.clock))


@posix
@pytest.mark.parametrize("name", ["config.yml", "."])
def test_settings_that_every_account_may_change_are_told(
    config: Config, bench: Bench, name: str
) -> None:
    assert config.file is not None
    opened = config.file.parent / name
    opened.chmod(0o777)
    [finding] = told(config, bench)
    assert finding.subject == "Settings"
    assert finding.hint == f"IT: chmod o-w '{opened}'"


@posix
def test_a_folder_in_which_each_may_change_only_what_is_his_is_fine(
    config: Config, bench: Bench
) -> None:
    assert config.file is not None
    config.file.parent.chmod(0o1777)
    assert not told(config, bench)


def test_another_accounts_ledger_of_these_days_is_told(
    config: Config, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bench.folder / "home" / "anna"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(paths, "data_folder", lambda: home / "share" / "LibCal2PP")
    place = bench.folder / "home" / "ben" / "share" / "LibCal2PP" / "cache.db"
    ledger(place, bench.clock, age=timedelta(hours=30))
    [finding] = told(config, bench)
    assert (finding.subject, str(place) in finding.text) == ("Cache", True)
    ledger(place, bench.clock, age=timedelta(days=2))
    assert not told(config, bench)


def test_the_ledger_from_before_the_settings_named_another_is_told(
    config: Config, bench: Bench
) -> None:
    before = ledger(paths.data_folder() / "cache.db", bench.clock, age=timedelta(hours=1))
    elsewhere = a_config(Cache={"path": str(bench.folder / "new.db")})
    [finding] = told(elsewhere.read_from(config.file), bench)
    assert str(before) in finding.text


def test_an_open_question_and_groups_without_a_category_are_told(
    config: Config, bench: Bench
) -> None:
    with closing(default_cache(config, bench.clock)) as cache:
        cache.people.remember(a_patron("G10000001", user_group="gw alum", group_code="06"))
        cache.bookings.add(a_booking("1", id_answer="G10000001"), first_seen_at=NOON)
    credentials = some_credentials(config)
    well, group = cache_findings(config, credentials, bench.clock)
    assert well.ok
    assert (group.ok, "gw alum, which no category names" in group.text) == (True, True)
    with closing(default_cache(config, bench.clock)) as cache:
        NewLedgerQuestion(cache, bench.clock).ask_after_wrong_clock()
    [asked] = cache_findings(config, credentials, bench.clock)
    assert (asked.ok, asked.exit_code) == (False, ExitCode.CANNOT_START)
    assert "Nothing is sent for earlier bookings." in asked.text
