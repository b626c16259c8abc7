"""Puts the parts of the engine together, once, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.cache.base import Cache
from core.computer.identity import account, computer
from core.day.day_book import DayBook
from core.day.decisions import Decisions
from core.day.hold_reasons import HoldReasons
from core.day.housekeeping import Housekeeping
from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.models import DeskRequest, Event
from core.engine.claiming import claimed_cache
from core.services.alerts.lookout import Alerts
from core.services.clients import Clients
from core.settings.config import Config
from core.settings.credentials import Credentials, default_store
from core.sync.alma_due import AlmaDue, AlmaPauses
from core.sync.check_ins import CheckIns
from core.sync.desk_requests import DeskRequests
from core.sync.destinations import Destinations
from core.sync.failures_in_a_row import FailuresInARow
from core.sync.fetching import Fetching
from core.sync.inquiry import Inquiry
from core.sync.lanes import PASSAGEPOINT, WIDTHS, Lanes
from core.sync.newsgathering import Newsgathering
from core.sync.people_steps import PatronStep, VisitorStep
from core.sync.pipeline import Pipeline
from core.sync.probes import Probes
from core.sync.refused_secrets import RefusedSecrets
from core.sync.sending import Sender, Sending
from core.sync.sync_pass import Run, Stop
from core.sync.visit_step import VisitStep
from core.verdict import Rules

_ABANDONED = "The program ended while the visit was on its way."


class Parts:
    """The parts of one engine on one cache; this process becomes the cache's only writer.

    Raises:
        CacheLocked: another program works with this cache.
    """

    def __init__(
        self,
        config: Config,
        cache: Cache,
        clock: Clock,
        credentials: Credentials | None,
        *,
        report: Callable[[Event], None],
        receive: Callable[[], list[DeskRequest]],
        stop_requested: Stop,
    ) -> None:
        self._config, self._cache, self._clock = config, cache, clock
        self._report, self._receive, self._stop_requested = report, receive, stop_requested
        self.sender = Sender(owner=cache.owner, who=account(), computer=computer())
        cache.claim_writer(self.sender.who, self.sender.computer)
        cache.ledger.settle_abandoned(cache.owner, clock.now(), _ABANDONED)
        self.question = NewLedgerQuestion(cache, clock)
        self.question.look()
        self.board = ServiceBoard(cache, clock, report)
        self._pauses = AlmaPauses(cache)

        def secrets() -> Credentials:
            return credentials or Credentials(config, default_store())

        self.alerts = Alerts(config, cache.alerts, secrets, clock)
        self.clients = Clients(
            config,
            secrets,
            clock,
            cache.services.refusals(),
            self._pauses.kept,
        )
        self._make_day()
        self.pipeline = self._make_pipeline()
        self.desk = self._make_desk()
        self.inquiry = Inquiry(config, self.clients, self.book)
        self.housekeeping = Housekeeping(config, cache, self.book, clock, self.question)
        self.run = self._make_run()

    def _tell_changed(self, row_ids: Iterable[str]) -> None:
        for event in self.book.changes_of(list(row_ids)):
            self._report(event)

    def _make_day(self) -> None:
        config, cache, clock = self._config, self._cache, self._clock
        self._gate = SendingGate(cache, config.passagepoint.parallel_calls)
        self._hold_reasons = HoldReasons(
            config, self.board, self._gate, self.question, self.clients.refused_zones
        )
        self.book = DayBook(cache, Rules(config), clock, self._hold_reasons.hold_of)
        self.book.open()
        self.lanes = Lanes(WIDTHS | {PASSAGEPOINT: config.passagepoint.parallel_calls})
        self.sending = Sending(
            cache, self.book, self.board, self._gate, self.question, clock, self.sender
        )
        self._destinations = Destinations(
            cache, self.book, self.lanes, self.clients, self._tell_changed
        )
        self._destinations.on_explained = self.sending.explain

    def _make_pipeline(self) -> Pipeline:
        cache, book, lanes, clients = self._cache, self.book, self.lanes, self.clients
        sending, tell = self.sending, self._tell_changed
        failures = FailuresInARow(self.board, self._gate)
        due = AlmaDue(self._config, book, self._clock)
        patrons = PatronStep(
            cache, book, lanes, clients, sending, failures, due, self._stop_requested
        )
        visitors = VisitorStep(cache, book, lanes, clients, sending, failures, tell)
        visits = VisitStep(
            book,
            self._gate,
            lanes,
            clients,
            sending,
            visitors,
            self._destinations,
            failures,
            tell,
        )
        return Pipeline(book, failures, patrons, visitors, visits, self._clock, tell)

    def _make_desk(self) -> DeskRequests:
        cache, book, board, clock = self._cache, self.book, self.board, self._clock
        tell = self._tell_changed
        decisions = Decisions(cache, book, clock, tell)
        check_ins = CheckIns(cache, book, board, decisions, self.lanes, self.clients, clock, tell)
        return DeskRequests(
            cache, book, board, self.pipeline, clock, self._report, tell, decisions, check_ins
        )

    def _make_run(self) -> Run:
        config, cache, book, board = self._config, self._cache, self.book, self.board
        clients, lanes, gate, clock = self.clients, self.lanes, self._gate, self._clock
        return Run(
            config=config,
            cache=cache,
            book=book,
            board=board,
            gate=gate,
            hold_reasons=self._hold_reasons,
            question=self.question,
            lanes=lanes,
            clients=clients,
            fetching=Fetching(config, cache, book, board, clients, clock),
            news=Newsgathering(config, cache, book, board, clients, clock),
            refusals=RefusedSecrets(cache, book, board, clients),
            pauses=self._pauses,
            pipeline=self.pipeline,
            probes=Probes(board, gate, lanes, clients, self._destinations, self.pipeline, clock),
            sending=self.sending,
            desk=self.desk,
            clock=clock,
            report=self._report,
            receive=self._receive,
        )


def default_cache(config: Config, clock: Clock, credentials: Credentials | None = None) -> Cache:
    """The cache that the settings name, or the one in the user's data folder."""
    if config.cache.url is not None:
        # A database driver that most computers don't need takes 200 ms to import.
        from core.cache.postgres.cache import shared_cache

        return shared_cache(config, credentials or Credentials(config, default_store()), clock)
    return claimed_cache(config, clock, credentials)
