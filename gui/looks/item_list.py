"""A list to choose from, heard as it is seen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QListWidget, QWidget

from gui.looks.announcing import say_current


class ItemList(QListWidget):
    """When the keys come to it, the item is said that they are on, and not only its own name."""

    _has_keys = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Queued: Qt says the list itself only after the list was told of the focus.
        self._has_keys.connect(self._say_current, Qt.ConnectionType.QueuedConnection)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_keys.emit()

    def _say_current(self) -> None:
        say_current(self)
