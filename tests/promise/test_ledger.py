"""The ledger lost, restored, damaged, replaced, or wanted by two: nothing is sent twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.day.new_ledger import LedgerAnswer
from core.domain.errors import CacheDamaged, CacheError, CacheLocked, OpenQuestion
from core.domain.models import BookingRow
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from tests.builders import a_note
from tests.e2e.library import Library, act, row_of

OLD = 3


def registered_day(library: Library) -> None:
    """Three bookings that are registered; the program is closed."""
    for number in range(OLD):
        library.book(start=timedelta(hours=4, minutes=number))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    assert library.visits == OLD
    library.clock.advance(minutes=1)


def note_of(library: Library) -> Path:
    return a_note(library.folder / "elsewhere").file


def noted_in(library: Library) -> list[Any]:
    """What the newest slot of the note says."""
    slots = note_of(library).read_text(encoding="ascii").splitlines()
    newest = max(slots, key=lambda slot: int(slot.split()[1]))
    return list(json.loads(newest.split(maxsplit=2)[2]))


def lose(library: Library) -> None:
    for file in library.folder.glob("cache.db*"):
        file.unlink()


def keep_copy(library: Library) -> Path:
    with SQLiteCache(library.path) as cache:
        copy = library.folder / "copy" / "cache.db"
        copy.parent.mkdir(exist_ok=True)
        copy.unlink(missing_ok=True)
        copy.touch()
        cache.database.copy_to(copy)
    return copy


def restore(library: Library, copy: Path) -> None:
    lose(library)
    shutil.copy(copy, library.path)


def replace_with_empty(library: Library) -> None:
    lose(library)
    SQLiteCache(library.path).close()


def pass_of(library: Library, program: LibCal2PP) -> list[BookingRow]:
    library.clock.advance(minutes=1)
    return list(program.log_new_bookings().rows)


def check_nothing_sent(library: Library, program: LibCal2PP) -> None:
    """Earlier bookings wait with their reason; one that is made now goes out."""
    assert program.question() is not None
    with pytest.raises(OpenQuestion):
        program.require_answer()
    library.clock.advance(minutes=3)
    fresh = library.book(start=timedelta(hours=5))
    rows = pass_of(library, program)
    assert row_of(program, fresh.book_id).group is Group.REGISTERED
    earlier = [row for row in rows if row.book_id != fresh.book_id]
    assert len(earlier) == OLD
    assert {row.reason for row in earlier} == {"Not sent: new ledger."}
    assert library.visits == OLD + 1


@pytest.mark.parametrize("spoil", [lose, replace_with_empty])
def test_a_ledger_that_is_new_sends_nothing_for_earlier_bookings(
    library: Library, spoil: Callable[[Library], None]
) -> None:
    registered_day(library)
    spoil(library)
    program = library.open()
    check_nothing_sent(library, program)
    program = library.restart(program)
    assert program.question() is not None
    pass_of(library, program)
    assert library.visits == OLD + 1


def test_a_ledger_restored_from_yesterday_sends_nothing_for_earlier_bookings(
    library: Library,
) -> None:
    library.close(library.open())
    copy = keep_copy(library)
    registered_day(library)
    restore(library, copy)
    check_nothing_sent(library, library.open())


def test_what_a_restored_ledger_still_knows_stands(library: Library) -> None:
    known = library.book(start=timedelta(hours=4))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    copy = keep_copy(library)
    later = library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    library.clock.advance(minutes=1)
    restore(library, copy)
    program = library.open()
    pass_of(library, program)
    assert row_of(program, known.book_id).group is Group.REGISTERED
    assert row_of(program, later.book_id).reason == "Not sent: new ledger."
    assert library.visits == 2


def test_the_same_copy_restored_twice_asks_twice(library: Library) -> None:
    library.close(library.open())
    copy = keep_copy(library)
    registered_day(library)
    restore(library, copy)
    library.close(library.open())
    restore(library, copy)
    check_nothing_sent(library, library.open())


@pytest.mark.parametrize("answer", ["all", "each", "none"])
def test_a_copy_from_before_the_answer_asks_again(library: Library, answer: LedgerAnswer) -> None:
    library.close(library.open())
    copy = keep_copy(library)
    registered_day(library)
    restore(library, copy)
    program = library.open()
    program.answer_question(answer)
    library.close(program)
    restore(library, copy)
    check_nothing_sent(library, library.open())


def test_what_was_refused_before_a_restore_waits_as_well(library: Library) -> None:
    """It may have been registered meanwhile, with other data."""
    booking = library.book(start=timedelta(hours=4))
    program = library.open()
    library.services.faults.add("createPreReg", "422", times=1)
    program.log_new_bookings()
    library.close(program)
    copy = keep_copy(library)
    library.services.move(booking.book_id, library.clock.now() + timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    assert library.visits == 1
    library.clock.advance(minutes=1)
    restore(library, copy)
    program = library.open()
    pass_of(library, program)
    assert library.visits == 1


def test_a_damaged_ledger_is_told_and_not_replaced(library: Library) -> None:
    registered_day(library)
    content = library.path.read_bytes()
    library.path.write_bytes(content[:200] + bytes(4096) + content[4296:])
    for _ in range(2):
        with pytest.raises(CacheDamaged, match="damaged"):
            library.open()
    assert library.visits == OLD
    library.path.unlink()
    check_nothing_sent(library, library.open())


def test_a_booking_made_just_now_by_libcals_clock_may_be_an_earlier_one(library: Library) -> None:
    """Its clock may be ahead of ours by as much as nobody is warned of."""
    ahead = library.clock.now() + timedelta(seconds=100)
    library.book(start=timedelta(hours=4), created_at=ahead)
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    lose(library)
    pass_of(library, library.open())
    assert library.visits == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ledger_id": 1}', "\x00\x00"])
def test_an_unreadable_note_of_the_ledger_makes_a_person_answer(
    library: Library, content: str
) -> None:
    registered_day(library)
    note_of(library).write_text(content)
    program = library.open()
    assert program.question() is not None
    pass_of(library, program)
    assert library.visits == OLD


def test_the_answer_none_registers_the_earlier_ones(library: Library) -> None:
    registered_day(library)
    lose(library)
    program = library.open()
    program.answer_question("none")
    assert {row.group for row in pass_of(library, program)} == {Group.REGISTERED}


def test_register_now_works_while_the_question_is_open(library: Library) -> None:
    registered_day(library)
    lose(library)
    program = library.open()
    [first, *_] = pass_of(library, program)
    assert act(program, Action.REGISTER_NOW, first.book_id).startswith("Registered")
    assert library.visits == OLD + 1


def test_a_question_is_for_a_person_and_the_note_is_no_secret(library: Library) -> None:
    registered_day(library)
    ledger_id, number, send_id, place = noted_in(library)
    assert (len(ledger_id), number, len(send_id), place) == (32, OLD, 32, "")


def test_two_programs_on_one_file_the_second_is_told_who_has_it(library: Library) -> None:
    booking = library.book()
    first = library.open()
    with pytest.raises(CacheLocked, match="has it open"):
        library.open()
    assert row_of(first.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    library.close(first)
    second = library.open()
    second.log_new_bookings()
    assert library.visits == 1


def test_two_accounts_take_turns_on_one_ledger_without_a_question(library: Library) -> None:
    """Each account has its own note beside the other's; the ledger only grows: both are right."""
    notes = [a_note(library.folder / "notes", name) for name in ("ana", "ben")]
    for turn in range(4):
        library.book(start=timedelta(hours=4, minutes=turn))
        cache = SQLiteCache(library.path, clock=library.clock, note=notes[turn % 2])
        program = library.open(cache=cache)
        assert program.question() is None
        pass_of(library, program)
        library.close(program)
    assert library.visits == 4
    assert library.services.duplicates() == []


