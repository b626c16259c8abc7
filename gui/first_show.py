"""The first second: the window, the cached day in it, and only then what is slow."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.sync_worker import SyncWorker

_TURN_SECONDS = 0.001
"""How long a busy thread keeps the window waiting for its turn; Python's own 5 ms, taken several
times in one paint, is seen."""
_NO_LONGER_MS = 1000
"""A cache that opens slowly, on another computer, must not keep the icons away."""


def hurry() -> None:
    """Before any window is made: nothing of what is imported now becomes garbage, and looking for
    it takes 50 ms."""
    sys.setswitchinterval(_TURN_SECONDS)
    gc.disable()


def settle() -> None:
    """All is there: what is, stays, and a search through it would stop the window for 50 ms."""
    gc.freeze()
    gc.enable()


class FirstShow(QObject):
    """Shows a desk window for the first time and starts its background work."""

    def __init__(self, window: MainWindow, worker: SyncWorker) -> None:
        super().__init__(window)
        self.window, self._worker = window, worker
        self._is_over = False
        worker.opened.connect(self._on_known)
        worker.failed.connect(self._on_known)

    def start(self) -> None:
        self.window.show()
        QApplication.processEvents()  # the first paint
        QTimer.singleShot(0, self._worker.start)
        QTimer.singleShot(_NO_LONGER_MS, self._load_the_rest)
        self.window.heartbeat.start()

    @Slot(object)
    def _on_known(self, _opening: object) -> None:
        """The cached day, or why there is none, has been handed on; it is painted next."""
        QTimer.singleShot(0, self._load_the_rest)

    @Slot()
    def _load_the_rest(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.window.theme.load_icons()
        settle()
