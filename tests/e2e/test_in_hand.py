"""What a person enters in PassagePoint is in their hands, and sent by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from tests.e2e.library import Library, act, row_of


def begin_to_enter(library: Library) -> tuple[LibCal2PP, LibCalRow]:
    """PassagePoint's interface was away, so the desk goes there itself; now it is back."""
    booking = library.book(start=timedelta(hours=5))
    library.services.faults.add("createPreReg", "429")
    program = library.open()
    program.log_new_bookings()
    assert "Nothing is sent" in act(program, Action.IN_HAND, booking.book_id)
    library.services.faults.clear()
    return program, booking


def test_nothing_is_sent_while_a_person_enters_it_and_after_a_restart(library: Library) -> None:
    program, booking = begin_to_enter(library)
    for _ in range(4):
        library.clock.advance(minutes=20)
        report = program.log_new_bookings()
        program = library.restart(program)
    row = row_of(report, booking.book_id)
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.BY_HAND)
    assert row.offers == (Action.NOT_BY_HAND,)
    assert "enters it in PassagePoint by hand, since 12:00" in str(row.reason)
    assert library.visits == 0


def test_entered_it_counts_as_registered_by_hand(library: Library) -> None:
    program, booking = begin_to_enter(library)
    act(program, Action.BY_HAND, booking.book_id)
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_HAND
    assert library.visits == 0


def test_not_entered_it_goes_out_by_itself(library: Library) -> None:
    program, booking = begin_to_enter(library)
    act(program, Action.NOT_BY_HAND, booking.book_id)
    library.clock.advance(minutes=20)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


@pytest.mark.parametrize("action", [Action.REGISTER_NOW, Action.IN_HAND])
def test_nobody_else_registers_it_meanwhile(library: Library, action: Action) -> None:
    program, booking = begin_to_enter(library)
    assert "say first that it wasn't entered" in act(program, action, booking.book_id)
    assert library.visits == 0


def test_who_was_refused_lets_go_of_nothing(library: Library) -> None:
    program, booking = begin_to_enter(library)
    row_id = row_of(program, booking.book_id).row_id
    done = program.act(Action.NOT_BY_HAND, row_id, decision_id="of somebody who came second")
    assert done is not None
    assert done.text == "It isn't in your hands."
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert library.visits == 0


def test_what_was_asked_for_before_is_not_sent_as_well(library: Library) -> None:
    booking = library.book(start=timedelta(hours=5))
    library.services.faults.add("createPreReg", "429", times=2)
    program = library.open()
    program.log_new_bookings()
    act(program, Action.REGISTER_NOW, booking.book_id)  # which waits for PassagePoint
    act(program, Action.IN_HAND, booking.book_id)
    library.services.faults.clear()
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert library.visits == 0
    assert row_of(program, booking.book_id).action is Action.BY_HAND


def test_what_was_sent_meanwhile_is_named(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    assert "remove one of the two" in act(program, Action.BY_HAND, booking.book_id)
    assert "isn't waiting any more" in act(program, Action.IN_HAND, booking.book_id)
