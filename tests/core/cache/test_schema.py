"""Caches of every version open in this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.cache import schema
from core.cache.schema import MIGRATIONS, copies_of, copy_before
from core.cache.sqlite_cache import SQLiteCache
from core.domain.errors import CacheError, CacheReadOnly
from core.domain.service_status import Trouble
from core.domain.status import Source
from tests.builders import a_patron

NEWEST = len(MIGRATIONS)


def _make(path: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    """A cache as the program wrote it when ``version`` was the newest."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", MIGRATIONS[:version])
        patch.setattr("core.cache.opening.MIGRATIONS", MIGRATIONS[:version])
        with SQLiteCache(path) as cache:
            cache.add_user({"primary_id": "G1", "barcode": "b1", "visitor_id": "v1"})


def _tables(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [(version,)] = connection.execute("PRAGMA user_version")
    return int(version)


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_each_version_becomes_the_newest(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    _make(path, monkeypatch, version)
    with SQLiteCache(path) as cache:
        assert (cache.lookup_user("G1") or {})["visitor_id"] == "v1"
    with SQLiteCache(tmp_path / "new.db"):
        pass
    assert _tables(path) == _tables(tmp_path / "new.db")
    assert _version(path) == NEWEST


def test_a_copy_is_made_before_each_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(path, monkeypatch, 1)
    with SQLiteCache(path):
        pass
    copy = copy_before(path, 2)
    assert copies_of(path) == [copy_before(path, number) for number in range(2, NEWEST + 1)]
    assert copy.name == "cache.before-2.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert _version(copy) == 1
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT visitor_id FROM users").fetchall() == [("v1",)]


def test_the_copy_has_what_is_only_in_the_wal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(path, monkeypatch, 1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE users SET visitor_id = 'v2'")
        other.commit()
        with SQLiteCache(path):
            pass
    with closing(sqlite3.connect(copy_before(path, 2))) as connection:
        assert connection.execute("SELECT visitor_id FROM users").fetchall() == [("v2",)]


def test_a_new_cache_needs_no_copy(path: Path) -> None:
    with SQLiteCache(path):
        assert copies_of(path) == []


def test_a_step_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(path, monkeypatch, NEWEST)
    before = _tables(path)
    broken = (*MIGRATIONS, ("CREATE TABLE half (one)", "CREATE TABLE users (two)"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        patch.setattr("core.cache.opening.MIGRATIONS", broken)
        with pytest.raises(CacheError):
            SQLiteCache(path)
    assert (_tables(path), _version(path)) == (before, NEWEST)


def test_a_copy_that_cannot_be_made_stops_the_step(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(path, monkeypatch, 1)
    copy_before(path, 2).mkdir()
    with pytest.raises(CacheReadOnly):
        SQLiteCache(path)
    assert _version(path) == 1


def test_a_step_taken_meanwhile_is_not_taken_again(path: Path) -> None:
    with SQLiteCache(path) as cache:
        schema.migrate(cache.database, 0)
        assert schema.version_of(cache.database) == NEWEST


def test_an_older_version_cannot_be_only_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(path, monkeypatch, 1)
    with pytest.raises(CacheReadOnly, match="older version"):
        SQLiteCache(path, read_only=True)


def test_what_an_older_version_kept_is_there_and_known_people_are_asked_about_once_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(path, monkeypatch, 2)
    with closing(sqlite3.connect(path)) as old:
        old.execute(
            "INSERT INTO bookings (row_id, book_id, starts_at, ends_at, first_name, last_name,"
            " email, status, location_id, location_name, seats, first_seen_at) VALUES ('r1',"
            " 'cs_1', '2026-11-23T17:00:00.000000Z', '2026-11-23T18:00:00.000000Z', 'P', 'P', '',"
            " 'Confirmed', '1', 'Main', '[]', '2026-11-23T17:00:00.000000Z')"
        )
        old.execute(
            "INSERT INTO patrons (id_key, asked_id, state, reason, names, first_name, last_name,"
            " deleted, seen_at) VALUES ('G1', 'G1', 'found', '', '[]', '', '', 0, '')"
        )
        old.execute("UPDATE meta SET value = '41' WHERE name = 'sent_count'")
        old.commit()
    with SQLiteCache(path) as cache:
        [row] = cache.bookings.by_book_id("cs_1")
        assert row.booking.source is Source.LIBCAL
        assert cache.people.patrons()["G1"].email_hashes is None
        assert cache.ledger.position() == (41, None)
        cache.people.remember(a_patron("G1"))
        assert cache.people.patrons()["G1"].email_hashes == ()


def test_refused_credentials_of_an_older_version_stay_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(path, monkeypatch, 2)
    with closing(sqlite3.connect(path)) as old:
        old.executemany(
            "INSERT INTO services VALUES (?, 0, 'No.', '', NULL, NULL, ?, ?, 0)",
            [("PassagePoint", 1, 0), ("Alma", 0, 1), ("LibCal", 0, 0)],
        )
        old.commit()
    with SQLiteCache(path) as cache:
        kinds = {name: status.trouble for name, status in cache.services.statuses().items()}
    assert kinds == {
        "PassagePoint": Trouble.REFUSED,
        "Alma": Trouble.QUOTA_SPENT,
        "LibCal": None,
    }


def test_what_happened_before_events_were_numbered_has_the_clocks_order(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(path, monkeypatch, 2)
    with closing(sqlite3.connect(path)) as old:
        old.execute(
            "INSERT INTO bookings (row_id, book_id, starts_at, ends_at, first_name, last_name,"
            " email, status, location_id, location_name, seats, first_seen_at) VALUES ('r1',"
            " 'cs_1', '', '', '', '', '', '', '', '', '[]', '')"
        )
        for send_id, at in (("s1", "2026-11-23T12"), ("s2", "2026-11-23T14")):
            old.execute(
                "INSERT INTO appts (send_id, row_id, appt_id, state, owner, who, computer, reason,"
                " intended_at) VALUES (?, 'r1', 'cs_1', 'refused', '', '', '', '', ?)",
                (send_id, at),
            )
        old.execute(
            "INSERT INTO decisions (decision_id, row_id, action, at, who, computer, detail, seen)"
            " VALUES ('d1', 'r1', 'by_hand', '2026-11-23T13', '', '', '{}', '')"
        )
        old.commit()
    SQLiteCache(path).close()
    with closing(sqlite3.connect(path)) as now:
        events = now.execute(
            "SELECT send_id AS id, sequence FROM appts UNION ALL"
            " SELECT decision_id, sequence FROM decisions ORDER BY sequence"
        ).fetchall()
    assert events == [("s1", 1), ("d1", 2), ("s2", 3)]
