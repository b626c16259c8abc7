"""Whether somebody is to be told now, and of what: a pure function of what is seen and was told.

An alarm is due where something has kept bookings from being registered for ``after_minutes``, or
where readers near their start need a person and no window was used for so long. It is told once;
then all has to be well for as long until that is told, and until then nothing more of what was
told: so what comes and goes makes no storm. Alarms and all-clears are an hour apart at least.
``daily`` neither waits for that hour nor begins one: it comes only while all is well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.library_day import LibraryDay
from core.domain.service_status import Trouble
from core.settings.desk_sections import AlertSettings

APART = timedelta(hours=1)
"""Between two alarms or all-clears."""
NOT_SEEN = timedelta(hours=1)
"""After so long without a look, such as a night, nobody knows whether trouble lasted."""
NEAR = timedelta(minutes=30)
"""So long before its start a booking that needs a person is pressing."""
MAIL, WEBHOOK = "mail", "webhook"
QUESTION = "question"
UNATTENDED = "unattended"


class Kind(StrEnum):
    """What a message says."""

    ALARM = "alarm"
    WELL = "well"
    DAILY = "daily"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSituation:
    """How things stand at a moment: counts and causes, nothing about anybody."""

    now: datetime
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    """The services that fail, and how."""
    is_asking: bool = False
    """The ledger's question is open."""
    waiting: int | None = 0
    """Bookings of today that wait to be registered; None: today isn't known."""
    near: int = 0
    """Bookings that start within ``NEAR`` or run already, and need a person."""
    untouched_since: datetime
    """When a window last had a key or click."""
    is_ending: bool = False
    """The program ends now, for want of an answer: nothing is to be waited for."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was seen and told so far."""

    since: Mapping[str, datetime] = field(default_factory=dict)
    """By cause: a service, ``QUESTION`` or ``UNATTENDED``."""
    told: frozenset[str] = frozenset()
    """Of the causes: those that an alarm has named."""
    well_since: datetime | None = None
    sent_at: datetime | None = None
    """The last alarm or all-clear."""
    daily_at: datetime | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be told."""

    kind: Kind
    since: Mapping[str, datetime] = field(default_factory=dict)
    """The causes; none where all is well."""
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    waiting: int | None = 0
    near: int = 0


def look(
    memory: Memory, situation: AlertSituation, settings: AlertSettings, day: LibraryDay
) -> tuple[Memory, Alert | None]:
    """What is remembered from now on, and what is to be told, if anything."""
    after = timedelta(minutes=settings.after_minutes)
    memory = _seen(memory, situation, after)
    alert = _alarm(memory, situation, after) or _all_clear(memory, situation, after)
    return memory, alert or _daily(memory, situation, settings.daily, day)


def told(memory: Memory, alert: Alert, now: datetime) -> Memory:
    """The memory after ``alert`` was sent."""
    match alert.kind:
        case Kind.ALARM:
            return replace(memory, told=memory.told | set(alert.since), sent_at=now)
        case Kind.WELL:
            return replace(memory, since={}, told=frozenset(), sent_at=now)
        case Kind.DAILY:
            return replace(memory, daily_at=now)
        case Kind.TEST:
            return memory


def causes(situation: AlertSituation, after: timedelta) -> frozenset[str]:
    """What keeps bookings from being registered, or readers from being helped, right now.

    A booking that nobody has heard of can't wait: so LibCal counts in any case.
    """
    waits = situation.waiting is None or situation.waiting > 0
    found = {name for name in situation.troubles if waits or name == "LibCal"}
    if situation.is_asking and (waits or situation.is_ending):
        found.add(QUESTION)
    if situation.near and situation.now - situation.untouched_since >= after:
        found.add(UNATTENDED)
    return frozenset(found)


def _seen(memory: Memory, situation: AlertSituation, after: timedelta) -> Memory:
    now, present = situation.now, causes(situation, after)
    last = memory.looked_at
    lasted = last is not None and timedelta() <= now - last <= NOT_SEEN
    since = {
        name: at
        for name, at in memory.since.items()
        if name in memory.told or (lasted and name in present)
    }
    for name in present:
        first = situation.untouched_since if name == UNATTENDED else now
        since.setdefault(name, first)
    well_since = None if present else (lasted and memory.well_since) or now
    return replace(memory, since=since, well_since=well_since, looked_at=now)


def _alarm(memory: Memory, situation: AlertSituation, after: timedelta) -> Alert | None:
    present = causes(situation, after)
    due = {
        name: memory.since[name]
        for name in sorted(present)
        if situation.now - memory.since[name] >= after or (name == QUESTION and situation.is_ending)
    }
    if not set(due) - memory.told or _is_too_soon(memory, situation.now):
        return None
    troubles = {name: kind for name, kind in situation.troubles.items() if name in due}
    return Alert(Kind.ALARM, due, troubles, situation.waiting, situation.near)


def _all_clear(memory: Memory, situation: AlertSituation, after: timedelta) -> Alert | None:
    well = memory.well_since
    if not memory.told or well is None or situation.now - well < after:
        return None
    if _is_too_soon(memory, situation.now):
        return None
    return Alert(Kind.WELL, waiting=situation.waiting, near=situation.near)


def _daily(
    memory: Memory, situation: AlertSituation, daily: str | None, day: LibraryDay
) -> Alert | None:
    """Late rather than not, where the program wasn't running at its time."""
    if daily is None or memory.well_since is None or memory.told or situation.waiting is None:
        return None
    today = day.day_of(situation.now)
    was_told = memory.daily_at is not None and day.day_of(memory.daily_at) >= today
    if was_told or day.clock_time(situation.now) < daily:
        return None
    return Alert(Kind.DAILY, waiting=situation.waiting, near=situation.near)


def _is_too_soon(memory: Memory, now: datetime) -> bool:
    """A clock that was set back holds up nothing."""
    return memory.sent_at is not None and timedelta() <= now - memory.sent_at < APART
