"""A day without bookings: LibCal is asked what changed, and for whole lists now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.settings.config import Config

_WHOLE_EVERY = timedelta(minutes=15)
_CLOCKS_APART = timedelta(minutes=2)


class QuietDay:
    """Knows when nothing is known of the day because nothing is booked on it.

    The whole lists stay the truth: they are asked for every quarter of an hour, at once where
    anything changed, and where LibCal has no list of changes in every pass.
    """

    def __init__(self, config: Config, cache: Cache, book: DayBook, clock: Clock) -> None:
        self._config = config
        self._cache = cache
        self._book = book
        self._clock = clock
        self._days_asked = -1
        self._has_list = True

    def wake(self) -> None:
        """A person wants to know: the next pass asks for whole lists."""
        self._days_asked = -1

    def asked_whole(self, days: int) -> None:
        """A pass asks for the whole lists of today and of so many more days."""
        self._days_asked = days

    def no_list(self) -> None:
        """This LibCal doesn't tell what changed."""
        self._has_list = False

    def since(self, days: int) -> datetime | None:
        """Since when changes are enough to ask for; None: the whole lists are due."""
        if not self._has_list or days > self._days_asked or self._book.bookings():
            return None
        marks = self._cache.bookings.location_marks()
        known = [marks.get(one.id) for one in self._config.libcal.locations]
        moments = [
            mark.complete_at
            for mark in known
            if mark is not None and mark.complete_at and mark.failed_at is None
        ]
        if len(moments) < len(known) or min(moments) < self._book.starts_at:
            return None
        age = self._clock.now() - min(moments)
        is_fresh = timedelta(0) <= age < _WHOLE_EVERY
        return min(moments) - _CLOCKS_APART if is_fresh else None
