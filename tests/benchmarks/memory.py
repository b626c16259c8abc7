"""How much memory the program needs with many bookings in its cache.

``python -m tests.benchmarks.memory`` is the process that is measured.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.program import bookings_of, keep_registered, open_cache, program_on
from tests.benchmarks.results import Measure
from tests.benchmarks.services import Services, services_with

_TODAY = 2000
_LIMIT_MB = 150
_GROWTH_OF_CACHE = "CPU of start and pass, 20,000 in the cache next to 10,000 (linear: 2)"
_GROWTH = "CPU of start and pass, 10,000 of today next to 5,000 (linear: 2)"
_PAST_DAYS = 2


def measure() -> Iterator[Measure]:
    half, cpu_half = _after_a_pass(10_000)
    full, cpu_full = _after_a_pass(20_000)
    yield Measure("Memory with 10,000 bookings in the cache", half, _LIMIT_MB, "MB")
    yield Measure("Memory with 20,000", full, _LIMIT_MB, "MB")
    yield Measure(_GROWTH_OF_CACHE, cpu_full / cpu_half, 2.2)
    _, cpu_half = _after_a_pass(5_000, today=5_000)
    large_all, cpu_full = _after_a_pass(10_000, today=10_000)
    yield Measure("Memory with 10,000, all of them today's", large_all, _LIMIT_MB, "MB")
    yield Measure(_GROWTH, cpu_full / cpu_half, 2.2)


def _after_a_pass(in_cache: int, today: int = _TODAY) -> tuple[float, float]:
    """MB that a process held at most, and its CPU seconds, after a start and a pass."""
    with services_with(today) as services, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = services.config()
        bookings = bookings_of(services, config)
        cache = open_cache(folder)
        now = datetime.now(UTC)
        keep_registered(cache, config, bookings, now=now)
        missing = in_cache - today
        for number in range(missing // _TODAY):
            day = 1 + number % _PAST_DAYS
            keep_registered(cache, config, bookings, now=now, days_ago=day, copy=number)
        cache.close()
        command = [sys.executable, "-m", "tests.benchmarks.memory", name]
        child = subprocess.run(
            command, input=services.as_json(), capture_output=True, text=True, check=True
        )
        said = json.loads(child.stdout)
        assert said["registered"] == today
        return said["mb"], said["cpu"]


def _run(folder: Path, services: Services) -> None:
    begun = time.process_time()
    with program_on(services, services.config(), open_cache(folder)) as program:
        program.rows()
        report = program.log_new_bookings()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kilobyte = 1024 if sys.platform != "darwin" else 1
        said = {
            "mb": most * kilobyte / 1e6,
            "cpu": time.process_time() - begun,
            "registered": report.counts.registered,
        }
    print(json.dumps(said))


if __name__ == "__main__":
    _run(Path(sys.argv[1]), Services.from_json(sys.stdin.read()))
