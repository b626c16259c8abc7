"""The window opens where it was, and as large."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

from gui.preferences.file import PreferencesFile

_AT_FIRST = QSize(1366, 768)


def restore_geometry(window: QWidget, preferences: PreferencesFile) -> None:
    """Where it was last; Qt keeps it on a screen that is there."""
    kept = QByteArray.fromBase64(preferences.current.geometry.encode())
    if not window.restoreGeometry(kept):
        window.resize(_AT_FIRST.boundedTo(window.screen().availableSize()))


def keep_geometry(window: QWidget, preferences: PreferencesFile) -> None:
    """Remember where it is now."""
    now = bytes(window.saveGeometry().toBase64().data()).decode()
    if now != preferences.current.geometry:
        preferences.change(geometry=now)
