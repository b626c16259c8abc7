"""A pass with nothing new over 2,000 bookings."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.program import bookings_of, keep_registered, open_cache, program_on
from tests.benchmarks.results import Measure
from tests.benchmarks.services import services_with

FEW, MANY = 20, 2000
_PASSES = 9
_WAL_HEADER, _FRAME_HEADER = 32, 24


@dataclass(frozen=True)
class _IdlePass:
    cpu_ms: float
    statements: int
    commits: int


def measure() -> Iterator[Measure]:
    few, many = _idle_pass(FEW), _idle_pass(MANY)
    yield Measure("Pass with nothing new, 2,000 bookings: CPU", many.cpu_ms, 30, "ms")
    yield Measure("… its statements, next to those at 20 bookings", many.statements, few.statements)
    yield Measure("… its writes to the disk", many.commits, 1)


def _idle_pass(count: int) -> _IdlePass:
    with services_with(count) as services, tempfile.TemporaryDirectory() as name:
        config = services.config()
        cache = open_cache(Path(name))
        bookings = bookings_of(services, config)
        keep_registered(cache, config, bookings, now=datetime.now(UTC))
        times = []
        with program_on(services, config, cache) as program:
            program.log_new_bookings()
            for _ in range(_PASSES):
                statements, commits = cache.database.statements, _commits(cache.path)
                begun = time.thread_time()
                report = program.log_new_bookings()
                times.append(1000 * (time.thread_time() - begun))
            assert report.counts.registered == count
            return _IdlePass(
                cpu_ms=statistics.median(times),
                statements=cache.database.statements - statements,
                commits=_commits(cache.path) - commits,
            )


def _commits(database: Path) -> int:
    """How many transactions stand in the write-ahead log: the last frame of each says so."""
    log = database.with_name(f"{database.name}-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    salt = log[16:24]
    starts = range(_WAL_HEADER, len(log), _FRAME_HEADER + page)
    frames = (log[start : start + _FRAME_HEADER] for start in starts)
    return sum(frame[4:8] != bytes(4) for frame in frames if frame[8:16] == salt)
