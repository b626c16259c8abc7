"""The cache in one SQLite file: what the program has to remember between two passes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core.cache import faults
from core.cache.base import Cache
from core.cache.database import first_text
from core.cache.ledger_note import LedgerNote
from core.cache.opening import open_database
from core.cache.schema import copies_of, version_of
from core.cache.sqlite_database import SQLiteDatabase
from core.cache.writer_lock import Holder, WriterLock, holder_of, want
from core.computer.identity import account, computer
from core.domain.clock import Clock, SystemClock

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


class SQLiteCache(Cache):
    """Opens ``path``, or makes it. Born, used and closed in one thread.

    ``writer`` is the lock on it, claimed before; ``note`` is where this computer notes how much
    the ledger knew, by default nowhere. Every change is kept at once, unless it is inside
    ``with cache.transaction():``. Raises subclasses of ``CacheError``, here and in every method.
    """

    database: SQLiteDatabase

    def __init__(
        self,
        path: str | Path = "cache.db",
        *,
        clock: Clock | None = None,
        note: LedgerNote | None = None,
        read_only: bool = False,
        writer: WriterLock | None = None,
    ) -> None:
        self.path = Path(path)
        self._lock_file = lock_of(self.path)
        self._writer = writer
        self._version = ""
        try:
            self.database = open_database(
                self.path,
                read_only=read_only,
                claim=lambda: self.claim_writer(account(), computer()),
            )
        except BaseException:
            self._let_go()
            raise
        super().__init__(
            self.database,
            SQLiteEraser(self.database),
            clock=clock or SystemClock(),
            note=note,
        )

    def facts(self) -> tuple[int, dict[str, int]]:
        tables = self.database.all(first_text, _TABLES)
        return version_of(self.database), self._rows_in(tables)

    def claim_writer(self, who: str, computer: str) -> None:
        self._writer = self._writer or WriterLock(self._lock_file, who=who, computer=computer)

    def writer(self) -> Holder | None:
        """Who writes to this cache now, or did last."""
        return holder_of(self._lock_file)

    def want(self, who: str, computer: str) -> None:
        """Ask whoever writes to this cache to let go of it."""
        want(self._lock_file, who=who, computer=computer)

    def is_wanted(self) -> bool:
        return self._writer is not None and self._writer.is_wanted()

    def has_news(self) -> bool:
        """Whether others changed anything since this was last asked."""
        before = self._version
        self._version = self.database.one(first_text, "PRAGMA data_version") or ""
        return before != self._version

    def close(self) -> None:
        self.database.close()
        self._let_go()

    def _let_go(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


def lock_of(path: Path) -> Path:
    """The file that whoever writes to the cache at ``path`` locks."""
    return path.with_name(f"{path.name}.lock")


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
