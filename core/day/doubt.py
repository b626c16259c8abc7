"""How good each place's answer is: whole, failed, or doubtful once (docs/promise.md, Identity)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from core.day.day_answer import DayAnswer
from core.domain.models import CachedBooking, LocationMark

_SO_MANY = 5
"""Fewer can all be cancelled at once; so many are more likely LibCal's fault."""


def doubtful_locations(
    answer: DayAnswer,
    known: Iterable[CachedBooking],
    marks: Mapping[str, LocationMark],
    today: datetime,
) -> set[str]:
    """The locations whose whole answer has none of their known rows, for the first time today.

    ``known`` are the rows that were asked for, ``marks`` how each location stood before.
    """
    there = {one.book_id for one in answer.bookings}
    is_there: defaultdict[str, list[bool]] = defaultdict(list)
    for row in known:
        if row.gone_at is None:
            is_there[row.booking.location_id].append(row.booking.book_id in there)
    lacking = {name for name, rows in is_there.items() if len(rows) >= _SO_MANY and not any(rows)}
    doubted = {name for name, one in marks.items() if one.doubtful_at and one.doubtful_at >= today}
    return lacking - doubted - answer.failed.keys()


def marks_after(
    answer: DayAnswer,
    location_ids: Iterable[str],
    marks: Mapping[str, LocationMark],
    doubtful: Collection[str],
    now: datetime,
) -> Iterator[LocationMark]:
    """How each location stands now, ``marks`` being how it stood before."""
    for location_id in location_ids:
        error = answer.failed.get(location_id)
        mark = marks.get(location_id) or LocationMark(location_id)
        if error is not None:
            yield dataclasses.replace(mark, failed_at=now, reason=error.message)
            continue
        yield dataclasses.replace(
            mark,
            complete_at=mark.complete_at if location_id in doubtful else now,
            failed_at=None,
            reason="",
            doubtful_at=now if location_id in doubtful else None,
        )
