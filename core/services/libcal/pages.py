"""The pages of one answer, put together: rows move between them while people book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from core.domain.models import Booking
from core.services.libcal.rows import PartlyRead, identity_of, read_row, unreadable
from core.settings.config import LibCalSettings


class Pages:
    """The rows of one location, each once, whichever page it came on."""

    def __init__(self, location_id: str, settings: LibCalSettings, now: datetime) -> None:
        self._location_id = location_id
        self._settings = settings
        self._now = now
        self._bookings: dict[tuple[str, ...], Booking] = {}
        self._unread: Counter[str] = Counter()
        self._named: dict[str, object] = {}

    def add(self, rows: Iterable[object]) -> bool:
        """Take one page in; False where it is empty or brings nothing new."""
        known = len(self._bookings), self._unread.total()
        unread: Counter[str] = Counter()
        for row in rows:
            booking = read_row(row, self._location_id, self._settings, self._now)
            if booking is not None:
                # Two people can have one booking, and a row need not have an id of its own.
                one = (*identity_of(row), booking.id_answer or "")
                self._bookings.setdefault(one, booking)
            else:
                unread[repr(row)] += 1
                self._named[repr(row)] = row
        self._unread |= unread  # the same one on another page has moved there
        return known != (len(self._bookings), self._unread.total())

    def bookings(self) -> list[Booking]:
        """All that was read.

        Raises:
            PartlyRead: some rows can't be read.
        """
        bookings = list(self._bookings.values())
        unread = [self._named[one] for one in self._unread.elements()]
        if unread:
            raise PartlyRead([unreadable(row, self._location_id) for row in unread], bookings)
        return bookings
