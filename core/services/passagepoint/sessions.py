"""A server that ends each session right after its login: asked again, less and less often.

Another program may need the account, and a login that succeeds locks nobody out: so nothing waits
for a person (docs/promise.md, 7).
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from core.domain.clock import Clock
from core.domain.errors import SessionExpired
from core.services.passagepoint import answers

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(minutes=15)


class SessionPauses:
    """How long nothing is asked by itself after sessions that ended at once. For all threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ended: set[str] = set()
        self._until: datetime | None = None

    def check(self) -> None:
        """Raises SessionExpired while it is better to leave PassagePoint alone."""
        with self._lock:
            left = self._until - self._clock.now() if self._until is not None else timedelta(0)
        # Further ahead than any pause: the clock was wrong then and has been put right since.
        if timedelta(0) < left <= _LONGEST:
            raise answers.sessions_end()

    def ended(self, token: str) -> SessionExpired:
        """The session of a good login was over at once; what to say about it."""
        with self._lock:
            if token not in self._ended:  # calls side by side meet the same end once
                pause = min(_FIRST * 2 ** min(len(self._ended), 8), _LONGEST)
                self._until = self._clock.now() + pause
                self._ended.add(token)
        return answers.sessions_end()

    def good(self) -> None:
        """A session lasts."""
        with self._lock:
            self._ended.clear()
            self._until = None
