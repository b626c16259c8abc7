"""Time, so that tests can bring their own; and whether this computer has it right."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the program asks of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds from some start, never backwards."""

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""


class SystemClock:
    """This computer's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def seldom(ask: Callable[[], bool], seconds: float) -> Callable[[], bool]:
    """``ask`` for whoever asks at every step: it is asked at first, and then only so often."""
    answer, asked_at = False, -math.inf

    def last_answer() -> bool:
        nonlocal answer, asked_at
        now = time.monotonic()
        if now - asked_at >= seconds:
            answer, asked_at = ask(), now
        return answer

    return last_answer


@dataclass(frozen=True, slots=True)
class ClockCompared:
    """This computer's clock beside a service's, by the ``Date`` of its last answer."""

    service: str
    behind: timedelta
    """Negative where this computer is ahead."""

    @property
    def is_off(self) -> bool:
        """So far that bookings would be taken for past or future ones."""
        return abs(self.behind) > timedelta(minutes=2)

    def __str__(self) -> str:
        """``4 minutes behind LibCal``"""
        where = "behind" if self.behind > timedelta() else "ahead of"
        return f"{abs(self.behind) // timedelta(minutes=1)} minutes {where} {self.service}"
