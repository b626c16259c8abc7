"""The window's first paint with a day of 1,000 cached bookings, next to a bare PySide6 window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.benchmarks.program import bookings_of, keep_registered, open_cache
from tests.benchmarks.results import Measure
from tests.benchmarks.services import services_with

_BOOKINGS, _TIMES = 1000, 9
_AIM, _AIM_OF_THE_WHOLE = 2.5, 3.5
_KINDS = ("bare", "first", "day")
_SCREEN = {"name": "one", "x": 0, "y": 0, "width": 1366, "height": 800}
"""Offscreen has 800 × 800 otherwise, and the program opens no larger than the screen."""


def measure() -> Iterator[Measure]:
    with services_with(_BOOKINGS) as services, tempfile.TemporaryDirectory() as name:
        home = Path(name)
        config = services.config()
        cache = open_cache(home)
        keep_registered(cache, config, bookings_of(services, config), now=datetime.now(UTC))
        cache.close()
        config_file = home / "config.yml"
        content = {**services.content, "Cache": {"path": str(cache.path)}}
        config_file.write_text(yaml.safe_dump(content), encoding="utf-8")
        screen = home / "screen.json"
        screen.write_text(json.dumps({"screens": [_SCREEN]}), encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        around = {**own, "HOME": name, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"}
        # In turn, so that whatever else this computer does slows all three alike.
        rounds = [
            {kind: _seconds_to_paint(kind, config_file, around) for kind in _KINDS}
            for _ in range(_TIMES)
        ]
    bare, first, day = (statistics.median(one[kind] for one in rounds) for kind in _KINDS)
    yield Measure("First paint ÷ bare PySide6 table", first / bare, _AIM)
    yield Measure("… until 1,000 cached bookings are in the table", day / bare, _AIM_OF_THE_WHOLE)


def _seconds_to_paint(kind: str, config_file: Path, around: Mapping[str, str]) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.first_paint_process", kind]
    child = subprocess.run(
        [*command, repr(time.monotonic()), str(config_file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        env=around,
    )
    return float(child.stdout)
