"""A whole practice day to run the program on: services, settings, secrets, a cache of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.cache.sqlite_cache import SQLiteCache
from core.practice.day import make_day
from core.practice.morning import live_through_the_morning
from core.practice.records import OTHER_QUESTION
from core.practice.services import PracticeServices
from core.settings.config import ACCOUNT, Config
from core.settings.credentials import CredentialStore

_USUAL_ZONE = ZoneInfo("America/New_York")
_BUSY_HOURS = range(8, 19)
_LATE_MORNING = 11


@dataclass(frozen=True, slots=True)
class PracticeSetting:
    """What the program needs to work on the practice services."""

    services: PracticeServices
    config: Config
    store: CredentialStore
    cache_path: Path
    began_at: datetime

    def open_cache(self) -> SQLiteCache:
        """The cache in the practice folder; nothing outside it is noted, for practice asks nothing.

        It knows the day since the morning. Made in the thread that uses it.
        """
        is_new = not self.cache_path.exists()
        cache = SQLiteCache(self.cache_path)
        if is_new:
            live_through_the_morning(cache, self.services, self.config, self.began_at)
        return cache


@contextmanager
def practice_setting(now: datetime, *, port: int = 0) -> Iterator[PracticeSetting]:
    """Practice services that run until the end of the block; everything kept goes with it.

    Raises:
        UsageError: the port is used by another program.
    """
    day = make_day(now, practice_zone(now))
    with (
        tempfile.TemporaryDirectory(prefix="libcal2pp-practice-") as folder,
        PracticeServices(day, port=port, trickle=True) as services,
    ):
        cache_path = Path(folder) / "practice.db"
        config = services.config(
            Alma={"calls_per_second": 25},  # nobody shares it here, and nobody wants to wait
            Sync={"every_seconds": 30},
            Cache={"path": str(cache_path)},
            Alerts=services.alerts(),
            PassagePoint={"companions_per_booking": 4, "walk_in_hours": 3},
            LibCal={
                "primary_id_question": [day.places[0].question, OTHER_QUESTION, ACCOUNT],
                "check_in": True,
            },
        )
        yield PracticeSetting(services, config, services.store(), cache_path, now)


def practice_zone(now: datetime) -> ZoneInfo:
    """A time zone in which the library is open ``now``: at night a day would be all over."""
    if now.astimezone(_USUAL_ZONE).hour in _BUSY_HOURS:
        return _USUAL_ZONE
    ahead = _LATE_MORNING - now.astimezone(UTC).hour
    # The names count westwards: Etc/GMT-3 is three hours ahead of UTC.
    return ZoneInfo(f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")
