"""The text size that GNOME tells through its portal: on Wayland no screen and no font brings it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
_SETTINGS = "org.freedesktop.portal.Settings"
_TEXT = ("org.gnome.desktop.interface", "text-scaling-factor")
_SMALLEST, _LARGEST = 0.5, 3.0
"""What GNOME takes."""


class PortalText(QObject):
    """Nobody waits for the answer: it comes when the window is there, as later changes do."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.factor = 1.0
        bus = QDBusConnection.sessionBus()
        heard: Any = SLOT("_hear(QDBusMessage)")  # PySide's types ask for bytes, it itself for this
        bus.connect(*_PORTAL, _SETTINGS, "SettingChanged", self, heard)
        question = QDBusMessage.createMethodCall(*_PORTAL, _SETTINGS, "Read")
        question.setArguments(list(_TEXT))
        self._asking = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        self._asking.finished.connect(self._take_answer)

    def _take_answer(self) -> None:
        self._take(self._asking.reply().arguments()[-1:])

    @Slot(QDBusMessage)
    def _hear(self, told: QDBusMessage) -> None:
        *what, value = told.arguments()
        if what == list(_TEXT):
            self._take([value])

    def _take(self, values: list[object]) -> None:
        """An error is a text, and counts for nothing; an answer is packed twice."""
        for value in values:
            while isinstance(value, QDBusVariant):
                value = value.variant()
            if isinstance(value, float) and _SMALLEST <= value <= _LARGEST:
                self.factor = value
                self.changed.emit()
