"""Whether LibCal has told this day at all: what wasn't asked is never taken for "none"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.cache.base import Cache
from core.domain.clock import Clock
from core.domain.library_day import LibraryDay
from core.settings.config import Config


class DayAsked(NamedTuple):
    """What is known of the library's today."""

    is_known: bool
    """At least one location's bookings of today were read since midnight."""
    at: datetime | None
    """When any location was last read, in the library's time; None: never."""
    ahead_until: datetime | None = None
    """Bookings of tomorrow are listed that start before then, in the library's time; None: none."""


def day_asked(cache: Cache, config: Config, clock: Clock) -> DayAsked:
    """What LibCal was last asked, by whichever computer."""
    day = LibraryDay(config.libcal.time_zone)
    marks = cache.bookings.location_marks().values()
    moments = [
        mark.complete_at
        for mark in marks
        if mark.complete_at is not None and config.libcal.looks_after(mark.location_id)
    ]
    last = max(moments, default=None)
    today = day.day_of(clock.now())
    hours = timedelta(hours=config.sync.ahead_hours)
    ahead = day.local(day.end_of(today).astimezone(UTC) + hours) if hours else None
    is_known = last is not None and last >= day.start_of(today)
    return DayAsked(is_known, day.local(last) if last else None, ahead)
