"""The activity log and each booking's history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields

from core.cache.database import Store, insert_into, values_of
from core.cache.reading import readable, reader_of
from core.domain.models import HistoryEntry

_ENTRY = tuple(field.name for field in fields(HistoryEntry))


class ActivityLog(Store):
    """Lines for people to read; nothing is decided by them."""

    def add(self, entry: HistoryEntry) -> None:
        self.add_all([entry])

    def add_all(self, entries: Collection[HistoryEntry]) -> None:
        if entries:
            rows = [values_of(entry, _ENTRY) for entry in entries]
            self._db.each(insert_into("log", _ENTRY), rows)

    def of_row(self, row_id: str) -> list[HistoryEntry]:
        """The history of one booking, oldest first."""
        sql = "SELECT * FROM log WHERE row_id = :row_id ORDER BY position"
        return list(readable(self._db, _entry, sql, row_id=row_id))

    def latest(self, limit: int) -> list[HistoryEntry]:
        """The last ``limit`` lines, newest first."""
        sql = "SELECT * FROM log ORDER BY at DESC, position DESC LIMIT :limit"
        return list(readable(self._db, _entry, sql, limit=limit))


_entry = reader_of(HistoryEntry)
