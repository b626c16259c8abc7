"""The button that asks the services now; the keys on it, it says how fresh all is."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent

from gui.looks.parts import IconButton
from gui.looks.theme import Theme
from gui.top.service_line import ServiceLine


class SyncButton(IconButton):
    """Described when the keys come to it, and not with each pass: that would be read aloud."""

    def __init__(self, theme: Theme, services: ServiceLine) -> None:
        super().__init__(theme, " Sync now", "refresh", "on_accent")
        self._services = services
        self.setAccessibleName("Sync now")
        self.setToolTip("Ask LibCal, Alma and PassagePoint now (F5)")
        self.setProperty("primary", True)

    def show_busy(self, *, busy: bool) -> None:
        """It can't be pressed during a pass, but with the keys on it: they would be moved on."""
        self.setEnabled(not busy or self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self._services.words())
        super().focusInEvent(event)
