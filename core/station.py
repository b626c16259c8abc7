"""One computer's place among several: connected or not, the registrar or looking on.

Whoever holds the database's lock is the registrar and does the passes with ``LibCal2PP``.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.app import LibCal2PP
from core.assembly import account
from core.clock import Clock
from core.config import Config
from core.credentials import Credentials
from core.errands import Errands
from core.errors import AppError, CacheAway, CacheLocked, NoRegistrar
from core.ledger_question import LedgerAnswer
from core.library_day import LibraryDay
from core.models import BookingRow, DeskRequest, Event, ServiceStatus
from core.onlooker import DayView, Shown
from core.postgres_cache import PostgresCache
from core.run import Stop
from core.shared_settings import SETTINGS, agree

logger = logging.getLogger(__name__)

_SIGN_OF_LIFE = 5.0
"""Seconds between two signs of life of the registrar."""
_LOOK = 1.0
"""Seconds between two looks at what other computers' desks want, and at their changes."""
_RETRY = 2.0
"""Seconds between two tries to reach the server, or to become the registrar."""
_ALONE_AFTER = 10.0
"""Seconds without a registrar before it is said: one may just be taking over."""
_SILENT_AFTER = 30.0
"""Seconds after which a registrar that shows no sign of life doesn't count as one."""

OpenCache = Callable[[Config, Credentials, Clock], PostgresCache]


