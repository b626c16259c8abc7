"""What PostgreSQL reports, as what the desk reads: real causes where they can be made."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from core.cache.postgres import database as postgres_database
from core.cache.postgres import faults as postgres_faults
from core.cache.postgres.cache import PostgresCache
from core.domain.errors import CacheAway, CacheDamaged, CacheFull, CacheLocked
from tests.builders import NOON, FakeClock, a_booking, a_note


@pytest.fixture
def cache(url: str, tmp_path: Path) -> Iterator[PostgresCache]:
    with PostgresCache(url, clock=FakeClock(), note=a_note(tmp_path)) as cache:
        yield cache


def test_a_table_that_somebody_locks_is_told_and_not_waited_for(
    cache: PostgresCache, url: str
) -> None:
    cache.database.execute("SET lock_timeout = '50ms'")
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE bookings")
        with pytest.raises(CacheLocked):
            cache.bookings.add(a_booking(), first_seen_at=NOON)


def test_a_connection_that_the_server_ends_means_away(cache: PostgresCache, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(CacheAway):
        cache.meta.get("anything")


def test_a_server_that_hangs_means_away(
    cache: PostgresCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_database, "_LONGEST_ANSWER", 0.2)
    pid = cache.database.one(lambda row: int(row["pid"]), "SELECT pg_backend_pid() AS pid")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(2):
            with pytest.raises(CacheAway):
                cache.meta.get("anything")
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_row_that_cant_be_read_as_it_was_written_stops_no_other(cache: PostgresCache) -> None:
    damaged = cache.bookings.add(a_booking("cs_1"), first_seen_at=NOON)
    good = cache.bookings.add(a_booking("cs_2"), first_seen_at=NOON)
    cache.database.execute(
        "UPDATE bookings SET starts_at = 'yesterday' WHERE row_id = :row_id", row_id=damaged.row_id
    )
    both = [damaged.row_id, good.row_id]
    assert [one.row_id for one in cache.bookings.of_rows(both)] == [good.row_id]
    assert cache.bookings.damaged.without_start(["cs_1", "cs_2"]) == {"cs_1": [damaged.row_id]}
    cache.bookings.damaged.put_right(damaged.row_id, damaged.booking, NOON)
    assert cache.bookings.get(damaged.row_id) == damaged


def test_a_missing_column_is_damage(cache: PostgresCache) -> None:
    cache.database.execute("ALTER TABLE log DROP COLUMN who")
    with pytest.raises(CacheDamaged):
        cache.database.all(dict, "SELECT who FROM log")


def test_our_own_bug_is_none_of_the_worlds_failures_and_quotes_nobody(
    cache: PostgresCache,
) -> None:
    insert = "INSERT INTO refusals VALUES (:name, 'mark', 'Priya Patel')"
    cache.database.execute(insert, name="LibCal")
    with pytest.raises(RuntimeError) as caught:
        cache.database.execute(insert, name="LibCal")
    assert "duplicate key" in str(caught.value)
    assert "Patel" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.DiskFull(), CacheFull),
        (errors.DeadlockDetected(), CacheLocked),
        (errors.QueryCanceled(), CacheLocked),
        (errors.CannotConnectNow(), CacheAway),
        (errors.AdminShutdown(), CacheAway),
    ],
)
def test_what_cant_be_made_here_has_its_sentence_too(
    error: psycopg.Error, expected: type[Exception]
) -> None:
    told = postgres_faults.translated(error)
    assert type(told) is expected
    assert str(told).endswith(".")
