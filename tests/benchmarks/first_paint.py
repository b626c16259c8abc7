"""The window's first paint with a day of 1,000 cached bookings, next to a bare PySide6 window."""

from __future__ import annotations

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
_AIM = 2
_KINDS = ("bare", "window", "rows")


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
        own = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        around = {**own, "HOME": name, "QT_QPA_PLATFORM": "offscreen"}
        # In turn, so that whatever else this computer does slows all three alike.
        rounds = [
            {kind: _seconds_to_paint(kind, config_file, around) for kind in _KINDS}
            for _ in range(_TIMES)
        ]
    bare, window, rows = (statistics.median(one[kind] for one in rounds) for kind in _KINDS)
    yield Measure("First paint of the window ÷ bare PySide6 table window", window / bare, _AIM)
    yield Measure("… with the 1,000 cached bookings in its table", rows / bare, _AIM)


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
