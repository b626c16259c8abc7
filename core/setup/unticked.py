"""Locations that a draft no longer looks after: how many bookings and visits that concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

from core.cache.base import Cache
from core.day.stored_events import read_events
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.text import counted
from core.settings.config import Config, Location
from core.setup.draft import Draft
from core.setup.gaps import Gap
from core.verdict import read_ledger

_COMING = timedelta(days=366)


def gaps_of_unticked(
    before: Config | None, draft: Draft, open_cache: Callable[[], Cache], clock: Clock
) -> Iterator[Gap]:
    """A line for each location that is looked after until this draft is saved."""
    kept = {location.id for location in draft.locations}
    gone = [one for one in (before.libcal.locations if before else ()) if one.id not in kept]
    if not gone:
        return
    try:
        with closing(open_cache()) as cache:
            for location in gone:
                yield Gap("LibCal", _said(location, *_known_of(location.id, cache, clock)))
    except AppError:  # there is no cache yet, or it can't be read now
        for location in gone:
            yield Gap("LibCal", f"{location.name} is no longer looked after here.")


def _known_of(location_id: str, cache: Cache, clock: Clock) -> tuple[int, int]:
    """How many of its bookings aren't over, and how many of these have a visit."""
    now = clock.now()
    coming = cache.bookings.between(now, now + _COMING)
    rows = [one for one in coming if one.booking.location_id == location_id and not one.old_visit]
    events = read_events(cache, [one.row_id for one in rows])
    ledgers = (read_ledger(events.facts(one)) for one in rows)
    return len(rows), sum(one.visit is not None for one in ledgers)


def _said(location: Location, bookings: int, visits: int) -> str:
    said = f"{location.name} is no longer looked after here"
    if not bookings:
        return f"{said}."
    said = f"{said}: {counted(bookings, 'booking')} will say “Not registering”"
    if not visits:
        return f"{said}."
    stand = "1 visit stands" if visits == 1 else f"{visits} visits stand"
    return f"{said}; {stand} in PassagePoint."
