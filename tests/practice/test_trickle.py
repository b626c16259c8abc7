"""What is planned to happen while the day runs."""

from __future__ import annotations

from datetime import timedelta

from core.practice.day import PracticeDay, make_day
from tests.builders import NOON, ZONE

LATE = NOON.replace(hour=23, minute=30)


def test_something_happens_about_every_two_minutes(day: PracticeDay) -> None:
    within_an_hour = [one for one in day.events if one.at <= NOON + timedelta(hours=1)]
    assert 25 <= len(within_an_hour) <= 30
    assert {event.kind for event in within_an_hour} == {
        "booked",
        "cancelled",
        "moved",
        "checked_in",
        "new_card",
    }


def test_events_come_in_order_and_touch_a_booking_once(day: PracticeDay) -> None:
    assert list(day.events) == sorted(day.events, key=lambda event: event.at)
    touched = [event.book_id for event in day.events]
    assert len(touched) == len(set(touched))


def test_nothing_happens_after_closing() -> None:
    assert make_day(LATE, ZONE).events == ()


def test_some_check_ins_move_the_start_to_the_minute_of_arrival(day: PracticeDay) -> None:
    arrivals = [event for event in day.events if event.kind == "checked_in"]
    moving = [event for event in arrivals if event.starts_at is not None]
    assert 0 < len(moving) < len(arrivals)
    assert all(event.starts_at == event.at for event in moving)


def test_a_day_without_plain_bookings_gets_new_ones() -> None:
    events = make_day(NOON, ZONE, bookings=0).events
    assert {event.kind for event in events} == {"booked"}
