"""A check-in that moves the start over midnight is no booking of another day."""

from __future__ import annotations

import pytest

from core.domain.status import Group
from tests.e2e.library import Library, row_of
from tests.promise.test_clock import at, booked, set_clock


@pytest.mark.parametrize("hears_news", [True, False])
def test_who_comes_after_midnight_for_a_booking_before_it(
    library: Library, hears_news: bool
) -> None:
    set_clock(library, at("2026-11-23T23:40"))
    booking = booked(library, at("2026-11-23T23:55"), hours=2)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:03"))
    library.services.check_in(booking.book_id, moves_start=True)
    for _ in range(3):
        if hears_news:
            program.ask_news()
        report = program.log_new_bookings()
        assert library.visits == 1
        assert row_of(report, booking.book_id).group is Group.REGISTERED
        library.clock.advance(minutes=5)


@pytest.mark.parametrize("call", ["booking", "updates", "bookings"])
def test_what_cant_be_asked_for_meanwhile_is_sent_once_too(library: Library, call: str) -> None:
    set_clock(library, at("2026-11-23T23:40"))
    booking = booked(library, at("2026-11-23T23:55"), hours=2)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:03"))
    library.services.check_in(booking.book_id, moves_start=True)
    library.services.faults.add(call, "503")
    program = library.restart(program)
    for _ in range(2):
        program.log_new_bookings()
        program.ask_news()
        library.clock.advance(minutes=5)
    assert library.visits == 1
    library.services.faults.clear()
    for _ in range(3):
        report = program.log_new_bookings()
        library.clock.advance(minutes=5)
    assert library.visits == 1
    assert row_of(report, booking.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("hears_news", [True, False])
def test_who_comes_before_midnight_for_a_booking_after_it(
    library: Library, hears_news: bool
) -> None:
    library.settings["Sync"] = {"ahead_hours": 2}
    set_clock(library, at("2026-11-23T23:40"))
    booking = booked(library, at("2026-11-24T00:05"), hours=2)
    program = library.open()
    program.log_new_bookings()
    assert library.visits == 1
    set_clock(library, at("2026-11-23T23:57"))
    library.services.check_in(booking.book_id, moves_start=True)
    for _ in range(4):
        if hears_news:
            program.ask_news()
        report = program.log_new_bookings()
        assert library.visits == 1
        assert row_of(report, booking.book_id).group is Group.REGISTERED
        library.clock.advance(minutes=2)
