"""Rows that lost their start and bookings with a new one, by ``bookId`` and the library's day.

A series has the same ``bookId`` on other days, and each day is settled for itself. What overlaps
is no other day: a check-in may move a start over midnight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.models import Booking, CachedBooking
from core.services.libcal.folding import are_two_people

_Place = tuple[str, date]


@dataclass
class StartsOfOneId:
    """What was and what is of one ``bookId`` on one day: moved, new or vanished."""

    missing: list[CachedBooking] = field(default_factory=list)
    unasked: list[CachedBooking] = field(default_factory=list)
    """Rows that nobody could ask about, and that a booking in ``new`` may be."""
    new: list[Booking] = field(default_factory=list)
    beside: list[CachedBooking] = field(default_factory=list)
    """Rows that stand as they were and overlap one in ``new``, which may be a seat of theirs."""


def starts_of_one_id(
    missing: Iterable[CachedBooking],
    unasked: Iterable[CachedBooking],
    standing: Iterable[CachedBooking],
    new: Iterable[Booking],
    day_of: Callable[[datetime], date],
) -> Iterable[StartsOfOneId]:
    """The rows and bookings, those together that may be one."""
    places: defaultdict[_Place, StartsOfOneId] = defaultdict(StartsOfOneId)
    by_id: defaultdict[str, list[CachedBooking]] = defaultdict(list)

    def place_of(booking: Booking) -> _Place:
        return booking.book_id, day_of(booking.starts_at)

    for row in missing:
        places[place_of(row.booking)].missing.append(row)
        by_id[row.booking.book_id].append(row)
    still_there: defaultdict[str, list[CachedBooking]] = defaultdict(list)
    for row in standing:
        still_there[row.booking.book_id].append(row)
    not_asked = {row.row_id: row for row in unasked}
    for row in not_asked.values():
        by_id[row.booking.book_id].append(row)
    for booking in new:
        before = next(
            (one for one in by_id[booking.book_id] if _overlap(one.booking, booking)), None
        )
        place = places[place_of(before.booking if before is not None else booking)]
        place.new.append(booking)
        if before is not None and before.row_id in not_asked and before not in place.unasked:
            place.unasked.append(before)
        others = still_there[booking.book_id]
        place.beside += [
            one
            for one in others
            if _overlap(one.booking, booking) and not are_two_people(one.booking, booking)
        ]
    return places.values()


def _overlap(one: Booking, other: Booking) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
