"""The window opens where it was, and as large; never larger than the screen that it opens on."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from gui.preferences.file import PreferencesFile

_AT_FIRST = QSize(1366, 768)
_USUAL_FRAME = QMargins(8, 38, 8, 8)
"""What a title bar and borders take, as long as the system hasn't said so: it does once the
window is shown."""


def restore_geometry(window: QWidget, preferences: PreferencesFile) -> None:
    """Where it was last, on a screen that is there; maximised where it wouldn't fit."""
    kept = QByteArray.fromBase64(preferences.current.geometry.encode())
    if not window.restoreGeometry(kept):
        window.resize(_AT_FIRST)
    keep_on_screen(window)


def keep_on_screen(window: QWidget) -> None:
    """Maximise a window that doesn't fit on its screen with its frame around it."""
    if window.isMaximized() or window.isFullScreen():
        return
    handle = window.windowHandle()
    frame = handle.frameMargins() if handle is not None and window.isVisible() else _USUAL_FRAME
    free = window.screen().availableGeometry()
    if not fits(window.size(), frame, free):
        window.resize(window.size().boundedTo(free.size().shrunkBy(frame)))  # when it's restored
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def fit_again(window: QWidget) -> None:
    """The system's scale is another one, and Qt has scaled the window with it: of a maximised one
    the right side may be beyond the screen until it is maximised anew. One that fits is left where
    it is: it may have been moved to another screen."""
    free = window.screen().availableGeometry()
    if window.isMaximized() and not fits(window.size(), QMargins(), free):
        window.showNormal()
        window.showMaximized()
    keep_on_screen(window)


def fits(size: QSize, frame: QMargins, screen: QRect) -> bool:
    """Whether a window of this ``size`` stands on what is free of a ``screen``."""
    whole = size.grownBy(frame)
    return whole.width() <= screen.width() and whole.height() <= screen.height()


def keep_geometry(window: QWidget, preferences: PreferencesFile) -> None:
    """Remember where it is now."""
    now = bytes(window.saveGeometry().toBase64().data()).decode()
    if now != preferences.current.geometry:
        preferences.change(geometry=now)
