"""The icon in the system's tray: off until somebody wants it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget


class Tray(QObject):
    """Qt shows notifications only beside such an icon."""

    pressed = Signal()
    """The icon: bring the window."""
    message_pressed = Signal()
    """A notification: bring what it tells of."""

    def __init__(self, window: QWidget, icon: QIcon) -> None:
        super().__init__(window)
        self._window, self._icon = window, icon
        self._shown: QSystemTrayIcon | None = None

    @staticmethod
    def is_available() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def switch(self, *, on: bool) -> None:
        """Show the icon, or take it away."""
        if on and self._shown is None and self.is_available():
            self._shown = self._make()
        if self._shown is not None:
            self._shown.setVisible(on)

    def tell(self, words: str) -> None:
        """A notification, where the icon is shown; ``words`` name nobody."""
        if self._shown is not None and self._shown.isVisible():
            self._shown.showMessage("LibCal2PP", words, self._icon)

    def _make(self) -> QSystemTrayIcon:
        made = QSystemTrayIcon(self._icon, self)
        made.setToolTip("LibCal2PP")
        menu = QMenu(self._window)
        menu.addAction("Show LibCal2PP").triggered.connect(self.pressed)
        menu.addAction("Quit").triggered.connect(self._window.close)
        made.setContextMenu(menu)
        made.activated.connect(self._on_activated)
        made.messageClicked.connect(self.message_pressed)
        return made

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.pressed.emit()
