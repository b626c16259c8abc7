"""A check-in may move a seat's start to the minute of arrival: it stays a seat of its booking.

LibCal does that seat by seat (docs/libcal.md, Check in), so for a while the seats of one booking
have several starts. Taken for bookings of their own they would be registered once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.models import Booking
from core.services.libcal.folding import are_two_people

_FARTHEST = timedelta(minutes=45)
"""Nobody is checked in longer before or after the start."""

_Key = tuple[str, datetime]
"""``bookId`` and start."""


def with_moved_seats(rows: Iterable[Booking], known: Collection[_Key]) -> list[Booking]:
    """LibCal's rows, each moved seat with the start of the booking that it belongs to.

    ``known``: what is known already by this ``bookId`` and start. A booking whose every seat has
    moved is found again by its ``bookId`` (``Intake``); its seats get one start here.
    """
    every = list(rows)
    if not any(_has_moved(row, known) for row in every):
        return every  # as mostly: each pass asks, of the whole day
    by_end: defaultdict[tuple[str, datetime], list[Booking]] = defaultdict(list)
    for row in every:
        by_end[row.book_id, row.ends_at].append(row)
    starts = {id(row): start for group in by_end.values() for row, start in _starts(group, known)}
    return [replace(row, starts_at=starts[id(row)]) if id(row) in starts else row for row in every]


def _has_moved(row: Booking, known: Collection[_Key]) -> bool:
    return row.has_arrived and (row.book_id, row.starts_at) not in known


def _starts(group: list[Booking], known: Collection[_Key]) -> Iterable[tuple[Booking, datetime]]:
    moved = [row for row in group if _has_moved(row, known)]
    homes = [row for row in group if not _has_moved(row, known)] or moved
    for row in moved:
        near = [
            one
            for one in homes
            if abs(one.starts_at - row.starts_at) <= _FARTHEST and not are_two_people(one, row)
        ]
        yield row, min((one.starts_at for one in near), default=row.starts_at)
