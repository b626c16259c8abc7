"""Reads the replaced script's cache.db and never changes it (docs/replaced-script.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.cache.database import first_text
from core.cache.opening import is_old_cache
from core.cache.sqlite_database import SQLiteDatabase

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class OldCache:
    """What the script remembered."""

    users: tuple[Record, ...]
    """``primary_id``, ``barcode``, ``visitor_id`` of each person."""
    appts: tuple[Record, ...]
    """``appt_id`` and ``prereg_id``: the script emptied these each midnight, and kept no times."""
    changed_at: datetime
    """When the file was changed last: its ``appts`` are of that day."""


def read_old_cache(path: Path) -> OldCache:
    """What is in the script's file at ``path``.

    Raises:
        CacheError: it can't be read.
        LookupError: it isn't the script's.
    """
    database = SQLiteDatabase(path, mode="ro")
    try:
        names = database.all(first_text, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if not is_old_cache(frozenset(names)):
            raise LookupError("not the replaced script's cache")
        users = database.all(dict, "SELECT primary_id, barcode, visitor_id FROM users")
        appts = database.all(dict, "SELECT appt_id, prereg_id FROM appts")
    finally:
        database.close()
    whole_users = tuple(user for user in users if user["primary_id"] and user["barcode"])
    whole_appts = tuple(appt for appt in appts if appt["appt_id"])
    return OldCache(whole_users, whole_appts, _changed_at(path))


def _changed_at(path: Path) -> datetime:
    """The newest of the file and its log: in WAL mode the file itself changes later."""
    files = (path, path.with_name(f"{path.name}-wal"))
    newest = max(one.stat().st_mtime for one in files if one.exists())
    return datetime.fromtimestamp(newest, UTC)
