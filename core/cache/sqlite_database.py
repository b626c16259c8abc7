"""The door to one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from core.cache import faults
from core.cache.database import Row
from core.cache.values import stored

T = TypeVar("T")
BUSY_SECONDS = 2.0


class SQLiteDatabase:
    """A connection; see ``Database`` for what its methods promise.

    Born, used and closed in one thread.
    """

    def __init__(self, path: Path, *, mode: str = "rw") -> None:
        self.path = path
        self.statements = 0
        with self._translating():
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
            )

    def execute(self, sql: str, /, **values: object) -> int:
        with self._translating():
            cursor = self._run(sql, values)
            cursor.fetchall()
            return cursor.rowcount

    def each(self, sql: str, rows: Iterable[Mapping[str, object]], /) -> None:
        with self._translating(), self.transaction():
            self.statements += 1
            self._connection.executemany(sql, [_stored_all(row) for row in rows])

    def all(self, make: Callable[[Row], T], sql: str, /, **values: object) -> list[T]:
        with self._translating():
            cursor = self._run(sql, values)
            names = [column[0] for column in cursor.description]
            try:
                return [make(dict(zip(names, row, strict=True))) for row in cursor]
            except (ValueError, KeyError) as error:  # the name of a column may be damaged, too
                raise faults.damaged(self.path) from error

    def one(self, make: Callable[[Row], T], sql: str, /, **values: object) -> T | None:
        return next(iter(self.all(make, sql, **values)), None)

    def listed(self, name: str) -> str:
        return f"(SELECT value FROM json_each(:{name}))"

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def copy_to(self, path: Path) -> None:
        """Copy all of it, the part in the WAL too, over the database at ``path``."""
        copy = SQLiteDatabase(path)
        try:
            with self._translating():
                self._connection.backup(copy._connection)
        finally:
            copy.close()

    def close(self) -> None:
        """Close the connection; once more does nothing."""
        with self._translating():
            self._connection.close()

    def _run(self, sql: str, values: Mapping[str, object]) -> sqlite3.Cursor:
        self.statements += 1
        return self._connection.execute(sql, _stored_all(values))

    def _roll_back(self) -> None:
        # A full disk makes SQLite roll back by itself.
        with self._translating():
            if self._connection.in_transaction:
                self._connection.rollback()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise faults.translated(error, self.path) from error


def _stored_all(values: Mapping[str, object]) -> dict[str, str | int | float | None]:
    return {name: stored(value) for name, value in values.items()}
