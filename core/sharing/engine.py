"""What ``LibCal2PP`` is to a computer of its own, for one of several that share a ledger.

It registers, stands by, or only shows and asks, as its ``Registrar`` has it. Everything here runs
in one thread; only ``submit`` may be called from any.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.cache.inquiries import InquiryStore
from core.cache.postgres.cache import PostgresCache
from core.day.new_ledger import LedgerAnswer
from core.domain.clock import Clock, SystemClock
from core.domain.errors import (
    CacheAway,
    CacheError,
    CacheReadOnly,
    CredentialsError,
)
from core.domain.models import (
    Booking,
    BookingRow,
    CleanUpPlan,
    DeskRequest,
    Event,
    Patron,
    ServiceStatus,
    SyncReport,
)
from core.engine.base import Engine
from core.engine.claiming import is_named
from core.engine.own import LibCal2PP
from core.engine.pass_loop import NEWS_LASTS
from core.settings.config import CONFIG_NAME, Config, load_config
from core.settings.credentials import Credentials, default_store
from core.sharing.connection import CAN_BE_SHOWN, Connection, OpenCache, open_any_version
from core.sharing.kept_requests import NAME, KeptRequests
from core.sharing.registrar import Registrar
from core.sharing.registrar_questions import ALMA, EVERYWHERE, bookings_from, patron_from
from core.sharing.settings import note_file
from core.sync.sync_pass import Stop, never


class SharedEngine(Engine):
    """The server may be away, at the start too: then the last copy stands, nothing is sent, and it
    comes back by itself. ``note`` is where this computer remembers its own settings.

    Raises:
        ConfigError: what the settings are.
        CredentialsError: the database's password is refused or can't be read.
        CacheError: what is in the database can't be used.
    """

    attends_each = 0.75
    only_waits_for = (CacheError, CredentialsError)

    def __init__(
        self,
        config: str | Path | Config = CONFIG_NAME,
        *,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        report: Callable[[Event], None] | None = None,
        assume: LedgerAnswer | None = None,
        open_cache: OpenCache = open_any_version,
        note: Path | None = None,
    ) -> None:
        super().__init__(clock or SystemClock())
        own = load_config(config)
        known = credentials or Credentials(own, default_store())
        note = note or note_file()
        self._news_at = -NEWS_LASTS
        self._connection = Connection(own, known, self._clock, open_cache, note)
        self._registrar = Registrar(
            self._connection,
            known,
            self._clock,
            report or (lambda _event: None),
            KeptRequests(note.with_name(NAME), own.cache.url or ""),
            assume=assume,
            may_lead=own.desk.role == "registrar" and is_named(own),
            between_steps=lambda: self.between_steps(),
        )
        try:
            trouble = self._registrar.turn(None)
            if trouble is not None and not isinstance(trouble, CAN_BE_SHOWN):
                raise trouble
        except BaseException:
            self._registrar.let_go()
            raise

    # What the desk sees

    @property
    def config(self) -> Config:
        """The settings that hold, those of the shared database among them."""
        return self._registrar.config

    @property
    def registers(self) -> bool:
        """Whether this computer is the one that does the passes now."""
        return self._registrar.leader is not None

    def rows(self) -> list[BookingRow]:
        """Today's bookings as they stand now; the last copy where the server is away."""
        return self._registrar.rows

    def statuses(self) -> dict[str, ServiceStatus]:
        return self._registrar.statuses

    def question(self) -> str | None:
        """What the ledger has to ask: it is asked where it is registered."""
        leader = self._registrar.leader
        return leader.question() if leader is not None else None

    def require_answer(self) -> None:
        """Raises OpenQuestion where this computer registers and its ledger's question is open."""
        if self._registrar.leader is not None:
            self._registrar.leader.require_answer()

    def look_everywhere(self, text: str, stop: Stop | None = None) -> list[Booking]:
        if self._registrar.leader is not None:
            return self._registrar.leader.look_everywhere(text, stop)
        return bookings_from(self._inquire(EVERYWHERE, text, stop or never))

    def ask_alma(self, text: str, stop: Stop | None = None) -> Patron:
        if self._registrar.leader is not None:
            return self._registrar.leader.ask_alma(text, stop)
        return patron_from(self._inquire(ALMA, text, stop or never))

    def _inquire(self, kind: str, text: str, stop: Stop) -> str:
        """Of the registrar, whoever it is."""

        def store() -> InquiryStore:
            trouble = self._registrar.turn(None)
            cache = self._connection.cache
            if cache is None or trouble is not None:
                raise trouble or CacheAway("The shared database can't be reached.")
            return cache.inquiries

        self._readable()
        try:
            return self._registrar.questions.ask(store, kind, text, stop)
        except CacheAway as error:
            raise self._registrar.lost(error) from error

    # What only the registrar does; elsewhere CacheReadOnly says so

    def answer_question(self, answer: LedgerAnswer) -> None:
        self._leader().answer_question(answer)

    def clean_up_plan(self) -> CleanUpPlan:
        return self._leader().clean_up_plan()

    def clean_up(self) -> CleanUpPlan:
        return self._leader().clean_up()

    def forget(self, identifier: str) -> str:
        return self._leader().forget(identifier)

    def forgive(self) -> None:
        """Refused credentials are tried again, where they are used, and a pass is done there.

        Raises:
            AppError: the database can't be used, or only be looked at.
        """
        self._connection.forgive()
        self._registrar.turn(None)
        if self._connection.trouble is not None:
            raise self._connection.trouble
        self._registrar.want_pass()

    # Passes and wishes

    def log_new_bookings(self, stop: Stop | None = None) -> SyncReport:
        """The registrar's pass; elsewhere what the database says now.

        Raises:
            CacheAway: the server can't be reached.
            NoRegistrar: nobody does the passes.
            AppError: the database can't be used, or only be looked at.
        """
        trouble = self._registrar.turn(stop, at_once=self._registrar.leader is None)
        if trouble is not None:
            raise trouble
        leader = self._registrar.leader
        if leader is None:
            today = self._library_day.day_of(self._clock.now())
            return SyncReport(today, self.statuses(), tuple(self.rows()))
        registrar, asked = self._registrar, stop or never
        try:
            return leader.log_new_bookings(lambda: asked() or registrar.is_outdated)
        except CacheAway as error:
            raise registrar.lost(error) from error

    def ask_news(self, stop: Stop | None = None, *, for_somebody: bool = False) -> None:
        """Where this computer registers; else whichever does is asked to look, for somebody.

        Raises:
            CacheAway: the server can't be reached.
        """
        registrar, asked, cache = self._registrar, stop or never, self._connection.cache
        if registrar.leader is not None:
            self._news_at = self._clock.monotonic()
            try:
                registrar.leader.ask_news(lambda: asked() or registrar.is_outdated)
            except CacheAway as error:
                raise registrar.lost(error) from error
        elif for_somebody and cache is not None and cache.mismatch is None:
            registrar.questions.want_news(cache.inquiries)

    def _ask_wanted_news(self, stop: Stop | None) -> None:
        """For a desk; whoever floods us with wishes costs LibCal a look now and then."""
        questions = self._registrar.questions
        is_due = self._clock.monotonic() - self._news_at >= NEWS_LASTS
        if self.registers and questions.is_news_wanted and is_due:
            questions.is_news_wanted = False
            self.ask_news(stop)

    def attend(self, stop: Stop | None = None, *, is_paused: bool = False) -> bool:
        """Signs of life, wishes, changes, failover. True: a pass is due now.

        What a desk wants to know waits while this computer is paused.

        Raises:
            AppError: this is new trouble; it is said once.
        """
        registered, before = self.registers, self._registrar.trouble
        trouble = self._registrar.turn(stop)
        if trouble is not None and type(trouble) is not type(before):
            raise trouble
        if not is_paused:
            self._ask_wanted_news(stop)
        is_back = before is not None and trouble is None
        is_wanted = self._registrar.take_wanted_pass()
        return is_back or is_wanted or (self.registers and not registered)

    def look_after(self, untouched_since: datetime, *, is_ending: bool = False) -> None:
        """The active registrar sends; the others tell it when their windows were used."""
        questions, leader = self._registrar.questions, self._registrar.leader
        cache = self._connection.cache
        if leader is not None:
            latest = max(untouched_since, questions.used_at or untouched_since)
            leader.look_after(latest, is_ending=is_ending)
        elif cache is not None and cache.mismatch is None:
            questions.say_here(cache.inquiries, untouched_since)

    def submit(self, request: DeskRequest) -> None:
        """Ask for something; from any thread. The registrar does it within two seconds."""
        self._registrar.outbox.submit(request)

    def carry_out(self, stop: Stop | None = None) -> None:
        """Store what was submitted, and do it where this computer registers."""
        self._registrar.turn(stop)

    def close(self) -> None:
        """Let go; another registrar takes over within seconds."""
        cache = self._connection.cache
        if cache is not None and cache.mismatch is None:
            with suppress(CacheError):
                self._registrar.outbox.store(cache)
        if cache is None or cache.mismatch is None:
            self._registrar.outbox.keep()  # what didn't reach it: for the next start
        self._registrar.let_go()

    def _readable(self) -> PostgresCache:
        if self._connection.cache is None:
            raise self._registrar.trouble or CacheAway("The shared database can't be reached.")
        return self._connection.cache

    def _leader(self) -> LibCal2PP:
        if self._registrar.leader is None:
            raise CacheReadOnly(
                "This can only be done at the computer that registers just now.",
                "The window there offers the same.",
            )
        return self._registrar.leader
