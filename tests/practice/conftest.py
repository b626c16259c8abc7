"""Practice services around noon of a made-up day, and a client for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.practice.day import PracticeDay, make_day
from core.practice.services import PracticeServices
from tests.builders import NOON, ZONE, FakeClock
from tests.practice.client import Client


@pytest.fixture(scope="session")
def day() -> PracticeDay:
    return make_day(NOON, ZONE)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def services(day: PracticeDay, clock: FakeClock) -> Iterator[PracticeServices]:
    with PracticeServices(day, clock=clock) as services:
        yield services


@pytest.fixture
def client(services: PracticeServices) -> Iterator[Client]:
    client = Client(services)
    yield client
    client.close()
