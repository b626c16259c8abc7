"""A cache of its own for each test, in each database that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.cache.base import Cache
from core.cache.postgres.cache import PostgresCache
from core.cache.sqlite_cache import SQLiteCache
from tests.builders import FakeClock, a_note

Another = Callable[..., Cache]


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
def another(
    database_kind: str, tmp_path: Path, clock: FakeClock, request: pytest.FixtureRequest
) -> Another:
    """Opens the test's cache once more, as another program does; whoever calls it closes it."""

    def make(**options: Any) -> Cache:
        if database_kind == "sqlite":
            return SQLiteCache(tmp_path / "cache.db", clock=clock, **options)
        url = request.getfixturevalue("url")
        return PostgresCache(url, clock=clock, note=a_note(tmp_path), **options)

    return make


@pytest.fixture
def cache(another: Another) -> Iterator[Cache]:
    with another() as cache:
        yield cache
