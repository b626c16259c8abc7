"""One computer's place among several: connected or not, the registrar or looking on.

Whoever holds the database's lock is the registrar and does the passes with ``LibCal2PP``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from core.cache.postgres.cache import PostgresCache
from core.computer.identity import account, computer
from core.day.new_ledger import LedgerAnswer, NewLedgerQuestion
from core.day.shown_day import Shown, ShownDay, without_buttons
from core.domain.clock import Clock
from core.domain.errors import AppError, CacheAway, CacheDamaged, CacheLocked
from core.domain.library_day import LibraryDay
from core.domain.models import (
    ActionDone,
    BookingRow,
    DeskRequest,
    Event,
    ServiceStatus,
)
from core.engine.own import LibCal2PP
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.sharing.connection import Absence, Connection
from core.sharing.kept_requests import KeptRequests
from core.sharing.outbox import Outbox
from core.sharing.registrar_questions import RegistrarQuestions
from core.sharing.waiting import WaitingRequests
from core.sync.sync_pass import Stop

logger = logging.getLogger(__name__)

_SIGN_OF_LIFE = 5.0
"""Seconds between two signs of life of the registrar."""
_LOOK = 0.7
"""Seconds between two looks at others' wishes and changes: there and back within two."""
_RETRY = 2.0
"""Seconds between two tries to become the registrar."""
_EACH = 5
"""Requests of one asker that are taken at a look, for one may store thousands."""
_PACE_SECONDS = 1.0
"""Alma counts the calls of a second, those of the registrar before included."""


