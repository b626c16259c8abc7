"""Time going on: the minute, a new day, and the jump that sleep or a set clock leaves."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.clock import Clock
from gui.looks.words import Times

_TICK_MS = 1000
_JUMP = timedelta(seconds=30)


class MinuteClock(QObject):
    """Ticks each second; what is shown changes with the minute."""

    minute = Signal()
    day_changed = Signal(bool)
    """The library's day is another one; True: at midnight, False: after a jump."""
    woke = Signal()
    """A tick came over 30 s late, or the clock was set by as much."""

    def __init__(self, clock: Clock, times: Times, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._times = times
        self._last = clock.now()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        self._timer.start()

    def today(self) -> date:
        """The library's day."""
        return self._times.local(self._clock.now()).date()

    def tick(self) -> None:
        """One second went by, or more than that."""
        before, now = self._last, self._clock.now()
        self._last = now
        jumped = abs(now - before) > _JUMP
        if jumped:
            self.woke.emit()
        if before.replace(second=0, microsecond=0) != now.replace(second=0, microsecond=0):
            self.minute.emit()
        if self._times.local(before).date() != self._times.local(now).date():
            self.day_changed.emit(not jumped)
