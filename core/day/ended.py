"""Bookings that began on earlier days and ended without registration, or unclear, unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from core.cache.base import Cache
from core.day.stored_events import read_events
from core.domain.check_in_state import CheckInState
from core.domain.clock import Clock
from core.domain.models import BookingRow, CachedBooking
from core.settings.config import Config
from core.verdict import Facts, Rules, decide
from core.verdict.person import id_in_use


class EndedUnseen(NamedTuple):
    """What nobody has looked at yet."""

    rows: list[BookingRow]
    days: Mapping[date, int]
    """How many there were, of days whose bookings are no longer kept."""


_EVER = datetime.min.replace(tzinfo=UTC)


def ended_unseen(cache: Cache, config: Config, clock: Clock) -> EndedUnseen:
    """Those that are still kept, from the minute they ended, the earliest first; the number of
    others.

    What began today is in today's list; what was over when it was first seen is no news to anybody.
    """
    rules, now = Rules(config), clock.now()
    today = rules.day.start_of(rules.day.day_of(now)).astimezone(UTC)
    past = [one for one in cache.bookings.between(_EVER, today) if _is_unseen(one, now)]
    verdicts = [decide(facts, rules, now) for facts in _facts(cache, rules, past)]
    missed = CheckInState.MISSED  # LibCal was never told that the reader arrived
    rows = [one.row for one in verdicts if one.standing.ended_open or one.row.check_in is missed]
    return EndedUnseen(rows, cache.ended.counts())


def mark_seen(cache: Cache, row_ids: Collection[str], days: Collection[date]) -> None:
    """The desk has looked at these, and at the numbers of these days."""
    cache.bookings.mark_seen_ended(row_ids)
    cache.ended.mark_seen(days)


def _is_unseen(cached: CachedBooking, now: datetime) -> bool:
    ends_at = cached.booking.ends_at
    news = ends_at <= now and cached.first_seen_at < ends_at
    return news and not cached.seen_ended and not cached.old_visit


def _facts(cache: Cache, rules: Rules, past: list[CachedBooking]) -> list[Facts]:
    row_ids = [one.row_id for one in past]
    events = read_events(cache, row_ids)
    forgotten = cache.forgotten.among(row_ids)
    bare = [events.facts(one)._replace(is_forgotten=one.row_id in forgotten) for one in past]
    ids = [id_in_use(facts, rules) for facts in bare]
    patrons = cache.people.patrons([one for one in ids if one is not None])
    return [
        facts._replace(patron=patrons.get((primary_id or "").upper()))
        for facts, primary_id in zip(bare, ids, strict=True)
    ]
