"""The program started twice: the real command line, two processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.engine.single_window import LOCK_NAME, WindowPlace
from gui.window.doorbell import Doorbell

PROGRAM = Path(__file__).parents[3] / "main.py"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An account where nothing is set up: the assistant opens."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("DATA", "CONFIG", "STATE")}
    return {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def first(home: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM)], env=home, stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def test_the_second_start_leaves_at_once_and_without_complaint(
    qtbot: QtBot, tmp_path: Path, home: dict[str, str], first: subprocess.Popen[str]
) -> None:
    lock = tmp_path / "DATA" / "LibCal2PP" / LOCK_NAME
    qtbot.waitUntil(lambda: lock.exists() and bool(lock.read_text()), timeout=30_000)
    second = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (second.returncode, first.poll()) == (0, None)
    assert "open already" in second.stderr


def test_a_ring_while_the_program_starts_is_heard(qtbot: QtBot, tmp_path: Path) -> None:
    place = WindowPlace(tmp_path, who="anna", computer="desk-1")
    place.take()
    WindowPlace(tmp_path, who="anna", computer="desk-1").ring(sleep=lambda _seconds: None)
    doorbell = Doorbell(place)
    with qtbot.waitSignal(doorbell.rang):
        pass
    place.leave()