class Station:
    """Takes one ``turn`` after the other; keeps the last copy while the server is away."""

    def __init__(
        self,
        own: Config,
        credentials: Credentials,
        clock: Clock,
        report: Callable[[Event], None],
        *,
        assume: LedgerAnswer | None,
        open_cache: OpenCache,
        note: Path,
    ) -> None:
        self.config = self._own = own
        self._credentials = credentials
        self._clock = clock
        self._report = report
        self._assume = assume
        self._open_cache = open_cache
        self._note = note
        self._who, self._computer = account(), socket.gethostname()
        self.errands = Errands(self._tell)
        self._shown = Shown()
        self.cache: PostgresCache | None = None
        self.leader: LibCal2PP | None = None
        self._view: DayView | None = None
        self._settings: str | None = None
        self._taken: set[str] = set()
        self.trouble: AppError | None = None
        """What is wrong among the computers, as of the last turn."""
        self._away_since: datetime | None = None
        self._alone_since: float | None = None
        self._due: dict[str, float] = {}
        self.between_steps: Callable[[], None] = _nothing
        """As ``LibCal2PP.between_steps``."""

    @property
    def rows(self) -> list[BookingRow]:
        if self.leader is not None:
            return self.leader.rows()
        return self._view.rows() if self._view is not None else self._shown.rows

    @property
    def statuses(self) -> dict[str, ServiceStatus]:
        if self.leader is not None:
            return self.leader.statuses()
        return self._view.statuses if self._view is not None else self._shown.statuses

    def turn(self, stop: Stop | None, *, at_once: bool = False) -> AppError | None:
        """Do what is due, or everything ``at_once``; returns the ``trouble``."""
        if at_once:
            self._due.clear()
        try:
            cache = self.connect()
            if cache is not None:
                self._take_turn(cache, stop)
        except CacheAway as error:
            self.lost(error)
        return self.trouble

    def connect(self) -> PostgresCache | None:
        """The database; None while it isn't time yet to try again."""
        if self.cache is not None or not self._is_due("connect", _RETRY):
            return self.cache
        cache = self._open_cache(self._own, self._credentials, self._clock)
        try:
            may_edit = self._own.desk.role == "registrar"
            self.config = agree(self._own, cache, self._note, may_edit=may_edit)
            self._settings = cache.meta(SETTINGS)
        except BaseException:
            cache.close()
            raise
        self.cache, self._away_since = cache, None
        self._due.clear()
        return cache

    def lost(self, error: CacheAway) -> CacheAway:
        """The connection is gone, and with it the right to send; what to say about it."""
        if self._away_since is None:
            self._away_since = self._clock.now()
            logger.warning("%s", error.message)
        self.let_go()
        since = LibraryDay(self.config.libcal.time_zone).clock_time(self._away_since)
        self.trouble = CacheAway(
            f"The shared database can't be reached since {since}; the list is as it was then.",
            "Nothing is registered meanwhile. It comes back by itself; if not, tell IT.",
        )
        return self.trouble

    def let_go(self) -> None:
        """Close what is open: another registrar takes over within seconds."""
        leader, cache = self.leader, self.cache
        self.leader = self.cache = self._view = None
        if leader is not None:
            with suppress(CacheAway):  # what was on its way is unclear to the next registrar
                leader.close()
        elif cache is not None:
            cache.close()

    def _take_turn(self, cache: PostgresCache, stop: Stop | None) -> None:
        if self._is_due("settings", _RETRY) and cache.meta(SETTINGS) != self._settings:
            # Edited on another computer: from here on they hold here too.
            self.let_go()
            self._due.pop("connect", None)
            return
        if self.leader is None and self._own.desk.role == "registrar":
            self._try_to_lead(cache)
        if self.leader is not None:
            if self._arrivals():
                self.leader.carry_out(stop)
            self.trouble = self._alone_since = None
        else:
            self.errands.store(cache)
            self._look(cache)
            self.trouble = self._missing_registrar(cache)

    def _try_to_lead(self, cache: PostgresCache) -> None:
        if not self._is_due("lead", _RETRY):
            return
        try:
            cache.claim_writer(self._who, self._computer)
        except CacheLocked:
            return
        self._taken.clear()
        try:
            self.leader = LibCal2PP(
                self.config,
                credentials=self._credentials,
                clock=self._clock,
                report=self._tell,
                cache=cache,
                assume=self._assume,
                arrivals=self._arrivals,
            )
            self.leader.between_steps = lambda: self.between_steps()
        except BaseException:
            self.let_go()
            raise
        self._view = None
        self._tell_changes()
        logger.info("this computer registers now")

    def _arrivals(self) -> list[DeskRequest]:
        """For the registrar, from within its pass too: what desks have stored since last time."""
        cache = self.cache
        if cache is None:
            return []
        if self._is_due("life", _SIGN_OF_LIFE):
            cache.claim_writer(self._who, self._computer)
        if not self.errands.store(cache) and not self._is_due("look", _LOOK):
            return []
        new = [one for one in cache.requests.pending() if one.request_id not in self._taken]
        self._taken.update(one.request_id for one in new)
        return new

    def _look(self, cache: PostgresCache) -> None:
        """See what others changed, and tell it."""
        if not self._is_due("look", _LOOK):
            return
        today = LibraryDay(self.config.libcal.time_zone).day_of(self._clock.now())
        if cache.has_news() or self._view is None or self._view.day != today:
            self._view = DayView(self.config, cache, self._clock)
        self._tell_changes()
        self.errands.conclude(cache, {row.row_id: row for row in self.rows})

    def _missing_registrar(self, cache: PostgresCache) -> NoRegistrar | None:
        now = self._clock.monotonic()
        if self._is_due("holder", _RETRY):
            holder = cache.registrar()
            is_alone = holder is None or holder.silent_seconds > _SILENT_AFTER
            self._alone_since = (self._alone_since or now) if is_alone else None
        if self._alone_since is None or now - self._alone_since < _ALONE_AFTER:
            return None
        return NoRegistrar(
            "No computer registers just now, so nobody is registered by itself.",
            "Start the program on one that registers; until then use PassagePoint itself.",
        )

    def _is_due(self, what: str, seconds: float) -> bool:
        now = self._clock.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + seconds
        return True

    def _tell_changes(self) -> None:
        for event in list(self._shown.changes(self.rows, self.statuses)):
            self._report(event)

    def _tell(self, event: Event) -> None:
        self._shown.note(event)
        self.errands.heard(event)
        self._report(event)


def _nothing() -> None:
    """Nobody asks anything."""
