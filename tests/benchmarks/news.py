"""From a booking at the entrance to its visit, and what asking between passes costs LibCal."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from core.engine.pass_loop import PassLoop
from core.engine.told import Told
from core.practice.day import make_big_day
from tests.benchmarks.results import Measure
from tests.builders import NOON, ZONE
from tests.e2e.library import Library

_BOOKINGS = 200
_MADE_AT_THE_ENTRANCE = 20
_LATENCY = {"LibCal": 0.30, "Alma": 0.15, "PassagePoint": 0.12}
_OWN_CALLS = 2 * _LATENCY["LibCal"] + _LATENCY["Alma"] + 2 * _LATENCY["PassagePoint"]
"""The list of changes and the booking itself; Alma's first answer; visitor and visit."""
_SPARE = 1.0
_PASSES, _PAGES = 12, 2
"""Of an hour, and of each location."""


def measure() -> Iterator[Measure]:
    for seconds in (60, 10):
        with _running(seconds) as (library, loop):
            value, aim = _longest_wait(library, loop), seconds + _OWN_CALLS + _SPARE
        what = f"From a booking at the entrance to its visit, news every {seconds} s: the longest"
        yield Measure(f"{what} of {_MADE_AT_THE_ENTRANCE}", value, aim, "s")
    for each in (None, 60, 10):
        with _running(each) as (library, loop):
            calls, places = _calls_of_an_hour(library, loop), len(library.services.day.places)
        news = 3600 / each if each else 0
        what = f"news every {each} s" if each else "passes alone"
        aim = places * (news + _PASSES * _PAGES)
        yield Measure(f"Calls to LibCal in an hour without news, {what}", calls, aim * 1.05)


@contextmanager
def _running(news_seconds: int | None) -> Iterator[tuple[Library, PassLoop]]:
    """A day after its first pass, on a clock of its own; only calls take real time."""
    day = make_big_day(NOON, ZONE, _BOOKINGS)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), day) as library:
        library.settings["Sync"] = {"news_seconds": news_seconds}
        stop = threading.Event()
        loop = PassLoop(library.open, Told(), library.clock, stop, seconds=300, attended=False)
        loop.turn()
        loop.turn()
        yield library, loop


def _longest_wait(library: Library, loop: PassLoop) -> float:
    dice, waits = Random(15), []
    library.services.latency.update(_LATENCY)
    for _ in range(_MADE_AT_THE_ENTRANCE):
        _go_on(library, loop, dice.uniform(20, 90))
        made_at, visits = library.clock.now(), library.visits
        library.book(start=timedelta(minutes=20))
        took = 0.0
        while library.visits == visits:
            library.clock.advance(seconds=max(loop.seconds_left, 0.001))
            began = time.monotonic()
            loop.turn()
            took = time.monotonic() - began
        waits.append((library.clock.now() - made_at).total_seconds() + took)
    library.services.latency.clear()
    return max(waits)


def _calls_of_an_hour(library: Library, loop: PassLoop) -> int:
    _go_on(library, loop, 600)
    library.services.clear_calls()
    _go_on(library, loop, 3600)
    return sum(call.service == "LibCal" for call in library.services.calls)


def _go_on(library: Library, loop: PassLoop, seconds: float) -> None:
    until = library.clock.now() + timedelta(seconds=seconds)
    while (left := (until - library.clock.now()).total_seconds()) > 0:
        library.clock.advance(seconds=min(max(loop.seconds_left, 0.001), left))
        loop.turn()
