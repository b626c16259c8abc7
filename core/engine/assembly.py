"""Puts the parts of the engine together, once, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.cache.base import Cache
from core.computer.identity import account, computer
from core.day.day_book import DayBook
from core.day.hold_reasons import HoldReasons
from core.day.housekeeping import Housekeeping
from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.models import DeskRequest, Event
from core.engine.claiming import claimed_cache
from core.services.clients import Clients
from core.settings.config import Config
from core.settings.credentials import Credentials, default_store
from core.sync.alma_due import AlmaDue
from core.sync.alma_pauses import AlmaPauses
from core.sync.desk_requests import DeskRequests
from core.sync.destinations import Destinations
from core.sync.failures_in_a_row import FailuresInARow
from core.sync.fetching import Fetching
from core.sync.inquiry import Inquiry
from core.sync.lanes import PASSAGEPOINT, WIDTHS, Lanes
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
        sender = Sender(owner=cache.owner, who=account(), computer=computer())
        cache.claim_writer(sender.who, sender.computer)
        cache.ledger.settle_abandoned(cache.owner, clock.now(), _ABANDONED)

        def tell_changed(row_ids: Iterable[str]) -> None:
            for event in self.book.changes(list(row_ids)):
                report(event)

        self.sender = sender
        self.question = NewLedgerQuestion(cache, clock)
        self.question.look()
        self.board = ServiceBoard(cache, clock, report)
        pauses = AlmaPauses(cache)
        self.clients = Clients(
            config,
            lambda: credentials or Credentials(config, default_store()),
            clock,
            cache.services.refusals(),
            pauses.kept,
        )
        gate = SendingGate(cache, config.passagepoint.parallel_calls)
        holds = HoldReasons(config, self.board, gate, self.question, self.clients.refused_zones)
        self.book = DayBook(cache, Rules(config), clock, holds.hold_of)
        self.book.open()
        self.lanes = Lanes(WIDTHS | {PASSAGEPOINT: config.passagepoint.parallel_calls})
        self.sending = Sending(cache, self.book, self.board, gate, self.question, clock, sender)
        failures = FailuresInARow(self.board, gate)
        visitors = VisitorStep(
            cache, self.book, self.lanes, self.clients, self.sending, failures, tell_changed
        )
        destinations = Destinations(cache, self.book, self.lanes, self.clients, tell_changed)
        destinations.on_explained = self.sending.explain
        self.pipeline = Pipeline(
            self.book,
            failures,
            PatronStep(
                cache,
                self.book,
                self.lanes,
                self.clients,
                self.sending,
                failures,
                AlmaDue(config, self.book, clock),
                stop_requested,
            ),
            visitors,
            VisitStep(
                self.book,
                gate,
                self.lanes,
                self.clients,
                self.sending,
                visitors,
                destinations,
                failures,
                tell_changed,
            ),
            clock,
            tell_changed,
        )
        self.desk = DeskRequests(
            cache, self.book, self.board, self.pipeline, clock, report, tell_changed
        )
        self.inquiry = Inquiry(config, self.clients, self.book)
        self.housekeeping = Housekeeping(config, cache, self.book, clock, self.question)
        self.run = Run(
            config=config,
            cache=cache,
            book=self.book,
            board=self.board,
            gate=gate,
            holds=holds,
            question=self.question,
            lanes=self.lanes,
            clients=self.clients,
            fetching=Fetching(config, cache, self.book, self.board, self.clients, clock),
            refusals=RefusedSecrets(cache, self.book, self.board, self.clients),
            pauses=pauses,
            pipeline=self.pipeline,
            probes=Probes(
                self.board, gate, self.lanes, self.clients, destinations, self.pipeline, clock
            ),
            sending=self.sending,
            desk=self.desk,
            clock=clock,
            report=report,
            receive=receive,
        )


def default_cache(config: Config, clock: Clock, credentials: Credentials | None = None) -> Cache:
    """The cache that the settings name, or the one in the user's data folder."""
    if config.cache.url is not None:
        # A database driver that most computers don't need takes 200 ms to import.
        from core.cache.postgres.cache import shared_cache

        return shared_cache(config, credentials or Credentials(config, default_store()), clock)
    return claimed_cache(config, clock, credentials)
