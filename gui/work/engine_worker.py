"""What runs in the worker's thread: the loop of passes, its timer, and the window's questions."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, isinf
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.models import DeskRequest
from core.engine.pass_loop import PassLoop
from core.engine.told import OwnBug, Told
from gui.work.opening import LookingOn, looking_on, opening_of

if TYPE_CHECKING:  # it brings the cache, which the first paint needn't
    from core.engine.base import Engine, EngineFactory

logger = logging.getLogger(__name__)
_PAINTED_IN_MS = 200
"""The cached day is on the screen before the first pass brings in the network's libraries: they
took as long again from the thread that paints."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that the window wants from the engine."""

    number: int
    work: Callable[[Engine], object]


@dataclass(frozen=True, slots=True)
class JobDone:
    """What became of the job with this number."""

    number: int
    result: object
    error: AppError | None


class EngineWorker(QObject):
    """Lives in the worker's thread; only ``SyncWorker`` knows it."""

    reported = Signal(object)
    opened = Signal(object)
    failed = Signal(object)
    pass_started = Signal()
    pass_ended = Signal(object)
    question_changed = Signal(object)
    next_pass_at = Signal(object)
    job_done = Signal(object)
    settings_changed = Signal(object)
    looks_on_changed = Signal(object)
    closed = Signal()

    def __init__(self, make: EngineFactory, *, seconds: int, clock: Clock) -> None:
        super().__init__()
        self.stop = threading.Event()
        told = Told(
            opened=self._on_opened,
            closed=self._on_closed,
            failed=self.failed.emit,
            pass_started=self.pass_started.emit,
            pass_ended=self.pass_ended.emit,
            question=self.question_changed.emit,
            next_pass_at=self.next_pass_at.emit,
            settings_changed=self.settings_changed.emit,
        )
        self._loop = PassLoop(
            lambda: make(self.reported.emit),
            told,
            clock,
            self.stop,
            seconds=seconds,
            attended=True,
        )
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.turn)
        self._questions: deque[Job] = deque()
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        """The loop's, for requests from any thread."""
        self._kept: list[DeskRequest] = []
        self._looks_on: LookingOn | None = None
        self._least_ms = 0

    def submit(self, request: DeskRequest) -> None:
        """From any thread: to the engine at once, or kept until there is one."""
        with self._lock:
            engine = self._engine
            if engine is None:
                self._kept.append(request)
        if engine is not None:
            engine.submit(request)

    def touch(self) -> None:
        """From any thread: somebody is here."""
        self._loop.touch()

    def ask(self, job: Job) -> None:
        """From any thread: ``answer_questions`` answers it, or a running pass does before."""
        self._questions.append(job)

    @Slot()
    def turn(self) -> None:
        """By the timer: what is due."""
        self._loop.turn()
        self._tell_whose_turn()
        self._wind()

    @Slot(object)
    def carry(self, work: Callable[[], None]) -> None:
        """In this thread, whoever wants it."""
        work()

    def open(self) -> None:
        """Make the engine, if there is none, say what the cache knows, then pass after pass."""
        self._loop.open()
        self._wind()

    def run_pass_now(self) -> None:
        """A pass that a person asked for: refused credentials are tried again."""
        self._loop.run_pass_now()
        self._wind()

    def ask_news(self) -> None:
        """Somebody waits who may have booked just now."""
        self._loop.ask_news_now()
        self._wind()

    def carry_out(self) -> None:
        """Do the stored desk actions; a pass that ran meanwhile has left none."""
        self._loop.carry_out()

    def pause(self, *, paused: bool) -> None:
        self._loop.pause(paused)
        self._wind()

    def wake(self, seconds: int) -> None:
        """The computer slept: one pass after so many seconds, when the network is back."""
        self._loop.wake(seconds)
        self._wind()

    def answer_questions(self) -> None:
        """What was asked and doesn't have to wait, between two steps of a pass too."""
        while not self.stop.is_set():
            try:
                job = self._questions.popleft()
            except IndexError:
                return
            self.do(job)

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
        self.job_done.emit(JobDone(job.number, result, error))

    def close(self) -> None:
        self._timer.stop()
        self._loop.close()
        self.closed.emit()

    def _on_opened(self, engine: Engine) -> None:
        opening = opening_of(engine)
        self._looks_on = opening.looks_on
        engine.between_steps = self.answer_questions
        with self._lock:
            self._engine, kept, self._kept = engine, self._kept, []
        for request in kept:
            engine.submit(request)
        self.opened.emit(opening)
        self._least_ms = _PAINTED_IN_MS

    def _on_closed(self) -> None:
        with self._lock:
            self._engine = None

    def _tell_whose_turn(self) -> None:
        """Who registers instead, and what became of asking: that changes while it looks on."""
        looks_on = looking_on(self._engine) if self._engine is not None else self._looks_on
        if looks_on != self._looks_on:
            self._looks_on = looks_on
            self.looks_on_changed.emit(looks_on)

    def _wind(self) -> None:
        left, least = self._loop.seconds_left, self._least_ms
        self._least_ms = 0
        if isinf(left):
            self._timer.stop()
        else:
            self._timer.start(max(ceil(left * 1000), least))
