"""What a reader at the desk asks beyond today's list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.errors import AppError
from core.domain.status import PatronState
from core.practice.records import Card, Person
from tests.e2e.library import Library, row_of


def test_somebody_is_found_at_every_place_and_for_seven_days(library: Library) -> None:
    reader = Person("G10000001", "Zoë", "Quill", cards=(Card("1"),))
    library.book(person=reader, lid="11200", start=timedelta(days=3))
    library.book(person=reader, lid="8827", start=timedelta(days=9))
    library.book()
    program = library.open()
    [found] = program.look_everywhere("quill zoe")
    assert (found.location_name, found.name) == ("Study Hall", "Zoë Quill")
    assert program.look_everywhere("nobody at all") == []
    assert program.look_everywhere("  ") == []


def test_somebody_is_found_at_a_place_that_only_staff_book(library: Library) -> None:
    reader = Person("G10000001", "Zoë", "Quill", cards=(Card("1"),))
    library.book(person=reader, lid="12001", start=timedelta(hours=2))
    [found] = library.open().look_everywhere("quill")
    assert (found.location_id, found.location_name) == ("12001", "Staff Studio")


def test_a_row_that_cannot_be_read_hides_nobody(library: Library) -> None:
    reader = Person("G10000001", "Zoë", "Quill", cards=(Card("1"),))
    library.book(start=timedelta(minutes=1))
    library.book(person=reader, start=timedelta(hours=2))
    library.services.faults.add("bookings", "unreadable_row")
    [found] = library.open().look_everywhere("quill")
    assert found.name == "Zoë Quill"


def test_libcal_away_is_said(library: Library) -> None:
    library.services.faults.add("locations", "500")
    with pytest.raises(AppError, match="LibCal"):
        library.open().look_everywhere("quill")


def test_a_barcode_is_offered_to_alma(library: Library) -> None:
    reader = library.services.add_person()
    program = library.open()
    assert program.ask_alma(f" {reader.barcode} ").primary_id == reader.primary_id
    assert program.ask_alma("22829999").state is PatronState.NOT_IN_ALMA


def test_what_is_known_of_each_person_to_choose_from(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    [visitor] = [visit.visitor_id for visit in library.services.visits]
    known = program.known_of([visitor, "999"])
    assert known == {
        visitor: "Used from here on 23 November 2026.",
        "999": "Not used from here before.",
    }
    assert row_of(program, booking.book_id).candidates == ()
