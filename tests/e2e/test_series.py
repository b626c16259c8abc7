"""A booking that repeats: what is corrected for one day is offered for the others, no more."""

from __future__ import annotations

from datetime import timedelta

from core.domain.models import BookingRow
from core.domain.status import Action, Group
from core.engine.own import LibCal2PP
from tests.e2e.library import Library, act

WRONG = "G12"


def the_row(program: LibCal2PP) -> BookingRow:
    [row] = program.rows()
    return row


def test_tomorrow_the_correction_is_offered_and_not_made(library: Library) -> None:
    reader = library.services.add_person()
    for day in (0, 1):
        start = timedelta(days=day, hours=1)
        library.book(person=reader, answer=WRONG, book_id="cs_series", start=start)
    program = library.open()
    program.log_new_bookings()
    today = the_row(program)
    assert program.corrected_on_other_day(today.row_id) is None
    act(program, Action.CORRECT_ID, "cs_series", id=reader.primary_id)
    library.clock.advance(days=1)
    program.log_new_bookings()
    row = the_row(program)
    assert row.row_id != today.row_id
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.CORRECT_ID)
    other = program.corrected_on_other_day(row.row_id)
    assert other is not None
    assert other.primary_id == reader.primary_id


def test_another_answer_is_no_offer(library: Library) -> None:
    reader = library.services.add_person()
    library.book(person=reader, answer=WRONG, book_id="cs_series", start=timedelta(hours=1))
    library.book(person=reader, answer="G13", book_id="cs_series", start=timedelta(hours=4))
    program = library.open()
    program.log_new_bookings()
    first, second = program.rows()
    program.act(Action.CORRECT_ID, first.row_id, id=reader.primary_id)
    assert program.corrected_on_other_day(second.row_id) is None


def test_a_row_that_is_gone_has_no_other_day(library: Library) -> None:
    assert library.open().corrected_on_other_day("no such row") is None
