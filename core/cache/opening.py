"""Opens a SQLite file, or says in one sentence why it can't be used. It never deletes one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from core.cache import faults
from core.cache.database import first_text
from core.cache.places import refuse_network_drive
from core.cache.schema import APPLICATION_ID, MIGRATIONS, migrate, version_of
from core.cache.sqlite_database import SQLiteDatabase
from core.computer import paths
from core.domain.errors import CacheError, CacheForeign, CacheMisplaced, CacheNewer, CacheReadOnly

_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)
_OLD_TABLES = frozenset({"users", "appts"})


def open_database(
    path: Path,
    *,
    read_only: bool = False,
    claim: Callable[[], object] = lambda: None,
) -> SQLiteDatabase:
    """Open ``path``, make it where it isn't there, and bring it to the newest version.

    ``claim`` is called before what is in it is copied and changed: only its writer may do that.

    Raises:
        CacheMisplaced: it lies on a network drive.
        CacheForeign, CacheNewer, CacheDamaged: what is there can't be used.
        CacheLocked, CacheReadOnly, CacheFull: it can't be used now.
    """
    refuse_network_drive(path)
    _make_or_find(path, read_only=read_only)
    _refuse_foreign(path)
    database = SQLiteDatabase(path, mode="ro" if read_only else "rw")
    try:
        _set_up(database)
        version = _version(database)
        if not read_only:
            if 0 < version < len(MIGRATIONS):
                claim()
            migrate(database, version)
            _use_wal(database)
        elif version < len(MIGRATIONS):
            raise _not_brought_up(path)
    except BaseException:
        database.close()
        raise
    return database


def _make_or_find(path: Path, *, read_only: bool) -> None:
    try:
        if path.is_dir():
            raise faults.foreign(path, "is a folder")
        if not read_only:
            _make(path)
        elif not path.exists():
            raise CacheError(f"There is no cache {path} yet.", "Start the program once to make it.")
    except OSError as error:
        raise faults.translated_os(error, path) from error


def _make(path: Path) -> None:
    paths.make_private(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    # SQLite gives -wal and -shm the database's mode, but those of a crash may be older than it.
    for one in (path, *(path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))):
        with contextlib.suppress(FileNotFoundError):
            paths.restrict(one)


def _refuse_foreign(path: Path) -> None:
    """Look at the file's first bytes before SQLite touches it.

    Even opening another program's database can change it: SQLite empties its WAL on closing.
    """
    try:
        with path.open("rb") as file:
            start = file.read(100)
    except OSError as error:
        raise faults.translated_os(error, path) from error
    is_ours = start[_APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")
    if start and not start.startswith(_MAGIC):
        raise faults.damaged(path) if is_ours else faults.foreign(path, "is not a database")
    if not start or is_ours:
        return
    tables = _tables(path)
    if is_old_cache(tables):
        raise CacheForeign(
            f"The file {path} is the cache of the script that this program replaces.",
            "The set-up can take it over; give another file as Cache: path in the settings.",
        )
    if tables or any(start[_APPLICATION_ID_AT]):
        raise faults.foreign(path, "belongs to another program")


def is_old_cache(tables: frozenset[str]) -> bool:
    """Whether these are the replaced script's tables (docs/replaced-script.md)."""
    return tables == _OLD_TABLES


def _tables(path: Path) -> frozenset[str]:
    database = SQLiteDatabase(path, mode="ro&immutable=1")
    try:
        return frozenset(
            database.all(first_text, "SELECT name FROM sqlite_master WHERE type = 'table'")
        )
    finally:
        database.close()


def _set_up(database: SQLiteDatabase) -> None:
    for setting in (
        "foreign_keys = ON",
        "synchronous = FULL",
        "secure_delete = ON",
        "temp_store = MEMORY",  # no copy of VACUUM in a temporary file
    ):
        database.execute(f"PRAGMA {setting}")
    # Without an error this answers one row, "ok"; a few milliseconds for a usual cache.
    if database.all(first_text, "PRAGMA quick_check(1)") != ["ok"]:
        raise faults.damaged(database.path)


def _version(database: SQLiteDatabase) -> int:
    version = version_of(database)
    if version > len(MIGRATIONS):
        raise CacheNewer(
            f"A newer version of this program wrote the cache {database.path}.",
            "Install the newest version on this computer.",
        )
    return version


def _use_wal(database: SQLiteDatabase) -> None:
    if database.all(first_text, "PRAGMA journal_mode = WAL") != ["wal"]:
        raise CacheMisplaced(
            f"The cache {database.path} lies on a drive that can't keep it safe.",
            "Choose a folder on this computer's own disk.",
        )


def _not_brought_up(path: Path) -> CacheReadOnly:
    return CacheReadOnly(
        f"The cache {path} was written by an older version of this program.",
        "Start this version once where it may write to the cache.",
    )
