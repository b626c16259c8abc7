"""The loop of a pass: hand over, take home, tell; until nothing is on its way any more."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.cache.base import Cache
from core.day.asked import day_asked
from core.day.day_book import DayBook
from core.day.doubt import DayAnswer
from core.day.hold_reasons import HoldReasons
from core.day.intake import Intake
from core.day.new_ledger import NewLedgerQuestion
from core.day.report_text import log_line
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.models import Booking, BookingRow, DeskRequest, Event, Progress, SyncReport
from core.services.clients import Clients
from core.settings.config import Config
from core.sync.alma_due import AlmaPauses
from core.sync.desk_requests import DeskRequests
from core.sync.fetching import Fetching
from core.sync.lanes import AT_ONCE, LIBCAL, PASSAGEPOINT_NOW, LaneJob, Lanes
from core.sync.newsgathering import Newsgathering
from core.sync.pipeline import Pipeline
from core.sync.probes import Probes
from core.sync.refused_secrets import RefusedSecrets
from core.sync.sending import Sending

Stop = Callable[[], bool]
T = TypeVar("T")
log = logging.getLogger(__name__)

_TICK = 0.05
_ROWS_AT_A_TIME, _PAUSE = 25, 0.001
"""After so many rows an answer may come home, and the network's threads get their turn: each of
their steps would else wait 5 ms for this one."""
_STOP_PATIENCE = 4.0
"""Seconds that a stopped pass waits for what is out (docs/promise.md, Order and speed)."""
_CUT_OFF = "The program was closed before PassagePoint answered."


def never() -> bool:
    """Nobody asked to stop."""
    return False


@dataclass
class Run:
    """One pass, or the desk's requests alone."""

    config: Config
    cache: Cache
    book: DayBook
    board: ServiceBoard
    gate: SendingGate
    hold_reasons: HoldReasons
    question: NewLedgerQuestion
    lanes: Lanes
    clients: Clients
    fetching: Fetching
    news: Newsgathering
    refusals: RefusedSecrets
    pauses: AlmaPauses
    pipeline: Pipeline
    probes: Probes
    sending: Sending
    desk: DeskRequests
    clock: Clock
    report: Callable[[Event], None]
    receive: Callable[[], list[DeskRequest]]
    _steps: int = field(default=0, init=False)
    _done: int = field(default=0, init=False)

    def whole_pass(self, stop: Stop) -> SyncReport:
        """LibCal, then every booking as far as it goes by itself."""
        registered_before = self.sending.registered
        self.question.look()
        self._begin()
        for look in self.refusals.ask_the_store():
            self._call(LIBCAL, look, self.refusals.on_changed)
        self.probes.ask(self._call)
        self.desk.resume()
        stopped = self._fetch(stop) or self._register(stop)
        report = self._end(registered_before, stopped=stopped)
        log.info("%s %s", "Pass stopped." if stopped else "Pass done.", log_line(report))
        return report

    def requests_only(self, stop: Stop) -> SyncReport:
        """What the desk asked for, without asking LibCal."""
        registered_before = self.sending.registered
        self.pipeline.begin()
        self.desk.resume()
        stopped = self._work(stop)
        return self._end(registered_before, stopped=stopped)

    def news_only(self, stop: Stop) -> SyncReport:
        """What LibCal says has changed."""
        registered_before = self.sending.registered
        self._begin()
        self.desk.check_ins.lists_asked()
        stopped = self._ask_news(stop)
        changed = [] if stopped else self.news.take_in()
        self.desk.check_ins.lists_taken_in()
        self.pipeline.bookings_changed(changed)
        for row_id in changed:
            self.pipeline.start(row_id)
        stopped = stopped or self._work(stop)
        return self._end(registered_before, stopped=stopped)

    def people_only(self, bookings: Iterable[Booking], stop: Stop) -> SyncReport:
        """Only the people of these bookings: looked up in Alma, made in PassagePoint."""
        self._begin(visitors_only=True)
        self.probes.ask(self._call)
        intake = Intake(self.cache, self.book)
        intake.take_in_some(list(bookings), self.clock.now())
        stopped = self._register(stop)
        return self._end(self.sending.registered, stopped=stopped)

    def ask(self, lane: str, call: Callable[[], T], stop: Stop) -> T:
        """What ``call`` returns from a network thread; raises what it raises.

        Also between two steps of a running pass, which goes on meanwhile.
        """
        result: list[Any] = []
        self._call(lane, call, result.append)
        self._work(never, until=lambda: bool(result) or stop())
        if not result:
            raise AppError("The program is being closed.")
        if isinstance(result[0], BaseException):
            raise result[0]
        answer: T = result[0]
        return answer

    def forgive(self) -> None:
        """A person wants it tried again: refused credentials, and what waits for a better time."""
        self.cache.services.forgive()
        self.clients.forgive()
        self.board.forgive()
        self.board.save()
        self.gate.ask_again()
        self.fetching.quiet.wake()
        self.news.forgive()
        self.book.reconsider()

    # Before the bookings

    def _begin(self, *, visitors_only: bool = False) -> None:
        if self.hold_reasons.have_changed():
            self.book.reconsider()
        self.pipeline.begin(visitors_only=visitors_only)
        self._steps = self._done = 0

    # LibCal

    def _fetch(self, stop: Stop) -> bool:
        """Ask LibCal side by side and take the answers in; True where stopped."""
        self.desk.check_ins.lists_asked()
        for call, arrived in self.fetching.few_questions():
            self._call(LIBCAL, call, arrived)
        if self._work(stop, until=lambda: self.fetching.is_home):
            return True
        if not self.fetching.has_news:
            self.fetching.no_news()
            return False
        for call, arrived in self.fetching.questions():
            self._call(LIBCAL, call, arrived)
        if self._work(stop, until=lambda: self.fetching.is_home):
            return True
        answer = self.fetching.answer()
        if not answer.failed and (compared := self.clients.compare_clock()) is not None:
            self.report(compared)
        self._take_in(answer, self.fetching.location_ids, stop)
        return False

    def _ask_news(self, stop: Stop) -> bool:
        for questions in (self.news.lists, self.news.bookings):
            for call, arrived in questions():
                self._call(LIBCAL, call, arrived)
            if self._work(stop, until=lambda: self.news.is_home):
                return True
        return False

    def _take_in(self, answer: DayAnswer, location_ids: list[str], stop: Stop) -> None:
        """Where very many are new, the soonest are asked for while the others are written down."""
        intake, now = Intake(self.cache, self.book), self.clock.now()
        if not stop():
            for row_id in intake.take_in_soonest(answer, now):
                self.pipeline.start(row_id)
                self.lanes.hand_over()
        # No answer comes home before this: it could send for a booking that LibCal has cancelled.
        touched = intake.take_in(answer, location_ids, now, self.board.save)
        self.desk.check_ins.lists_taken_in()
        self.pipeline.bookings_changed(touched)

    # The bookings

    def _register(self, stop: Stop) -> bool:
        """Start every row, soonest first; True where stopped."""
        first = (LIBCAL, PASSAGEPOINT_NOW)  # the probe, and a look for new secrets
        if self._work(stop, until=lambda: not any(map(self.lanes.is_busy, first))):
            return True
        self.probes.is_registering = True
        for number, verdict in enumerate(self.book.verdicts(), 1):
            has_step = self.pipeline.start_listed(verdict)
            self._steps += has_step
            if not has_step and number % _ROWS_AT_A_TIME:
                continue
            if stop():
                break
            self.lanes.hand_over()  # while the first ones are asked for, the others are looked at
            if number % _ROWS_AT_A_TIME == 0 and self.lanes.running:
                self.lanes.take_home(_PAUSE)
        if not self.lanes.is_idle:  # else the end of the pass tells it, at once
            self.tell_changes()
        return self._work(stop)

    def _work(self, stop: Stop, until: Callable[[], bool] = never) -> bool:
        """Turn the wheel until nothing is on its way, or ``until``; True where stopped."""
        while not until():
            if stop():
                self._wind_down()
                return True
            for request in self.receive():
                self.desk.carry_out(request)
            self.lanes.hand_over()
            if self.lanes.is_idle:
                self.desk.conclude()
                if self.lanes.is_idle:
                    break
            if self.lanes.take_home(_TICK):
                self._notice()
            self.desk.conclude()
        return False

    def _notice(self) -> None:
        """After an answer: how far it is, and what it means for all the others."""
        if self.board.refused:
            self.refusals.remember()
            self.board.save()  # every computer has to know at once
        if self.hold_reasons.have_changed():
            self.book.reconsider()
            self.tell_changes()
        waiting = self.lanes.waiting + self.lanes.running
        self._steps = max(self._steps, waiting)
        done = self._steps - waiting
        if self._steps and done != self._done:
            self._done = done
            self.report(Progress(done, self._steps))

    def _wind_down(self) -> None:
        """No new sends; a short wait for what is out, then it is unclear."""
        self.lanes.drop_waiting()
        until = time.monotonic() + _STOP_PATIENCE
        while self.lanes.running and time.monotonic() < until:
            self.lanes.take_home(_TICK)
            self.lanes.drop_waiting()
        self.sending.abandon(_CUT_OFF)
        self.desk.give_up()

    def _end(self, registered_before: int, *, stopped: bool) -> SyncReport:
        self.lanes.drop_waiting()
        self.refusals.note_zones()
        self._notice()
        self.board.save()
        self.pauses.keep(self.clients.alma_pauses())
        self.cache.known.keep()
        rows = self.tell_changes()
        self.board.tell()
        asked = day_asked(self.cache, self.config, self.clock)
        ahead = self.config.sync.ahead_hours
        return SyncReport(
            day=self.book.day,
            is_known=asked.is_known,
            last_asked_at=asked.at,
            ahead_until=self.book.rules.day.local(self.book.ends_at) if ahead else None,
            services=self.board.statuses(),
            rows=rows,
            new_visits=self.sending.registered - registered_before,
            stopped=stopped,
        )

    def tell_changes(self) -> tuple[BookingRow, ...]:
        """Say what is different, and return all that stands now."""
        rows = tuple(self.book.rows())
        for event in self.book.changes(rows):
            self.report(event)
        return rows

    def _call(self, lane: str, call: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.lanes.add(lane, LaneJob(AT_ONCE, call, done))
