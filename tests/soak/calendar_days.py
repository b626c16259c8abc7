"""Days on end: bookings, outages, sleeps and restarts at random, over both clock changes."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, time, timedelta
from math import isinf
from pathlib import Path

from core.domain.status import Action, PassState
from core.engine.own import LibCal2PP
from core.engine.pass_loop import PassLoop
from core.engine.told import Told
from core.practice.day import make_big_day
from core.practice.records import LibCalRow
from tests.builders import ZONE
from tests.e2e.library import Library

AUTUMN, SPRING = datetime(2026, 10, 28, tzinfo=ZONE), datetime(2027, 3, 10, tzinfo=ZONE)
_SERVICES = ("LibCal", "Alma", "PassagePoint", "*")
_KINDS = ("503", "cut_before", "429")
_LONGEST_PAUSE = timedelta(minutes=3)
"""No pause outlasts its trouble by more."""


class Days:
    """A library whose days go by; ``twice``, ``lost`` and ``wrong`` count broken promises."""

    def __init__(self, library: Library, dice: random.Random, *, seconds: float) -> None:
        self.library, self.dice = library, dice
        self.booked: list[LibCalRow] = []
        self.wrong = self.unclear = 0
        self._outage_until = library.clock.now()
        self._all_well: list[tuple[datetime, datetime]] = []
        """When the computer was awake and every service answered."""
        self._well_since: datetime | None = library.clock.now()
        self._loop = self._started(seconds)
        self._seconds = seconds

    def _started(self, seconds: float) -> PassLoop:
        return PassLoop(
            self.library.open,
            Told(),
            self.library.clock,
            threading.Event(),
            seconds=seconds,
            attended=False,
        )

    def live(self, midnight: datetime, bookings: int) -> None:
        """One day of so many bookings, each made some hours before it starts."""
        for minute in sorted(self.dice.sample(range(60, 23 * 60), bookings)):
            self._go_on((midnight + timedelta(minutes=minute)).astimezone(UTC))
            self._something_happens()
            start = self.library.clock.now() + timedelta(minutes=self.dice.randint(120, 1200))
            start = start.replace(second=len(self.booked) % 60, microsecond=0)
            self.booked.append(self.library.services.add_booking(start))

    def end(self) -> None:
        """Peace, until all is over that was booked."""
        self._outage_ends()
        self._go_on(self.library.clock.now() + timedelta(hours=20))
        self._trouble_begins()

    @property
    def twice(self) -> int:
        return len(self.library.services.duplicates())

    @property
    def lost(self) -> int:
        """Bookings whose visit was never made although there was time for a pass and a pause."""
        return sum(map(self._had_a_chance, self._never_made()))

    @property
    def slept_through(self) -> int:
        """Bookings that were over before the computer was awake and could ask everybody."""
        return len(self._never_made()) - self.lost

    def _never_made(self) -> list[LibCalRow]:
        made = {visit.start for visit in self.library.services.visits}
        return [row for row in self.booked if row.starts_at.astimezone(UTC) not in made]

    def _had_a_chance(self, row: LibCalRow) -> bool:
        """Nothing is sent before its day begins."""
        midnight = datetime.combine(row.starts_at.astimezone(ZONE), time(), ZONE)
        from_then = max(midnight, row.created_at or midnight)
        wells = (min(until, row.ends_at) - max(since, from_then) for since, until in self._all_well)
        return any(well >= timedelta(seconds=self._seconds) + _LONGEST_PAUSE for well in wells)

    def _trouble_begins(self) -> None:
        if self._well_since is not None:
            self._all_well.append((self._well_since, self.library.clock.now()))
            self._well_since = None

    def _outage_ends(self) -> None:
        self.library.services.faults.clear()
        if self._well_since is None:
            self._well_since = self.library.clock.now()

    def _go_on(self, moment: datetime) -> None:
        clock = self.library.clock
        while clock.now() < moment:
            left = self._loop.turn()
            wait = 60.0 if isinf(left) else max(left, 1.0)
            clock.advance(seconds=min(wait, (moment - clock.now()).total_seconds() + 1))
            if clock.now() >= self._outage_until:
                self._outage_ends()
        self._look()

    def _something_happens(self) -> None:
        chance = self.dice.random()
        if chance < 0.05:
            self._trouble_begins()
            kind, service = self.dice.choice(_KINDS), self.dice.choice(_SERVICES)
            self.library.services.faults.add(service, kind)
            lasts = timedelta(minutes=self.dice.randint(1, 60))
            self._outage_until = self.library.clock.now() + lasts
        elif chance < 0.08:
            self._trouble_begins()
            self.library.clock._now += timedelta(minutes=self.dice.randint(5, 90))  # asleep
        elif chance < 0.11 and isinstance(self._loop.engine, LibCal2PP):
            self.library.close(self._loop.engine)
            self._loop = self._started(self._seconds)

    def _look(self) -> None:
        """What the desk would read now, held against PassagePoint; it resolves what is unclear."""
        engine = self._loop.engine
        visits = {visit.start for visit in self.library.services.visits}
        for row in engine.rows() if engine is not None else ():
            says = row.passagepoint is PassState.REGISTERED
            is_there = row.starts_at.astimezone(UTC) in visits
            self.wrong += says is not is_there and row.passagepoint is not PassState.UNCLEAR
            is_open = row.passagepoint is PassState.UNCLEAR and not row.is_over
            if is_open and isinstance(engine, LibCal2PP):
                self.unclear += 1
                engine.act(Action.IT_IS_THERE if is_there else Action.REGISTER_AGAIN, row.row_id)


def live_through_days(
    folder: Path, dice: random.Random, *, begins: datetime, days: int, bookings: int, seconds: float
) -> tuple[int, int, int]:
    """How often the promise was broken: twice, lost, shown wrongly."""
    simulated = simulate(folder, dice, begins=begins, days=days, bookings=bookings, seconds=seconds)
    return simulated.twice, simulated.lost, simulated.wrong


def simulate(
    folder: Path, dice: random.Random, *, begins: datetime, days: int, bookings: int, seconds: float
) -> Days:
    """Days that have been lived through."""
    with Library(folder, make_big_day(begins, ZONE, 0), now=begins) as library:
        library.settings["Alma"] = {"calls_per_second": 25}
        # A look for news between two passes, however far apart they are here.
        library.settings["Sync"] = {"news_seconds": round(seconds / 2)}
        simulated = Days(library, dice, seconds=seconds)
        for number in range(days):
            day = (begins + timedelta(days=number)).date()
            simulated.live(datetime(day.year, day.month, day.day, tzinfo=ZONE), bookings)
        simulated.end()
        return simulated


def live_through_a_month(folder: Path, dice: random.Random) -> str:
    """A month of 200 bookings a day: a fortnight over each of the clock changes."""
    said = []
    for begins in (AUTUMN, SPRING):
        part = folder / f"{begins:%B}"
        part.mkdir()
        days = simulate(part, dice, begins=begins, days=15, bookings=200, seconds=300)
        broken = days.twice, days.lost, days.wrong
        assert broken == (0, 0, 0), f"twice, lost, shown wrongly: {broken} from {begins:%d %B} on"
        beside = f"{days.slept_through} slept through, {days.unclear} resolved by hand"
        said.append(f"{len(days.booked)} bookings from {begins:%d %B} on ({beside})")
    return f"with {' and '.join(said)}"
