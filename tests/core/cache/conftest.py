"""A cache of its own for each test, in each database that there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cache.base import Cache
from core.postgres_cache import PostgresCache
from core.sqlite_cache import SQLiteCache
from tests.builders import FakeClock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The contract holds for every database; what looks at the file is SQLite's alone."""
    if "database_kind" in metafunc.fixturenames:
        is_about_the_file = "path" in metafunc.fixturenames
        kinds = ["sqlite"] if is_about_the_file else ["sqlite", "postgres"]
        metafunc.parametrize("database_kind", kinds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


@pytest.fixture
def cache(
    database_kind: str, tmp_path: Path, clock: FakeClock, request: pytest.FixtureRequest
) -> Iterator[Cache]:
    with _open(database_kind, tmp_path, clock, request) as cache:
        yield cache


def _open(
    database_kind: str, folder: Path, clock: FakeClock, request: pytest.FixtureRequest
) -> Cache:
    if database_kind == "sqlite":
        return SQLiteCache(folder / "cache.db", clock=clock)
    url = request.getfixturevalue("url")
    return PostgresCache(url, clock=clock, marker=folder / "marker.json")
