"""A first pass in real time, next to the best possible one and to going step by step."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from core.domain.library_day import LibraryDay
from core.domain.models import Booking, Event, RowsChanged
from core.domain.status import PassState
from core.services.alma.requests import AlmaRequests
from core.services.libcal.requests import LibCalRequests
from core.services.passagepoint.requests import PassagePointRequests
from core.settings.config import Config
from tests.benchmarks.program import open_cache, program_on
from tests.benchmarks.results import Measure
from tests.benchmarks.services import LATENCIES, Services, services_with

SIZES = (20, 100, 500, 2000)
_STEP_BY_STEP = 100
_SOONEST = 10
_PAGE_ROWS = 500
_FROM_HERE_ON = 100
"""From so many bookings on a pass has to come close to the best possible one."""
_FIRST_WITHIN = 0.2


@dataclass
class Timed:
    """A pass: how long it took, and when each booking was registered."""

    seconds: float = 0.0
    bookings: list[tuple[str, datetime]] = field(default_factory=list)
    """University ID and start of each."""
    done: list[tuple[float, datetime]] = field(default_factory=list)
    """Seconds since the start of the pass, and the booking's start."""

    @property
    def people(self) -> int:
        return len({primary_id for primary_id, _ in self.bookings})


def measure() -> Iterator[Measure]:
    for count in SIZES:
        with _slow_services(count) as services:
            config = _config(services)
            timed = _time_pass(services, config)
            pages = _rounds_of_pages(services, config)
            alone = _time_steps(services, config) if count == _STEP_BY_STEP else None
        best = best_possible(len(timed.bookings), timed.people, pages, config)
        is_busy = count >= _FROM_HERE_ON
        aim = 1.15 if is_busy else 1.25
        name = f"{count:,} bookings"
        yield Measure(f"Pass over {name} ÷ best possible", timed.seconds / best, aim)
        late = timed.done[0][0] - _until_first(pages)
        yield Measure("… first one after its own calls and LibCal's", late, _FIRST_WITHIN, "s")
        if is_busy:  # with fewer nobody has to wait for anybody
            yield Measure("… place of the last of the ten soonest", _last_soonest(timed), _SOONEST)
        if alone is not None:
            yield Measure(f"{name}: pass ÷ step by step", timed.seconds / alone, 0.33)


def best_possible(bookings: int, people: int, pages: int, config: Config) -> float:
    """Seconds that no program can beat, whatever it does side by side."""
    alma, passagepoint = LATENCIES["Alma"], LATENCIES["PassagePoint"]
    calls = (bookings + people) * passagepoint / config.passagepoint.parallel_calls
    turns = (people - 1) / config.alma.calls_per_second + 2 * passagepoint
    return (1 + pages) * LATENCIES["LibCal"] + alma + max(calls, turns)


def _until_first(pages: int) -> float:
    """LibCal's token and pages, then the first booking's own calls, the login among them."""
    own = LATENCIES["Alma"] + 3 * LATENCIES["PassagePoint"]
    return (1 + pages) * LATENCIES["LibCal"] + own


def _last_soonest(timed: Timed) -> int:
    """How many were registered when the ten soonest were; of equal starts any counts."""
    tenth = sorted(start for _, start in timed.done)[_SOONEST - 1]
    soon = [place for place, (_, start) in enumerate(timed.done, 1) if start <= tenth]
    return soon[_SOONEST - 1]


@contextmanager
def _slow_services(count: int) -> Iterator[Services]:
    """Practice services that answer as slowly as real ones."""
    with services_with(count) as services:
        services.set_latencies(LATENCIES)
        yield services


def _config(services: Services) -> Config:
    return services.config(Alma={"calls_per_second": 20})


def _time_pass(services: Services, config: Config) -> Timed:
    timed = Timed()
    seen: set[str] = set()

    def hear(event: Event) -> None:
        for row in event.rows if isinstance(event, RowsChanged) else ():
            if row.passagepoint is PassState.REGISTERED and row.row_id not in seen:
                seen.add(row.row_id)
                timed.done.append((time.perf_counter() - begun, row.starts_at))

    with tempfile.TemporaryDirectory() as folder:
        cache = open_cache(Path(folder))
        with program_on(services, config, cache, hear) as program:
            begun = time.perf_counter()
            report = program.log_new_bookings()
            timed.seconds = time.perf_counter() - begun
    timed.bookings = [(row.primary_id or "", row.starts_at) for row in report.rows]
    assert len(services.visits()) == report.counts.registered == len(report.rows)
    return timed


def _rounds_of_pages(services: Services, config: Config) -> int:
    """How many pages of the longest location are asked for: they follow each other."""
    with closing(LibCalRequests(config, credentials=services.credentials(config))) as libcal:
        bookings = libcal.retrieve_bookings()
    counts = [
        sum(one.location_id == location.id for one in bookings)
        for location in config.libcal.locations
    ]
    # The last page that has rows proves nothing: one more is asked for, which is empty.
    return max(ceil(count / _PAGE_ROWS) + 1 for count in counts)


def _time_steps(services: Services, config: Config) -> float:
    """One call after the other, as the replaced script did it: everybody, then every visit."""
    credentials = services.credentials(config)
    destinations = {one.id: one.destination or "" for one in config.libcal.locations}
    begun = time.perf_counter()
    with (
        closing(LibCalRequests(config, credentials=credentials)) as libcal,
        closing(AlmaRequests(config, credentials=credentials)) as alma,
        closing(PassagePointRequests(config, credentials=credentials)) as passagepoint,
    ):
        bookings = _one_location_after_the_other(libcal, config)
        people = {str(one.id_answer): one for one in bookings}
        barcodes = {one: alma.find_patron(one).barcode or "" for one in people}
        visitors = {
            one: passagepoint.create_visitor(
                first_name=booking.first_name,
                last_name=booking.last_name,
                barcode=barcodes[one],
                category="Student",
            )
            for one, booking in people.items()
        }
        for booking in bookings:
            passagepoint.create_prereg(
                visitor_id=visitors[str(booking.id_answer)],
                destination=destinations[booking.location_id],
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
            )
    return time.perf_counter() - begun


def _one_location_after_the_other(libcal: LibCalRequests, config: Config) -> list[Booking]:
    today = LibraryDay(config.libcal.time_zone).day_of(datetime.now(UTC))
    ids = [location.id for location in config.libcal.locations]
    return [one for name in ids for one in libcal.location_bookings(name, today)]
