"""Two real accounts on one computer, one ledger: side by side, in turn, one killed, one stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.computer.identity import computer
from core.domain.errors import ExitCode
from tests.e2e.accounts import SharedComputer, shared_computer

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can be two accounts: make fresh"
)


@pytest.fixture
def place() -> Iterator[SharedComputer]:
    with shared_computer() as place:
        yield place


@pytest.fixture
def ready(place: SharedComputer) -> SharedComputer:
    place.make_folders()
    return place


def registered(said: str) -> int:
    return int(json.loads(said.splitlines()[0])["counts"]["registered"])


def test_without_the_folders_nothing_begins_and_the_command_is_told(place: SharedComputer) -> None:
    code, said = place.run("anna", "--once")
    assert code == ExitCode.CANNOT_START
    assert f"install -d -m 2770 -g GROUP '{place.data}' '{place.notes}'" in said
    assert not place.services.visits
    assert list(place.home("anna").rglob("*.db")) == []


@pytest.mark.parametrize("wrong", ["private", "no group", "another group", "no notes"])
def test_folders_that_not_every_account_can_use_are_as_good_as_none(
    place: SharedComputer, wrong: str
) -> None:
    place.make_folders()
    if wrong == "private":
        place.data.chmod(0o2700)
    elif wrong == "no group":
        place.data.chmod(0o770)
    elif wrong == "another group":
        os.chown(place.data, 0, 0)
        place.data.chmod(0o2770)
    else:
        place.notes.rmdir()
    code, said = place.run("anna", "--once")
    assert (code, place.services.visits) == (ExitCode.CANNOT_START, [])
    assert "install -d -m 2770 -g GROUP" in said


def test_in_turn_nothing_is_registered_twice(ready: SharedComputer) -> None:
    code, said = ready.run("anna", "--once", "--json")
    assert code == ExitCode.DONE
    first = registered(said)
    assert first > 0
    for name in ("bob", "anna", "bob"):
        code, said = ready.run(name, "--once", "--json")
        assert (code, registered(said)) == (ExitCode.DONE, first)
    assert ready.services.duplicates() == []


def test_what_one_account_makes_every_other_can_write(ready: SharedComputer) -> None:
    ready.run("anna", "--once")
    ready.run("bob", "--once")
    files = [*ready.data.iterdir(), *ready.notes.iterdir()]
    assert files
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in files}
    assert set(modes.values()) == {0o660}, modes
    assert {one.stat().st_gid for one in files} == {64100}


def test_side_by_side_one_registers_and_the_other_waits(ready: SharedComputer) -> None:
    watching = ready.start("anna", "--watch")
    watching.wait_for("registered")
    code, said = ready.run("bob", "--once")
    assert (code, ready.services.duplicates()) == (ExitCode.CANNOT_START, [])
    assert "anna" in said
    code, said = ready.run("bob", "--check")
    assert code == ExitCode.DONE, said
    assert "anna" in said


def test_killed_in_the_middle_the_other_goes_on_where_it_was(ready: SharedComputer) -> None:
    watching = ready.start("anna", "--watch")
    watching.wait_until(lambda: "yes" if ready.services.visits else None)
    watching.process.kill()
    watching.end()
    code, _said = ready.run("bob", "--once", "--json")
    assert code == ExitCode.DONE
    assert ready.services.duplicates() == []
    assert len(ready.services.visits) > 1


def test_a_window_says_who_registers_and_takes_over_when_asked(ready: SharedComputer) -> None:
    first = ready.start("anna")
    first.wait_until(lambda: "yes" if ready.services.visits else None)
    second = ready.start("bob")
    second.wait_for("anna registers here (")
    second.press("Register here")
    first.wait_for("bob registers here (")
    second.wait_until(lambda: None if "registers here" in second.shows else "yes")
    second.press("close")
    assert second.end() == ExitCode.DONE
    first.wait_until(lambda: None if "registers here" in first.shows else "yes")
    first.press("close")
    assert first.end() == ExitCode.DONE
    assert ready.services.duplicates() == []


def test_watch_lets_go_for_a_window_and_comes_back_after_it(ready: SharedComputer) -> None:
    watching = ready.start("anna", "--watch")
    watching.wait_for("registered")
    window = ready.start("bob")
    window.wait_for("anna registers here (last pass")
    window.press("Register here")
    watching.wait_for("Until it lets go, this one waits.")
    window.wait_until(lambda: None if "registers here" in window.shows else "yes")
    passes = len(watching.lines)
    window.press("close")
    window.end()
    watching.wait_until(lambda: "yes" if len(watching.lines) > passes else None)
    watching.process.send_signal(signal.SIGTERM)
    assert watching.end() == ExitCode.DONE
    assert ready.services.duplicates() == []


def test_a_session_that_hangs_is_named_to_be_logged_off(ready: SharedComputer) -> None:
    first = ready.start("anna")
    first.wait_until(lambda: "yes" if ready.services.visits else None)
    window = ready.start("bob")
    window.wait_for("anna registers here (")
    first.process.send_signal(signal.SIGSTOP)
    window.press("Register here")
    window.wait_for("log anna off on this computer")
    first.process.kill()
    window.wait_until(lambda: None if "registers here" in window.shows else "yes")
    assert ready.services.duplicates() == []


def test_only_who_has_all_secrets_claims(ready: SharedComputer) -> None:
    code, said = ready.run("carol", "--once", has_secrets=False)
    assert code == ExitCode.CREDENTIALS, said
    watching = ready.start("anna", "--watch")
    watching.wait_for("registered")
    window = ready.start("carol", has_secrets=False)
    window.wait_for("anna registers here (last pass")
    window.press("Register here")
    window.wait_for("have not been entered on this computer")
    assert watching.process.poll() is None
    assert "waits" not in "".join(watching.errors)


@pytest.mark.parametrize("named", [None, ["another-computer"]])
def test_a_machines_file_registers_only_on_computers_that_it_names(
    ready: SharedComputer, named: list[str] | None
) -> None:
    ready.configure(Desk={"registers_on": named} if named else {})
    code, said = ready.run("anna", "--once")
    assert (code, ready.services.visits) == (ExitCode.CANNOT_START, [])
    assert "registers_on" in said
    code, said = ready.run("anna", "--check")
    assert code == (ExitCode.DONE if named else ExitCode.CANNOT_START)
    assert ("ok       Registering" if named else "PROBLEM  Registering") in said


def test_check_says_that_it_is_this_computer_which_registers(ready: SharedComputer) -> None:
    code, said = ready.run("anna", "--check")
    assert code == ExitCode.DONE, said
    assert f"This computer ({computer()}) registers from these settings." in said


def test_watch_on_a_computer_that_isnt_named_says_so_and_ends(ready: SharedComputer) -> None:
    ready.configure()
    code, said = ready.run("anna", "--watch")
    assert (code, ready.services.visits) == (ExitCode.CANNOT_START, [])
    assert "doesn't say which one registers" in said


def test_a_window_on_a_computer_that_isnt_named_says_so(ready: SharedComputer) -> None:
    ready.run("anna", "--once")
    ready.configure()
    window = ready.start("bob")
    window.wait_for("This computer registers nothing")


def test_check_fails_where_others_may_read(ready: SharedComputer) -> None:
    ready.run("anna", "--once")
    ready.data.chmod(0o2775)
    code, said = ready.run("anna", "--check")
    assert code == ExitCode.CANNOT_START
    assert f"chmod o-rwx '{ready.data}'" in said


def test_a_cache_of_before_is_told_and_copied_with_what_it_knows(place: SharedComputer) -> None:
    private = place.home("anna") / "before.yml"
    private.write_text((place.etc / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    private.chmod(0o644)
    code, _said = place.run("anna", "--once", "--config", str(private))
    assert code == ExitCode.DONE
    visits = len(place.services.visits)
    place.make_folders()
    code, said = place.run("anna", "--once")
    assert code == ExitCode.CANNOT_START
    command = next(line for line in said.splitlines() if "--move-cache" in line)
    _, source, target = command.replace("'", "").rsplit(" ", 2)
    code, said = place.run("anna", "--move-cache", source, target)
    assert code == ExitCode.DONE, said
    for name in ("bob", "anna"):  # without a question: the note came with it
        code, said = place.run(name, "--once")
        assert code == ExitCode.DONE, said
    assert (len(place.services.visits), place.services.duplicates()) == (visits, [])


def test_a_window_offers_to_copy_the_cache_of_before_and_goes_on(place: SharedComputer) -> None:
    private = place.home("anna") / "before.yml"
    private.write_text((place.etc / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    private.chmod(0o644)
    place.run("anna", "--once", "--config", str(private))
    visits = len(place.services.visits)
    place.make_folders()
    window = place.start("anna")
    window.wait_for("share the cache")
    window.press("Copy it")
    window.wait_until(lambda: None if "share the cache" in window.shows else "yes")
    window.wait_until(lambda: "yes" if (place.data / "cache.db").exists() else None)
    window.press("close")
    window.end()
    code, said = place.run("bob", "--once")
    assert code == ExitCode.DONE, said
    assert (len(place.services.visits), place.services.duplicates()) == (visits, [])


def test_a_ledger_put_back_is_noticed_whichever_account_comes_next(ready: SharedComputer) -> None:
    """Each account's note counts for all: Carol has none of her own."""
    ready.run("anna", "--once")
    shutil.copytree(ready.data, ready.folder / "backup")
    ready.services.add_booking(datetime.now(UTC) + timedelta(hours=1))
    ready.run("bob", "--once")
    visits = len(ready.services.visits)
    for file in ready.data.iterdir():
        file.unlink()
    for file in (ready.folder / "backup").iterdir():
        shutil.copy2(file, ready.data / file.name)
        os.chown(ready.data / file.name, 64101, 64100)
    code, said = ready.run("carol", "--once")
    assert code == ExitCode.CANNOT_START, said
    assert (len(ready.services.visits), ready.services.duplicates()) == (visits, [])
