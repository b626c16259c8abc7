"""A draft that keeps for a shorter time than before: what the next clean-up then removes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

from core.cache.base import Cache
from core.day.ended import ended_unseen
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.library_day import LibraryDay
from core.domain.models import CleanUpPlan
from core.domain.text import counted
from core.settings.config import CacheSettings, Config
from core.setup.draft import Draft
from core.setup.gaps import Gap

_NAMES = {
    "keep_days": "past bookings",
    "keep_people_days": "people without a booking",
    "keep_decisions_days": "who let whom in",
}
_WHEN = "at the next clean-up, after midnight at the latest"


def gaps_of_shorter(
    before: Config | None, draft: Draft, open_cache: Callable[[], Cache], clock: Clock
) -> Iterator[Gap]:
    """A line where something is kept for a shorter time; ``before``: the settings until now."""
    if before is None:
        return
    days = {name: int(draft.value("Cache", name)) for name in _NAMES}
    shorter = [name for name, kept in days.items() if kept < getattr(before.cache, name)]
    if not shorter:
        return
    said = " and ".join(f"{_NAMES[one]} {counted(days[one], 'day')}" for one in shorter)
    try:
        with closing(open_cache()) as cache:
            goes = list(_what_goes(cache, before, days, clock))
    except AppError:  # there is no cache yet, or it can't be read now
        goes = []
    more = f"{' and '.join(goes)} more go" if goes else "what is older goes"
    yield Gap("Cache", f"Kept for a shorter time ({said}): {more} {_WHEN}, and can't be got back.")


def _what_goes(cache: Cache, before: Config, days: dict[str, int], clock: Clock) -> Iterator[str]:
    """``120 bookings``: what goes beside what would go anyway."""
    now = _plan(cache, before, before.cache, clock)
    kept = replace(
        before.cache, keep_days=days["keep_days"], keep_people_days=days["keep_people_days"]
    )
    then = _plan(cache, before, kept, clock)
    if bookings := max(0, then.bookings - now.bookings):
        yield counted(bookings, "booking")
    if people := max(0, then.people - now.people):
        yield counted(people, "person", "people")


def _plan(cache: Cache, config: Config, kept: CacheSettings, clock: Clock) -> CleanUpPlan:
    day = LibraryDay(config.libcal.time_zone)
    return cache.retention.plan(
        kept,
        today_start=day.start_of(day.day_of(clock.now())),
        keep_rows=(),
        unseen=[row.row_id for row in ended_unseen(cache, config, clock).rows],
    )
