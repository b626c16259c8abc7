"""An answer is held against its question: one about somebody else registers nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.status import Action, Group, PassState, PatronState
from tests.e2e.library import Library, act, row_of


def test_alma_answering_about_another_person_registers_nobody(library: Library) -> None:
    wrong, right = library.books(2)
    program = library.open()
    library.services.faults.add("user", "somebody_else", match=str(wrong.answer))
    report = program.log_new_bookings()
    row = row_of(report, wrong.book_id)
    assert (row.patron, row.barcode) == (PatronState.COULD_NOT_ASK, None)
    assert "somebody else" in (row.reason or "")
    assert row_of(report, right.book_id).group is Group.REGISTERED
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), wrong.book_id).group is Group.REGISTERED
    assert library.services.visitors.keys() == {
        one.barcode for one in library.services.running.people() if one.barcode
    }


def test_four_wrong_answers_of_alma_dont_keep_it_from_being_asked_about_the_others(
    library: Library,
) -> None:
    bookings = library.books(9)
    library.settings["Alma"] = {"calls_per_second": 25}
    for booking in bookings[:4]:
        library.services.faults.add("user", "somebody_else", match=str(booking.answer))
    assert library.open().log_new_bookings().counts.registered == 5


def test_a_stranger_with_another_barcode_is_not_sent_for(library: Library) -> None:
    booking = library.book(start=timedelta(hours=3))
    program = library.open()
    # The person is made and the answer lost, so the repeated call leads to the lookup.
    library.services.faults.add("createVisitor", "cut_before", times=1, processed=True)
    library.services.faults.add("byUniqueId", "somebody_else")
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.passagepoint, row.group) == (PassState.FAILED, Group.WAITING)
    assert library.calls("createPreReg") == 0
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    [visit] = library.services.visits
    assert [visit.visitor_id] == library.services.visitors[row.barcode or ""]


@pytest.mark.parametrize("answered", ["id:0", "id:-1", "id:pending", "id:"])
@pytest.mark.parametrize("processed", [True, False])
def test_an_id_that_no_visit_can_have_proves_no_visit(
    library: Library, answered: str, processed: bool
) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", answered, times=1, processed=processed)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.passagepoint, row.prereg_id) == (PassState.UNCLEAR, None)
    program.log_new_bookings()
    assert library.calls("createPreReg") == 1


def test_the_id_of_another_visit_proves_no_visit(library: Library) -> None:
    first = library.book(start=timedelta(minutes=30))
    program = library.open()
    known = row_of(program.log_new_bookings(), first.book_id).prereg_id
    second = library.book()
    library.services.faults.add("createPreReg", f"id:{known}", times=1)
    report = program.log_new_bookings()
    row = row_of(report, second.book_id)
    assert (row.passagepoint, row.prereg_id) == (PassState.UNCLEAR, None)
    assert "another visit" in (row.reason or "")
    assert row_of(report, first.book_id).group is Group.REGISTERED
    assert report.services["PassagePoint"].sending_stopped


def test_visitors_deleted_in_passagepoint_are_made_anew_and_their_visits_sent(
    library: Library,
) -> None:
    people = [library.services.add_person() for _ in range(10)]
    for number, person in enumerate(people):
        library.book(start=timedelta(minutes=30 + number), person=person)
    program = library.open()
    assert program.log_new_bookings().counts.registered == 10
    library.services.passagepoint.delete_visitors()
    for number, person in enumerate(people):
        library.book(start=timedelta(hours=3, minutes=number), person=person)
    sent = library.calls("createPreReg")
    report = program.log_new_bookings()
    assert report.counts.registered == 20
    assert not report.services["PassagePoint"].sending_stopped
    assert library.visits == 20
    assert library.calls("createPreReg") - sent <= 20
    known = {one for ids in library.services.visitors.values() for one in ids}
    assert {visit.visitor_id for visit in library.services.visits[10:]} == known


def test_a_visitor_deleted_between_two_bookings_of_one_person_is_made_once(
    library: Library,
) -> None:
    person = library.services.add_person()
    library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    library.services.passagepoint.delete_visitors()
    for hours in (2, 3, 4):
        library.book(start=timedelta(hours=hours), person=person)
    made = library.calls("createVisitor")
    assert program.log_new_bookings().counts.registered == 4
    assert library.calls("createVisitor") == made + 1
    assert library.services.duplicates() == []


def test_a_visitor_deleted_before_register_now_is_made_anew_too(library: Library) -> None:
    person = library.services.add_person()
    library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    library.services.passagepoint.delete_visitors()
    booking = library.book(start=timedelta(hours=2), person=person, status="Tentative")
    program.log_new_bookings()
    act(program, Action.REGISTER_NOW, booking.book_id)
    assert row_of(program, booking.book_id).group is Group.REGISTERED


def test_what_is_refused_for_a_visitor_who_is_there_is_sent_once_more_and_no_more(
    library: Library,
) -> None:
    person = library.services.add_person()
    library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    booking = library.book(start=timedelta(hours=2), person=person)
    library.services.faults.add("createPreReg", "400")
    sent = library.calls("createPreReg")
    for _ in range(3):
        assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.REFUSED
        library.clock.advance(minutes=16)
    assert library.calls("createPreReg") == sent + 2
