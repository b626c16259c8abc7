"""Keeps strips, ages, the next sync and the progress in step with the background work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.clock import Clock, ClockCompared
from core.domain.errors import AppError
from core.domain.models import SERVICES, Progress, ServiceStatus, SyncReport
from core.engine.pass_loop import NETWORK_RETURNS_IN
from gui.desk.this_desk import Desk
from gui.looks.words import Times
from gui.top.freshness import Freshness
from gui.top.header import Header
from gui.top.service_line import words_for_next
from gui.top.status_bar import StatusBar
from gui.top.strip_rules import Press, Situation, strips_for, words_for_ways
from gui.top.strips import Strips
from gui.work.opening import LookingOn, Opening, ask_to_register
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:  # it brings the cache
    from core.day.asked import DayAsked
    from core.day.ended import EndedUnseen

_PAUSE = timedelta(minutes=15)


class SyncDisplay(QObject):
    """What the background work tells, as the desk reads it."""

    changed = Signal()
    """Something that the empty table would explain is different."""
    question_wanted = Signal()
    """Staff want to answer the open question."""
    ended_wanted = Signal()
    """Staff want to see what ended without registration."""
    todo_wanted = Signal()
    """Staff want to see what is to do."""
    end_wanted = Signal()
    """Staff have practised enough."""
    answers_again = Signal(str)
    """What a screen reader says of the end of an outage, of which the strip just goes."""
    pass_ended = Signal()
    """What came of it is shown."""
    data_wanted = Signal()
    """Staff want to see personal data again."""

    def __init__(
        self,
        worker: SyncWorker,
        desk: Desk,
        header: Header,
        strips: Strips,
        status_bar: StatusBar,
        clock: Clock,
        times: Times,
    ) -> None:
        super().__init__(header)
        self._worker, self._desk, self._clock, self._times = worker, desk, clock, times
        self._header, self._strips, self._status_bar = header, strips, status_bar
        self.situation = Situation()
        self.is_syncing = False
        self._freshness = Freshness(clock, timedelta(seconds=desk.sync_seconds))
        self.asked: DayAsked | None = None
        self._next_at: datetime | None = None
        self._knows_next = False
        self._pause_end = QTimer(self, singleShot=True)
        self._pause_end.timeout.connect(self.resume)
        strips.pressed.connect(self._press)
        self._connect_worker()
        self._show_strips()

    def _connect_worker(self) -> None:
        worker = self._worker
        worker.opened.connect(self._on_opened)
        worker.service_changed.connect(self._on_service)
        worker.rows_changed.connect(self._on_rows)
        worker.clock_compared.connect(self._on_clock)
        worker.progress.connect(self._on_progress)
        worker.pass_started.connect(self._on_pass_started)
        worker.pass_ended.connect(self._on_pass_ended)
        worker.failed.connect(self._on_failed)
        worker.question_changed.connect(self._on_question)
        worker.next_pass_at.connect(self._on_next_pass)
        worker.looks_on_changed.connect(self._on_looks_on)

    @property
    def sending_stopped(self) -> bool:
        """A doubtful answer stopped the sending that goes by itself."""
        return any(status.sending_stopped for status in self.situation.statuses)

    @property
    def knows_today(self) -> bool:
        """LibCal was asked about this day; else no bookings doesn't mean that there are none."""
        if self.asked is not None:
            return self.asked.is_known
        libcal = self._freshness.status(SERVICES[0])
        good, local = (libcal.last_good_at if libcal else None), self._times.local
        return good is not None and local(good).date() == local(self._clock.now()).date()

    @property
    def ahead_until(self) -> datetime | None:
        """Bookings of tomorrow are listed that start before then; None: none, or not known."""
        return self.asked.ahead_until if self.asked is not None else None

    def asked_words(self) -> str:
        """``LibCal was asked at 10:42.``"""
        return self._freshness.asked_words("LibCal", self._times)

    def show_time(self) -> None:
        """Time went on."""
        paused_until = self.situation.paused_until
        if paused_until is not None and self._clock.now() >= paused_until:
            self.resume()  # the timer stood still while the computer slept
        offline = self.situation.is_offline
        self._header.services.show_ages(self._freshness, self._clock.now(), offline=offline)
        self._show_next()

    def show_news(self, number: int) -> None:
        """So many bookings newly need a person."""
        self._change(news=number)

    def show_untold(self, number: int) -> None:
        """So many check-ins wait for LibCal."""
        if number != self.situation.untold:
            self._change(untold=number)

    def show_hiding(self, hides: bool) -> None:
        """Personal data is hidden, or shown again."""
        self._change(hides=hides)

    def pause(self) -> None:
        """No sync by itself for a quarter of an hour."""
        self._worker.pause(paused=True)
        self._pause_end.start(_PAUSE // timedelta(milliseconds=1))
        self._change(paused_until=self._clock.now() + _PAUSE)

    def resume(self) -> None:
        """Sync by itself again."""
        self._pause_end.stop()
        self._worker.pause(paused=False)
        self._change(paused_until=None)

    def wake(self) -> None:
        """The computer slept: sync once, when the network is back."""
        self._worker.wake(NETWORK_RETURNS_IN)

    def start_day(self, at_midnight: bool) -> None:
        """Another day of the library: its page first, without the network and while paused too."""
        self._worker.ask(self, lambda engine: engine.rows(), lambda _rows: None, waits=True)
        self.count_ended()
        self._ask_day()
        if at_midnight:
            self._worker.wake(0)

    def count_ended(self) -> None:
        """How much ended on earlier days without registration, and nobody looked?"""

        def count(ended: EndedUnseen) -> None:
            self._change(ended=len(ended.rows) + sum(ended.days.values()))

        self._worker.ask(self, lambda engine: engine.ended_unseen(), count)

    def _ask_alerts(self) -> None:
        """Could those be told who aren't here?"""
        self._worker.ask(self, lambda engine: engine.alert_troubles(), self._on_alert_troubles)

    def _on_alert_troubles(self, found: list[str]) -> None:
        if (trouble := " ".join(found)) != self.situation.alert_trouble:
            self._change(alert_trouble=trouble)

    def _ask_day(self) -> None:
        self._worker.ask(self, lambda engine: engine.day_asked(), self._on_asked)

    def _on_rows(self, _rows: object) -> None:
        """They may be LibCal's first words about this day."""
        if not self.knows_today:
            self._ask_day()

    def _on_asked(self, asked: DayAsked) -> None:
        self.asked = asked
        self.changed.emit()

    def _on_opened(self, opening: Opening) -> None:
        self.asked = opening.asked
        self._change(
            is_open=True,
            failure=None,
            question=opening.question,
            looks_on=opening.looks_on,
        )
        self.count_ended()
        for status in opening.statuses.values():
            self._on_service(status)

    def _on_service(self, status: ServiceStatus) -> None:
        self._freshness.note(status)
        failing = dict(self.situation.failing_since)
        self.situation = self.situation.with_status(status, self._clock.now())
        self._show_strips()
        self.show_time()
        if failing.keys() - dict(self.situation.failing_since).keys():
            self.answers_again.emit(f"{status.service} answers again.")

    def _on_clock(self, compared: ClockCompared) -> None:
        self._change(clock=compared)

    def _on_pass_started(self) -> None:
        self.is_syncing = True
        self._header.sync.show_busy(busy=True)
        self._show_next()
        self.changed.emit()

    def _on_progress(self, progress: Progress) -> None:
        # One booking that the desk asks for between two passes is no sync.
        if self.is_syncing:
            self._status_bar.show_progress(progress)

    def _on_pass_ended(self, report: SyncReport | None) -> None:
        self.is_syncing = False
        self._header.sync.show_busy(busy=False)
        self._status_bar.show_progress(None)
        if report is not None:  # what failed is told until a pass went well
            self._change(failure=None)
            for status in report.services.values():
                self._on_service(status)
            self.count_ended()
        self._ask_day()
        self._ask_alerts()
        self._show_next()
        self.changed.emit()
        self.pass_ended.emit()

    def _on_failed(self, error: AppError) -> None:
        self._change(failure=error)

    def _on_question(self, question: str | None) -> None:
        self._change(question=question)

    def _on_looks_on(self, looks_on: LookingOn | None) -> None:
        self._change(looks_on=looks_on)

    def _register_here(self) -> None:
        """Ask the session that registers to let go; why it can't be asked is told."""
        self._worker.ask(self, ask_to_register, lambda _nothing: None, self._on_failed)

    def _on_next_pass(self, next_at: datetime | None) -> None:
        self._next_at, self._knows_next = next_at, True
        self._show_next()

    def _change(self, **changes: Any) -> None:
        self.situation = self.situation._replace(**changes)
        self._show_strips()
        self.changed.emit()

    def _show_strips(self) -> None:
        situation, desk, times = self.situation, self._desk, self._times
        self._strips.show_strips(strips_for(situation, desk, times))
        self._status_bar.show_ways(words_for_ways(situation, desk, times))

    def _show_next(self) -> None:
        words = words_for_next(self._next_at, self._clock.now()) if self._knows_next else ""
        if self._desk.only_asks or self.situation.looks_on is not None:
            words = ""  # the next sync is another computer's, and nothing here knows when
        self._header.services.show_next("syncing…" if self.is_syncing else words)

    def _open_settings(self) -> None:
        if self._desk.tools is not None:
            self._desk.tools.open_settings()

    def _share_own_cache(self) -> None:
        if self._desk.tools is not None:
            self._desk.tools.share_own_cache()

    def _press(self, press: Press) -> None:
        {
            Press.SYNC: self._header.sync_pressed.emit,
            Press.OPEN_AGAIN: self._worker.open_again,
            Press.RESUME: self.resume,
            Press.END_PRACTICE: self.end_wanted.emit,
            Press.ANSWER: self.question_wanted.emit,
            Press.SETTINGS: self._open_settings,
            Press.LOOK_AT_ENDED: self.ended_wanted.emit,
            Press.SHOW_TODO: self.todo_wanted.emit,
            Press.SHOW_DATA: self.data_wanted.emit,
            Press.REGISTER_HERE: self._register_here,
            Press.SHARE_CACHE: self._share_own_cache,
        }[press]()
