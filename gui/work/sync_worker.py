"""The only file that touches a QThread: it owns the background work from birth to death."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

from core.domain.clock import Clock, ClockCompared
from core.domain.errors import AppError
from core.domain.models import (
    ActionDone,
    BookingRow,
    DeskRequest,
    Event,
    Progress,
    RowsChanged,
    RowsRemoved,
    ServiceChanged,
    SyncReport,
)
from gui.work.engine_worker import EngineWorker, Job, JobDone

if TYPE_CHECKING:  # it brings the cache, which the first paint needn't
    from core.engine.base import Engine, EngineFactory

T = TypeVar("T")
logger = logging.getLogger(__name__)
_STOP_WAIT_MS = 8_000
"""The engine promises to be closed within five seconds of being asked to stop."""
_GATHER_MS = 30
"""Changed rows are handed on together, so that a pass of thousands doesn't flood the window."""
_BATCH_ROWS = 100
"""So many at a time, so that the window can be used while thousands come in."""


def _ignore(_error: AppError) -> None:
    """For jobs whose failure the window has no place to show."""


class _Asked(NamedTuple):
    context: QObject
    done: Callable[[object], None]
    failed: Callable[[AppError], None]


class SyncWorker(QObject):
    """The face of the background work, for the GUI thread only.

    ``start`` once; ``stop`` before the program ends. Passes run every ``seconds`` and on request,
    one at a time.
    """

    opened = Signal(object)
    """``Opening``: the cache can be shown."""
    rows_changed = Signal(object)
    """``tuple[BookingRow, ...]``"""
    rows_removed = Signal(object)
    """``tuple[str, ...]``: row ids."""
    service_changed = Signal(object)
    """``ServiceStatus``"""
    progress = Signal(object)
    """``Progress``"""
    action_done = Signal(object)
    """``ActionDone``"""
    clock_compared = Signal(object)
    """``ClockCompared``: this computer's clock beside a service's."""
    pass_started = Signal()
    pass_ended = Signal(object)
    """``SyncReport``, or None where the pass failed."""
    failed = Signal(object)
    """``AppError``: the engine couldn't be made, or a pass couldn't be done."""
    question_changed = Signal(object)
    """``str | None``"""
    next_pass_at = Signal(object)
    """``datetime | None``: None while paused."""
    settings_changed = Signal(object)
    """``Config``: what holds for several computers, after it was read and after each edit."""
    looks_on_changed = Signal(object)
    """``LookingOn``: who registers instead of this session, and what became of asking."""
    stopped = Signal()
    """After ``begin_stop``: the engine is closed and the thread has ended."""

    _wanted = Signal(object)
    """What the worker is to do in its thread."""

    def __init__(
        self, make: EngineFactory, *, seconds: int, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._worker = EngineWorker(make, seconds=seconds, clock=clock)
        self._thread = QThread(self)
        self._worker.moveToThread(self._thread)
        self._asked: dict[int, _Asked] = {}
        self._passing = False
        self._numbers = itertools.count()
        self._gathered: dict[str, BookingRow] = {}
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self._hand_on_a_batch)
        self._connect()

    def _connect(self) -> None:
        # Only methods of this QObject: a plain function would run in the worker's thread.
        worker = self._worker
        worker.reported.connect(self._on_event)
        worker.pass_ended.connect(self._on_pass_ended)
        worker.job_done.connect(self._on_job_done)
        worker.opened.connect(self.opened)
        worker.failed.connect(self._on_failed)
        worker.pass_started.connect(self._on_pass_started)
        worker.question_changed.connect(self.question_changed)
        worker.next_pass_at.connect(self.next_pass_at)
        worker.settings_changed.connect(self.settings_changed)
        worker.looks_on_changed.connect(self.looks_on_changed)
        self._wanted.connect(worker.carry)
        # Direct: this thread may be blocked in ``stop`` by then, and quit() is thread-safe.
        self._thread.finished.connect(self.stopped)
        worker.closed.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)

    def start(self) -> None:
        """Start the thread and open the cache, unless it was stopped already."""
        if self._worker.stop.is_set():
            return
        self._thread.start()
        self._wanted.emit(self._worker.open)

    def open_again(self) -> None:
        """Try once more to make the engine, after it failed."""
        self._wanted.emit(self._worker.open)

    def stop(self) -> bool:
        """End the running pass, close the engine, end the thread; False: it hangs."""
        self._worker.stop.set()
        if not self._thread.isRunning():
            return True
        self._wanted.emit(self._worker.close)
        if self._thread.wait(_STOP_WAIT_MS):
            return True
        logger.error("the background work didn't end in time")
        return False

    def begin_stop(self) -> None:
        """The same without waiting for it; ``stopped`` follows."""
        self._worker.stop.set()
        if self._thread.isRunning():
            self._wanted.emit(self._worker.close)
        else:
            self.stopped.emit()

    def sync_now(self) -> None:
        """A pass at once, unless one is running; refused credentials are tried again."""
        if not self._passing:
            self._passing = True
            self._wanted.emit(self._worker.run_pass_now)

    def ask_news(self) -> None:
        """What has changed in LibCal? A pass that is running finds it by itself."""
        if not self._passing:
            self._wanted.emit(self._worker.ask_news)

    def pause(self, *, paused: bool) -> None:
        """No passes by themselves while paused; the running one goes on."""
        self._wanted.emit(partial(self._worker.pause, paused=paused))

    def wake(self, seconds: int) -> None:
        """One pass after so many seconds, for the network to come back after sleep."""
        self._wanted.emit(partial(self._worker.wake, seconds))

    @Slot()
    def touch(self) -> None:
        """The window had a key or click: somebody is here."""
        self._worker.touch()

    def submit(self, request: DeskRequest) -> None:
        """Hand a desk action over; a running pass takes it up, else it is done at once."""
        self._worker.submit(request)
        self._wanted.emit(self._worker.carry_out)

    def ask(
        self,
        context: QObject,
        work: Callable[[Engine], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None] = _ignore,
        *,
        waits: bool = False,
    ) -> None:
        """Do ``work`` in the worker's thread and hand its result to ``done`` in this one.

        A running pass does it between two of its steps, unless it ``waits`` for the pass to end.
        Neither is called once ``context``, usually the asking widget, is gone.
        """
        job = Job(next(self._numbers), work)
        self._asked[job.number] = _Asked(context, cast(Callable[[object], None], done), failed)
        if waits:
            self._wanted.emit(partial(self._worker.do, job))
        else:
            self._worker.ask(job)
            self._wanted.emit(self._worker.answer_questions)

    def is_stopping(self) -> bool:
        """Whether the background work is to end; may be asked in any thread."""
        return self._worker.stop.is_set()

    @Slot(object)
    def _on_job_done(self, job: JobDone) -> None:
        asked = self._asked.pop(job.number)
        if not isValid(asked.context):
            return
        if job.error is not None:
            asked.failed(job.error)
        else:
            asked.done(job.result)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        match event:
            case RowsChanged(rows):
                self._gathered.update((row.row_id, row) for row in rows)
                if not self._gathering.isActive():
                    self._gathering.start()
            case RowsRemoved(row_ids):
                self._hand_on_rows()
                self.rows_removed.emit(row_ids)
            case ServiceChanged(status):
                self.service_changed.emit(status)
            case Progress():
                self.progress.emit(event)
            case ClockCompared():
                self.clock_compared.emit(event)
            case ActionDone():
                self._hand_on_rows()
                self.action_done.emit(event)

    @Slot()
    def _hand_on_a_batch(self) -> None:
        row_ids = list(self._gathered)[:_BATCH_ROWS]
        self.rows_changed.emit(tuple(self._gathered.pop(row_id) for row_id in row_ids))
        if self._gathered:
            self._gathering.start()

    def _hand_on_rows(self) -> None:
        """All of them: what comes next must find them."""
        self._gathering.stop()
        if self._gathered:
            rows, self._gathered = tuple(self._gathered.values()), {}
            self.rows_changed.emit(rows)

    @Slot()
    def _on_pass_started(self) -> None:
        self._passing = True
        self.pass_started.emit()

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._passing = False  # no pass may have begun, where the cache can't be opened
        self.failed.emit(error)

    @Slot(object)
    def _on_pass_ended(self, report: SyncReport | None) -> None:
        self._passing = False
        self._hand_on_rows()
        self.pass_ended.emit(report)
