"""The window at work: its event loop while 2,000 bookings come in, a key typed, and idle."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.program import bookings_of, keep_registered, open_cache
from tests.benchmarks.results import Measure
from tests.benchmarks.services import services_with

_ARRIVING, _TYPED_AMONG, _IDLE_WITH = 2000, 5000, 1000
_TIMES = 5
_GAP_LIMIT_MS, _FRAME_MS = 50, 16
_IDLE_CPU_PERCENT, _IDLE_MB = 0.5, 200


def measure() -> Iterator[Measure]:
    with _a_day(_ARRIVING, cached=False) as said:
        gaps = [_run("arrive", said)["gap_ms"] for _ in range(_TIMES)]
    middle = statistics.median(gaps)
    yield Measure("Longest gap while 2,000 bookings come in", middle, _GAP_LIMIT_MS, "ms")
    with _a_day(_TYPED_AMONG, cached=True) as said:
        key = _run("search", said)["key_ms"]
    yield Measure("A key typed into the search at 5,000 rows, painted", key, _FRAME_MS, "ms")
    with _a_day(_IDLE_WITH, cached=True) as said:
        idle = _run("idle", said)
    yield Measure("Idle window, 1,000 bookings: CPU", idle["cpu_percent"], _IDLE_CPU_PERCENT, "%")
    yield Measure("… its memory", idle["mb"], _IDLE_MB, "MB")


@contextmanager
def _a_day(bookings: int, *, cached: bool) -> Iterator[str]:
    """What a window's process has to know about services with such a day."""
    with services_with(bookings) as services, tempfile.TemporaryDirectory() as name:
        own = {"Sync": {"every_seconds": 3600}, "Alma": {"calls_per_second": 25}}
        config = services.config(**own)
        if cached:
            cache = open_cache(Path(name))
            keep_registered(cache, config, bookings_of(services, config), now=datetime.now(UTC))
            cache.close()
        said = {
            "config": services.content_with(**own),
            "secrets": services.entries(config),
            "folder": name,
        }
        yield json.dumps(said)


def _run(what: str, said: str) -> dict[str, float]:
    """What the process says of itself; each first pass begins with an empty cache."""
    folder = Path(json.loads(said)["folder"])
    if what == "arrive":
        for file in folder.iterdir():
            file.unlink()
    child = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.window_process", what],
        input=said,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    measured: dict[str, float] = json.loads(child.stdout)
    return measured
