"""What is known of alerts across restarts: since when, what was told, what failed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from core.cache.database import Store, insert_into, on_conflict_update, values_of
from core.cache.reading import readable, reader_of


@dataclass(frozen=True, slots=True)
class AlertNote:
    """One thing by its ``name`` (core.services.alerts.lookout); nothing about anybody."""

    name: str
    since: datetime
    told_at: datetime | None = None
    error: str = ""


_COLUMNS = tuple(field.name for field in fields(AlertNote))


class AlertStore(Store):
    """A handful of notes, each under its name."""

    def all(self) -> dict[str, AlertNote]:
        """Every note by its name."""
        return {note.name: note for note in readable(self._db, _note, "SELECT * FROM alerts")}

    def put(self, notes: Collection[AlertNote], *, gone: Collection[str] = ()) -> None:
        """Write these anew, and remove those that are ``gone``."""
        with self._db.transaction():
            for name in gone:
                self._db.execute("DELETE FROM alerts WHERE name = :name", name=name)
            self._db.each(
                insert_into("alerts", _COLUMNS) + on_conflict_update("name", _COLUMNS),
                [values_of(note, _COLUMNS) for note in notes],
            )


_note = reader_of(AlertNote)
