"""The icon in the system's tray: off until somebody wants it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

_GOES_ON = (
    "It goes on registering. This icon brings the window back; Quit, in the File menu or here, "
    "ends it."
)


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
        self._has_told = False

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

    def keep_running(self) -> bool:
        """Whether the window, which somebody just closed, is only hidden: the icon brings it back.
        Said once."""
        if self._shown is None or not self._shown.isVisible():
            return False
        QApplication.setQuitOnLastWindowClosed(False)
        self._window.hide()
        if not self._has_told:
            self._has_told = True
            self.tell(_GOES_ON)
        return True

    def tell(self, words: str) -> None:
        """A notification, where the icon is shown; ``words`` name nobody."""
        if self._shown is not None and self._shown.isVisible():
            self._shown.showMessage("LibCal2PP", words, self._icon)

    def _make(self) -> QSystemTrayIcon:
        made = QSystemTrayIcon(self._icon, self)
        made.setToolTip("LibCal2PP")
        menu = QMenu(self._window)
        menu.addAction("Show LibCal2PP").triggered.connect(self.pressed)
        menu.addAction("Quit").triggered.connect(self._quit)
        made.setContextMenu(menu)
        made.activated.connect(self._on_activated)
        made.messageClicked.connect(self.message_pressed)
        return made

    def _quit(self) -> None:
        """What is asked before is asked in the window."""
        self._window.show()
        self._window.close()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.pressed.emit()
