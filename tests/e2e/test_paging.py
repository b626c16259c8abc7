"""Bookings aren't missing because LibCal's pages are shorter than asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.library import Library


@pytest.mark.parametrize("cap", [1, 20, 50, 200, 250, 499])
def test_a_server_that_caps_its_pages_hides_no_booking(library: Library, cap: int) -> None:
    person = library.services.add_person()
    count = min(cap * 2 + 3, 520)
    for number in range(count):
        library.book(start=timedelta(minutes=30 + number % 60), person=person, status="Tentative")
    library.services.libcal.most_rows = cap
    assert library.open().log_new_bookings().counts.total == count


def test_a_day_without_bookings_is_one_call_a_location(library: Library) -> None:
    program = library.open()
    program.log_new_bookings()
    assert library.calls("bookings") == len(program.config.libcal.locations)
