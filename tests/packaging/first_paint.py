"""How long until the window is painted: packaged, and from the source beside it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.packaging.package import Package, served, settings_file
from tests.packaging.screen import Screen

_PROJECT = Path(__file__).parents[2]
_TIMES = 5
_AT_MOST = 1.3
_SOMEWHERE_INSIDE = (600, 400)
_LOOK_SECONDS = 0.002
_PATIENCE_SECONDS = 30


def says_when_it_is_painted(package: Package) -> None:
    """First paint, beside that of the source: a figure to read, for a loaded machine lies."""
    with served(package) as services, settings_file(services.settings) as config:
        packaged, source = [], []
        for _ in range(_TIMES):
            packaged.append(_seconds([package.windowed, "--config", config]))
            source.append(_seconds([sys.executable, str(_PROJECT / "main.py"), "--config", config]))
    middle, beside = statistics.median(packaged), statistics.median(source)
    ratio = middle / beside
    word = "" if ratio <= _AT_MOST else "  OVER ITS AIM"
    print(f"  {middle:.2f} s packaged, {beside:.2f} s from the source: {ratio:.2f}{word}")


def _seconds(command: Sequence[str]) -> float:
    screen = Screen()
    empty = screen.pixel(*_SOMEWHERE_INSIDE)
    start = time.monotonic()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while screen.pixel(*_SOMEWHERE_INSIDE) == empty:
            assert program.poll() is None, "the program ended without a window"
            assert time.monotonic() < start + _PATIENCE_SECONDS, "the screen stayed empty"
            time.sleep(_LOOK_SECONDS)
        return time.monotonic() - start
    finally:
        program.kill()
        program.wait()
        _wait_until_empty(screen, empty)
        screen.close()


def _wait_until_empty(screen: Screen, empty: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while screen.pixel(*_SOMEWHERE_INSIDE) != empty and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
