"""The window: first paint with a cached day, and its event loop while 2,000 bookings come in.

Run as a module it is one of the processes that are measured.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.program import bookings_of, keep_registered, open_cache
from tests.benchmarks.results import Measure
from tests.benchmarks.services import services_with

_BOOKINGS, _TIMES = 2000, 3
_GAP_LIMIT_MS = 50


def measure() -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as name, services_with(_BOOKINGS) as services:
        folder = Path(name)
        config = services.config(Sync={"every_seconds": 3600})
        content = {**services.content, "Sync": {"every_seconds": 3600}}
        entries = services.entries(config)
        said = json.dumps({"config": content, "secrets": entries, "folder": name})
        gaps = []
        for _ in range(_TIMES):
            gaps.append(_run("arrive", said))
            for file in folder.iterdir():
                file.unlink()
        cache = open_cache(folder)
        bookings = bookings_of(services, config)
        keep_registered(cache, config, bookings, now=datetime.now(UTC))
        cache.close()
        paint = statistics.median(_run("paint", said) for _ in range(_TIMES))
        rows = statistics.median(_run("rows", said) for _ in range(_TIMES))
    bare = statistics.median(_run("bare", "{}") for _ in range(_TIMES))
    yield Measure("First paint with a cached day ÷ bare PySide6 table window", paint / bare, 2)
    yield Measure("… with its 2,000 rows in the table", rows / bare, 2)
    middle = statistics.median(gaps)
    yield Measure("Longest gap while 2,000 bookings come in", middle, _GAP_LIMIT_MS, "ms")


def _run(what: str, said: str) -> float:
    """What the process says: seconds from its start to its first paint, or ms of a gap."""
    command = [sys.executable, "-m", "tests.benchmarks.window_process", what]
    child = subprocess.run(
        [*command, repr(time.monotonic())],
        input=said,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return float(child.stdout)
