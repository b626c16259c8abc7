"""The one loop of passes: of ``--watch``, of a shared registrar, and of the window's worker.

What ends it: ``stop``. Where nobody sits before it also an open question of the ledger, our own
bug, and trouble that time alone doesn't mend; with a window all of them are told and tried again.
What only waits: trouble in a pass until the next one, an engine that can't be made or a cache that
is held for half a minute, a computer that woke up until its network is back. A pass comes sooner
than the interval where a service is in trouble, and where a day ends (``next_pass``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, TypeVar

from core.domain.clock import Clock
from core.domain.errors import AppError, CacheLocked, OpenQuestion
from core.engine.told import OwnBug, Told
from core.settings.config import Config

if TYPE_CHECKING:
    from core.engine.base import Engine

T = TypeVar("T")
logger = logging.getLogger(__name__)
OPEN_AGAIN_IN = 30.0
"""Seconds after which a pass or an engine that couldn't be, for a backup holds the cache perhaps,
is tried again."""
NETWORK_RETURNS_IN = 30
"""Seconds after sleep before the first pass."""
_SLEPT = timedelta(seconds=30)
"""The computer slept, or its clock was set, where clock and stopwatch differ by more than this."""
_LOOKS_AFTER_EACH = 60.0
"""Seconds between two looks whether somebody elsewhere is to be told (core.services.alerts)."""
NEWS_LASTS = 5.0
"""Seconds: whoever scans one card after the other doesn't ask LibCal for each."""
_LOOKS_UP_EACH = 5.0
"""Seconds between two looks at the clock without a window: in sleep waiting stands still."""


