"""Copies a cache between SQLite and PostgreSQL; the source stays as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from core.cache.base import Cache
from core.cache.database import Database, count_of, insert_into
from core.cache.own_cache import cache_file, carry_note, left_behind
from core.cache.postgres.cache import PostgresCache
from core.cache.postgres.opening import conninfo_of, migrate_database
from core.cache.postgres.schema import VERSION
from core.cache.sqlite_cache import SQLiteCache
from core.domain.errors import CacheError, UsageError
from core.settings.config import Config
from core.settings.credentials import CredentialStore, MemoryStore, address_of
from core.sharing.settings import SETTINGS

# What refers to another table comes after it.
_TABLES = (
    "meta",
    "counted",
    "bookings",
    "locations",
    "patrons",
    "users",
    "appts",
    "decisions",
    "requests",
    "services",
    "refusals",
    "gate",
    "log",
    "forgotten",
    "ticked_off",
    "withdrawals",
    "let_in",
    "ended_unseen",
    "alerts",
)
_NUMBERED = frozenset({"appts", "decisions", "requests", "log", "let_in"})
"""In the order of arrival; the new database numbers them anew."""
_OF_THE_DATABASE = (VERSION, SETTINGS)
"""What a shared database notes in ``meta`` about itself."""


def move_cache(
    source: str, target: str, store: CredentialStore, ca_bundle: Path | None = None
) -> dict[str, int]:
    """Copy everything from one cache into another, empty one; how many rows of each table.

    Both are a file or a ``postgresql://`` address, whose password is in ``store``. All of it is
    copied or nothing. An address given twice is brought to this program's version in its place.

    Raises:
        UsageError: both are the same file.
        CacheLocked: the program works with one of them.
        CacheError: one can't be used, the target isn't empty, or the counts differ.
    """
    if source == target and _is_address(source):
        migrate_database(conninfo_of(source, _password(source, store), ca_bundle))
        return {}
    if Path(source).absolute() == Path(target).absolute():
        raise UsageError("Both are the same cache.", "Say from where to where.")
    if not _is_address(source) and not Path(source).is_file():
        raise UsageError(f"There is no cache {source}.", "Say from where to where.")

    def opened(place: str, *, read_only: bool) -> Cache:
        if not _is_address(place):
            return SQLiteCache(place, read_only=read_only)
        password = _password(place, store)
        return PostgresCache(place, password=password, ca_bundle=ca_bundle, read_only=read_only)

    with closing(opened(source, read_only=True)) as old:
        old.claim_writer("--move-cache", "this computer")
        with closing(opened(target, read_only=False)) as new:
            new.claim_writer("--move-cache", "this computer")
            return _copy(old.database, new.database)


def share_own_cache(config: Config) -> None:
    """This account's cache of before becomes the one that all accounts of this computer share.

    Raises:
        CacheLocked, CacheError: as ``move_cache``.
    """
    own = left_behind(config)
    if own is not None:
        move_cache(str(own), str(cache_file(config)), MemoryStore())  # files have no password
        carry_note(config)


def _copy(old: Database, new: Database) -> dict[str, int]:
    with old.transaction(), new.transaction():
        if any(count_of(new, table) for table in _TABLES if table != "meta"):
            raise CacheError(
                "The new cache isn't empty, so nothing was copied into it.",
                "Name a file that isn't there yet, or an empty database.",
            )
        new.execute(f"DELETE FROM meta WHERE name <> '{VERSION}'")
        copied = {table: _copy_table(old, new, table) for table in _TABLES}
        kept = count_of(new, f"meta WHERE name <> '{VERSION}'")
        if {table: count_of(new, table) for table in _TABLES} | {"meta": kept} != copied:
            raise CacheError(
                "Not everything arrived in the new cache, so nothing of it was kept.",
                "The old one is as it was. Try again; if it stays, tell IT.",
            )
    return copied


def _copy_table(old: Database, new: Database, table: str) -> int:
    order = " ORDER BY position" if table in _NUMBERED else ""
    rows = old.all(dict, f"SELECT * FROM {table}{order}")
    if table == "meta":
        rows = [row for row in rows if row["name"] not in _OF_THE_DATABASE]
    for row in rows:
        row.pop("position", None)
    if rows:
        new.each(insert_into(table, rows[0]), rows)
    return len(rows)


def _is_address(place: str) -> bool:
    return place.startswith(("postgresql://", "postgres://"))


def _password(url: str, store: CredentialStore) -> str | None:
    parts = urlsplit(url)
    if parts.hostname is None or parts.username is None:
        return None
    return store.get(address_of(url), parts.username)
