"""Title bars on X are painted by a window manager that has to be told; here by what it reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.screen_reader.session import display, surroundings, window_manager

_PROJECT = Path(__file__).parents[3]
_WINDOWS = """
import ctypes, json
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from gui.looks.theme import Appearance, Theme

app = QApplication([])
x = ctypes.CDLL("libX11.so.6")
x.XInternAtom.restype = ctypes.c_ulong
server = ctypes.c_void_p(app.nativeInterface().display())

def read(widget, name):
    kind, unread, number = (ctypes.c_ulong() for _ in range(3))
    bits, text = ctypes.c_int(), ctypes.c_char_p()
    x.XGetWindowProperty(
        server, ctypes.c_ulong(int(widget.winId())),
        ctypes.c_ulong(x.XInternAtom(server, name.encode(), 0)), ctypes.c_long(0),
        ctypes.c_long(999), 0, ctypes.c_ulong(0), ctypes.byref(kind), ctypes.byref(bits),
        ctypes.byref(number), ctypes.byref(unread), ctypes.byref(text),
    )
    return (text.value or b"").decode()

def show(widget):
    widget.show()
    while app.activeWindow() is not widget:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

def told(widget):
    names = "_GTK_THEME_VARIANT", "_KDE_NET_WM_COLOR_SCHEME"
    return [read(widget, name).rpartition("/")[2] for name in names]

window, theme, seen = QWidget(), Theme(), {}
theme.apply(window, Appearance.DARK, 100)
show(window)
seen["started dark"] = told(window)
theme.apply(window, Appearance.LIGHT, 100)
seen["light while it is open"] = told(window)
theme.apply(window, Appearance.DARK, 100)
dialog = QDialog(window)
show(dialog)
seen["a dialog in the dark"] = told(dialog)
theme.apply(window, Appearance.SYSTEM, 100)
seen["as the system"] = told(dialog)
print(json.dumps(seen))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no window manager of X is elsewhere")
def test_window_managers_are_told_how_dark_a_window_is(tmp_path: Path) -> None:
    with display() as number:
        env = surroundings(tmp_path, number)
        colors = Path(env["XDG_DATA_HOME"]) / "color-schemes"
        colors.mkdir()
        for name in ("BreezeDark", "BreezeLight"):
            (colors / f"{name}.colors").touch()
        with window_manager(env):
            written = subprocess.run(
                [sys.executable, "-c", _WINDOWS],
                cwd=_PROJECT,
                env=env,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            ).stdout
    assert json.loads(written) == {
        "started dark": ["dark", "BreezeDark.colors"],
        "light while it is open": ["light", "BreezeLight.colors"],
        "a dialog in the dark": ["dark", "BreezeDark.colors"],
        "as the system": ["light", ""],
    }
