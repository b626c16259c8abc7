"""Practice services, and a set-up in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.computer import paths
from core.practice.day import PracticeDay, make_day
from core.practice.services import PracticeServices
from core.settings.credentials import MemoryStore
from core.setup.draft import Draft
from core.setup.facade import Setup
from core.setup.secrets import SecretName
from core.setup.session_store import SessionStore
from tests.builders import NOON, ZONE, FakeClock


@dataclass
class Bench:
    """A set-up with everything it touches."""

    setup: Setup
    store: MemoryStore
    session: SessionStore
    folder: Path
    clock: FakeClock


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Nothing of this computer's own settings, cache or password store is touched."""
    for name in ("config_folder", "data_folder", "log_folder", "program_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    store, clock = MemoryStore(), FakeClock()
    session = SessionStore(store)
    return Bench(Setup(session, clock=clock), store, session, tmp_path, clock)


@pytest.fixture(scope="session")
def day() -> PracticeDay:
    return make_day(NOON, ZONE)


@pytest.fixture
def services(day: PracticeDay) -> Iterator[PracticeServices]:
    with PracticeServices(day, clock=FakeClock()) as services:
        yield services


def practice_draft(services: PracticeServices) -> Draft:
    return Draft.of(services.config())


def enter_all(setup: Setup, draft: Draft, services: PracticeServices) -> None:
    """Type every secret that the practice services want."""
    for what, secret in services.secrets():
        service, _, zone = what.partition(" ")
        setup.secrets.enter(draft, SecretName(service, zone or None), secret)
