"""What ended without registration is listed on the days after, until somebody looked."""

from __future__ import annotations

from datetime import date, timedelta

from core.day.ended import EndedUnseen
from tests.e2e.library import Library
from tests.promise.test_clock import at, booked, set_clock


def test_what_ended_without_registration_is_listed_from_the_next_day_until_seen(
    library: Library,
) -> None:
    without_id = library.book(answer="")
    library.book()
    library.book(status="Cancelled")
    library.book(lid="11200")
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(hours=3)
    assert program.ended_unseen().rows == []
    library.clock.advance(days=1)
    program.log_new_bookings()
    [row] = program.ended_unseen().rows
    assert row.book_id == without_id.book_id
    assert (row.label, row.reason) == (
        "Ended, not registered",
        "It ended without registration. The booking has no university ID.",
    )
    program.mark_seen([row.row_id])
    assert program.ended_unseen().rows == []


def test_an_unclear_visit_that_ended_is_listed(library: Library) -> None:
    library.book()
    library.services.faults.add("createPreReg", "500", times=1)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=1)
    program.log_new_bookings()
    [row] = program.ended_unseen().rows
    assert row.label == "Ended unclear"


def test_what_was_over_when_it_was_first_seen_is_no_news(library: Library) -> None:
    library.book(answer="", start=timedelta(hours=-3))
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=1)
    program.log_new_bookings()
    assert program.ended_unseen().rows == []


def test_a_booking_over_midnight_is_listed_from_the_minute_it_ended(library: Library) -> None:
    set_clock(library, at("2026-11-23T22:00"))
    booking = booked(library, at("2026-11-23T23:30"), hours=1.5)
    library.services.set_answer(booking.book_id, "")
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:59"))
    program.log_new_bookings()
    assert program.ended_unseen().rows == []
    set_clock(library, at("2026-11-24T01:00"))
    assert [row.book_id for row in program.ended_unseen().rows] == [booking.book_id]


def test_closed_days_and_clean_up_take_nothing_that_nobody_saw(library: Library) -> None:
    library.settings["Cache"] = {"keep_days": 3}
    without_id = library.book(answer="")
    library.book()
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=5)
    program = library.restart(program)
    program.log_new_bookings()
    assert (program.clean_up_plan().bookings, program.clean_up_plan().kept_waiting) == (0, 1)
    program.clean_up()
    [row] = program.ended_unseen().rows
    assert row.book_id == without_id.book_id
    program.mark_seen([row.row_id])
    assert program.clean_up().bookings == 1


def test_after_long_only_the_number_and_the_day_of_the_unseen_stay(library: Library) -> None:
    library.settings["Cache"] = {"keep_days": 3, "keep_people_days": 10}
    for _ in range(2):
        library.book(answer="")
    library.services.faults.add("createPreReg", "500", times=1)
    library.book()
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=12)
    program.log_new_bookings()
    assert program.ended_unseen() == EndedUnseen([], {date(2026, 11, 23): 3})
    program.mark_seen([], [date(2026, 11, 23)])
    assert program.ended_unseen() == EndedUnseen([], {})
    library.clock.advance(days=1)
    program = library.restart(program)
    program.log_new_bookings()
    assert program.ended_unseen() == EndedUnseen([], {})


def test_the_days_of_a_clean_up_are_the_librarys(library: Library) -> None:
    booked(library, at("2026-11-23T21:00"))
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=5)
    assert program.clean_up_plan().oldest == date(2026, 11, 23)
