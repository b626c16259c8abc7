"""A regression test for each defect of the script that LibCal2PP replaces.

Those that concern a single part are beside that part's tests: time-outs in test_http_session,
secrets in the YAML file in test_config, names in the log in tests/promise.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from core.domain.status import Action, Group, PassState, PatronState
from core.practice.records import Card, Person
from tests.e2e.library import Library, row_of


def test_the_answer_of_a_call_repeated_after_a_401_is_kept(library: Library) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createVisitor", "expired_session", times=1)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.prereg_id is not None
    assert row.group is Group.REGISTERED


def test_a_lasting_401_does_not_log_in_without_end(library: Library) -> None:
    booking = library.book(start=timedelta(hours=9))
    program = library.open()
    library.services.faults.add("createVisitor", "expired_session")
    for _ in range(8):
        report = program.log_new_bookings()
        library.clock.advance(minutes=16)
    # Twice a pass at most, and the passes are longer apart than the longest pause.
    assert library.calls("login") <= 2 * 8
    status = report.services["PassagePoint"]
    assert not status.needs_credentials  # only a refused login waits for a person
    assert "ends each session at once" in (status.error or "")
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).passagepoint is PassState.REGISTERED


def test_one_booking_without_an_id_answer_does_not_lose_its_location(library: Library) -> None:
    without, with_id = library.book(answer=None), library.book()
    report = library.open().log_new_bookings()
    assert row_of(report, without.book_id).patron is PatronState.NO_ID
    assert row_of(report, with_id.book_id).group is Group.REGISTERED


def test_more_bookings_than_a_page_holds_are_all_registered(library: Library) -> None:
    people = [library.services.add_person() for _ in range(3)]
    for number in range(505):
        library.book(start=timedelta(minutes=number), person=people[number % 3])
    assert library.open().log_new_bookings().counts.registered == 505


def test_confirmed_is_registered_as_well_as_approved(library: Library) -> None:
    confirmed, approved = library.book(), library.book(status="Mediated Approved")
    report = library.open().log_new_bookings()
    assert row_of(report, confirmed.book_id).group is Group.REGISTERED
    assert row_of(report, approved.book_id).group is Group.REGISTERED


def test_a_location_without_destination_sends_nothing(library: Library) -> None:
    booking = library.book(lid="11200")
    row = row_of(library.open().log_new_bookings(), booking.book_id)
    assert (row.group, row.action) == (Group.EXCLUDED, Action.BY_HAND)
    assert library.calls("createPreReg") == library.calls("user") == 0


def test_an_alma_error_for_one_person_does_not_stop_the_others(library: Library) -> None:
    unlucky = library.services.add_person()
    first = library.book(person=unlucky)
    second = library.book(start=timedelta(hours=2))
    library.services.faults.add("user", "500", match=unlucky.primary_id)
    report = library.open().log_new_bookings()
    assert row_of(report, first.book_id).patron is PatronState.COULD_NOT_ASK
    assert row_of(report, second.book_id).group is Group.REGISTERED


def test_each_visit_is_recorded_before_the_next_one_is_answered(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    bookings = library.books(3)
    seen: list[int] = []
    program = library.open(report=lambda _: seen.append(program._cache.ledger.position().number))
    program.log_new_bookings()
    assert set(range(len(bookings) + 1)) <= set(seen)


def test_a_cancelled_booking_is_noticed(library: Library) -> None:
    before, after = library.book(status="Cancelled by Admin"), library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.cancel(after.book_id)
    report = program.log_new_bookings()
    assert row_of(report, before.book_id).group is Group.EXCLUDED
    assert row_of(report, after.book_id).passagepoint is PassState.CANCELLED_AFTER


def test_people_are_not_kept_for_ever(library: Library) -> None:
    reader = library.services.add_person()
    library.book(person=reader)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=61)
    program = library.restart(program)
    program.log_new_bookings()
    assert program.held_about(reader.primary_id) == []


def test_what_midnight_would_have_tidied_is_tidied_at_the_next_start(library: Library) -> None:
    library.book()
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=7)
    program = library.restart(program)
    program.log_new_bookings()
    assert program.clean_up_plan().bookings == 0
    assert (
        program._cache.bookings.between(
            library.clock.now() - timedelta(days=30), library.clock.now()
        )
        == []
    )


def test_the_active_card_is_taken_not_the_first(library: Library) -> None:
    cards = (Card("111", "INACTIVE"), Card("00222"))
    reader = dataclasses.replace(Person("G10000001", "Ana", "Ruiz"), cards=cards)
    library.book(person=library.services.add_person(reader))
    library.open().log_new_bookings()
    assert list(library.services.visitors) == ["00222"]
