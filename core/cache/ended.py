"""How many bookings ended without registration unseen, once the bookings themselves are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from core.cache.database import Database


class EndedStore:
    """A number for each day; nothing about anybody."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, days: Iterable[date]) -> None:
        """One more booking of each of these days."""
        self._db.each(
            "INSERT INTO ended_unseen (day, number) VALUES (:day, :number)"
            " ON CONFLICT (day) DO UPDATE SET number = ended_unseen.number + excluded.number",
            [{"day": day.isoformat(), "number": count} for day, count in Counter(days).items()],
        )

    def counts(self) -> dict[date, int]:
        """Day → bookings, the earliest first."""
        sql = "SELECT day, number FROM ended_unseen ORDER BY day"
        rows = self._db.all(lambda row: (str(row["day"]), int(row["number"])), sql)
        return {date.fromisoformat(day): number for day, number in rows}

    def clear(self, until: date) -> None:
        """Somebody has seen the numbers of the days up to this one."""
        self._db.execute("DELETE FROM ended_unseen WHERE day <= :until", until=until.isoformat())
