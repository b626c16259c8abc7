"""What runs in the worker's thread: the engine, its timer, and the last line against failures."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.models import BookingRow, DeskRequest, ServiceStatus
from core.settings.config import Config
from gui.work.engine import AttendedEngine, Engine, EngineFactory, OnlookingEngine, SharingEngine

T = TypeVar("T")
logger = logging.getLogger(__name__)
_ATTEND_MS = 750
_RETRY_MS = 30_000
NETWORK_RETURNS_IN = 30
"""Seconds after sleep before the first pass."""
_SLEPT = timedelta(seconds=30)
"""A timer that comes later than this was held up by sleep, or the clock was set."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the cache knew before any network call."""

    rows: tuple[BookingRow, ...]
    statuses: dict[str, ServiceStatus]
    question: str | None
    looks_on: AppError | None = None
    """Whose session writes to the cache, so that this one only shows it."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that the window wants from the engine."""

    number: int
    work: Callable[[Engine], object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the job with this number."""

    number: int
    result: object
    error: AppError | None


class OwnBug(AppError):
    """LibCal2PP itself failed; the log has the traceback."""

    def __init__(self) -> None:
        super().__init__(
            "Something went wrong in LibCal2PP itself.",
            "It tries again by itself. If it stays, tell IT: the log has the details.",
        )


class EngineWorker(QObject):
    """Lives in the worker's thread; only ``SyncWorker`` knows it."""

    reported = Signal(object)
    opened = Signal(object)
    failed = Signal(object)
    pass_started = Signal()
    pass_ended = Signal(object)
    question_changed = Signal(object)
    next_pass_at = Signal(object)
    answered = Signal(object)
    settings_changed = Signal(object)
    closed = Signal()

    def __init__(self, make: EngineFactory, *, seconds: int, clock: Clock) -> None:
        super().__init__()
        self._make = make
        self._seconds = seconds
        self._clock = clock
        self._engine: Engine | None = None
        self._config: Config | None = None
        self._paused = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.run_due_pass)
        self._due_at = clock.now()
        self._attending = QTimer(self, interval=_ATTEND_MS)
        self._attending.timeout.connect(self.attend)
        self._retrying = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._retrying.timeout.connect(self.open)
        self._questions: deque[Job] = deque()
        self._lock = threading.Lock()
        self._kept: list[DeskRequest] = []
        self.stop = threading.Event()

    def submit(self, request: DeskRequest) -> None:
        """From any thread: to the engine at once, or kept until there is one."""
        with self._lock:
            engine = self._engine
            if engine is None:
                self._kept.append(request)
        if engine is not None:
            engine.submit(request)

    def ask(self, job: Job) -> None:
        """From any thread: ``answer_questions`` answers it, or a running pass does before."""
        self._questions.append(job)

    @Slot()
    def open(self) -> None:
        """Make the engine, say what the cache knows, then pass after pass.

        What can't be opened now, because a backup holds it perhaps, is tried again by itself.
        """
        if self._engine is not None or self.stop.is_set():
            return
        self._attending.stop()
        self._try(self._open)
        if self._engine is None:
            self._retrying.start()

    def _open(self) -> None:
        engine = self._make(self.reported.emit)
        try:
            opening = _opening_of(engine)
        except BaseException:
            engine.close()
            raise
        engine.between_steps = self.answer_questions
        with self._lock:
            self._engine, kept, self._kept = engine, self._kept, []
        for request in kept:
            engine.submit(request)
        self.opened.emit(opening)
        self._retrying.stop()
        self._arm(0)
        if isinstance(engine, AttendedEngine):
            self._attending.start()

    @Slot()
    def attend(self) -> None:
        """See what the other computers did and want, if there are any."""
        engine = self._engine
        if not isinstance(engine, AttendedEngine) or self.stop.is_set():
            return
        if isinstance(engine, OnlookingEngine) and self._try(engine.may_take_over):
            self._try(engine.close)
            self._engine = None
            self.open()
            return
        is_due = self._try(lambda: engine.attend(self.stop.is_set))
        if isinstance(engine, SharingEngine) and engine.config is not self._config:
            self._config = engine.config
            self.settings_changed.emit(engine.config)
        if is_due and not self._paused:
            self.run_pass()

    @Slot()
    def run_due_pass(self) -> None:
        """By the timer; after sleep it comes too late, and too early for the network."""
        if self._clock.now() - self._due_at > _SLEPT:
            self._arm(NETWORK_RETURNS_IN)
        else:
            self.run_pass()

    @Slot()
    def run_pass(self) -> None:
        """One pass, then the timer anew: passes never overlap or pile up."""
        engine = self._engine
        if engine is None or self.stop.is_set():
            return
        self.pass_started.emit()
        report = None
        try:
            report = self._try(lambda: engine.log_new_bookings(self.stop.is_set))
        finally:
            self.pass_ended.emit(report)
            self._arm(self._seconds)
            self._try(lambda: self.question_changed.emit(engine.question()))

    @Slot()
    def run_pass_now(self) -> None:
        """A pass that a person asked for: refused credentials are tried again."""
        if (engine := self._engine) is None:
            self.open()
        else:
            self._try(engine.forgive)
            self.run_pass()

    @Slot()
    def carry_out(self) -> None:
        """Do the stored desk actions; a pass that ran meanwhile has left none."""
        if (engine := self._engine) is not None and not self.stop.is_set():
            self._try(lambda: engine.carry_out(self.stop.is_set))

    @Slot(bool)
    def pause(self, paused: bool) -> None:
        self._paused = paused
        self._arm(0 if not paused else self._seconds)

    @Slot(int)
    def wake(self, seconds: int) -> None:
        """The computer slept: one pass after so many seconds, when the network is back."""
        self._arm(seconds)

    @Slot()
    def answer_questions(self) -> None:
        """What was asked and doesn't have to wait, between two steps of a pass too."""
        while not self.stop.is_set():
            try:
                job = self._questions.popleft()
            except IndexError:
                return
            self.do(job)

    @Slot(object)
    def do(self, job: Job) -> None:
        engine = self._engine
        error: AppError | None = None
        result: object = None
        try:
            if engine is None:
                raise AppError("The cache isn't open yet.", "Try again in a moment.")
            result = job.work(engine)
        except AppError as trouble:
            error = trouble
        except Exception:
            logger.exception("a job of the window failed")
            error = OwnBug()
        self.answered.emit(Answer(job.number, result, error))

    @Slot()
    def close(self) -> None:
        for timer in (self._timer, self._attending, self._retrying):
            timer.stop()
        if self._engine is not None:
            self._try(self._engine.close)
            self._engine = None
        self.closed.emit()

    def _arm(self, seconds: int) -> None:
        if self._engine is None or self.stop.is_set():
            return
        if self._paused:
            self._timer.stop()
            self.next_pass_at.emit(None)
        else:
            self._timer.start(seconds * 1000)
            self._due_at = self._clock.now() + timedelta(seconds=seconds)
            self.next_pass_at.emit(self._due_at)

    def _try(self, work: Callable[[], T]) -> T | None:
        """The thread's last line: the world's failures are told, our bugs logged and told."""
        try:
            return work()
        except AppError as error:
            self.failed.emit(error)
        except Exception:
            logger.exception("the sync failed")
            self.failed.emit(OwnBug())
        return None


def _opening_of(engine: Engine) -> Opening:
    looks_on = engine.trouble if isinstance(engine, OnlookingEngine) else None
    return Opening(tuple(engine.rows()), dict(engine.statuses()), engine.question(), looks_on)