class PassLoop:
    """Has no thread and no timer: whoever has calls ``turn`` as soon as it says."""

    def __init__(
        self,
        make: Callable[[], Engine],
        told: Told,
        clock: Clock,
        stop: threading.Event,
        *,
        seconds: float,
        attended: bool,
    ) -> None:
        """``attended``: somebody sits before it who reads, answers, and presses."""
        self._make, self._told, self._clock, self._stop = make, told, clock, stop
        self._seconds, self._attended = seconds, attended
        self.engine: Engine | None = None
        self._config: Config | None = None
        self._is_paused = False
        self._is_held_up = False
        """Whether another program held the cache, which may be over in a moment."""
        self._due = clock.monotonic()
        self._due_at = clock.now()
        self._looked = (clock.monotonic(), clock.now())
        self._touched_at = clock.now()
        self._looks_after_at = inf  # what stands before the first pass is yesterday's
        self._news_due = inf
        self._news_at = -inf
        """When it was last asked what changed, by a pass too."""

    def turn(self) -> float:
        """Do what is due now; the seconds until something is again."""
        if self._stop.is_set():
            return inf
        self._look_up()
        if self.engine is None:
            if self._is_due:
                self.open()
        else:
            self._attend(self.engine)
            if self._is_due:
                self._run_due_pass()
            elif self._clock.monotonic() >= self._news_due:
                self._ask_due_news()
            if self._clock.monotonic() >= self._looks_after_at:
                self._look_after()
        return self.seconds_left

    @property
    def seconds_left(self) -> float:
        """Until the next ``turn`` has something to do."""
        if self._stop.is_set():
            return inf
        each = self.engine.attends_each if self.engine is not None else None
        left = max(min(self._due, self._news_due) - self._clock.monotonic(), 0.0)
        if each is None:
            return left if self._attended else min(left, _LOOKS_UP_EACH)
        return min(left, each)

    def open(self) -> None:
        """Make the engine, if there is none; its first pass is due at once."""
        if self.engine is not None or self._stop.is_set():
            return
        self._open(self._make)

    def _open(self, make: Callable[[], Engine]) -> None:
        engine = self._try(lambda: self._opened(make))
        if engine is None:
            self._due = self._clock.monotonic() + OPEN_AGAIN_IN
        else:
            self.begin_with(engine)

    def begin_with(self, engine: Engine) -> None:
        """From here on its passes are due, the first at once."""
        self.engine = engine
        self._arm(0)

    def run_pass(self) -> None:
        """One pass, then the time of the next one anew: passes never overlap or pile up."""
        engine = self.engine
        if engine is None or self._stop.is_set():
            return
        self._told.pass_started()
        self._is_held_up = False
        self._arm_news()
        report = None
        try:
            report = self._try(lambda: engine.log_new_bookings(self._stop.is_set))
        finally:
            self._told.pass_ended(report)
            seconds = min(self._seconds, OPEN_AGAIN_IN) if self._is_held_up else self._seconds
            self._arm(engine.seconds_to_next_pass(seconds, report))
        self._try(lambda: self._told.question(engine.question()))
        self._look_after()
        if not self._attended:
            self._try(engine.require_answer)

    def ask_news(self, *, for_somebody: bool = False) -> None:
        """What does LibCal say has changed since it was last asked?"""
        engine = self.engine
        if engine is None or self._stop.is_set() or self._is_paused:
            return
        self._arm_news()
        self._try(lambda: engine.ask_news(self._stop.is_set, for_somebody=for_somebody))

    def ask_news_now(self) -> None:
        """The same, for somebody waits; not where that was done a moment ago."""
        if self._clock.monotonic() - self._news_at >= NEWS_LASTS:
            self.ask_news(for_somebody=True)

    def touch(self) -> None:
        """The window had a key or click; from any thread."""
        self._touched_at = self._clock.now()

    def run_pass_now(self) -> None:
        """A pass that a person asked for: refused credentials are tried again."""
        engine = self.engine
        if engine is None:
            self.open()
        else:
            self._try(engine.forgive)
            self.run_pass()

    def carry_out(self) -> None:
        """Do the stored desk actions; a pass that ran meanwhile has left none."""
        engine = self.engine
        if engine is not None and not self._stop.is_set():
            self._try(lambda: engine.carry_out(self._stop.is_set))

    def pause(self, paused: bool) -> None:
        """No pass by itself while paused; the running one goes on."""
        self._is_paused = paused
        self._arm(self._seconds if paused else 0)

    def wake(self, seconds: float) -> None:
        """The computer slept: one pass after so many seconds, when the network is back."""
        self._news_due = inf
        self._arm(seconds)

    def close(self) -> None:
        """Close the engine; what it says of that is told."""
        engine, self.engine = self.engine, None
        if engine is not None:
            self._told.closed()
            self._try(engine.close)

    def _opened(self, make: Callable[[], Engine]) -> Engine:
        engine = make()
        try:
            self._told.opened(engine)
        except BaseException:
            engine.close()
            raise
        return engine

    def _attend(self, engine: Engine) -> None:
        """See what the others who work with this cache did and want, if there are any."""
        if self._attended and engine.is_wanted():
            self.close()
            self.open()
            return
        successor = self._try(engine.successor)
        if successor is not None:
            self.engine = None
            self._told.closed()
            self._open(lambda: successor)
            return
        is_due = self._try(lambda: engine.attend(self._stop.is_set, is_paused=self._is_paused))
        if engine.config is not self._config:
            self._config = engine.config
            self._told.settings_changed(engine.config)
        if not self._attended:
            self._try(engine.require_answer)
        if is_due and not self._is_paused:
            self._arm(0)

    def _look_after(self) -> None:
        """Is somebody elsewhere to be told? Unattended an open question ends all of it."""
        engine = self.engine
        if engine is None:
            return
        self._looks_after_at = self._clock.monotonic() + _LOOKS_AFTER_EACH
        touched_at, attended = self._touched_at, self._attended

        def look() -> None:
            is_ending = not attended and engine.question() is not None
            engine.look_after(touched_at, is_ending=is_ending)

        self._try(look)

    def _look_up(self) -> None:
        """After sleep, or where the clock was set, one pass comes when the network is back."""
        before, then = self._looked
        self._looked = (self._clock.monotonic(), self._clock.now())
        passed, shown = self._looked[0] - before, self._looked[1] - then
        if self._due > self._looked[0] and abs(shown - timedelta(seconds=passed)) > _SLEPT:
            self.wake(NETWORK_RETURNS_IN)

    def _ask_due_news(self) -> None:
        """After sleep it comes too late, and too early for the network."""
        if self._clock.monotonic() - self._news_due > _SLEPT.total_seconds():
            self._news_due = self._clock.monotonic() + NETWORK_RETURNS_IN
        else:
            self.ask_news()

    def _run_due_pass(self) -> None:
        """After sleep it comes too late, and too early for the network."""
        if self._clock.now() - self._due_at > _SLEPT:
            self.wake(NETWORK_RETURNS_IN)
        else:
            self.run_pass()

    @property
    def _is_due(self) -> bool:
        return self._clock.monotonic() >= self._due

    def _arm_news(self) -> None:
        """From the start of one look to the start of the next; a pass looks at everything."""
        each = self.engine.config.sync.news_seconds if self.engine is not None else None
        self._news_at = self._clock.monotonic()
        self._news_due = self._news_at + each if each is not None else inf

    def _arm(self, seconds: float) -> None:
        if self.engine is None or self._stop.is_set():
            return
        if self._is_paused:
            self._due = self._news_due = inf
            self._told.next_pass_at(None)
        else:
            self._due = self._clock.monotonic() + seconds
            self._due_at = self._clock.now() + timedelta(seconds=seconds)
            # A long pass made it late, which is no sleep; what comes after a pass is armed by it.
            news_due = max(self._news_due, self._clock.monotonic())
            self._news_due = news_due if news_due < self._due else inf
            self._told.next_pass_at(self._due_at)

    def _try(self, work: Callable[[], T]) -> T | None:
        """The world's failures are told, our bugs logged and told; unattended, most of it ends."""
        try:
            return work()
        except AppError as error:
            if not self._attended and not self._waits_for(error):
                raise
            self._is_held_up = isinstance(error, CacheLocked)
            self._told.failed(error)
        except Exception:
            if not self._attended:
                raise
            logger.exception("the sync failed")
            self._told.failed(OwnBug())
        return None

    def _waits_for(self, error: AppError) -> bool:
        if self.engine is None or isinstance(error, OpenQuestion):
            return False
        return isinstance(error, self.engine.only_waits_for)
