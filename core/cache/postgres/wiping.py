"""Makes sure that what was deleted is in none of the tables' files any more."""

from __future__ import annotations

from datetime import datetime

from core.cache.postgres.database import PostgresDatabase

_TABLES = "bookings, patrons, users, appts, decisions, requests, log, forgotten, inquiries"


class PostgresEraser:
    """PostgreSQL leaves deleted rows in its files until their room is needed.

    Its write-ahead log and the backups are the server's: they end as IT has set it up there.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._db = database

    def wipe(self) -> None:
        """Rewrite the tables. Raises CacheLocked where somebody just uses one."""
        self._db.execute(f"VACUUM (FULL) {_TABLES}")

    def delete_copies(self, *, before: datetime | None) -> None:
        """The program makes no copies of a shared database: backups are the server's."""
