"""Who comes with a booking: what that needs, and how it follows the booking in LibCal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.effects import Refusal
from core.domain.models import Booking, CachedBooking, DeskRequest, HistoryEntry
from core.domain.status import Action, Source
from core.domain.text import counted
from core.services.libcal.rows import differences
from core.verdict import Rules

PARENT = "parent_row_id"
"""In the detail of a request: the row of the booking that a companion comes with."""


def booking_with(book: DayBook, request: DeskRequest) -> CachedBooking | None:
    """The booking that somebody comes with, where one more may; None: a visit without one.

    Raises:
        Refusal: there is no such booking, it takes no more, or it isn't what the desk saw.
    """
    row_id = request.detail.get(PARENT)
    if row_id is None:
        return None
    allowed = book.rules.config.passagepoint.companions_per_booking
    if allowed is None:
        raise Refusal("Companions are switched off in Settings (PassagePoint).")
    if book.listed_verdict(row_id) is None:
        raise Refusal("This booking is no longer in the list.")
    row, cached = book.verdict(row_id).row, book.cached(row_id)
    if row.is_over:
        raise Refusal("The booking is over.")
    if row.is_live and row.companions >= allowed:
        number = counted(row.companions, "companion")
        raise Refusal(f"This booking has {number} already, and no more may come.")
    if Action.ADD_COMPANION not in row.offers:
        raise Refusal(f"Nobody can come with this booking: it says “{row.libcal_label}”.")
    _refuse_other(book, cached.booking, request)
    return cached


def companion_of(parent: CachedBooking, visit: Booking) -> Booking:
    """``visit`` with the place and the times of the booking."""
    as_parent = replace(visit, source=Source.COMPANION, parent_row_id=parent.row_id)
    booking = parent.booking
    return replace(
        as_parent,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        status=booking.status,
        location_id=booking.location_id,
        location_name=booking.location_name,
        seats=booking.seats,
    )


def follow_bookings(cache: Cache, book: DayBook, now: datetime) -> set[str]:
    """LibCal changed bookings: their companions change with them. Returns the changed rows.

    Done anew after each answer, for all of them: what a crash cut off is made up for.
    """
    changes = list(_changes(book))
    if not changes:
        return set()
    with cache.transaction():
        for cached, wanted, gone_at in changes:
            cache.bookings.update(cached.row_id, wanted)
            if gone_at != cached.gone_at:
                cache.bookings.set_gone(cached.row_id, gone_at)
            for text in _said(cached, wanted, gone_at):
                cache.log.add(HistoryEntry(at=now, text=text, row_id=cached.row_id))
    row_ids = {cached.row_id for cached, _, _ in changes}
    book.reload(row_ids)
    return row_ids


def _changes(book: DayBook) -> Iterator[tuple[CachedBooking, Booking, datetime | None]]:
    for cached in book.bookings():
        booking = cached.booking
        parent_id = booking.parent_row_id or ""
        if booking.source is not Source.COMPANION or cached.old_visit or not book.has(parent_id):
            continue
        parent = book.cached(parent_id)
        if parent.is_damaged or cached.is_damaged or book.alone(cached.row_id).is_taken_back:
            continue
        wanted = _following(cached, parent, book)
        if (wanted, parent.gone_at) != (booking, cached.gone_at):
            yield cached, wanted, parent.gone_at


def _following(cached: CachedBooking, parent: CachedBooking, book: DayBook) -> Booking:
    booking = cached.booking
    wanted = companion_of(parent, booking)
    if parent.booking.has_arrived and booking.starts_at < parent.booking.ends_at:
        # LibCal moves the start to the minute of arrival: the companion's visit is as good.
        wanted = replace(wanted, starts_at=booking.starts_at)
    if book.is_forgotten(cached.row_id):
        wanted = replace(wanted, seats=booking.seats)
    return replace(wanted, destination=_destination(wanted, book.rules))


def _destination(booking: Booking, rules: Rules) -> str | None:
    """As the settings map it now, as long as they look after the place."""
    known = rules.config.libcal
    if not known.looks_after(booking.location_id):
        return booking.destination
    return known.destination_of(booking.location_id)


def _said(cached: CachedBooking, wanted: Booking, gone_at: datetime | None) -> Iterator[str]:
    old = cached.booking
    if old.starts_at != wanted.starts_at:
        yield "LibCal moved the booking that it came with."
    yield from differences(old, wanted)
    if (gone_at is None) != (cached.gone_at is None):
        gone = "The booking that it came with is gone from LibCal."
        yield gone if gone_at is not None else "LibCal has the booking again."


def _refuse_other(book: DayBook, booking: Booking, request: DeskRequest) -> None:
    """The desk saw another place or end than the booking has."""
    if request.detail.get("location_id") != booking.location_id:
        raise Refusal("The booking is at another place: look at it, and ask again.")
    try:
        ends_at = datetime.fromisoformat(request.detail.get("ends_at", ""))
        is_same = ends_at == booking.ends_at
    except ValueError:
        is_same = False
    if not is_same:
        until = book.rules.day.clock_time(booking.ends_at)
        raise Refusal(f"The booking lasts until {until}: look at it, and ask again.")
