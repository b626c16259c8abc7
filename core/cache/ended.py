"""How many bookings ended without registration unseen, once the bookings themselves are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from core.cache.database import Store

_SEEN = "SELECT row_id FROM ticked_off"


class EndedStore(Store):
    """A number for each day; nothing about anybody."""

    def add(self, days: Iterable[date]) -> None:
        """One more booking of each of these days."""
        self.forget_seen()
        self._db.each(
            "INSERT INTO ended_unseen (day, number) VALUES (:day, :number)"
            " ON CONFLICT (day) DO UPDATE SET number = ended_unseen.number + excluded.number",
            [{"day": day.isoformat(), "number": count} for day, count in Counter(days).items()],
        )

    def counts(self) -> dict[date, int]:
        """Day → bookings that nobody has seen the number of, the earliest first."""
        sql = f"SELECT day, number FROM ended_unseen WHERE day NOT IN ({_SEEN}) ORDER BY day"
        rows = self._db.all(lambda row: (str(row["day"]), int(row["number"])), sql)
        return {date.fromisoformat(day): number for day, number in rows}

    def mark_seen(self, days: Iterable[date]) -> None:
        """Somebody has seen the numbers of these days. A desk may say so, too: it ticks them off
        as it does bookings."""
        self._db.execute(
            "INSERT INTO ticked_off (row_id) SELECT day FROM ended_unseen"
            f" WHERE day IN {self._db.listed('days')} ON CONFLICT (row_id) DO NOTHING",
            days=[day.isoformat() for day in days],
        )

    def forget_seen(self) -> None:
        """The numbers that were seen go, and so may grow anew."""
        self._db.execute(f"DELETE FROM ended_unseen WHERE day IN ({_SEEN})")
        self._db.execute("DELETE FROM ticked_off WHERE row_id NOT IN (SELECT row_id FROM bookings)")
