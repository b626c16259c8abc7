"""Seats whose start a check-in has moved: which of them are one booking, and which are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.day.moved_seats import with_moved_seats
from core.domain.models import Booking
from tests.builders import NOON, a_booking

KNOWN = {("cs_1", NOON)}
END = NOON + timedelta(hours=2)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def seat(minutes: int = 0, check_in: str = "-", **changes: object) -> Booking:
    values: dict[str, Any] = {"starts_at": at(minutes), "ends_at": END, "check_in": check_in}
    return a_booking("cs_1", **values | changes)


def starts(*rows: Booking, known: bool = True) -> list[int]:
    """Minutes from the booked start."""
    found = with_moved_seats(rows, KNOWN if known else set())
    return [int((one.starts_at - NOON).total_seconds() // 60) for one in found]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("moved", [-8, 3, -45, 45])
def test_a_moved_seat_stays_with_those_that_nobody_has_arrived_at(
    moved: int, *, known: bool
) -> None:
    assert starts(seat(moved, "in"), seat(), seat(), known=known) == [0, 0, 0]


def test_when_all_have_moved_they_are_still_one() -> None:
    assert starts(seat(-8, "in"), seat(-5, "in"), seat(-5, "out")) == [-8, -8, -8]
    assert starts(seat(-8, "in"), seat(-5, "in"), known=False) == [-8, -8]


def test_a_booking_of_one_seat_is_left_as_it_is() -> None:
    assert starts(seat(-8, "in")) == [-8]


OTHERS: dict[str, Callable[[], tuple[Booking, Booking]]] = {
    "nobody has arrived": lambda: (seat(-30), seat()),
    "too far away": lambda: (seat(-46, "in"), seat()),
    "another end": lambda: (seat(-8, "in", ends_at=END + timedelta(minutes=5)), seat()),
    "another person": lambda: (
        seat(-8, "in", id_answer="G2", email="b@example.edu"),
        seat(id_answer="G1"),
    ),
}


@pytest.mark.parametrize("why", OTHERS)
def test_what_is_no_seat_of_it_is_a_booking_of_its_own(why: str) -> None:
    rows = OTHERS[why]()
    assert with_moved_seats(rows, KNOWN) == list(rows)


def test_one_that_is_known_by_its_start_keeps_it() -> None:
    known = {("cs_1", NOON), ("cs_1", at(-30))}
    rows = [seat(-30, "in"), seat()]
    assert with_moved_seats(rows, known) == rows


def test_another_booking_is_no_home() -> None:
    other = a_booking("cs_2", starts_at=NOON, ends_at=END)
    assert with_moved_seats([seat(-8, "in"), other], set())[0].starts_at == at(-8)
