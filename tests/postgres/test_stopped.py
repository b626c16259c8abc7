"""A registrar whose whole process stands still, and goes on later: another one has its place."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.cache.postgres.cache import PostgresCache
from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.settings.credentials import Credentials
from core.sharing.engine import SharedEngine
from tests.benchmarks.services import _early_zone
from tests.builders import a_note
from tests.postgres.branches import _secrets
from tests.postgres.cluster import Cluster
from tests.postgres.one_computer import Orders
from tests.postgres.processes import Processes

AIM = 15.0
PATIENCE = 60.0
BOOKINGS = 30


@pytest.fixture
def services() -> Iterator[PracticeServices]:
    now = datetime.now(UTC)
    with PracticeServices(make_big_day(now, _early_zone(now), 0)) as services:
        for number in range(BOOKINGS):
            services.add_booking(now + timedelta(minutes=60 + number))
        services.latency["PassagePoint"] = 0.3
        yield services


def test_a_registrar_that_stands_still_is_replaced_and_sends_nothing_when_it_goes_on(
    cluster: Cluster, services: PracticeServices, tmp_path: Path
) -> None:
    url = cluster.make_database()
    settings: dict[str, Any] = {"Cache": {"url": url}, "Alma": {"calls_per_second": 20}}
    orders = Orders(
        name="first",
        config=services.config_text(**settings, Desk={"role": "registrar"}),
        secrets=_secrets(services),
        folder=str(tmp_path),
        seed=1,
        wishes=0,
    )
    with Processes() as processes:
        processes.start(orders)
        wait_until(lambda: 2 <= len(services.visits) < BOOKINGS)
        second = an_engine(services, url, tmp_path / "second", settings)
        try:
            pid = processes.pid_of("first")
            os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            wait_until(lambda: takes_its_turn(second))
            assert time.monotonic() - began < 2 * AIM  # this computer is busy, the server's clock
            services.latency["PassagePoint"] = 0.0
            for _ in range(3):
                second.log_new_bookings()
            assert len(services.visits) >= BOOKINGS - _ON_ITS_WAY
            os.kill(pid, signal.SIGCONT)
            made = len(services.visits)
            for _ in range(6):
                second.attend()
                second.log_new_bookings()
                time.sleep(0.5)
            assert second.registers
            assert services.duplicates() == []
            assert len(services.visits) - made <= _ON_ITS_WAY
        finally:
            second.close()


_ON_ITS_WAY = 4
"""Calls side by side: those that were out when it stopped are for a person to decide."""


def takes_its_turn(engine: SharedEngine) -> bool:
    engine.attend()
    return engine.registers


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


def an_engine(
    services: PracticeServices, url: str, folder: Path, settings: dict[str, Any]
) -> SharedEngine:
    config = services.config(**settings, Desk={"role": "registrar"})
    return SharedEngine(
        config,
        credentials=Credentials(config, services.store()),
        open_cache=lambda _config, _credentials, clock: PostgresCache(
            url, clock=clock, note=a_note(folder), any_version=True
        ),
        note=folder / "settings.json",
    )
