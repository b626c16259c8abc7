"""Last night's copy put back, another file, a note that can't be written: nothing is sent twice."""

from __future__ import annotations

import random
import shutil
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.cache.known_ledger import KnownLedger
from core.cache.own_cache import own_cache
from core.cache.sqlite_cache import SQLiteCache
from core.computer import paths
from core.domain.errors import CacheError, OpenQuestion
from core.domain.models import SyncReport
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from tests.builders import a_note
from tests.e2e.library import Library, act, row_of
from tests.promise.killer import PARALLEL_CALLS, Killer, a_killer

BOOKINGS = 6


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with a_killer() as killer:
        yield killer


def last_nights_copy(library: Library) -> Path:
    """The program ran once, and its cache was backed up; then came the day's bookings."""
    library.close(library.open())
    copy = library.folder / "backup.db"
    shutil.copy(library.path, copy)
    library.settings["PassagePoint"] = {"parallel_calls": PARALLEL_CALLS}
    library.books(BOOKINGS)
    return copy


def put_back(library: Library, copy: Path) -> None:
    for file in library.folder.glob("cache.db*"):
        file.unlink()
    shutil.copy(copy, library.path)


def check_asks_and_sends_nothing(library: Library) -> None:
    before = library.visits
    program = library.open()
    assert program.question() is not None
    rows = program.log_new_bookings().rows
    assert library.visits == before
    assert library.services.duplicates() == []
    assert {row.reason for row in rows if row.group is not Group.REGISTERED} == {
        "Not sent: new ledger."
    }


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_put_back_after_a_kill_in_mid_pass_asks(
    killer: Killer, tmp_path: Path, seed: int
) -> None:
    """As soon as a call may have left, the note knows more than the copy; the soak tries more."""
    (tmp_path / "whole").mkdir()
    with Library(tmp_path / "whole") as library:
        last_nights_copy(library)
        count = killer.run(library).points
    noticed = 0
    for point in random.Random(seed).sample(range(count // 3, count), 8):
        folder = tmp_path / str(point)
        folder.mkdir()
        with Library(folder) as library:
            copy = last_nights_copy(library)
            killer.run(library, point=point)
            put_back(library, copy)
            if library.visits:
                noticed += 1
                check_asks_and_sends_nothing(library)
            else:
                program = library.open()
                program.log_new_bookings()
                assert library.services.duplicates() == []
    assert noticed


@pytest.mark.parametrize("seed", range(3))
def test_a_copy_put_back_after_a_kill_at_any_line_asks(
    killer: Killer, tmp_path: Path, seed: int
) -> None:
    (tmp_path / "whole").mkdir()
    with Library(tmp_path / "whole") as library:
        last_nights_copy(library)
        count = killer.run(library, line=-1).lines
    # How many lines a run has depends on its threads: the last twentieth may not be reached.
    for moment in random.Random(seed).sample(range(count // 2, count * 19 // 20), 3):
        folder = tmp_path / str(moment)
        folder.mkdir()
        with Library(folder) as library:
            copy = last_nights_copy(library)
            assert killer.run(library, line=moment).signal == signal.SIGKILL
            put_back(library, copy)
            if library.visits:
                check_asks_and_sends_nothing(library)


def test_each_send_is_noted_on_the_disk_before_its_call(library: Library) -> None:
    library.books(3)
    note = a_note(library.folder / "elsewhere")
    noted: list[tuple[int, str | None]] = []

    def listen(event: object) -> None:
        for one in note.read():
            if one.noted is not None:
                noted.append((one.noted.number, one.noted.send_id))

    program = library.open(report=listen)
    program.log_new_bookings()
    with SQLiteCache(library.path, read_only=True) as cache:
        counted = [(number, cache.ledger.counted_at(number)) for number in (1, 2, 3)]
    assert set(counted) <= set(noted)


def spoil_notes(library: Library) -> None:
    """Where the notes lie nothing can be written any more."""
    folder = a_note(library.folder / "elsewhere").file.parent
    folder.rename(folder.with_name("kept"))
    folder.write_text("not a folder")


def mend_notes(library: Library) -> None:
    (library.folder / "elsewhere").unlink()
    (library.folder / "kept").rename(library.folder / "elsewhere")


def test_without_its_note_no_pass_begins(library: Library) -> None:
    library.books(2)
    program = library.open()
    spoil_notes(library)
    with pytest.raises(CacheError):
        program.log_new_bookings()
    assert library.visits == 0
    mend_notes(library)
    program.log_new_bookings()
    assert library.visits == 2


def test_a_note_that_fails_in_mid_pass_stops_the_send_and_leaves_no_intent(
    library: Library,
) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    library.books(3)
    spoilt: list[bool] = []

    def spoil(event: object) -> None:
        if library.visits == 1 and not spoilt:
            spoilt.append(True)
            spoil_notes(library)

    program = library.open(report=spoil)
    with pytest.raises(CacheError):
        program.log_new_bookings()
    assert library.calls("createPreReg") == 1
    mend_notes(library)
    program = library.restart(program)
    rows = program.log_new_bookings().rows
    assert {row.group for row in rows} == {Group.REGISTERED}
    assert library.visits == 3


@pytest.fixture
def home(library: Library, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a computer that runs the real program."""
    settings, data = library.folder / "settings", library.folder / "data"
    monkeypatch.setattr(paths, "config_folder", lambda: settings)
    monkeypatch.setattr(paths, "data_folder", lambda: data)
    return data


def program_of(library: Library, **cache: str) -> LibCal2PP:
    config = library.services.config(**library.settings, Cache=cache)
    own = own_cache(config, library.clock)
    return library.open(cache=own)


def test_another_cache_path_is_another_ledger_of_the_same_visits(
    library: Library, home: Path, tmp_path: Path
) -> None:
    library.books(4)
    program = program_of(library)
    program.log_new_bookings()
    library.close(program)
    program = program_of(library, path=str(tmp_path / "moved" / "other.db"))
    assert program.question() is not None
    program.log_new_bookings()
    assert library.visits == 4
    library.close(program)
    program = program_of(library)  # and back again: the other file has been the ledger since
    assert program.question() is not None


def test_the_note_of_an_earlier_version_is_taken_over(library: Library, home: Path) -> None:
    library.books(2)
    program = program_of(library)
    program.log_new_bookings()
    library.close(program)
    [note] = paths.config_folder().glob("*.note")
    note.unlink()
    earlier = paths.config_folder() / "cache.db.marker.json"
    with SQLiteCache(home / "cache.db") as cache:
        ledger_id = cache.meta.get("ledger_id")
    earlier.write_text(f'{{"ledger_id": "{ledger_id}", "sent_count": 2}}')
    program = program_of(library)
    assert program.question() is None
    assert not earlier.exists()
    library.close(program)
    (home / "cache.db").unlink()
    assert program_of(library).question() is not None


def test_a_visit_made_by_staff_is_not_sent_from_a_copy_that_does_not_know_of_it(
    library: Library,
) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    live = library.book(start=timedelta(hours=2))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    copy = library.folder / "backup.db"
    shutil.copy(library.path, copy)
    program = library.open()
    act(program, Action.BY_HAND, live.book_id)
    library.close(program)
    put_back(library, copy)
    library.settings["Sync"] = {}
    program = library.open()
    assert program.question() is not None
    program.log_new_bookings()
    assert library.visits == 0
    assert row_of(program, live.book_id).reason == "Not sent: new ledger."


def test_a_ledger_that_is_changed_under_the_program_asks_in_that_very_pass(
    library: Library,
) -> None:
    """As a replica does to which a server's connections are led over without a word."""
    library.books(3)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=1)
    library.book(start=timedelta(hours=3))
    cache = program._cache
    cache.meta.set("sent_count", "1")
    cache.database.execute("DELETE FROM counted WHERE number > 1")
    cache.database.execute("DELETE FROM appts")
    program.log_new_bookings()
    assert program.question() is not None
    with pytest.raises(OpenQuestion):
        program.require_answer()
    assert library.services.duplicates() == []


def test_a_change_after_the_pass_began_stops_the_next_send(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    library.books(3)
    changed: list[bool] = []

    def fall_back(event: object) -> None:
        if library.visits == 2 and not changed:
            changed.append(True)
            cache = program._cache
            cache.meta.set("sent_count", "1")
            cache.database.execute("DELETE FROM counted WHERE number > 1")

    program = library.open(report=fall_back)
    program.log_new_bookings()
    assert changed
    assert program.question() is not None
    assert library.visits == 2
    left = [row for row in program.rows() if row.passagepoint is PassState.REGISTERING]
    assert left == []


def test_a_pass_that_notices_another_ledger_ends_a_watch(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.books(2)
    program = library.open()
    monkeypatch.setattr(KnownLedger, "note_send", lambda _known, _position: False)
    passes: list[SyncReport] = []
    with pytest.raises(OpenQuestion):
        program.run_at_intervals(60, threading.Event(), after_pass=passes.append)
    assert len(passes) == 1
    assert library.visits == 0