def test_both_accounts_are_asked_after_a_loss(library: Library) -> None:
    notes = [a_note(library.folder / name) for name in ("ana", "ben")]
    registered_day(library)
    for note in notes:
        library.close(library.open(cache=SQLiteCache(library.path, note=note)))
    lose(library)
    for note in notes:
        cache = SQLiteCache(library.path, clock=library.clock, note=note)
        program = library.open(cache=cache)
        assert program.question() is not None
        pass_of(library, program)
        library.close(program)
    assert library.visits == OLD


def test_a_failed_start_lets_the_next_one_in(library: Library) -> None:
    first = library.open()
    with pytest.raises(CacheError):
        library.open()
    library.close(first)
    library.book()
    rows = pass_of(library, library.open())
    assert [row.passagepoint for row in rows] == [PassState.REGISTERED]


def test_the_question_is_about_those_that_wait_for_it_and_no_others(library: Library) -> None:
    registered_day(library)
    lose(library)
    cancelled = library.book(start=timedelta(hours=6), status="Cancelled by User")
    by_hand = library.book(start=timedelta(hours=6, minutes=1))
    program = library.open()
    pass_of(library, program)
    act(program, Action.BY_HAND, by_hand.book_id)
    asked = {row.book_id for row in program.rows() if row.is_asked_about}
    assert len(asked) == OLD
    assert not asked & {cancelled.book_id, by_hand.book_id}
    program.answer_question("each")
    assert not any(row.is_asked_about for row in program.rows())
