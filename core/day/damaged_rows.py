"""Rows that can't be read find back to their bookings, so that nothing is sent a second time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from core.cache.base import Cache
from core.domain.models import Booking, BookingKey, HistoryEntry


class Found(NamedTuple):
    """What became of new bookings of which some have a row that couldn't be read."""

    new: Sequence[Booking]
    """They get a row of their own."""
    back: Sequence[str]
    """Rows that are readable again."""
    held: Sequence[BookingKey]
    """Those of the new ones that may be one of several lost rows: a person decides."""


def find_again(cache: Cache, coming: Sequence[Booking], now: datetime) -> Found:
    """Look whether the cache has a row for these whose start can't be read any more."""
    if not coming:
        return Found((), (), ())
    lost = cache.bookings.damaged.without_start({one.book_id for one in coming})
    if not lost:
        return Found(coming, (), ())
    new, back, held = [], [], []
    for book_id, bookings in _by_id(coming).items():
        rows = lost.get(book_id, [])
        if len(rows) == len(bookings) == 1:
            put_right(cache, rows[0], bookings[0], now)
            back += rows
            continue
        new += bookings
        held += [one.key for one in bookings] if rows else []
    return Found(new, back, held)


def put_right(cache: Cache, row_id: str, booking: Booking, now: datetime) -> None:
    """LibCal says again what can't be read here; what was sent stays with it."""
    cache.bookings.damaged.put_right(row_id, booking, now)
    text = "What was stored of this booking couldn't be read. LibCal's answer put it right."
    cache.log.add(HistoryEntry(at=now, text=text, row_id=row_id))


def _by_id(bookings: Iterable[Booking]) -> dict[str, list[Booking]]:
    by_id: defaultdict[str, list[Booking]] = defaultdict(list)
    for one in bookings:
        by_id[one.book_id].append(one)
    return by_id
