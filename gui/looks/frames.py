"""Title bars on X, which the window manager paints: it is told how dark the window below is.

Qt tells Windows, macOS and Wayland, but no window manager.
"""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from gui.looks.window_handle import handle_of

_STRING = 31
"""X has this type from the beginning; others are asked for by name."""
_REPLACE = 0
_BY_BYTES = 8
_OF_GNOME = "_GTK_THEME_VARIANT"
"""What GNOME's and MATE's window managers and Metacity read."""
_OF_KDE = "_KDE_NET_WM_COLOR_SCHEME"
"""What KWin reads: a file with colours."""


class Frames(QObject):
    """Does nothing but on X."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colors: tuple[bool, bool] | None = None
        self._x, self._display = _x_display()
        application = QGuiApplication.instance()
        if self._x is not None and isinstance(application, QGuiApplication):
            # Who reads the keys is dressed by now, or has just opened.
            application.focusWindowChanged.connect(self._dress_active)

    def dress(self, *, dark: bool, chosen: bool) -> None:
        """All windows, and those that open later; ``chosen`` here, else by the system."""
        self._colors = dark, chosen
        for window in QApplication.topLevelWidgets():
            self._dress(window)

    def _dress_active(self) -> None:
        if (window := QApplication.activeWindow()) is not None:
            self._dress(window)

    def _dress(self, window: QWidget) -> None:
        if self._x is None or self._colors is None or (handle := handle_of(window)) is None:
            return
        dark, chosen = self._colors
        number = int(handle.winId())
        self._tell(number, _OF_GNOME, "dark" if dark else "light", self._atom("UTF8_STRING"))
        # What the system has is known to KWin, in colours that somebody may have mixed.
        self._tell(number, _OF_KDE, _kde_colors(dark=dark) if chosen else "", _STRING)
        self._x.XFlush(self._display)

    def _tell(self, number: int, name: str, text: str, kind: int) -> None:
        """Set a property of the window ``number``; "" takes it away."""
        assert self._x is not None
        window, atom, data = ctypes.c_ulong(number), ctypes.c_ulong(self._atom(name)), text.encode()
        if not data:
            self._x.XDeleteProperty(self._display, window, atom)
            return
        of_type = ctypes.c_ulong(kind)
        self._x.XChangeProperty(
            self._display, window, atom, of_type, _BY_BYTES, _REPLACE, data, len(data)
        )

    def _atom(self, name: str) -> int:
        assert self._x is not None
        return int(self._x.XInternAtom(self._display, name.encode(), 0))


def _x_display() -> tuple[ctypes.CDLL | None, ctypes.c_void_p]:
    """Qt's own connection, on which its windows are known; nothing where that isn't X."""
    application: Any = QGuiApplication.instance()
    none = None, ctypes.c_void_p()
    if application is None or QGuiApplication.platformName() != "xcb":
        return none
    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return none
    x.XInternAtom.restype = ctypes.c_ulong
    return x, ctypes.c_void_p(application.nativeInterface().display())


def _kde_colors(*, dark: bool) -> str:
    """KDE's own file; "" where there is none."""
    name = f"color-schemes/Breeze{'Dark' if dark else 'Light'}.colors"
    return QStandardPaths.locate(QStandardPaths.StandardLocation.GenericDataLocation, name)
