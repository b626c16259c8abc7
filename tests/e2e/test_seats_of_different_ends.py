"""Seats of one booking that end at different times: a check-in that moves one is no booking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.status import Group, PassState
from core.practice.records import LibCalRow
from tests.e2e.library import Library

TEN = timedelta(minutes=10)


def two_seats(library: Library) -> tuple[LibCalRow, LibCalRow]:
    person = library.services.add_person()
    short = library.book(start=TEN, person=person, minutes=60)
    long = library.book(
        start=TEN, person=person, minutes=120, book_id=short.book_id, seat_name="Seat 2"
    )
    return short, long


@pytest.mark.parametrize("hears_news", [True, False])
@pytest.mark.parametrize("which", [0, 1])
def test_the_seat_that_comes_first_is_not_registered_once_more(
    library: Library, which: int, hears_news: bool
) -> None:
    seats = two_seats(library)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=3)
    library.services.running.arrive_at_seat(seats[which], moves_start=True)
    for _ in range(2):
        if hears_news:
            program.ask_news()
        program.log_new_bookings()
        assert library.visits == 1
        library.clock.advance(minutes=1)
    library.services.running.arrive_at_seat(seats[1 - which], moves_start=True)
    for _ in range(2):
        report = program.log_new_bookings()
        assert library.visits == 1
        rows = [one for one in report.rows if one.book_id == seats[0].book_id]
        groups = {one.group for one in rows}
        assert groups == {Group.REGISTERED, Group.NEEDS_PERSON}


def test_where_libcal_doesnt_say_who_came_a_seat_that_moved_is_asked_about(
    library: Library,
) -> None:
    person = library.services.add_person()
    first = library.book(start=TEN, person=person, bare=True)
    second = library.book(start=TEN, person=person, book_id=first.book_id, bare=True)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=3)
    library.services.running.arrive_at_seat(second, moves_start=True)
    for _ in range(2):
        program.ask_news()
        report = program.log_new_bookings()
        assert library.visits == 1
    states = {one.passagepoint for one in report.rows if one.book_id == first.book_id}
    assert states == {PassState.REGISTERED, PassState.CHANGED}


def test_a_later_hour_of_the_same_booking_is_a_visit_of_its_own(library: Library) -> None:
    person = library.services.add_person()
    first = library.book(start=TEN, person=person, minutes=60)
    program = library.open()
    program.log_new_bookings()
    library.book(start=7 * TEN, person=person, minutes=60, book_id=first.book_id)
    report = program.log_new_bookings()
    assert library.visits == 2
    assert {one.group for one in report.rows} == {Group.REGISTERED}
