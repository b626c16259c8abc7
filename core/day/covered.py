"""A booking whose reader has a visit already, made at the desk before LibCal told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.domain.models import CachedBooking
from core.verdict import Facts, Hold

if TYPE_CHECKING:
    from core.day.day_book import DayBook


def covered_by_visit(book: DayBook, facts: Facts) -> Hold | None:
    """Nothing is sent by itself for a booking that overlaps a visit of that person and place."""
    row_id = facts.cached.row_id
    primary_id = book.people.id_of(row_id) if facts.booking.is_booked else None
    if primary_id is None:
        return None
    beside = [book.cached(one) for one in book.people.rows_of(primary_id) if one != row_id]
    visit = next((one for one in beside if _covers(one, facts)), None)
    if visit is None:
        return None
    until = book.rules.day.clock_time(visit.booking.ends_at)
    return Hold(
        f"Visit until {until} made at the desk.",
        "Does that visit cover this booking, or is it to be registered, too?",
        is_covered=True,
    )


def _covers(one: CachedBooking, facts: Facts) -> bool:
    visit, booking = one.booking, facts.booking
    stands = not visit.is_booked and one.gone_at is None and not one.old_visit
    overlaps = visit.starts_at < booking.ends_at and booking.starts_at < visit.ends_at
    return stands and overlaps and visit.location_id == booking.location_id
