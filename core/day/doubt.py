"""LibCal's answer about a day, before it is taken in, and how good each place's part of it is:
whole, failed, or doubtful once (docs/promise.md, Identity).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.errors import AppError
from core.domain.models import Booking, CachedBooking, LocationMark
from core.services.libcal.rows import Unreadable

_SO_MANY = 5
"""Fewer can all be cancelled at once; so many are more likely LibCal's fault."""


@dataclass(frozen=True)
class DayAnswer:
    """What LibCal said: the folded bookings of the locations that answered, and the failures."""

    bookings: Sequence[Booking]
    failed: Mapping[str, AppError]
    """By location id."""
    unreadable: Sequence[Unreadable] = ()
    """Rows that can't be read: what they could be isn't missing."""
    until: datetime | None = None
    """The end of the days that were asked for; None: of the day that is listed."""
    earlier: frozenset[str] = frozenset()
    """Rows that began before today and were asked for by their ids."""
    left_out_once: frozenset[str] = frozenset()
    """Those of them that LibCal left out for the first time: the next answer decides."""
    unasked: frozenset[str] = frozenset()
    """Those of them that could not be asked for."""

    @property
    def is_complete(self) -> bool:
        """Whether every page of every location was read: only then is a missing row gone."""
        return not self.failed

    def may_have(self, cached: CachedBooking) -> bool:
        """Whether a row that can't be read could be this one."""
        return any(one.could_be(cached.booking) for one in self.unreadable)


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
            yield replace(mark, failed_at=now, reason=error.message)
            continue
        yield replace(
            mark,
            complete_at=mark.complete_at if location_id in doubtful else now,
            failed_at=None,
            reason="",
            doubtful_at=now if location_id in doubtful else None,
        )
