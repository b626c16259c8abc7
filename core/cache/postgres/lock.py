"""One registrar at a time: a lock that PostgreSQL drops with the connection that holds it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from core.cache.postgres.database import PostgresDatabase
from core.domain.errors import CacheError, CacheLocked, CacheReadOnly

_LOCK = 0x4C325050  # "L2PP"
_SILENT_SECONDS = 10
"""It looks for requests more than once a second, within a pass too. Whoever is silent so long is
cut off, or hangs; another one takes over within 15."""
_SILENT = "CAST(EXTRACT(EPOCH FROM clock_timestamp() - seen_at) AS DOUBLE PRECISION) AS silent"


@dataclass(frozen=True, slots=True)
class RegistrarSeen:
    """Who does the passes."""

    who: str
    computer: str
    silent_seconds: float
    """Since its last sign of life, by the server's clock."""


class RegistrarLock:
    """Held by the connection, so what this connection writes is written by the registrar."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._db = database
        self._held = False

    def claim(self, who: str, computer: str) -> None:
        """Become the registrar, until the connection ends. Again: a sign of life.

        Raises:
            CacheLocked: somebody else is; the sentence says who.
            CacheReadOnly: this user of the database may not register.
        """
        self.take()
        try:
            self._db.execute(
                "INSERT INTO registrar VALUES (1, :who, :computer, clock_timestamp())"
                " ON CONFLICT (only_one) DO UPDATE SET who = excluded.who,"
                " computer = excluded.computer, seen_at = excluded.seen_at",
                who=who,
                computer=computer,
            )
        except CacheReadOnly:
            self.let_go()
            raise CacheReadOnly(
                "This computer is set up to register, but its user of the shared database may not.",
                "Ask IT for the registrars' user, or for the role desk in the settings.",
            ) from None

    def take(self) -> None:
        """Only keep others from registering. Raises CacheLocked."""
        if self._held:
            return
        taken = "SELECT pg_try_advisory_lock(:lock) AS taken"
        if not self._db.one(lambda row: bool(row["taken"]), taken, lock=_LOCK):
            raise self._busy()
        self._held = True
        # A registrar that hangs loses its connection, and so makes room for another one.
        for timeout in ("idle_session_timeout", "idle_in_transaction_session_timeout"):
            self._db.execute(f"SET {timeout} = '{_SILENT_SECONDS}s'")

    def holder(self) -> RegistrarSeen | None:
        """Who is the registrar now; None: nobody."""
        return self._db.one(
            lambda row: RegistrarSeen(row["who"], row["computer"], row["silent"]),
            f"SELECT who, computer, {_SILENT} FROM registrar WHERE EXISTS (SELECT 1 FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND objid = :lock AND classid = 0"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            lock=_LOCK,
        )

    def last_sign(self) -> float | None:
        """Seconds since the last sign of life of any registrar; None: there never was one."""
        return self._db.one(lambda row: float(row["silent"]), f"SELECT {_SILENT} FROM registrar")

    def let_go(self) -> None:
        """Others may register now; a connection that is lost has let go by itself."""
        if self._held:
            self._held = False
            with suppress(CacheError):
                self._db.execute("SELECT pg_advisory_unlock(:lock)", lock=_LOCK)

    def _busy(self) -> CacheLocked:
        holder = self.holder()
        by = f"{holder.who} at {holder.computer}" if holder else "another computer"
        return CacheLocked(
            f"The bookings are being registered by {by}.",
            "This computer takes over by itself as soon as that one stops.",
        )
