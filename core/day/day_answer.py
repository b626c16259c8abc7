"""LibCal's answer about a day, before it is taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import AppError
from core.domain.models import Booking, CachedBooking
from core.services.libcal.rows import Unreadable


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
