"""What stands on the X display, from outside the program."""

from __future__ import annotations

import ctypes
import ctypes.util
import subprocess
from pathlib import Path

_ALL_PLANES = -1 & 0xFFFFFFFF
_Z_PIXMAP = 2


class Screen:
    """The display that DISPLAY names."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        for name in ("XOpenDisplay", "XDefaultRootWindow", "XGetImage", "XGetPixel"):
            getattr(self._x, name).restype = ctypes.c_void_p
        self._x.XGetPixel.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        self._root = ctypes.c_void_p(self._x.XDefaultRootWindow(self._display))

    def pixel(self, x: int, y: int) -> int:
        """The colour of one point: a question that costs next to nothing."""
        image = ctypes.c_void_p(
            self._x.XGetImage(
                self._display, self._root, x, y, 1, 1, ctypes.c_ulong(_ALL_PLANES), _Z_PIXMAP
            )
        )
        colour = int(self._x.XGetPixel(image, 0, 0))
        self._x.XDestroyImage(image)
        return colour

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)


def take_picture(file: Path) -> int:
    """Save the whole display; how many colours it has."""
    subprocess.run(["import", "-window", "root", str(file)], check=True)
    done = subprocess.run(
        ["identify", "-format", "%k", str(file)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)
