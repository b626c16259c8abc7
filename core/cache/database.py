"""The one door between the stores and a database, and what the stores have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = Mapping[str, Any]  # what a column holds is known by the table only


class Database(Protocol):
    """Runs statements whose parameters are written ``:name``.

    Values are converted by ``values.stored``. Every method raises ``CacheError`` and its
    subclasses where the world fails, and no driver's own exception.
    """

    statements: int
    """How many were run so far."""

    def execute(self, sql: str, /, **values: object) -> int:
        """Run one statement; the number of rows it changed."""

    def each(self, sql: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run one statement for every row of values, in one go."""

    def all(self, make: Callable[[Row], T], sql: str, /, **values: object) -> list[T]:
        """What ``make`` makes of each row. A ValueError of it means a damaged database."""

    def one(self, make: Callable[[Row], T], sql: str, /, **values: object) -> T | None:
        """What ``make`` makes of the first row; None where there is none."""

    def listed(self, name: str) -> str:
        """SQL for ``IN``: the members of the list that is given as ``name``.

        A list as one parameter: as many parameters as members would meet a limit.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, kept at the end; one inside another is part of the outer one."""


class Store:
    """Some of the tables, behind the one door."""

    def __init__(self, database: Database) -> None:
        self._db = database


class MetaStore(Store):
    """What fits in no table of its own: the ledger's id and counter, a key, a day."""

    def get(self, name: str) -> str | None:
        """What was kept under ``name``."""
        sql = "SELECT value FROM meta WHERE name = :name"
        return self._db.one(lambda row: str(row["value"]), sql, name=name)

    def set(self, name: str, value: str) -> None:
        self._db.execute(
            insert_into("meta", ("name", "value")) + on_conflict_update("name", ("value",)),
            name=name,
            value=value,
        )


# The one order of what happened to bookings: sends and decisions, by their place in the ledger. A
# clock can be wrong, and be put right in between.
NEXT_EVENT = (
    "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM (SELECT MAX(sequence) AS sequence FROM appts"
    " UNION ALL SELECT MAX(sequence) FROM decisions) AS events)"
)
"""SQL for the number of the event that is being stored; one process stores at a time."""
EVENTS_BY_CLOCK = (
    "SELECT id, ROW_NUMBER() OVER (ORDER BY at, kind, position) AS number FROM ("
    "SELECT send_id AS id, COALESCE(intended_at, settled_at, '') AS at, 0 AS kind, position"
    " FROM appts UNION ALL SELECT decision_id, at, 1, position FROM decisions) AS events"
)
"""SQL for the order of what was stored before events were numbered."""


def first_text(row: Row) -> str:
    """What stands in the first column, often the only one."""
    return str(next(iter(row.values())))


def count_of(database: Database, what: str, **values: object) -> int:
    """How many rows ``what`` has: a table, perhaps with a condition."""
    sql = f"SELECT COUNT(*) AS number FROM {what}"
    return database.one(lambda row: int(row["number"]), sql, **values) or 0


def insert_into(table: str, columns: Iterable[str], **expressions: str) -> str:
    """An ``INSERT`` with a parameter for each column; others get what SQL makes of them."""
    values = {name: f":{name}" for name in columns} | expressions
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def on_conflict_update(key: str, columns: Iterable[str]) -> str:
    """The end of an ``INSERT`` that overwrites ``columns`` where ``key`` is there already."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    return f" ON CONFLICT ({key}) DO UPDATE SET {changes}"


def values_of(model: object, columns: Iterable[str]) -> dict[str, object]:
    """The fields of ``model`` that have a column of the same name."""
    return {name: getattr(model, name) for name in columns}
