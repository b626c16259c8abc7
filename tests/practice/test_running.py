"""The day while it runs: edits by hand, and events by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.practice.day import PracticeDay, make_big_day
from core.practice.records import FIELD_MISSING
from core.practice.services import PracticeServices
from tests.builders import NOON, ZONE, FakeClock
from tests.practice.client import Client
from tests.practice.examples import row_of

SOON = NOON + timedelta(hours=2)


def test_a_new_booking_and_its_person_are_known(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON, lid="10332", minutes=90)
    seen = client.rows_of(row.book_id)[0]
    assert client.alma(seen["q12777"]).status_code == 200
    assert row.ends_at - row.starts_at == timedelta(minutes=90)


def test_a_booking_can_be_made_to_measure(services: PracticeServices, client: Client) -> None:
    person = services.add_person()
    row = services.add_booking(
        SOON, person=person, book_id="cs_mine", status="Tentative", answer=FIELD_MISSING
    )
    seen = client.rows_of("cs_mine")[0]
    assert (seen["lastName"], seen["status"]) == (person.last_name, "Tentative")
    assert "q12505" not in seen
    assert row.book_id == "cs_mine"


def test_a_cancelled_booking_stays_with_its_status(
    services: PracticeServices, client: Client, day: PracticeDay
) -> None:
    book_id = day.kinds["several_seats"][0]
    services.cancel(book_id, "Cancelled by System")
    assert {row["status"] for row in client.rows_of(book_id)} == {"Cancelled by System"}


def test_a_moved_booking_keeps_its_length(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON)
    services.move(row.book_id, SOON + timedelta(minutes=30))
    seen = client.rows_of(row.book_id)[0]
    assert seen["fromDate"] == "2026-11-23T14:30:00-05:00"
    assert seen["toDate"] == "2026-11-23T15:30:00-05:00"


def test_a_reader_can_check_in(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON)
    services.check_in(row.book_id)
    seen = client.rows_of(row.book_id)[0]
    assert seen["check_in_status"] == "in"
    assert seen["fromDate"] == "2026-11-23T14:00:00-05:00"


def test_a_check_in_may_move_the_start(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON)
    services.check_in(row.book_id, moves_start=True)
    seen = client.rows_of(row.book_id)[0]
    assert seen["fromDate"] == "2026-11-23T12:00:00-05:00"
    assert seen["toDate"] == "2026-11-23T15:00:00-05:00"


def test_an_answer_can_be_changed(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON)
    services.set_answer(row.book_id, ("a", "b"))
    assert client.rows_of(row.book_id)[0]["q12505"] == ["a", "b"]


def test_a_booking_can_vanish(services: PracticeServices, client: Client) -> None:
    row = services.add_booking(SOON)
    services.remove(row.book_id)
    assert client.rows_of(row.book_id) == []


def test_a_new_card_makes_the_old_one_inactive(services: PracticeServices, client: Client) -> None:
    person = services.add_person()
    barcode = services.new_card(person.primary_id)
    answer = client.alma(person.primary_id).json()
    cards = {one["value"]: one["status"] for one in answer["user_identifier"][1:]}
    assert cards == {person.barcode: "INACTIVE", barcode: "ACTIVE"}


def test_the_rest_of_a_series_is_left_alone(
    services: PracticeServices, client: Client, day: PracticeDay
) -> None:
    services.cancel(row_of(day, "series").book_id)
    assert client.rows(date="2026-11-24")[0]["status"] == "Confirmed"


def test_what_is_not_there_cannot_be_changed(services: PracticeServices) -> None:
    with pytest.raises(LookupError):
        services.cancel("cs_nothing")
    with pytest.raises(LookupError):
        services.new_card("G00000000")


def happenings(day: PracticeDay, kind: str) -> list[str]:
    return [event.book_id for event in day.events if event.kind == kind]


def test_events_happen_as_the_clock_passes_them(day: PracticeDay) -> None:
    clock = FakeClock()
    with PracticeServices(day, clock=clock, trickle=True) as services:
        client = Client(services)
        services.libcal.token_seconds = 86_400
        before = {row["bookId"]: row for row in client.rows()}
        clock.advance(hours=9)
        after = {row["bookId"]: row for row in client.rows()}
        client.close()
    assert after.keys() - before.keys() == set(happenings(day, "booked"))
    for book_id in happenings(day, "cancelled"):
        assert after[book_id]["status"] == "Cancelled by User"
    for book_id in happenings(day, "checked_in"):
        assert after[book_id]["check_in_status"] == "in"
    for book_id in happenings(day, "moved"):
        assert after[book_id]["fromDate"] != before[book_id]["fromDate"]


def test_a_new_card_and_new_people_reach_alma(day: PracticeDay) -> None:
    clock = FakeClock()
    event = next(event for event in day.events if event.kind == "new_card")
    new = next(event.person for event in day.events if event.person)
    with PracticeServices(day, clock=clock, trickle=True) as services:
        client = Client(services)
        assert client.alma(new.primary_id).status_code == 400
        clock.advance(hours=9)
        client.rows()
        cards = client.alma(event.primary_id).json()["user_identifier"][1:]
        assert client.alma(new.primary_id).status_code == 200
        client.close()
    assert [card["status"] for card in cards] == ["INACTIVE", "ACTIVE"]


def test_nothing_happens_by_itself_without_trickle(client: Client, clock: FakeClock) -> None:
    before = client.rows()
    clock.advance(minutes=50)
    assert client.rows() == before


def test_an_empty_day_can_be_filled_by_hand() -> None:
    with PracticeServices(make_big_day(NOON, ZONE, 0), clock=FakeClock()) as services:
        client = Client(services)
        row = services.add_booking(SOON)
        assert [one["bookId"] for one in client.rows()] == [row.book_id]
        client.close()
