"""How many calls a day of 200 bookings costs each service, on a clock of its own."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from core.practice.day import make_big_day
from tests.benchmarks.results import Measure
from tests.builders import ZONE
from tests.e2e.library import Library

_BOOKINGS = 200
_OPENS, _CLOSES = datetime(2026, 11, 23, 7, tzinfo=ZONE), datetime(2026, 11, 23, 23, tzinfo=ZONE)
_EVERY = timedelta(minutes=5)
_PAGES = 2
"""Each location's list is asked for until a page is empty."""


def measure() -> Iterator[Measure]:
    day = make_big_day(_OPENS, ZONE, _BOOKINGS)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), day, now=_OPENS) as library:
        program = library.open()
        while library.clock.now() < _CLOSES:
            program.log_new_bookings()
            library.clock.advance(seconds=_EVERY.total_seconds())
        calls = Counter(call.service for call in library.services.calls)
    passes = (_CLOSES - _OPENS) / _EVERY
    people = len(day.people)
    aims = {
        "LibCal": len(day.places) * _PAGES * passes * 1.05,
        "Alma": people * 1.15,
        "PassagePoint": (people + _BOOKINGS) * 1.05,
    }
    for service, aim in aims.items():
        what = f"Calls to {service} on a day of {_BOOKINGS} bookings, a pass every 5 minutes"
        yield Measure(what, calls[service], aim)
