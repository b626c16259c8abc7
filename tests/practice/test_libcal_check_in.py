"""The practice LibCal's check-in, as docs/libcal.md has it: one seat at a time, with refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from core.practice.day import make_big_day
from core.practice.records import LibCalRow
from core.practice.services import PracticeServices
from tests.builders import NOON, ZONE, FakeClock
from tests.practice.client import Client


class Desk:
    def __init__(self, services: PracticeServices, clock: FakeClock) -> None:
        self.services, self.clock = services, clock
        self.client = Client(services)
        self.token = self.client.token().json()

    def book(self, minutes: int = 10, **fields: Any) -> LibCalRow:
        return self.services.add_booking(NOON + timedelta(minutes=minutes), **fields)

    def check_in(self, code: str, book_id: str) -> requests.Response:
        return self.client.ask(
            "POST",
            "/1.1/space/checkin",
            params={"code": code, "id": book_id},
            headers={"Authorization": f"Bearer {self.token['access_token']}"},
        )

    def said(self, code: str, book_id: str) -> str:
        answer = self.check_in(code, book_id)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain")
        return answer.text


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = FakeClock(NOON)
    with PracticeServices(make_big_day(NOON, ZONE, 0), clock=clock) as services:
        made = Desk(services, clock)
        yield made
        made.client.close()


def test_each_seat_has_a_code_of_its_own(desk: Desk) -> None:
    first = desk.book()
    second = desk.book(book_id=first.book_id, seat_name="Seat 2")
    rows = desk.client.rows_of(first.book_id)
    codes = [row["check_in_code"] for row in rows]
    assert len(set(codes)) == 2
    assert desk.check_in(codes[0], first.book_id).json().keys() == {"checkinTime"}
    states = {row["check_in_code"]: row["check_in_status"] for row in desk.client.rows()}
    assert (states[codes[0]], states[codes[1]]) == ("in", "-")
    assert second.check_in_code == codes[1]


def test_it_refuses_in_plain_text(desk: Desk) -> None:
    early, now = desk.book(120), desk.book()
    out = desk.book(check_in="out")
    gone = desk.book(status="Cancelled by User")
    assert desk.said("", now.book_id) == "Invalid value."
    assert desk.said(early.check_in_code, now.book_id) == "Unable to find booking matching code."
    assert desk.said(gone.check_in_code, gone.book_id) == "Unable to find booking matching code."
    assert "already been Checked Out" in desk.said(out.check_in_code, out.book_id)
    starts = early.starts_at
    assert desk.said(early.check_in_code, early.book_id) == (
        f"Unable to Check In for this booking until {starts - timedelta(minutes=30):%H:%M}"
        f" (booking starts at {starts:%H:%M})."
    )
    assert desk.check_in(now.check_in_code, now.book_id).status_code == 200
    assert "already been Checked In" in desk.said(now.check_in_code, now.book_id)


def test_too_late_is_some_minutes_after_the_start_or_never(desk: Desk) -> None:
    booking = desk.book()
    desk.clock.advance(minutes=26)
    closes = booking.starts_at + timedelta(minutes=15)
    assert desk.said(booking.check_in_code, booking.book_id) == (
        f"Sorry, the latest possible Check In time for this booking was {closes:%H:%M}."
    )
    desk.services.libcal.check_in.closes_minutes_after = None
    assert desk.check_in(booking.check_in_code, booking.book_id).status_code == 200


def test_it_may_move_the_start_of_that_seat_to_the_minute_of_arrival(desk: Desk) -> None:
    desk.services.libcal.check_in.moves_start = True
    first = desk.book()
    second = desk.book(book_id=first.book_id, seat_name="Seat 2")
    desk.check_in(first.check_in_code, first.book_id)
    starts = {row["check_in_code"]: row["fromDate"] for row in desk.client.rows_of(first.book_id)}
    here = NOON.astimezone(ZONE).isoformat(timespec="seconds")
    assert starts[first.check_in_code] == here
    assert starts[second.check_in_code] != here


def test_the_scope_is_needed_and_may_be_told(desk: Desk) -> None:
    booking = desk.book()
    assert "sp_w" in desk.token["scope"].split()
    desk.services.libcal.check_in.is_permitted = False
    assert desk.check_in(booking.check_in_code, booking.book_id).status_code == 403
    assert "sp_w" not in desk.client.token().json()["scope"].split()
    desk.services.libcal.check_in.tells_scope = False
    assert "scope" not in desk.client.token().json()
    desk.token = {"access_token": "0" * 40}
    assert desk.check_in(booking.check_in_code, booking.book_id).status_code == 401
