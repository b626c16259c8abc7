"""Remove everything from this computer: asked first, done when nothing works any more, and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.errors import AppError
from gui.dialogs.base import Notice, Question
from gui.work.background import Background
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.setup.removal import Removed

_WHAT_GOES = (
    "The secrets in the password store, what is kept about bookings and people, the logs, the "
    "settings of this account and starting at login are removed, and LibCal2PP closes. What is "
    "registered in PassagePoint stays there, and so does what other accounts or computers share: "
    "their settings, cache and database."
)


class Removing(QObject):
    """``remove`` does it, outside the window's thread, once ``worker`` has stopped."""

    def __init__(
        self,
        window: QWidget,
        worker: SyncWorker,
        background: Background,
        remove: Callable[[], Removed],
    ) -> None:
        super().__init__(window)
        self._window, self._worker = window, worker
        self._background, self._remove = background, remove

    def ask(self) -> None:
        """Say what goes; nothing happens before the answer."""
        question = Question(
            self._window,
            "Remove everything from this computer?",
            _WHAT_GOES,
            {"keep": "Keep everything", "remove": "Remove everything"},
            cancel="",
        )
        question.answered.connect(self._on_answer)
        question.open()

    def _on_answer(self, answer: str) -> None:
        if answer == "remove":
            self._worker.stopped.connect(self._start)
            self._worker.begin_stop()

    def _start(self) -> None:
        self._background.run(
            self, lambda _stop: self._remove(), self._say_removed, self._say_not_removed
        )

    def _say_removed(self, removed: Removed) -> None:
        gone, left = "\n".join(removed.gone), "\n".join(removed.left)
        text = f"Removed:\n{gone}" if gone else "There was nothing to remove."
        self._say_goodbye(f"{text}\n\nThese are still there:\n{left}" if left else text)

    def _say_not_removed(self, error: AppError) -> None:
        self._say_goodbye(str(error))

    def _say_goodbye(self, text: str) -> None:
        notice = Notice(self._window, "LibCal2PP closes now", text)
        # quit would ask the desk whether bookings may stay unregistered
        notice.finished.connect(lambda _code: QApplication.exit())
        notice.open()
