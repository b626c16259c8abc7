"""What can be wrong with a file: one clear sentence each, and nothing is deleted."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.cache import opening, places, schema
from core.cache.sqlite_cache import SQLiteCache
from core.cache.writer_lock import AnotherWrites, WriterLock
from core.domain.errors import (
    CacheDamaged,
    CacheError,
    CacheForeign,
    CacheLocked,
    CacheMisplaced,
    CacheNewer,
    CacheReadOnly,
)
from tests.builders import NOON, a_booking, a_note

PROGRAM = Path(__file__).parents[3]


@pytest.fixture
def closed(path: Path) -> Path:
    """A cache with some bookings, closed."""
    with SQLiteCache(path) as cache, cache.transaction():
        for number in range(200):
            cache.bookings.add(a_booking(f"cs_{number}"), first_seen_at=NOON)
    return path


def _opening_says(path: Path, kind: type[CacheError]) -> CacheError:
    """The error that opening raises; the file must stand as it was."""
    before = path.read_bytes()
    with pytest.raises(kind) as caught:
        SQLiteCache(path)
    assert path.read_bytes() == before
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    return caught.value


def _script(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def _change(path: Path, change: Callable[[bytearray], None]) -> None:
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)


def test_files_are_readable_by_their_owner_only(path: Path) -> None:
    with SQLiteCache(path, note=a_note(path.parent)) as cache:
        cache.claim_writer("jo", "desk-1")
        cache.known.keep()
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"cache.db", "cache.db-wal", "cache.db-shm"} < set(modes)


def test_a_file_open_to_others_is_closed_to_them(closed: Path) -> None:
    closed.chmod(0o644)
    with SQLiteCache(closed):
        assert closed.stat().st_mode & 0o777 == 0o600


def test_a_file_of_a_groups_folder_is_opened_to_the_group_with_its_wal(closed: Path) -> None:
    """One account's, from before the folder was made: another one must be able to replay it."""
    closed.parent.chmod(0o2770)
    files = [closed, closed.with_name(f"{closed.name}-wal"), closed.with_name(f"{closed.name}-shm")]
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("UPDATE meta SET value = value")
        connection.commit()
        for file in files:
            file.chmod(0o600)
        with SQLiteCache(closed):
            assert [file.stat().st_mode & 0o777 for file in files] == [0o660] * 3


