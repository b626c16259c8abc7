"""SIGTERM closes the window in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.start.orderly_end import OrderlyEnd

PROJECT = Path(__file__).parents[3]
WINDOW = """
import sys
from PySide6.QtCore import QTimer
import gui.start.app as app
real = app._until_closed
def told(one):
    QTimer.singleShot(1500, lambda: print("up", flush=True))
    return real(one)
app._until_closed = told
from core.cli.command_line import main
sys.argv = ["main.py", "--practice"]
code = main(app.run_window)
print("ended", flush=True)
sys.exit(code)
"""


@pytest.mark.skipif(os.name != "posix", reason="nobody sends it elsewhere")
def test_sigterm_ends_the_window_in_order_with_0() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "ended\n"
        assert process.wait(timeout=30) == 0


def test_the_sessions_end_asks_nobody(qapp: QApplication, qtbot: QtBot) -> None:
    left: list[bool] = []
    end = OrderlyEnd(qapp, lambda: left.append(True))
    end._on_session_end(None)
    end.stop()
    assert left == [True]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
