"""The library's day: which one it is, when it begins, and how its times are written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


class LibraryDay:
    """Time in the library's zone, which need not be this computer's.

    ``zone`` None stands for this computer's own zone; the operating system then says for each
    moment which offset holds, so a clock change in mid-day is right.
    """

    def __init__(self, time_zone: str | None = None) -> None:
        self.zone: tzinfo | None = ZoneInfo(time_zone) if time_zone else None

    def local(self, moment: datetime) -> datetime:
        """An aware ``moment`` in the library's zone; in its own where the calendar ends before."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment  # the last hours of the year 9999, east of Greenwich

    def day_of(self, moment: datetime) -> date:
        """The library's day on which ``moment`` lies."""
        return self.local(moment).date()

    def start_of(self, day: date) -> datetime:
        """The first moment of ``day``; midnight need not exist, where clocks change then."""
        midnight = datetime.combine(day, time())
        return midnight.replace(tzinfo=self.zone) if self.zone else midnight.astimezone()

    def end_of(self, day: date) -> datetime:
        """The first moment after ``day``."""
        return self.start_of(day + timedelta(days=1))

    def clock_time(self, moment: datetime) -> str:
        """``moment`` as ``14:05``, in the library's zone."""
        # Each row of the day says some: strftime takes six times as long.
        return self.local(moment).time().isoformat("minutes")
