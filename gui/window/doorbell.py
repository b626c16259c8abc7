"""A second start of the program: the window that is open comes to the front."""

from __future__ import annotations

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.engine.single_window import WindowPlace


class Doorbell(QObject):
    """Watches the data folder for a ring (``core.engine.single_window``)."""

    rang = Signal()

    def __init__(self, place: WindowPlace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._watcher = QFileSystemWatcher([str(place.folder)], self)
        self._watcher.directoryChanged.connect(self._look)
        QTimer.singleShot(0, self._look)  # somebody may have rung while the program started

    def _look(self) -> None:
        if self._place.answer():
            self.rang.emit()


def bring_to_front(window: QWidget) -> None:
    """Show ``window`` before all others, also where it is minimized or hidden in the tray."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
