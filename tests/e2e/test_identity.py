"""Which row a booking belongs to: moved, vanished, back again, and over midnight."""

from __future__ import annotations

from datetime import timedelta

from core.domain.status import Action, Group, PassState
from tests.e2e.library import Library, act, row_of


def test_a_moved_booking_keeps_its_visit_and_asks_a_person(library: Library) -> None:
    booking = library.book()
    program = library.open()
    before = row_of(program.log_new_bookings(), booking.book_id)
    library.services.move(booking.book_id, library.clock.now() + timedelta(hours=4))
    after = row_of(program.log_new_bookings(), booking.book_id)
    assert after.row_id == before.row_id
    assert (after.passagepoint, after.action) == (PassState.CHANGED, Action.REGISTER_ANEW)
    assert library.visits == 1


def test_a_start_moved_by_check_in_is_noted_not_raised(library: Library) -> None:
    booking = library.book(start=timedelta(minutes=10))
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=5)
    library.services.check_in(booking.book_id, moves_start=True)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, row.libcal_label) == (Group.REGISTERED, "Arrived")


def test_a_vanished_booking_counts_as_cancelled_and_may_come_back(library: Library) -> None:
    person = library.services.add_person()
    booking = library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    library.services.remove(booking.book_id)
    gone = row_of(program.log_new_bookings(), booking.book_id)
    assert (gone.passagepoint, gone.libcal_label) == (
        PassState.CANCELLED_AFTER,
        "Gone from LibCal",
    )
    library.book(person=person, book_id=booking.book_id)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


def test_one_location_that_fails_leaves_the_others_and_its_last_known_rows(
    library: Library,
) -> None:
    here, there = library.book(lid="8827"), library.book(lid="10332")
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("bookings", "500", match="10332")
    new = library.book(lid="8827")
    report = program.log_new_bookings()
    assert row_of(report, new.book_id).group is Group.REGISTERED
    kept = row_of(report, there.book_id)
    assert (kept.group, kept.is_old) == (Group.REGISTERED, True)
    assert not row_of(report, here.book_id).is_old
    assert not report.services["LibCal"].ok


def test_nothing_counts_as_gone_from_an_incomplete_answer(library: Library) -> None:
    booking = library.book(lid="8827")
    program = library.open()
    program.log_new_bookings()
    library.services.remove(booking.book_id)
    library.services.faults.add("bookings", "html", match="10332", times=1)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, row.is_old) == (Group.REGISTERED, True)
    assert row_of(program.log_new_bookings(), booking.book_id).action is Action.HANDLED


def test_a_move_seen_in_an_incomplete_answer_waits_for_a_complete_one(library: Library) -> None:
    booking = library.book(lid="8827")
    program = library.open()
    program.log_new_bookings()
    library.services.move(booking.book_id, library.clock.now() + timedelta(hours=4))
    library.services.faults.add("bookings", "503", match="10332", times=1)
    report = program.log_new_bookings()
    assert len(report.rows) == library.visits == 1
    assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.CHANGED


def test_bookings_moved_about_after_a_visit_was_sent_wait_for_a_person(library: Library) -> None:
    person = library.services.add_person()
    booking = library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    library.services.remove(booking.book_id)
    for hours in (3, 5):
        library.book(start=timedelta(hours=hours), person=person, book_id=booking.book_id)
    report = program.log_new_bookings()
    states = [row.passagepoint for row in report.rows]
    assert states == [PassState.CANCELLED_AFTER, PassState.CHANGED, PassState.CHANGED]
    assert library.visits == 1
    left, anew = report.rows[1:]
    program.act(Action.LEAVE, left.row_id)
    program.act(Action.REGISTER_ANEW, anew.row_id)
    assert [row.group for row in program.rows()][1:] == [Group.EXCLUDED, Group.REGISTERED]


def test_two_seats_under_one_id_are_one_booking_live_while_one_is(library: Library) -> None:
    person = library.services.add_person()
    booking = library.book(person=person, seat_name="Seat 1")
    for seat, status in (("Seat 2", "Confirmed"), ("Seat 3", "Cancelled by User")):
        library.book(person=person, book_id=booking.book_id, seat_name=seat, status=status)
    report = library.open().log_new_bookings()
    row = row_of(report, booking.book_id)
    assert (row.group, row.libcal_label) == (Group.REGISTERED, "Confirmed")
    assert row.seats == "Seat 1 · Seat 2"
    assert library.visits == 1


def test_a_booking_over_midnight_stays_in_the_list_until_it_is_over(library: Library) -> None:
    booking = library.book(start=timedelta(hours=11), minutes=120)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(hours=12, minutes=30)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    library.clock.advance(hours=1)
    assert [row.book_id for row in program.log_new_bookings().rows] == []


def test_the_first_bookings_of_tomorrow_are_registered_when_asked_for(library: Library) -> None:
    library.settings["Sync"] = {"ahead_hours": 2}
    early = library.book(start=timedelta(hours=13))
    late = library.book(start=timedelta(hours=15))
    report = library.open().log_new_bookings()
    assert row_of(report, early.book_id).group is Group.REGISTERED
    assert late.book_id not in {row.book_id for row in report.rows}


def test_the_readers_own_answer_replaces_an_older_correction(library: Library) -> None:
    booking = library.book(answer="oops")
    right, other = library.services.add_person(), library.services.add_person()
    library.settings["Sync"] = {"check_names": False}
    program = library.open()
    program.log_new_bookings()
    act(program, Action.CORRECT_ID, booking.book_id, id=right.primary_id)
    assert row_of(program, booking.book_id).primary_id == right.primary_id
    library.services.set_answer(booking.book_id, other.primary_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.primary_id, row.passagepoint) == (other.primary_id, PassState.CHANGED)
