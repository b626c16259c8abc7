"""The disk fills up, can't be written, or breaks: a clear sentence, and nothing twice."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.cache.sqlite_database import SQLiteDatabase
from core.domain.errors import CacheDamaged, CacheError, CacheFull
from core.domain.models import Event, RowsChanged
from core.domain.status import Group, PassState
from core.engine.own import LibCal2PP
from tests.e2e.library import Library, row_of

_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")
SHARES = 4


class FullDisk:
    """Fails the writes whose numbers are in ``failing``, as SQLite does on a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failing = range(0)
        self.writes = 0
        run = SQLiteDatabase._run

        def running(
            database: SQLiteDatabase, sql: str, values: Mapping[str, object]
        ) -> sqlite3.Cursor:
            if sql.startswith(_WRITES):
                self.writes += 1
                if self.writes in self.failing:
                    error = sqlite3.OperationalError("database or disk is full")
                    error.sqlite_errorcode = sqlite3.SQLITE_FULL
                    raise error
            return run(database, sql, values)

        monkeypatch.setattr(SQLiteDatabase, "_run", running)


@contextmanager
def a_day(folder: Path) -> Iterator[Library]:
    folder.mkdir()
    with Library(folder) as library:
        for number in range(3):
            library.book(start=timedelta(hours=3, minutes=number))
        yield library


def whatever_comes(program: LibCal2PP) -> bool:
    """One pass; False where the disk was full."""
    try:
        program.log_new_bookings()
    except CacheFull:
        return False
    return True


def check(library: Library, program: LibCal2PP) -> None:
    assert library.services.duplicates() == []
    rows = program.rows()
    assert len(rows) == 3
    assert {row.passagepoint for row in rows} <= {PassState.REGISTERED, PassState.UNCLEAR}
    made = {visit.visit_id for visit in library.services.visits}
    assert {row.prereg_id for row in rows if row.prereg_id} <= made


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("restarted", [False, True], ids=["goes on", "restarted"])
def test_the_disk_is_full_at_any_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int, restarted: bool
) -> None:
    disk = FullDisk(monkeypatch)
    with a_day(tmp_path / "whole") as library:
        program = library.open()
        begun, _ = disk.writes, program.log_new_bookings()
        count = disk.writes - begun
    for number in range(share, count, SHARES):
        with a_day(tmp_path / str(number)) as library:
            program = library.open()
            disk.writes, disk.failing = 0, range(number + 1, number + 4)
            whatever_comes(program)
            disk.failing = range(0)
            program = library.restart(program) if restarted else program
            for _ in range(3):
                library.clock.advance(minutes=16)
                program.log_new_bookings()
            check(library, program)


def test_a_visit_whose_answer_found_a_full_disk_is_recorded_when_there_is_room(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = library.book(start=timedelta(hours=3))
    program, disk = library.open(), FullDisk(monkeypatch)
    library.services.faults.add("createPreReg", "hang", processed=True)
    filled: list[bool] = []

    def stop() -> bool:
        if library.calls("createPreReg") and not filled:
            disk.failing = range(disk.writes + 1, disk.writes + 100)
            library.services.faults.release()
            filled.append(True)
        return False

    with pytest.raises(CacheFull, match="no room left"):
        program.log_new_bookings(stop)
    disk.failing = range(0)
    library.services.faults.clear()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.group is Group.REGISTERED
    assert row.prereg_id == library.services.visits[0].visit_id
    assert library.visits == 1


def test_a_disk_that_is_really_full_stops_the_pass_and_loses_nothing(library: Library) -> None:
    for number in range(3):
        library.book(start=timedelta(hours=3, minutes=number))
    program = library.open()
    program.log_new_bookings()
    pages = _limit_pages(program, 1)
    for number in range(200):
        library.book(start=timedelta(hours=4, minutes=number))
    with pytest.raises(CacheFull, match="no room left"):
        program.log_new_bookings()
    _limit_pages(program, pages * 100)
    rows = program.log_new_bookings().rows
    assert {row.group for row in rows} == {Group.REGISTERED}
    assert library.visits == 203


def _limit_pages(program: LibCal2PP, most: int) -> int:
    """Let the file grow to so many pages, but never below what it has; how many it may have."""
    database = program._cache.database
    sql = f"PRAGMA max_page_count = {most}"
    return database.one(lambda row: int(next(iter(row.values()))), sql) or 0


def test_a_bug_between_intent_and_hand_over_sends_nothing_and_is_made_good(
    library: Library,
) -> None:
    booking = library.book(start=timedelta(hours=3))
    bugs = [RuntimeError("a bug of the window")]

    def report(event: Event) -> None:
        shows = isinstance(event, RowsChanged) and any(
            row.passagepoint is PassState.REGISTERING for row in event.rows
        )
        if shows and bugs:
            raise bugs.pop()

    program = library.open(report=report)
    with pytest.raises(RuntimeError):
        program.log_new_bookings()
    assert library.calls("createPreReg") == 0
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_told_and_left_as_it_is(library: Library, share: float) -> None:
    _day_done(library)
    whole = library.path.read_bytes()
    library.path.write_bytes(whole[: int(len(whole) * share)])
    _is_told(library)


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bits_are_told_or_harmless(library: Library, seed: int) -> None:
    """Whatever they hit, no other error leaves, and the file stays for IT to look at."""
    _day_done(library)
    dice, content = random.Random(seed), bytearray(library.path.read_bytes())
    for _ in range(8):
        content[dice.randrange(100, len(content))] ^= 1 << dice.randrange(8)
    library.path.write_bytes(content)
    with contextlib.suppress(CacheError):
        library.open().log_new_bookings()
    assert library.path.exists()


def _day_done(library: Library) -> None:
    for number in range(3):
        library.book(start=timedelta(hours=3, minutes=number))
    program = library.open()
    program.log_new_bookings()
    library.close(program)


def _is_told(library: Library) -> None:
    before = library.path.read_bytes()
    with pytest.raises(CacheDamaged, match="damaged"):
        library.open()
    assert library.path.read_bytes() == before
    assert library.visits == 3
