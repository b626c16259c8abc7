"""What holds a pass back holds news back: nobody is let in by it alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from tests.e2e.library import Library, act, row_of
from tests.e2e.test_news import news


def running(library: Library) -> LibCal2PP:
    library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    return program


def test_registers_by_hand(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    program = running(library)
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.WAITING
    assert library.visits == 0
    act(program, Action.REGISTER_NOW, row.book_id)
    assert library.visits == 1


def test_a_lost_ledger_is_asked_about_first(library: Library) -> None:
    program = running(library)
    library.close(program)
    library.path.unlink()
    waits = library.book()
    program = library.open()
    program.log_new_bookings()
    assert program.question() is not None
    row = library.book()
    news(library, program)
    assert row_of(program, waits.book_id).passagepoint is PassState.WAITING
    before = library.visits
    news(library, program)
    assert library.visits == before
    program.answer_question("none")
    news(library, program)
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert row_of(program, waits.book_id).group is Group.REGISTERED


def test_a_spent_quota_is_not_asked_into(library: Library) -> None:
    program = running(library)
    library.services.faults.add("user", "daily_threshold")
    first = library.book()
    news(library, program)
    assert row_of(program, first.book_id).group is Group.WAITING
    library.services.clear_calls()
    library.book()
    news(library, program)
    assert library.calls("user") == 0
    assert library.calls("createPreReg") == 0


@pytest.mark.parametrize("is_registered", [True, False])
@pytest.mark.parametrize("change", ["cancel", "extend", "arrive", "another seat"])
def test_a_forgotten_reader_stays_forgotten(
    library: Library, is_registered: bool, change: str
) -> None:
    program = running(library)
    if not is_registered:
        library.services.faults.add("createPreReg", "429")
    person = library.services.add_person()
    row = library.book(person=person, start=timedelta(minutes=20))
    news(library, program)
    visits = library.visits
    program.forget(person.primary_id)
    library.services.faults.clear()
    if change == "cancel":
        library.services.cancel(row.book_id)
    elif change == "extend":
        library.services.extend(row.book_id, row.ends_at + timedelta(minutes=30))
    elif change == "arrive":
        library.services.check_in(row.book_id)
    else:
        library.book(
            person=person, start=timedelta(minutes=19), book_id=row.book_id, seat_name="Two"
        )
    for _ in range(2):
        news(library, program)
    assert library.visits == visits
    with_name = [one for one in program.rows() if person.last_name in one.name]
    program.log_new_bookings()
    as_a_pass = [one for one in program.rows() if person.last_name in one.name]
    assert len(with_name) <= len(as_a_pass)
    assert library.visits == visits