class Registrar:
    """Takes one ``turn`` after the other; keeps the last copy while the server is away."""

    def __init__(
        self,
        connection: Connection,
        credentials: Credentials,
        clock: Clock,
        report: Callable[[Event], None],
        kept: KeptRequests,
        *,
        assume: LedgerAnswer | None,
        may_lead: bool,
        between_steps: Callable[[], None],
    ) -> None:
        self.connection = connection
        self._credentials = credentials
        self._clock = clock
        self._report = report
        self._assume = assume
        self._may_lead = may_lead
        self._who, self._computer = account(), computer()
        self.outbox = Outbox(self._tell, kept)
        self.questions = RegistrarQuestions(clock)
        self._shown = Shown()
        self.leader: LibCal2PP | None = None
        self._view: ShownDay | None = None
        self._last: list[BookingRow] = []
        """The rows as the database had them last, without what waits."""
        self._taken: set[str] = set()
        self.is_outdated = False
        """Other settings hold by now: the running pass has to end."""
        self.trouble: AppError | None = None
        """What is wrong among the computers, as of the last turn."""
        self._absence = Absence(clock)
        self._waiting = WaitingRequests(clock)
        self._due: dict[str, float] = {}
        self._between_steps = between_steps

    @property
    def config(self) -> Config:
        """The settings that hold."""
        return self.connection.config

    @property
    def rows(self) -> list[BookingRow]:
        if self.leader is not None:
            return self.leader.rows()
        if self._view is not None:
            self._last = self._view.rows()
        if not self._may_ask:
            return [without_buttons(row) for row in self._last]
        day = LibraryDay(self.config.libcal.time_zone)
        is_alone = self._absence.is_noted or self.connection.cache is None
        return self._waiting.shown_on(self._last, self.outbox.unstored, day, is_alone=is_alone)

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
            was_connected, cache = self.connection.cache is not None, self.connection.connect()
            if not was_connected:
                self._due.clear()
            if cache is None:
                self.trouble = self.connection.trouble
                if self.outbox.keep():
                    self._tell_changes()
            else:
                self._take_turn(cache, stop)
        except CacheAway as error:
            self.lost(error)
        return self.trouble

    def lost(self, error: CacheAway) -> CacheAway:
        """The connection is gone, and with it the right to send; what to say about it."""
        self._end_leading()
        self.trouble = self.connection.lost(error)
        return self.trouble

    def let_go(self) -> None:
        """Close what is open: another registrar takes over within seconds."""
        self._end_leading()
        self.connection.close()

    def want_pass(self) -> None:
        """A person wants everything tried again now, refused credentials too."""
        if self.leader is not None:
            self.leader.forgive()
        elif self.connection.cache is not None:
            self.questions.want_pass(self.connection.cache.inquiries)

    def take_wanted_pass(self) -> bool:
        """Whether a desk wants a pass of this registrar, asked once."""
        wanted, self.questions.is_pass_wanted = self.questions.is_pass_wanted, False
        if wanted and self.leader is not None:
            self.leader.forgive()
        return wanted

    def _end_leading(self) -> None:
        leader, self.leader, self._view, self.is_outdated = self.leader, None, None, False
        if leader is not None:
            self._last = self._shown.rows
            with suppress(CacheAway):  # what was on its way is unclear to the next registrar
                leader.close()

    def _take_turn(self, cache: PostgresCache, stop: Stop | None) -> None:
        self._look_at_settings()
        if self.is_outdated:  # from here on the new ones hold here too
            self.let_go()
            return
        if cache.mismatch is not None:
            self._look_only(cache, cache.mismatch)
            return
        if self.leader is None and self._may_lead:
            self._try_to_lead(cache)
        if self.leader is not None:
            if self._arrivals():
                self.leader.carry_out(stop)
            self._absence.end()
            self.trouble = None
        else:
            if self._is_due("holder", _RETRY):
                self._absence.note(cache.registrar())
            self.trouble = self._absence.trouble()
            has_asked = self.outbox.store(cache, lambda: self._afresh(cache))
            is_alone = self._absence.is_noted
            if self.outbox.say_waiting(self._clock.now(), is_alone=is_alone) or has_asked:
                self._due.pop("look", None)  # its row says so at once
            self._look(cache)

    @property
    def _may_ask(self) -> bool:
        return self.connection.cache is None or self.connection.cache.mismatch is None

    def _look_only(self, cache: PostgresCache, mismatch: AppError) -> None:
        """Another version's tables: show what can be read of them, and change nothing."""
        self.trouble = mismatch
        self.outbox.refuse(mismatch)
        with suppress(CacheDamaged, LookupError, ValueError):
            self._look(cache)

    def _look_at_settings(self) -> None:
        if self._is_due("settings", _LOOK):
            self.is_outdated = self.is_outdated or self.connection.is_outdated()

    def _try_to_lead(self, cache: PostgresCache) -> None:
        if not self._is_due("lead", _RETRY):
            return
        was_somebody = cache.registered_lately(_SIGN_OF_LIFE + _PACE_SECONDS)
        try:
            cache.claim_writer(self._who, self._computer)
        except CacheLocked:
            return
        self._taken.clear()
        if was_somebody:
            self._clock.sleep(_PACE_SECONDS)
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
            self.leader.between_steps = self._between_steps
            self._assume = None  # a question that is asked later is for a person
        except BaseException:
            self.let_go()
            raise
        self._view = None
        self._tell_changes()
        logger.info("this computer registers now")

    def _arrivals(self) -> list[DeskRequest]:
        """For the registrar, from within its pass too: what desks have stored since last time."""
        cache = self.connection.cache
        if cache is None:
            return []
        self._look_at_settings()
        if self._is_due("life", _SIGN_OF_LIFE):
            cache.claim_writer(self._who, self._computer)
            cache.inquiries.forget_old()
        if not self.outbox.store(cache) and not self._is_due("look", _LOOK):
            return []
        if self.leader is not None:
            self.questions.answer_all(cache.inquiries, self.leader)
        new = cache.requests.pending(self._taken, each=_EACH)
        self._taken.update(one.request_id for one in new)
        return new

    def _look(self, cache: PostgresCache) -> None:
        """See what others changed, and tell it."""
        if not self._is_due("look", _LOOK):
            return
        today = LibraryDay(self.config.libcal.time_zone).day_of(self._clock.now())
        if cache.has_news() or self._view is None or self._view.day != today:
            if self._may_lead:
                # It may lead next, and perhaps knows more than the registrar of now does.
                NewLedgerQuestion(cache, self._clock).look(leads=False)
            self._view = ShownDay(self.config, cache, self._clock)
            if self._may_ask:
                self._waiting.look(cache.requests, self._view.rows())
        self._tell_changes()
        self.outbox.conclude(cache, {row.row_id: row for row in self.rows})

    def _afresh(self, cache: PostgresCache) -> dict[str, BookingRow]:
        return {row.row_id: row for row in ShownDay(self.config, cache, self._clock).rows()}

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
        if isinstance(event, ActionDone) and not event.queued:
            self._taken.discard(event.request_id)
        self._shown.note(event)
        self.outbox.heard(event)
        self._report(event)
