"""Several computers on one database: how long a pass takes, and how many wishes are done."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from core.cache.postgres.cache import PostgresCache
from core.domain.models import DeskRequest
from core.domain.status import Action
from core.settings.as_plain import content_of
from core.settings.config import Config
from core.sharing.engine import SharedEngine
from tests.benchmarks.program import open_cache, program_on
from tests.benchmarks.results import Measure
from tests.benchmarks.services import LATENCIES, Services, services_with
from tests.builders import a_note
from tests.postgres.cluster import Cluster, find_programs, running_cluster
from tests.postgres.one_computer import Orders
from tests.postgres.processes import Processes

COMPUTERS = (1, 2, 4, 8)
_BOOKINGS = 100
_SECONDS = 5.0
_WISHES = 150
"""Of each desk in a second: more than the registrar can do."""


def measure() -> Iterator[Measure]:
    programs = find_programs()
    if programs is None:
        print("PostgreSQL isn't installed: left out", file=sys.stderr)
        return
    with running_cluster(programs, fsync="on") as cluster:
        alone = _pass_alone()
        for count in COMPUTERS:
            shared = _pass_among(count, cluster)
            yield Measure(f"Pass of {_named(count)} ÷ on a file", shared / alone, 1.15)
        for count in COMPUTERS:
            done = _wishes_among(count, cluster)
            name = f"A desk's wish with {_named(count)}"
            yield Measure(f"{name}: {done:.0f} a second, each", 1000 / done, 50, "ms")


def _named(count: int) -> str:
    return f"{count} computer{'s' if count > 1 else ''} on one database"


def _pass_alone() -> float:
    with _slow_services() as services, tempfile.TemporaryDirectory() as folder:
        config = services.config(Alma={"calls_per_second": 20})
        with program_on(services, config, open_cache(Path(folder))) as program:
            begun = time.perf_counter()
            program.log_new_bookings()
            return time.perf_counter() - begun


def _pass_among(count: int, cluster: Cluster) -> float:
    """The registrar's pass while all the others look on."""
    with _slow_services() as services, _registrar(services, cluster) as registrar:
        with _desks(count - 1, services, registrar.config, wishes=0):
            _repeat_for(2.0, registrar.attend)  # the desks come to work first
            begun = time.perf_counter()
            report = registrar.log_new_bookings()
            seconds = time.perf_counter() - begun
        assert report.counts.registered == report.counts.total
        return seconds


def _wishes_among(count: int, cluster: Cluster) -> float:
    """How many buttons that send nothing are done in a second, whoever presses them."""
    with (
        services_with(_BOOKINGS) as services,
        _registrar(services, cluster, LibCal=_without_destinations(services)) as registrar,
        _desks(count - 1, services, registrar.config, wishes=_WISHES),
    ):
        registrar.log_new_bookings()
        work = partial(_press_all, registrar) if count == 1 else registrar.attend
        _repeat_for(2.0, work)
        before = _done(registrar.config)
        _repeat_for(_SECONDS, work)
        return (_done(registrar.config) - before) / _SECONDS


def _press_all(registrar: SharedEngine) -> None:
    """Whoever sits at the registrar itself presses one button after the other."""
    for row in registrar.rows():
        action = Action.UNDO if Action.UNDO in row.offers else Action.BY_HAND
        now = datetime.now(UTC)
        registrar.submit(DeskRequest(uuid4().hex, action, row.row_id, "jo", now, "desk"))
        registrar.carry_out()


def _repeat_for(seconds: float, work: Callable[[], object]) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        work()
        time.sleep(0.02)


def _done(config: Config) -> int:
    url = config.cache.url or ""
    with tempfile.TemporaryDirectory() as folder:
        cache = PostgresCache(url, note=a_note(Path(folder)))
        with closing(cache):
            sql = "SELECT COUNT(*) AS number FROM requests WHERE done_at IS NOT NULL"
            return cache.database.one(lambda row: int(row["number"]), sql) or 0


@contextmanager
def _slow_services() -> Iterator[Services]:
    with services_with(_BOOKINGS) as services:
        services.set_latencies(LATENCIES)
        yield services


@contextmanager
def _registrar(services: Services, cluster: Cluster, **sections: Any) -> Iterator[SharedEngine]:
    url = cluster.make_database()
    config = services.config(Alma={"calls_per_second": 20}, Cache={"url": url}, **sections)
    with tempfile.TemporaryDirectory() as folder:
        engine = SharedEngine(
            config,
            credentials=services.credentials(config),
            open_cache=lambda _config, _credentials, clock: PostgresCache(
                url, clock=clock, note=a_note(Path(folder))
            ),
            note=Path(folder) / "settings",
        )
        with closing(engine):
            yield engine


@contextmanager
def _desks(count: int, services: Services, config: Config, *, wishes: int) -> Iterator[None]:
    content = services.config(Cache={"url": config.cache.url}, Desk={"role": "desk"})
    text = yaml.safe_dump(content_of(content))
    with tempfile.TemporaryDirectory() as folder, Processes() as processes:
        for number in range(count):
            processes.start(
                Orders(
                    name=f"desk-{number}",
                    config=text,
                    secrets=[],
                    folder=folder,
                    seed=number,
                    every_seconds=1.0,
                    wishes=wishes,
                    buttons=("by_hand", "undo"),
                )
            )
        yield


def _without_destinations(services: Services) -> dict[str, Any]:
    """All of them can be noted as registered by hand."""
    locations = services.content["LibCal"]["locations"]
    return {"locations": [{**one, "destination": None} for one in locations]}
