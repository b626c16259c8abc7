"""LibCal2PP: one pass after the other, and the desk's actions in between.

Everything here runs in the one thread that made it; only the services are called from others.
"""

from __future__ import annotations

import dataclasses
import queue
from collections.abc import Callable, Iterable
from pathlib import Path

from core.cache.base import Cache
from core.day.new_ledger import LedgerAnswer
from core.domain.clock import Clock, SystemClock, seldom
from core.domain.errors import CacheFull, CacheLocked
from core.domain.models import (
    ActionDone,
    Booking,
    BookingKey,
    BookingRow,
    CleanUpPlan,
    DeskRequest,
    Event,
    Patron,
    ServiceStatus,
    SyncReport,
    Visitor,
)
from core.domain.new_id import new_id
from core.domain.status import Action
from core.domain.university_id import meant_id
from core.engine.assembly import Parts, default_cache
from core.engine.base import Engine
from core.settings.config import CONFIG_NAME, Config, load_config
from core.settings.credentials import Credentials
from core.sync.inquiry import who_it_is
from core.sync.lanes import ALMA_NOW, LIBCAL
from core.sync.sync_pass import Stop, never
from core.verdict.person import people_of


class LibCal2PP(Engine):
    """The whole program but its window.

    Makes the cache at once and each client at its first use, so the cached day can be shown
    without a network. ``config`` is the name of a YAML file or an already loaded ``Config``;
    ``report`` hears every ``Event`` in the thread that runs the pass; ``assume`` answers the
    question of a new ledger; ``arrivals`` says what other computers' desks stored since the last
    time.

    Raises:
        ConfigError, CacheError: what the settings or the cache file are.
        CacheLocked: another program works with this cache.
    """

    only_waits_for = (CacheLocked, CacheFull)

    def __init__(
        self,
        config: str | Path | Config = CONFIG_NAME,
        *,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        report: Callable[[Event], None] | None = None,
        cache: Cache | None = None,
        assume: LedgerAnswer | None = None,
        arrivals: Callable[[], list[DeskRequest]] = list,
    ) -> None:
        super().__init__(clock or SystemClock())
        self._config = load_config(config)
        self._listeners: list[Callable[[Event], None]] = [report] if report else []
        self._arrivals = arrivals
        self._inbox: queue.SimpleQueue[DeskRequest] = queue.SimpleQueue()
        self._stop: Stop = never
        self._is_running = False
        self._cache = cache or default_cache(self._config, self._clock, credentials)
        try:
            parts = Parts(
                self._config,
                self._cache,
                self._clock,
                credentials,
                report=self._tell,
                receive=self._receive,
                stop_requested=lambda: self._stop(),
            )
        except BaseException:
            self._cache.close()
            raise
        self._who, self._computer = parts.sender.who, parts.sender.computer
        self._board, self._book, self._question = parts.board, parts.book, parts.question
        self._clients, self._lanes = parts.clients, parts.lanes
        self._pipeline, self._desk = parts.pipeline, parts.desk
        self._housekeeping, self._run = parts.housekeeping, parts.run
        self._inquiry, self._alerts = parts.inquiry, parts.alerts
        if assume is not None:
            self.answer_question(assume)

    attends_each = 0.75

    @property
    def config(self) -> Config:
        return self._config

    def is_wanted(self) -> bool:
        return self._cache.is_wanted()

    def _readable(self) -> Cache:
        return self._cache

    # What the desk sees

    def rows(self) -> list[BookingRow]:
        self._open_day()
        return self._book.rows()

    def statuses(self) -> dict[str, ServiceStatus]:
        return self._board.statuses()

    def look_everywhere(self, text: str, stop: Stop | None = None) -> list[Booking]:
        return self._run.ask(LIBCAL, lambda: self._inquiry.bookings_of(text), stop or never)

    def ask_alma(self, text: str, stop: Stop | None = None) -> Patron:
        asked = meant_id(text, self._config.libcal.primary_id_pattern)
        known = self._cache.people.by_barcode(asked)
        alma = self._clients.alma
        answer = self._run.ask(ALMA_NOW, lambda: alma().find_typed(asked), stop or never)
        return who_it_is(answer, known, self._clock.now())

    def question(self) -> str | None:
        return self._question.text

    def require_answer(self) -> None:
        self._question.require_answer(self.rows)

    def answer_question(self, answer: LedgerAnswer) -> None:
        self._question.answer(answer, self._book, self._who, self._computer)
        self._book.reconsider()
        self._tell_changes()

    # Passes

    def log_new_bookings(self, stop: Stop | None = None) -> SyncReport:
        self._open_day()
        self._housekeeping.tidy_once_a_day()
        report = self._within(stop, self._run.whole_pass)
        is_complete = report.services["LibCal"].ok and not report.stopped
        if is_complete and self._question.settle(self._book, self._who, self._computer):
            self._book.reconsider()
            self._tell_changes()
            report = dataclasses.replace(report, rows=tuple(self._book.rows()))
        return report

    def ask_news(self, stop: Stop | None = None, *, for_somebody: bool = False) -> None:
        self._open_day()
        self._within(stop, self._run.news_only)

    def process_users(self, bookings: Iterable[Booking]) -> dict[str, str]:
        """The middle of a pass: who these bookers are in PassagePoint, made where needed.

        Returns ``{primary_id: visitor_id}``; whoever needs a person is left out.
        """
        wanted = self._people(bookings)
        found = {one: self._book.people.visitor(one) for one in wanted}
        return {
            primary_id: visitor.visitor_id
            for primary_id, visitor in found.items()
            if visitor is not None and visitor.visitor_id is not None
        }

    def register_new_users(self, bookings: Iterable[Booking]) -> list[Visitor]:
        """The same, for those who are not known yet; returns the visitors made."""
        self._people(bookings)
        return [visitor for visitor in self._pipeline.made if visitor.visitor_id is not None]

    def register_now(self, key: BookingKey) -> BookingRow:
        """Register one booking by hand, at once.

        Raises:
            KeyError: no booking of today has this key.
        """
        self._open_day()
        for row in self._book.rows():
            if row.key == key and not self._book.facts(row.row_id).cached.old_visit:
                self.act(Action.REGISTER_NOW, row.row_id)
                return self._book.verdict(row.row_id).row
        raise KeyError(key.book_id)

    # The desk's actions

    def submit(self, request: DeskRequest) -> None:
        self._inbox.put(request)
        self._lanes.wake()

    def carry_out(self, stop: Stop | None = None) -> None:
        self._open_day()
        self._within(stop, self._run.requests_only)

    def act(self, action: Action, row_id: str, **detail: str) -> ActionDone | None:
        """Do one action now and say how it ended; None where it is queued until that works."""
        request = DeskRequest(
            request_id=new_id(),
            action=action,
            row_id=row_id,
            who=self._who,
            at=self._clock.now(),
            computer=self._computer,
            detail=detail,
        )
        ended: list[ActionDone] = []

        def listen(event: Event) -> None:
            if isinstance(event, ActionDone) and event.request_id == request.request_id:
                ended.append(event)

        self._listeners.append(listen)
        try:
            self.submit(request)
            self.carry_out()
        finally:
            self._listeners.remove(listen)
        return ended[-1] if ended else None

    def forgive(self) -> None:
        self._run.forgive()

    # What is kept

    def clean_up_plan(self) -> CleanUpPlan:
        self._open_day()
        return self._housekeeping.plan()

    def clean_up(self) -> CleanUpPlan:
        self._open_day()
        done = self._housekeeping.clean_up(self._who)
        self._reopen_day()
        return done

    def forget(self, identifier: str) -> str:
        text = self._housekeeping.forget(identifier, self._who)
        self._reopen_day()
        return text

    def close(self) -> None:
        """Let go of the network and the cache; what was submitted last is kept for next time."""
        self._stop = lambda: True  # whoever waits for Alma's turn gives up
        try:
            self._receive()
        finally:
            self._lanes.close()
            self._end_alerts()
            self._clients.close()
            self._cache.close()

    # Within

    def _within(self, stop: Stop | None, work: Callable[[Stop], SyncReport]) -> SyncReport:
        wanted = seldom(self.is_wanted, 0.1)  # it looks for a file, and each row asks
        self._stop = lambda: (stop or never)() or wanted()
        self._is_running = True
        try:
            return work(self._stop)
        finally:
            self._stop = never
            self._is_running = False

    def _people(self, bookings: Iterable[Booking]) -> list[str]:
        wanted = list(bookings)
        self._open_day()
        self._within(None, lambda stop: self._run.people_only(wanted, stop))
        return people_of(wanted, self._config.libcal.primary_id_pattern)

    def _receive(self) -> list[DeskRequest]:
        """Store what came in since the last time: from here on it survives a restart."""
        self.between_steps()
        received = self._arrivals()
        while True:
            try:
                received.append(self._inbox.get_nowait())
            except queue.Empty:
                return received
            self._desk.store(received[-1])

    def _open_day(self) -> None:
        """Turn to today's page; not under the feet of a pass that runs across midnight."""
        if not self._is_running and self._book.open():
            self._tell_changes()

    def _reopen_day(self) -> None:
        self._book.forget_day()
        self._open_day()

    def _tell_changes(self) -> None:
        for event in self._book.changes():
            self._tell(event)

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)
