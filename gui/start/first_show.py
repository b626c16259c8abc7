"""The first second: the window with what is around now, and only then what is slow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

from gui.start.haste import settle
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker

_AFTER_PAINT_MS = 50
"""The paint itself takes half of it, and what was clicked meanwhile comes first."""
_NO_LONGER_MS = 1000
"""What is never painted, on a locked screen, and a cache that opens slowly are not waited for."""


class FirstShow(QObject):
    """Shows a desk window for the first time and starts its background work."""

    def __init__(self, window: MainWindow, worker: SyncWorker) -> None:
        super().__init__(window)
        self.window, self._worker = window, worker
        self._after_paint: Callable[[], None] = self._go_on
        self._is_complete = self._has_icons = False
        worker.opened.connect(self._on_known)
        worker.failed.connect(self._on_known)

    def start(self) -> None:
        self.window.table.viewport().installEventFilter(self)
        self.window.show()
        self.window.heartbeat.start()
        QTimer.singleShot(_NO_LONGER_MS, self._go_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._after_paint()
        return False

    def _go_on(self) -> None:
        """It is being painted: nothing may be clicked before the rest of it is there."""
        QTimer.singleShot(0, self._complete)

    @Slot()
    def _complete(self) -> None:
        if self._is_complete:
            return
        self._is_complete = True
        self.window.complete()
        self._worker.start()
        QTimer.singleShot(_NO_LONGER_MS, self._load_icons)

    @Slot(object)
    def _on_known(self, _opening: object) -> None:
        """The cached day, or why there is none, has been handed on; now it must be painted."""
        self._after_paint = lambda: QTimer.singleShot(_AFTER_PAINT_MS, self._load_icons)
        self.window.table.viewport().installEventFilter(self)
        self.window.table.viewport().update()

    @Slot()
    def _load_icons(self) -> None:
        if self._has_icons:
            return
        self._has_icons = True
        self.window.theme.load_icons()
        settle()
