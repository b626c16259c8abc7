"""Puts the parts of the engine together, once, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.alma_pauses import AlmaPauses
from core.cache.base import Cache
from core.clients import Clients
from core.clock import Clock
from core.config import Config
from core.credentials import Credentials, default_store
from core.day_book import DayBook
from core.desk import Desk
from core.gate import Gate
from core.here import account, computer
from core.holds import Holds
from core.housekeeping import Housekeeping
from core.inquiry import Inquiry
from core.lanes import PASSAGEPOINT, WIDTHS, Lanes
from core.ledger_question import LedgerQuestion
from core.models import DeskRequest, Event
from core.own_cache import own_cache
from core.patience import Patience
from core.people_steps import PatronStep, VisitorStep
from core.pipeline import Pipeline
from core.refusals import Refusals
from core.run import Run, Stop
from core.sending import Sender, Sending
from core.service_board import ServiceBoard
from core.verdict import Rules
from core.visit_step import VisitStep

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
        self.question = LedgerQuestion(cache, clock)
        self.board = ServiceBoard(cache, clock, report)
        pauses = AlmaPauses(cache)
        self.clients = Clients(
            config,
            lambda: credentials or Credentials(config, default_store()),
            clock,
            cache.services.refusals(),
            pauses.kept,
        )
        gate = Gate(cache, config.passagepoint.parallel_calls)
        holds = Holds(config, self.board, gate, self.question, self.clients.refused_zones)
        self.book = DayBook(cache, Rules(config), clock, holds.hold_of)
        self.book.open()
        self.lanes = Lanes(WIDTHS | {PASSAGEPOINT: config.passagepoint.parallel_calls})
        self.sending = Sending(cache, self.book, self.board, gate, clock, sender)
        patience = Patience(self.board, gate)
        self.pipeline = Pipeline(
            self.book,
            patience,
            PatronStep(
                config,
                cache,
                self.book,
                self.lanes,
                self.clients,
                self.sending,
                patience,
                clock,
                stop_requested,
            ),
            VisitorStep(
                cache, self.book, self.lanes, self.clients, self.sending, patience, tell_changed
            ),
            VisitStep(
                self.book, gate, self.lanes, self.clients, self.sending, patience, tell_changed
            ),
            clock,
            tell_changed,
        )
        self.desk = Desk(cache, self.book, self.board, self.pipeline, clock, report, tell_changed)
        self.inquiry = Inquiry(config, self.clients, self.book)
        self.housekeeping = Housekeeping(config, cache, self.book, clock, self.question)
        self.run = Run(
            config=config,
            cache=cache,
            book=self.book,
            board=self.board,
            gate=gate,
            holds=holds,
            lanes=self.lanes,
            clients=self.clients,
            refusals=Refusals(cache, self.book, self.board, self.clients),
            pauses=pauses,
            pipeline=self.pipeline,
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
        from core.postgres_cache import shared_cache

        return shared_cache(config, credentials or Credentials(config, default_store()), clock)
    return own_cache(config, clock)
