"""Bookings whose stored values can't be read any more: LibCal's next answer puts them right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from core.cache.database import Store, values_of
from core.cache.values import from_text
from core.domain.models import Booking

_BOOKING = tuple(field.name for field in fields(Booking))


class DamagedBookings(Store):
    """What was sent hangs on the row, so a row is put right and never made anew."""

    def without_start(self, book_ids: Collection[str]) -> dict[str, list[str]]:
        """The rows of these ``bookId``s whose start can't be read: they are in no list of a day."""
        rows = self._db.all(
            lambda row: (row["book_id"], row["row_id"], row["starts_at"]),
            "SELECT book_id, row_id, starts_at FROM bookings WHERE old_visit = 0"
            f" AND book_id IN {self._db.listed('book_ids')}",
            book_ids=list(book_ids),
        )
        lost: dict[str, list[str]] = defaultdict(list)
        for book_id, row_id, start in rows:
            if not _is_time(start):
                lost[book_id].append(row_id)
        return lost

    def put_right(self, row_id: str, booking: Booking, at: datetime) -> None:
        """LibCal says what it is; what was noted beside it begins anew."""
        changes = ", ".join(f"{name} = :{name}" for name in _BOOKING)
        self._db.execute(
            f"UPDATE bookings SET {changes}, first_seen_at = :at, gone_at = NULL,"
            " tries_count = 0, tries_failed_at = NULL, tries_reason = '', tries_retry_at = NULL"
            " WHERE row_id = :row_id",
            row_id=row_id,
            at=at,
            **values_of(booking, _BOOKING),
        )


def _is_time(text: object) -> bool:
    try:
        return from_text(str(text)).tzinfo is not None
    except ValueError:
        return False
