"""A window's handle, from whose events everything pressed in the window can be seen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import invalidate


def handle_of(window: QWidget) -> QWindow | None:
    """None until the window was shown.

    PySide keeps what it once made of an item of an inner layout. Where Qt has deleted the item and
    the handle came to lie at its address, that is what it returns: one window in some ten thousand.
    """
    handle: Any = window.windowHandle()
    if handle is not None and not isinstance(handle, QWindow):
        invalidate(handle)
        handle = window.windowHandle()
    return handle if isinstance(handle, QWindow) else None


def watch(window: QWidget, watcher: QObject) -> None:
    """Let ``watcher`` see a shown window's events before the widgets in it do."""
    if (handle := handle_of(window)) is not None:
        handle.installEventFilter(watcher)
