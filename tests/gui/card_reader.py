"""Types as a card reader does: as the system hands keys to a window, whatever has the focus."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_NAMED = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1b": Qt.Key.Key_Escape}
_later = count(10_000, 10_000)


def type_as_reader(
    window: QWidget, text: str, *, gap_ms: int = 5, has_time: bool = True, repeats: bool = False
) -> None:
    """Each character ``gap_ms`` after the one before, as the events say; ``has_time`` False: as a
    screen reader on Linux hands them on, without."""
    handle = window.windowHandle()
    assert handle is not None
    at = next(_later)
    for char in text:
        at += gap_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(handle, _event(kind, char, at if has_time else 0, repeats))


def _event(kind: QEvent.Type, char: str, at: int, repeats: bool) -> QKeyEvent:
    key = _NAMED.get(char) or (Qt.Key.Key_unknown if char < " " else Qt.Key(ord(char.upper())))
    pressed = kind is QEvent.Type.KeyPress
    control = char < " " and char not in _NAMED and pressed
    held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(kind, key, held, char, repeats)
    event.setTimestamp(at)
    return event
