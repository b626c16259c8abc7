"""Turns for calls that must not come too fast, the urgent ones first."""

from __future__ import annotations

import bisect
import itertools
import threading
from collections.abc import Callable

from core.domain.clock import Clock

_LOOK_UP_SECONDS = 0.25
"""How long a waiting thread sleeps at most before it asks whether to stop."""
_MARGIN = 1.05
"""Calls are spread a little wider, so that a delay on the way doesn't push two together."""
_LEAST_SECONDS = 0.005
_SLOW_SECONDS = 60.0
_SLOW_FACTOR = 2.0


class Stopped(Exception):
    """The pass was asked to stop, so the call was not made."""


class Pacer:
    """Gives turns evenly: never more than ``per_second`` in any second, and no burst."""

    def __init__(self, per_second: int, clock: Clock) -> None:
        self._spacing = _MARGIN / per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._queue: list[tuple[bool, int]] = []
        self._next_at = clock.monotonic()
        self._slow_until = self._next_at

    def wait_turn(self, *, urgent: bool = False, stop: Callable[[], bool] | None = None) -> None:
        """Wait for this call's turn.

        Raises:
            Stopped: ``stop`` said so before the turn came.
        """
        with self._lock:
            ticket = (not urgent, next(self._numbers))
            bisect.insort(self._queue, ticket)
        try:
            check(stop)
            while (pause := self._pause(ticket)) > 0:
                self._clock.sleep(min(pause, _LOOK_UP_SECONDS))
                check(stop)
        finally:
            with self._lock:
                self._queue.remove(ticket)

    def slow_down(self, seconds: float) -> None:
        """Give no turn for ``seconds``, and only half as many for a minute after that."""
        with self._lock:
            now = self._clock.monotonic()
            self._next_at = max(self._next_at, now + seconds)
            self._slow_until = now + seconds + _SLOW_SECONDS

    def _pause(self, ticket: tuple[bool, int]) -> float:
        """Seconds until this ticket's turn as things stand; 0 takes the turn."""
        with self._lock:
            now = self._clock.monotonic()
            spacing = self._spacing * (_SLOW_FACTOR if now < self._slow_until else 1.0)
            ahead = self._queue.index(ticket)
            pause = self._next_at + ahead * spacing - now
            if pause > 0 or ahead:
                return max(pause, _LEAST_SECONDS)
            self._next_at = now + spacing
            return 0.0


def sleep_unless_stopped(clock: Clock, seconds: float, stop: Callable[[], bool] | None) -> None:
    """Sleep so long, in short pieces.

    Raises:
        Stopped: as soon as ``stop`` says so.
    """
    until = clock.monotonic() + seconds
    check(stop)
    while (left := until - clock.monotonic()) > 0:
        clock.sleep(min(max(left, _LEAST_SECONDS), _LOOK_UP_SECONDS))
        check(stop)


def check(stop: Callable[[], bool] | None) -> None:
    """Raise ``Stopped`` where ``stop`` says so."""
    if stop is not None and stop():
        raise Stopped
