"""Whether a window can open here: Qt itself ends the whole process where none can.

On Linux a display is asked before Qt is: that it is named proves nothing (a session that ended, a
forwarded one whose other end is gone, one whose key this account hasn't).
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Mapping

_PATIENCE_SECONDS = 5.0

Trial = Callable[[str], bool]
"""Whether the display of this name answers; it may wait for ever."""


def window_platform(
    environment: Mapping[str, str],
    *,
    trials: Mapping[str, Trial] | None = None,
    patience: float = _PATIENCE_SECONDS,
    system: str = sys.platform,
) -> str | None:
    """Which of Qt's platforms a window opens on; "": Qt knows by itself; None: on none of them."""
    if system != "linux":
        return ""
    for name in _wanted(environment):
        plain = name.partition(":")[0]
        if plain not in _NAMED_BY:
            return name  # offscreen and the like need no display
        display = environment.get(_NAMED_BY[plain], "")
        if display and _answers((trials or _TRIALS)[plain], display, patience):
            return name
    return None


_NAMED_BY = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}


def _wanted(environment: Mapping[str, str]) -> list[str]:
    """The platforms to try, the best first, as Qt itself has them."""
    if told := environment.get("QT_QPA_PLATFORM"):
        return told.split(";")
    of_wayland = environment.get("XDG_SESSION_TYPE") == "wayland" or not environment.get("DISPLAY")
    return ["wayland", "xcb"] if of_wayland else ["xcb", "wayland"]


def _answers(trial: Trial, display: str, patience: float) -> bool:
    """Whether it does in time."""
    answers: list[bool] = []
    # A daemon: one that never comes back doesn't hold the program's end.
    asking = threading.Thread(target=lambda: answers.append(trial(display)), daemon=True)
    asking.start()
    asking.join(patience)
    return answers == [True]


def x_answers(display: str) -> bool:
    """Whether the X server lets this account in (libxcb: ``xcb_connect``)."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def wayland_answers(display: str) -> bool:
    """Whether the compositor answers (libwayland-client: ``wl_display_roundtrip``)."""
    try:
        wayland = ctypes.CDLL("libwayland-client.so.0")
    except OSError:
        return False
    wayland.wl_display_connect.restype = ctypes.c_void_p
    connection = wayland.wl_display_connect(display.encode())
    if not connection:
        return False
    answered = int(wayland.wl_display_roundtrip(ctypes.c_void_p(connection))) >= 0
    wayland.wl_display_disconnect(ctypes.c_void_p(connection))
    return answered


_TRIALS: dict[str, Trial] = {"wayland": wayland_answers, "xcb": x_answers}
