"""Work that may block for minutes (a network, a locked password store), outside the GUI thread.

Daemon threads: one that hangs in a password dialog must not hold the program's exit.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from core.domain.errors import AppError
from core.engine.told import OwnBug

T = TypeVar("T")
Stop = Callable[[], bool]
logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Task:
    """One piece of work; after ``cancel`` its result is dropped."""

    context: QObject
    done: Callable[[object], None]
    failed: Callable[[AppError], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        self.stop.set()


@dataclass(frozen=True, slots=True)
class _Ended:
    number: int
    result: object
    error: AppError | None


class Background(QObject):
    """Runs work in threads of its own and hands the results over in the GUI thread."""

    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[int, Task] = {}
        self._numbers = itertools.count()
        self._ended.connect(self._hand_over)

    def run(
        self,
        context: QObject,
        work: Callable[[Stop], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
    ) -> Task:
        """Do ``work``, which may ask whether to stop; neither callback comes after ``cancel``.

        Nor once ``context``, usually the asking widget, is gone.
        """
        number = next(self._numbers)
        task = Task(context, cast(Callable[[object], None], done), failed)
        self._tasks[number] = task
        threading.Thread(
            target=self._work, args=(number, work, task.stop.is_set), daemon=True
        ).start()
        return task

    @property
    def is_busy(self) -> bool:
        """Whether anything is still running."""
        return bool(self._tasks)

    def _work(self, number: int, work: Callable[[Stop], object], stop: Stop) -> None:
        result: object = None
        error: AppError | None = None
        try:
            result = work(stop)
        except AppError as trouble:
            error = trouble
        except Exception:
            logger.exception("a job of the window failed")
            error = OwnBug()
        try:
            self._ended.emit(_Ended(number, result, error))
        except RuntimeError:
            logger.info("the window was closed before its job ended")

    @Slot(object)
    def _hand_over(self, ended: _Ended) -> None:
        task = self._tasks.pop(ended.number)
        if task.stop.is_set() or not isValid(task.context):
            return
        if ended.error is not None:
            task.failed(ended.error)
        else:
            task.done(ended.result)
