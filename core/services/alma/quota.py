"""What is left of Alma's daily calls, which every program of the library shares."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from core.domain.clock import Clock
from core.domain.errors import QuotaSpent
from core.services.alma.answers import quota_spent

_PAUSE = timedelta(hours=1)
_EVERY_ZONE = ""


class Quota:
    """Holds calls back while the quota is spent (all of them) or low (all but urgent ones).

    Nobody says when a new day begins there, so one call an hour is let through to find out.
    """

    def __init__(self, keep_remaining: int, clock: Clock) -> None:
        self._keep_remaining = keep_remaining
        self._clock = clock
        self._lock = threading.Lock()
        self._spent_until: datetime | None = None
        self._low_until: dict[str, datetime] = {}

    def pauses(self) -> dict[str, datetime]:
        """Until when calls are held back: those of a zone, or under "" all of them."""
        with self._lock:
            spent = {_EVERY_ZONE: self._spent_until} if self._spent_until else {}
            return spent | self._low_until

    def resume(self, pauses: Mapping[str, datetime]) -> None:
        """Hold calls back as an earlier process did, never longer than an hour from now."""
        latest = self._clock.now() + _PAUSE
        known = {zone: min(until, latest) for zone, until in pauses.items()}
        with self._lock:
            self._spent_until = known.pop(_EVERY_ZONE, None)
            self._low_until = known

    def admit(self, zone: str, *, urgent: bool) -> None:
        """Let a call through, or raise ``QuotaSpent`` without making it."""
        with self._lock:
            now = self._clock.now()
            if self._spent_until is not None:
                if now < self._spent_until:
                    raise quota_spent()
                self._spent_until = now + _PAUSE
            elif not urgent and zone in self._low_until:
                if now < self._low_until[zone]:
                    raise _kept_back()
                self._low_until[zone] = now + _PAUSE

    def spend(self) -> None:
        """Alma says that today's calls are used up."""
        with self._lock:
            self._spent_until = self._clock.now() + _PAUSE

    def note(self, zone: str, remaining: str | None) -> None:
        """Alma answered, and says in ``X-Exl-Api-Remaining`` how many calls are left."""
        with self._lock:
            self._spent_until = None
            if remaining is None or not remaining.strip().isdecimal():
                return
            if int(remaining) > self._keep_remaining:
                self._low_until.pop(zone, None)
            else:
                self._low_until.setdefault(zone, self._clock.now() + _PAUSE)


def _kept_back() -> QuotaSpent:
    return QuotaSpent(
        "Alma",
        "Few of the library's Alma calls for today are left; they are kept for Register now.",
        "Alma is asked again once an hour.",
        http_status=429,
    )
