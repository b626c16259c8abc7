"""The first second: the window, the cached day in it, and only then what is slow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.haste import settle
from gui.main_window import MainWindow
from gui.sync_worker import SyncWorker

_AFTER_PAINT_MS = 50
"""The paint itself takes half of it, and what was clicked meanwhile comes first."""
_NO_LONGER_MS = 1000
"""A cache that opens slowly, on another computer, must not keep the icons away."""


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
        """The cached day, or why there is none, has been handed on; now it must be painted."""
        self.window.table.viewport().installEventFilter(self)
        self.window.table.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(_AFTER_PAINT_MS, self._load_the_rest)
        return False

    @Slot()
    def _load_the_rest(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.window.theme.load_icons()
        settle()
