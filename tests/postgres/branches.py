"""A library with eight computers, three of them registrars, on one day that goes wrong."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from core.cache.postgres.cache import PostgresCache
from core.domain.models import BookingRow
from core.domain.status import Group, LibCalState, PassState
from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.settings.credentials import Credentials
from core.sharing.engine import SharedEngine
from tests.benchmarks.services import _early_zone
from tests.builders import a_note
from tests.postgres.cluster import Cluster
from tests.postgres.one_computer import WISHES, Orders
from tests.postgres.processes import Processes

REGISTRARS = 3
COMPUTERS = 8
PACE = 20
SPAN = timedelta(seconds=3)
LATE = timedelta(seconds=0.5)
"""The pace is kept at sending, to the second (``test_pacing``). Here calls are counted as they
arrive, on a computer that is made busy on purpose: some are late, and the next ones close by."""
PARALLEL_CALLS = 4


@dataclass(frozen=True)
class Plan:
    """How much, how long, and how much goes wrong."""

    bookings: int
    seconds: float
    kills: int
    restarts: int
    forgeries: int = 0
    """Times that a desk that was taken over stores requests: damaged, forged, or far too many."""


@dataclass
class Outcome:
    """What came of it."""

    visits: int
    unclear: int
    waited: list[float] = field(default_factory=list)
    """Seconds that each wish of a desk took, outages included."""


class Branches:
    """The library's computers; one that dies is started again."""

    def __init__(
        self, services: PracticeServices, cluster: Cluster, folder: Path, dice: random.Random
    ) -> None:
        self.services, self._cluster, self._folder, self._dice = services, cluster, folder, dice
        self.url = cluster.make_database()
        self._processes = Processes()

    def __enter__(self) -> Self:
        self._processes.__enter__()
        for number in range(COMPUTERS):
            self._start(number)
        return self

    def __exit__(self, *error: Any) -> None:
        self._processes.__exit__(*error)

    def kill_one(self) -> None:
        """A power cut at any computer, more often at one that may register."""
        number = self._dice.choice([*range(COMPUTERS), *range(REGISTRARS)])
        self._processes.kill(_name(number))
        self._start(number)

    def restart_the_server(self) -> None:
        self._cluster.restart()

    def forge(self) -> None:
        """A word that only a person may give, "Register again", is not among them."""
        count = self._dice.choice([1, 5, 2000])
        detail = self._dice.choice(["{", "null", "[" * 50_000, "{}", '{"id": "\\u0000"}'])
        action = self._dice.choice(["nothing", "", *WISHES, "correct_id", "choose", "handled"])
        row = "(SELECT row_id FROM bookings ORDER BY random() LIMIT 1)"
        with self._cluster.session(urlsplit(self.url).path.strip("/")) as session:
            session.execute(
                "INSERT INTO requests (request_id, action, row_id, who, at, computer, detail,"
                f" asked_by) SELECT gen_random_uuid(), %s, COALESCE({row}, 'none'), 'x',"
                " '2026-11-23T17:00:00.000000Z', 'x', %s, 'a desk that was taken over'"
                f" FROM generate_series(1, {count})".encode(),
                [action, detail],
            )

    def settings(self, number: int) -> dict[str, dict[str, Any]]:
        return {
            "Alma": {"calls_per_second": PACE},
            "PassagePoint": {"parallel_calls": PARALLEL_CALLS},
            "Cache": {"url": self.url},
            "Desk": {"role": "registrar" if number < REGISTRARS else "desk"},
        }

    def finish(self) -> list[BookingRow]:
        """The first registrar again, thrice, so that what was tried carefully widens again."""
        config = self.services.config(**self.settings(0))
        credentials = Credentials(config, self.services.store())
        folder = self._folder / _name(0)  # a computer that never looked on would ask first
        engine = SharedEngine(
            config,
            credentials=credentials,
            open_cache=lambda _config, _credentials, clock: PostgresCache(
                self.url, clock=clock, note=a_note(folder)
            ),
            note=folder / "settings.json",
        )
        try:
            assert engine.registers
            for _ in range(3):
                report = engine.log_new_bookings()
            return list(report.rows)
        finally:
            engine.close()

    def waited(self) -> list[float]:
        files = self._folder.glob("*/waited")
        return [float(line) for file in files for line in file.read_text().split()]

    def _start(self, number: int) -> None:
        registers = number < REGISTRARS
        orders = Orders(
            name=_name(number),
            config=self.services.config_text(**self.settings(number)),
            secrets=_secrets(self.services) if registers else [],
            folder=str(self._folder),
            seed=self._dice.randrange(10**6),
            wishes=0 if registers else 1,
        )
        self._processes.start(orders)


