"""A card scanner types like a person, only faster; its Enter must never press a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

_FASTEST_TYPING_MS = 30
_LEAST_CHARACTERS = 6
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScanDetector:
    """Six or more characters within 30 ms each and Enter are a scan."""

    def __init__(self) -> None:
        self._typed = ""
        self._last = 0

    def key(self, text: str, at_ms: int) -> None:
        """A character was typed at this moment, in milliseconds of any clock."""
        if at_ms - self._last > _FASTEST_TYPING_MS:
            self._typed = ""
        self._typed += text
        self._last = at_ms

    def enter(self, at_ms: int) -> str | None:
        """Enter was pressed: the scanned text, or None where a person typed."""
        typed, self._typed = self._typed, ""
        if at_ms - self._last > _FASTEST_TYPING_MS or len(typed) < _LEAST_CHARACTERS:
            return None
        return typed


class ScanFilter(QObject):
    """Watches the keys of the window and its dialogs, wherever the focus is."""

    scanned = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._detector = ScanDetector()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window sees each key first; the widgets below get the same event again.
        if (
            event.type() is not QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            or not watched.isWindowType()
        ):
            return False
        if event.key() in _ENDS:
            scanned = self._detector.enter(event.timestamp())
            if scanned is not None:
                self.scanned.emit(scanned)
                return True
        elif event.text().strip():
            self._detector.key(event.text(), event.timestamp())
        return False
