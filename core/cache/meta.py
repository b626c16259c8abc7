"""Single values under a name."""

from __future__ import annotations

from core.cache.database import Database


class MetaStore:
    """What fits in no table of its own: the ledger's id and counter, a key, a day."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> str | None:
        """What was kept under ``name``."""
        sql = "SELECT value FROM meta WHERE name = :name"
        return self._db.one(lambda row: str(row["value"]), sql, name=name)

    def set(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO meta (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=name,
            value=value,
        )
