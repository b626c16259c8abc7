"""Makes sure that what was deleted is in none of SQLite's files any more."""

from __future__ import annotations

from datetime import datetime

from core.cache import faults
from core.cache.schema import copies_of
from core.cache.sqlite_database import SQLiteDatabase


class SQLiteEraser:
    """Reaches what a ``DELETE`` leaves in the file, in the WAL and in the program's own copies."""

    def __init__(self, database: SQLiteDatabase) -> None:
        self._db = database

    def wipe(self) -> None:
        """Rewrite the file and empty the WAL.

        ``secure_delete`` blanks a deleted row, but not the older copies that SQLite leaves in
        the gaps of a page when it moves rows about; only VACUUM reaches those.

        Raises:
            CacheLocked: somebody is just reading; a later call does it.
        """
        self._db.execute("VACUUM")
        if self._db.one(lambda row: bool(row["busy"]), "PRAGMA wal_checkpoint(TRUNCATE)"):
            raise faults.locked(self._db.path)

    def delete_copies(self, *, before: datetime | None) -> None:
        """Delete the copies made before a schema change; None: all of them."""
        for copy in copies_of(self._db.path):
            try:
                if before is None or copy.stat().st_mtime < before.timestamp():
                    copy.unlink()
            except OSError as error:
                raise faults.translated_os(error, copy) from error
