"""A cache moves between SQLite and PostgreSQL, whole or not at all."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import core.sharing.move_cache
from core.cache.base import Cache
from core.cache.database import Database
from core.cache.postgres import schema as postgres_schema
from core.cache.postgres.cache import PostgresCache
from core.cache.sqlite_cache import SQLiteCache
from core.domain.errors import CacheError, CacheLocked, UsageError
from core.domain.models import Decision, DeskRequest, HistoryEntry, Visitor
from core.domain.status import Action
from core.settings.credentials import MemoryStore
from core.sharing.move_cache import _TABLES, move_cache
from tests.builders import NOON, FakeClock, a_booking, a_note, a_patron, a_send

STORE = MemoryStore()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A cache with something in every table."""
    path = tmp_path / "cache.db"
    with SQLiteCache(path, clock=FakeClock()) as cache:
        _fill(cache)
    return path


def _fill(cache: Cache) -> None:
    for number in range(30):
        row = cache.bookings.add(a_booking(f"cs_{number}"), first_seen_at=NOON)
        cache.ledger.record(a_send(row.row_id, send_id=f"s{number}"))
        cache.decisions.add(Decision(f"d{number}", row.row_id, Action.LEAVE, NOON, "jo"))
        cache.log.add(HistoryEntry(NOON, f"{number}", row_id=row.row_id))
        cache.requests.store(DeskRequest(f"q{number}", Action.LEAVE, row.row_id, "jo", NOON))
    cache.people.remember(a_patron())
    cache.people.remember_visitor(Visitor("G1", "b1", "v1"))
    cache.services.refuse("LibCal", "mark", "refused")
    cache.database.execute("DELETE FROM appts WHERE send_id = 's7'")


def _content(cache: Cache) -> dict[str, list[dict[str, object]]]:
    """Everything but the numbers, in the order of arrival."""
    content = {}
    for table in _TABLES:
        order = "position" if table in ("appts", "decisions", "requests", "log") else "1"
        rows = cache.database.all(dict, f"SELECT * FROM {table} ORDER BY {order}")
        content[table] = [{k: v for k, v in row.items() if k != "position"} for row in rows]
    content["meta"] = [row for row in content["meta"] if row["name"] != "schema_version"]
    return content


def _shared(url: str, folder: Path) -> PostgresCache:
    return PostgresCache(url, note=a_note(folder))


def test_there_and_back_is_the_same(file: Path, url: str, tmp_path: Path) -> None:
    counts = move_cache(str(file), url, STORE)
    back = tmp_path / "back.db"
    assert move_cache(url, str(back), STORE) == counts
    assert (counts["bookings"], counts["appts"], counts["log"]) == (30, 29, 30)
    with SQLiteCache(file) as old, SQLiteCache(back) as new, _shared(url, tmp_path) as shared:
        assert _content(old) == _content(new) == _content(shared)


def test_the_source_stays_as_it_was(file: Path, url: str) -> None:
    before = file.read_bytes()
    move_cache(str(file), url, STORE)
    assert file.read_bytes() == before


def test_where_not_everything_arrives_nothing_is_kept(
    file: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = core.sharing.move_cache._copy_table

    def lose_one(old: Database, new: Database, table: str) -> int:
        count = copy(old, new, table)
        if table == "log":
            new.execute("DELETE FROM log WHERE text = '7'")
        return count

    monkeypatch.setattr(core.sharing.move_cache, "_copy_table", lose_one)
    with pytest.raises(CacheError, match="Not everything arrived"):
        move_cache(str(file), url, STORE)
    with _shared(url, tmp_path) as cache:
        assert cache.bookings.between(NOON, NOON + timedelta(days=1)) == []
        assert cache.ledger.position().number == 0


def test_what_comes_after_the_move_is_numbered_after_it(
    file: Path, url: str, tmp_path: Path
) -> None:
    move_cache(str(file), url, STORE)
    with _shared(url, tmp_path) as cache:
        cache.log.add(HistoryEntry(NOON, "the newest"))
        assert cache.log.latest(1)[0].text == "the newest"


def test_a_target_with_something_in_it_is_left_alone(file: Path, url: str, tmp_path: Path) -> None:
    with _shared(url, tmp_path) as cache:
        row = cache.bookings.add(a_booking(), first_seen_at=NOON)
    with pytest.raises(CacheError, match="isn't empty"):
        move_cache(str(file), url, STORE)
    with _shared(url, tmp_path) as cache:
        assert cache.bookings.get(row.row_id) == row
        assert cache.ledger.position().number == 0


@pytest.mark.parametrize("end", ["source", "target"])
def test_nobody_may_work_with_either_meanwhile(
    file: Path, url: str, tmp_path: Path, end: str
) -> None:
    with closing(SQLiteCache(file) if end == "source" else _shared(url, tmp_path)) as cache:
        cache.claim_writer("jo", "desk")
        with pytest.raises(CacheLocked):
            move_cache(str(file), url, STORE)


def test_a_registrar_on_the_source_is_told(file: Path, url: str, tmp_path: Path) -> None:
    with _shared(url, tmp_path) as cache:
        cache.claim_writer("jo", "desk 1")
        with pytest.raises(CacheLocked, match="jo at desk 1"):
            move_cache(url, str(tmp_path / "new.db"), STORE)


def test_a_cache_is_not_moved_onto_itself(file: Path) -> None:
    with pytest.raises(UsageError):
        move_cache(str(file), str(file), STORE)


def test_a_source_that_is_not_there_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError):
        move_cache(str(tmp_path / "none.db"), url, STORE)
    assert not (tmp_path / "none.db").exists()


def test_an_older_database_is_brought_up_only_when_asked(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = ("ALTER TABLE log ADD COLUMN colour TEXT",)
    steps = (*postgres_schema.MIGRATIONS, step)
    monkeypatch.setattr(postgres_schema, "MIGRATIONS", steps)
    monkeypatch.setattr("core.cache.postgres.opening.MIGRATIONS", steps)
    with pytest.raises(CacheError, match="older version"):
        _shared(url, tmp_path)
    assert move_cache(url, url, STORE) == {}
    with _shared(url, tmp_path) as cache:
        assert cache.facts()[0] == len(steps)
        cache.database.execute("SELECT colour FROM log")
