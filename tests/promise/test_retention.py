"""What is removed is gone from every file, and nothing is removed that the promise needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.cache.schema import copy_before
from core.cache.sqlite_cache import SQLiteCache
from core.domain.status import Action, Group, PassState
from core.practice.records import LibCalRow
from tests.builders import ZONE
from tests.e2e.library import Library, act, row_of
from tests.promise.test_clock import set_clock

DAYS = 30


def barcode_of(row: LibCalRow, library: Library) -> str:
    person = library.services.running.find_person("Main", str(row.answer))
    assert person is not None
    return str(person.barcode)


def data_of(row: LibCalRow, library: Library) -> list[bytes]:
    named = [row.first_name, row.last_name, row.email, str(row.answer)]
    found = [*named, barcode_of(row, library)]
    return [one.encode() for one in found if len(one) > 3]


def left_in(folder: Path, data: list[bytes]) -> list[tuple[str, bytes]]:
    """Which file, the WAL and copies included, still holds any of it."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    return [(one.name, text) for one in files for text in data if text in one.read_bytes()]


def test_a_forgotten_person_is_in_no_file_and_never_sent_again(library: Library) -> None:
    other = library.book()
    booking = library.book(start=timedelta(hours=5))
    library.services.faults.add("createVisitor", "503", match=barcode_of(booking, library))
    program = library.open()
    program.log_new_bookings()
    copy_before(library.path, 2).write_bytes(library.path.read_bytes())
    data = data_of(booking, library)
    assert left_in(library.folder, data)
    said = program.forget(str(booking.answer))
    assert "PassagePoint" in said
    assert left_in(library.folder, data) == []
    library.services.faults.clear()
    for _ in range(3):
        library.clock.advance(minutes=16)
        program = library.restart(program)
        program.log_new_bookings()
    assert library.visits == 1
    row = row_of(program, booking.book_id)
    assert row.group is Group.EXCLUDED
    told = [entry.text for entry in program.history(row.row_id)]
    assert not any("LibCal" in text for text in told[1:])  # what it still says is no news
    assert row_of(program, other.book_id).group is Group.REGISTERED
    assert left_in(library.folder, data) == []


def test_past_people_go_from_every_file_by_themselves(library: Library) -> None:
    library.settings["Cache"] = {"keep_days": 3, "keep_people_days": 10}
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    data = data_of(booking, library)
    library.services.remove(booking.book_id)
    library.clock.advance(days=DAYS)
    program.log_new_bookings()
    assert left_in(library.folder, data) == []
    assert program.held_about(str(booking.answer)) == []


@pytest.mark.parametrize("keep_days", [1, 3])
def test_clean_up_leaves_today_waiting_and_unclear_rows(library: Library, keep_days: int) -> None:
    library.settings["Cache"] = {"keep_days": keep_days}
    done, waiting, unclear = (library.book(start=timedelta(hours=hours)) for hours in (1, 2, 3))
    program = library.open()
    library.services.faults.add("createPreReg", "500", match=barcode_of(unclear, library))
    library.services.faults.add("user", "503", match=str(waiting.answer))
    program.log_new_bookings()
    before = {row.book_id: row.passagepoint for row in program.rows()}
    assert program.clean_up().bookings == 0
    assert {row.book_id: row.passagepoint for row in program.rows()} == before
    library.clock.advance(days=DAYS)
    program = library.restart(program)
    program.log_new_bookings()
    with SQLiteCache(library.path, read_only=True) as cache:
        assert [one.state for one in cache.ledger.of_appointment(unclear.book_id)] == ["unclear"]
        assert cache.ledger.of_appointment(done.book_id) == []


def test_a_clean_up_while_the_clock_was_ahead_makes_nothing_go_out_twice(
    library: Library,
) -> None:
    """It took today's bookings for old ones: the ledger no longer knows what was sent."""
    booking = library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    now = library.clock.now()
    set_clock(library, now + timedelta(days=400))
    program.log_new_bookings()
    set_clock(library, now + timedelta(minutes=5))
    program.log_new_bookings()
    assert program.question() is not None
    row = row_of(program, booking.book_id)
    assert (row.group, row.reason) == (Group.WAITING, "Not sent: new ledger.")
    program = library.restart(program)
    program.log_new_bookings()
    assert library.visits == 1
    assert act(program, Action.BY_HAND, booking.book_id)
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_HAND


def test_a_clock_that_goes_back_a_day_needs_no_question(library: Library) -> None:
    booking = library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    set_clock(library, datetime(2026, 11, 24, 1, tzinfo=ZONE))
    program.log_new_bookings()
    set_clock(library, datetime(2026, 11, 23, 14, tzinfo=ZONE))
    program.log_new_bookings()
    assert program.question() is None
    assert row_of(program, booking.book_id).group is Group.REGISTERED
    assert library.visits == 1
