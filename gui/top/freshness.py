"""How old what a service said is; never younger than it is, sleep and clock changes included."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from core.domain.clock import Clock
from core.domain.models import SERVICES, ServiceStatus
from core.domain.status import Tone
from gui.looks.words import Times


class Age(Enum):
    """How much an age matters."""

    FRESH = Tone.GOOD
    LATE = Tone.WARN
    """Two intervals were missed, or the last answer was a failure."""
    OLD = Tone.BAD
    UNKNOWN = Tone.NEUTRAL
    """Never asked yet."""
    IDLE = "idle"
    """Not needed lately, so that nobody knows whether it would answer."""

    @property
    def tone(self) -> Tone:
        return Tone.NEUTRAL if self is Age.IDLE else Tone(self.value)


class _Noted(NamedTuple):
    status: ServiceStatus
    age_then: timedelta
    monotonic_then: float


class Freshness:
    """Keeps the last status of each service with the age it had when it came."""

    def __init__(self, clock: Clock, interval: timedelta) -> None:
        self._clock = clock
        self._interval = interval
        self._noted: dict[str, _Noted] = {}

    def note(self, status: ServiceStatus) -> None:
        good = status.last_good_at
        age = self._clock.now() - good if good is not None else timedelta.max
        self._noted[status.service] = _Noted(status, age, self._clock.monotonic())

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """In the order of ``SERVICES``."""
        return tuple(self._noted[one].status for one in SERVICES if one in self._noted)

    def status(self, service: str) -> ServiceStatus | None:
        noted = self._noted.get(service)
        return noted.status if noted else None

    def age(self, service: str) -> timedelta:
        """Since the last good answer: the larger of what both clocks say.

        The monotonic clock of Linux and macOS stands still in sleep; the wall clock can be set.
        """
        noted = self._noted[service]
        if noted.status.last_good_at is None:
            return timedelta.max
        by_wall = self._clock.now() - noted.status.last_good_at
        passed = timedelta(seconds=self._clock.monotonic() - noted.monotonic_then)
        return max(by_wall, noted.age_then + passed)

    def judge(self, service: str, *, offline: bool = False) -> Age:
        """Only LibCal is asked in every pass; another's silence with no fault isn't old age.

        Offline nobody knows of any service that it would answer.
        """
        noted = self._noted.get(service)
        if noted is None:
            return Age.UNKNOWN
        status = noted.status
        if status.last_good_at is None:
            return Age.UNKNOWN if status.ok or status.asked_at is None else Age.OLD
        if status.needs_credentials:
            return Age.OLD
        age = self.age(service)
        if status.ok and (offline or service != SERVICES[0]):
            return Age.IDLE if offline or age > 2 * self._interval else Age.FRESH
        if age > 3 * self._interval:
            return Age.OLD
        return Age.LATE if age > 2 * self._interval or not status.ok else Age.FRESH

    def asked_words(self, service: str, times: Times) -> str:
        """``LibCal was asked at 10:42.``"""
        status = self.status(service)
        if status is None or status.last_good_at is None:
            return f"{service} has not answered yet."
        today = times.local(self._clock.now()).date()
        if times.local(status.last_good_at).date() == today:
            return f"{service} was asked at {times.clock(status.last_good_at)}."
        return f"{service} was last asked on {times.clock_or_day(status.last_good_at, today)}."
