"""One server for the whole test run, and a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from core.cache.postgres.cache import PostgresCache
from tests.builders import a_note
from tests.postgres.cluster import Cluster, find_programs, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    with running_cluster(programs) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def with_tables(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that has the tables: copying it is quicker than making them."""
    url = cluster.make_database()
    PostgresCache(url, note=a_note(tmp_path_factory.mktemp("note"))).close()
    return urlsplit(url).path.strip("/")


@pytest.fixture
def empty_url(cluster: Cluster) -> Iterator[str]:
    """An empty database."""
    url = cluster.make_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture
def url(cluster: Cluster, with_tables: str) -> Iterator[str]:
    """A database with tables and nothing in them."""
    url = cluster.make_database(like=with_tables)
    yield url
    cluster.drop_database(url)
