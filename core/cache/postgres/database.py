"""The door to one PostgreSQL database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from time import monotonic
from typing import LiteralString, TypeVar

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from core.cache.database import Row
from core.cache.postgres import faults
from core.cache.values import stored

T = TypeVar("T")
_PARAMETER = re.compile(r"(?<![\w:]):(\w+)")
CHANNEL = "libcal2pp"
_LONGEST_ANSWER = 40.0
"""Seconds: the server itself gives up after 30, see ``opening``."""


class _Connection(psycopg.Connection[TupleRow]):
    """One that doesn't wait for ever on a server that hangs: it counts as away."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        limit = _LONGEST_ANSWER if timeout is None else timeout
        begun = monotonic()
        try:
            return super().wait(gen, interval, limit)
        except psycopg.Error:
            if monotonic() - begun >= limit:
                self.pgconn.finish()  # else whatever comes next would wait as long again
            raise


class PostgresDatabase:
    """A connection; see ``Database`` for what its methods promise.

    Born, used and closed in one thread. A connection that was lost is not made anew here: with
    it went the right to send, so whoever holds this has to begin again.
    """

    def __init__(self, conninfo: str) -> None:
        self.statements = 0
        self._heard = False
        try:
            self._connection = _Connection.connect(conninfo, autocommit=True)
        except psycopg.Error as error:
            raise faults.translated_opening(error) from error

    @property
    def server_version(self) -> int:
        """The server's main version, such as 15."""
        return self._connection.info.server_version // 10_000

    def execute(self, sql: str, /, **values: object) -> int:
        with self._translating():
            return self._run(sql, values).rowcount

    def each(self, sql: str, rows: Iterable[Mapping[str, object]], /) -> None:
        with self._translating(), self.transaction():
            self.statements += 1
            with self._connection.cursor() as cursor:
                cursor.executemany(_rewritten(sql), [_stored_all(row) for row in rows])

    def all(self, make: Callable[[Row], T], sql: str, /, **values: object) -> list[T]:
        with self._translating():
            cursor = self._run(sql, values)
            names = [column.name for column in cursor.description or ()]
            try:
                return [make(dict(zip(names, row, strict=True))) for row in cursor]
            except (ValueError, KeyError) as error:
                raise faults.damaged() from error

    def one(self, make: Callable[[Row], T], sql: str, /, **values: object) -> T | None:
        return next(iter(self.all(make, sql, **values)), None)

    def listed(self, name: str) -> str:
        return f"(SELECT json_array_elements_text(CAST(:{name} AS json)))"

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._connection.info.transaction_status is not TransactionStatus.IDLE:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # A lost connection has rolled back by itself.
            with suppress(psycopg.Error):
                self._connection.rollback()
            raise

    def listen(self) -> None:
        """From now on be told of changes."""
        self._connection.add_notify_handler(self._on_notice)
        self.execute(f"LISTEN {CHANNEL}")

    def has_news(self) -> bool:
        """Whether anybody, this connection too, changed anything since this was last asked."""
        self.execute("SELECT 1")  # what the server has to tell comes with its next answer
        heard, self._heard = self._heard, False
        return heard

    def close(self) -> None:
        """Close the connection; once more does nothing."""
        self._connection.close()

    def _on_notice(self, _notice: psycopg.Notify) -> None:
        self._heard = True

    def _run(self, sql: str, values: Mapping[str, object]) -> psycopg.Cursor[tuple[object, ...]]:
        self.statements += 1
        return self._connection.execute(_rewritten(sql), _stored_all(values))

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise faults.translated(error) from error


@lru_cache(maxsize=512)
def _rewritten(sql: str) -> LiteralString:
    """The same statement with its parameters as psycopg writes them.

    All statements are the program's own text; what people type only ever comes as a value.
    """
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


def _stored_all(values: Mapping[str, object]) -> dict[str, str | int | float | None]:
    return {name: stored(value) for name, value in values.items()}