def live_through(plan: Plan, cluster: Cluster, folder: Path, dice: random.Random) -> Outcome:
    """The whole day; AssertionError where the promise is broken."""
    now = datetime.now(UTC)
    with PracticeServices(make_big_day(now, _early_zone(now), 0)) as services:
        _book_the_morning(services, plan.bookings // 2)
        services.latency["PassagePoint"] = 0.05
        with Branches(services, cluster, folder, dice) as branches:
            for moment, happen in _timetable(plan, branches, dice):
                time.sleep(max(0.0, moment - time.monotonic()))
                happen()
        rows = branches.finish()
        return _check(rows, services, branches, interruptions=plan.kills + plan.restarts)


def _book_the_morning(services: PracticeServices, count: int) -> None:
    """Nobody twice at the same time: such visits could not be told from one that was repeated."""
    people = [services.add_person() for _ in range(count * 3 // 5)]
    now = datetime.now(UTC)
    for number in range(count):
        start = now + timedelta(minutes=60 + number)
        services.add_booking(start, person=people[number % len(people)])


def _timetable(plan: Plan, branches: Branches, dice: random.Random) -> list[tuple[float, Any]]:
    """What happens when: kills, restarts, and the other half of the bookings."""
    begin = time.monotonic() + 1.0
    services = branches.services
    statuses = ["Confirmed"] * 9 + ["Mediated Tentative"]

    def book() -> None:
        start = datetime.now(UTC) + timedelta(minutes=dice.randrange(60, 600))
        services.add_booking(start, status=dice.choice(statuses))

    events: list[Any] = [branches.kill_one] * plan.kills
    events += [branches.forge] * plan.forgeries
    events += [book] * (plan.bookings - plan.bookings // 2)
    timed = [(begin + dice.uniform(0, plan.seconds), event) for event in events]
    for number in range(plan.restarts):
        at = plan.seconds * (number + 1) / (plan.restarts + 1)
        timed.append((begin + at, branches.restart_the_server))
    timed.append((begin + plan.seconds + 3.0, lambda: None))
    return sorted(timed, key=lambda one: one[0])


def _check(
    rows: list[BookingRow], services: PracticeServices, branches: Branches, *, interruptions: int
) -> Outcome:
    assert services.duplicates() == [], "a visit is there twice"
    live = [row for row in rows if row.libcal_state is LibCalState.LIVE and row.destination]
    unclear = [row for row in rows if row.passagepoint is PassState.UNCLEAR]
    registered = [row for row in rows if row.group is Group.REGISTERED]
    forgotten = [row for row in live if row not in unclear and row not in registered]
    assert forgotten == [], "neither registered nor unclear"
    made = {visit.visit_id for visit in services.visits}
    known = {row.prereg_id for row in registered if row.prereg_id}
    said = [row for row in registered if row.prereg_id is None]
    assert known <= made, "a visit is noted that was never made"
    assert len(made - known) <= len(unclear) + len(said), "a visit was lost"
    assert len(unclear) + len(said) <= len(rows)
    most = most_within(SPAN, [call.at for call in services.calls if call.name == "user"])
    assert most <= PACE * (SPAN + LATE).total_seconds(), f"{most} calls of Alma in {SPAN}"
    return Outcome(len(made), len(unclear), branches.waited())


def most_within(span: timedelta, moments: list[datetime]) -> int:
    """The most of these that any ``span`` has."""
    moments = sorted(moments)
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= span:
            first += 1
        most = max(most, last - first + 1)
    return most


def _secrets(services: PracticeServices) -> list[tuple[str, str, str]]:
    config, store = services.config(), services.store()
    credentials = Credentials(config, store)
    entries = [credentials.entry("LibCal"), credentials.entry("PassagePoint")]
    entries += [credentials.entry("Alma", zone) for zone in config.alma.zones]
    return [(*entry, store.get(*entry) or "") for entry in entries]


def _name(number: int) -> str:
    return f"computer-{number}"