def test_an_older_versions_cache_is_changed_by_its_writer_only(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (*schema.MIGRATIONS, ("CREATE TABLE later (name TEXT)",))
    for module in ("core.cache.schema", "core.cache.opening"):
        monkeypatch.setattr(f"{module}.MIGRATIONS", steps)
    lock = WriterLock(closed.with_name(f"{closed.name}.lock"), who="al", computer="desk-1")
    with closing(lock), pytest.raises(AnotherWrites):
        SQLiteCache(closed)
    assert schema.copies_of(closed) == []
    with SQLiteCache(closed) as cache:
        assert cache.writer() is not None


def test_an_empty_file_becomes_a_cache(path: Path) -> None:
    path.touch()
    with SQLiteCache(path) as cache:
        assert cache.lookup_user("G1") is None


def test_a_database_without_tables_becomes_a_cache(path: Path) -> None:
    _script(path, "CREATE TABLE one (two); DROP TABLE one;")
    with SQLiteCache(path) as cache:
        assert cache.lookup_user("G1") is None


def test_writes_survive_a_power_cut(path: Path) -> None:
    with SQLiteCache(path) as cache:
        settings = {
            name: cache.database.one(lambda row: next(iter(row.values())), f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def test_a_text_file_is_foreign(path: Path) -> None:
    path.write_text("These are my notes. " * 100)
    assert "is not a database" in str(_opening_says(path, CacheForeign))


def test_a_folder_is_foreign(tmp_path: Path) -> None:
    with pytest.raises(CacheForeign, match="is a folder"):
        SQLiteCache(tmp_path)


def test_another_programs_database_is_foreign(path: Path) -> None:
    _script(path, "CREATE TABLE songs (title)")
    assert "another program" in str(_opening_says(path, CacheForeign))


def test_a_database_that_names_another_program_is_foreign(path: Path) -> None:
    _script(path, "PRAGMA application_id = 7")
    assert "another program" in str(_opening_says(path, CacheForeign))


def test_another_programs_unfinished_wal_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE songs (title)")
        other.execute("PRAGMA wal_checkpoint")
        other.execute("INSERT INTO songs VALUES ('Blue')")
        other.commit()
        _opening_says(path, CacheForeign)
        assert other.execute("SELECT title FROM songs").fetchall() == [("Blue",)]


def test_the_replaced_scripts_cache_is_recognised(path: Path) -> None:
    _script(
        path,
        "CREATE TABLE users (primary_id text PRIMARY KEY, barcode text, visitor_id text);"
        "CREATE TABLE appts (appt_id text PRIMARY KEY, prereg_id text);",
    )
    assert "set-up can take it over" in str(_opening_says(path, CacheForeign))


def test_a_newer_versions_cache_is_told(closed: Path) -> None:
    _script(closed, "PRAGMA user_version = 999")
    _opening_says(closed, CacheNewer)


@pytest.mark.parametrize("size", [50, 2000, 4096, 10_000])
def test_a_truncated_file_is_damaged(closed: Path, size: int) -> None:
    _change(closed, lambda content: content.__delitem__(slice(size, None)))
    _opening_says(closed, CacheDamaged)


def test_a_header_that_cannot_be_read_is_damaged(closed: Path) -> None:
    _change(closed, lambda content: content.__setitem__(slice(0, 16), bytes(16)))
    _opening_says(closed, CacheDamaged)


def test_overwritten_pages_are_damaged(closed: Path) -> None:
    def overwrite(content: bytearray) -> None:
        for page in range(1, len(content) // 4096):
            content[page * 4096 : page * 4096 + 8] = b"\xff" * 8

    _change(closed, overwrite)
    _opening_says(closed, CacheDamaged)


def test_one_damaged_page_is_found_before_it_is_read(closed: Path) -> None:
    def overwrite_bookings(content: bytearray) -> None:
        page = content.index(b"cs_150") // 4096 * 4096
        content[page : page + 8] = b"\xff" * 8

    _change(closed, overwrite_bookings)
    _opening_says(closed, CacheDamaged)


def test_a_missing_table_is_damaged(closed: Path) -> None:
    _script(closed, "DROP TABLE locations")
    with SQLiteCache(closed) as cache, pytest.raises(CacheDamaged):
        cache.bookings.location_marks()


def test_text_that_is_none_is_damaged(closed: Path) -> None:
    _script(closed, "UPDATE bookings SET last_name = CAST(x'ff' AS TEXT)")
    with SQLiteCache(closed) as cache, pytest.raises(CacheDamaged):
        cache.bookings.by_book_id("cs_1")


def test_any_flipped_bit_is_read_or_told(closed: Path) -> None:
    whole = closed.read_bytes()
    for place in range(0, len(whole), len(whole) // 150):
        flipped = bytes([whole[place] ^ 0x10])
        closed.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        try:
            with SQLiteCache(closed) as cache:
                cache.bookings.by_book_id("cs_1")
        except CacheError:
            pass
        for name in ("cache.db-wal", "cache.db-shm"):
            closed.with_name(name).unlink(missing_ok=True)


def test_a_locked_file_is_told(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cache.sqlite_database.BUSY_SECONDS", 0)
    with closing(sqlite3.connect(closed, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CacheLocked):
            SQLiteCache(closed)


def test_reading_needs_a_cache_that_is_there(path: Path) -> None:
    with pytest.raises(CacheError, match="no cache"):
        SQLiteCache(path, read_only=True)
    assert not path.exists()


def test_a_network_drive_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "is_on_network", lambda path: True)
    with pytest.raises(CacheMisplaced):
        SQLiteCache(path)
    assert not path.exists()


def test_a_drive_without_wal_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"wal": "delete"}
    monkeypatch.setattr(opening, "first_text", lambda row: said.get(_one(row), _one(row)))
    with pytest.raises(CacheMisplaced):
        SQLiteCache(path)


def _one(row: dict[str, object]) -> str:
    return str(next(iter(row.values())))


def _as_nobody(path: Path, setup: Callable[[], None]) -> str:
    """What opening ``path`` says to an account without rights; root would be let through."""
    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    for folder in path.parents:
        if folder.name.startswith("pytest"):
            folder.chmod(0o755)
    path.parent.chmod(0o755)
    setup()
    program = (
        "import os, sys; from core.sqlite_cache import SQLiteCache\n"
        "from core.domain.errors import *\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: SQLiteCache(sys.argv[1])\n"
        "except CacheError as error: print(type(error).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=PROGRAM,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_file_that_cannot_be_written_is_told(closed: Path) -> None:
    assert _as_nobody(closed, lambda: closed.chmod(0o644)) == "CacheReadOnly"


def test_a_file_that_cannot_be_read_is_told(closed: Path) -> None:
    assert _as_nobody(closed, lambda: closed.chmod(0o600)) == "CacheReadOnly"


def test_a_folder_that_cannot_be_written_is_told(closed: Path) -> None:
    assert _as_nobody(closed, lambda: closed.chmod(0o666)) == "CacheReadOnly"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheReadOnly):
        SQLiteCache(tmp_path / "file" / "cache.db")
