"""Who was forgotten and still has a booking: a keyed hash that says "do not send"."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime

from core.cache.database import Database, MetaStore
from core.cache.values import id_key
from core.domain.clock import Clock

_KEY = "forget_key"


class ForgottenHashes:
    """Knows university IDs, barcodes and row ids again without holding them.

    The key keeps others from trying all IDs; it lies in this database and nowhere else.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self._meta = MetaStore(database)

    def add(self, ids: Collection[str], until: datetime | None) -> None:
        """Know these until then; None: until they are dropped."""
        key = self._meta.get(_KEY)
        if key is None:
            key = os.urandom(32).hex()
            self._meta.set(_KEY, key)
        self._db.each(
            "INSERT INTO forgotten (hash, until) VALUES (:hash, :until)"
            " ON CONFLICT (hash) DO UPDATE SET until = excluded.until",
            [{"hash": _hash(key, one), "until": until} for one in ids],
        )

    def among(self, ids: Collection[str]) -> set[str]:
        """Which of these university IDs, barcodes or row ids are forgotten people's, as given."""
        by_hash = self._by_hash(ids)
        if not by_hash:
            return set()
        found = self._db.all(
            lambda row: str(row["hash"]),
            f"SELECT hash FROM forgotten WHERE hash IN {self._db.listed('hashes')}"
            " AND (until IS NULL OR until > :now)",
            hashes=list(by_hash),
            now=self._clock.now(),
        )
        return {one for known in found for one in by_hash[known]}

    def drop(self, ids: Collection[str], *, before: datetime) -> None:
        """No longer know these, nor any whose time ended by ``before``."""
        self._db.execute(
            f"DELETE FROM forgotten WHERE until <= :before OR hash IN {self._db.listed('hashes')}",
            before=before,
            hashes=list(self._by_hash(ids)),
        )

    def _by_hash(self, ids: Collection[str]) -> dict[str, list[str]]:
        key = self._meta.get(_KEY)
        by_hash: dict[str, list[str]] = {}
        for one in ids if key is not None else ():
            by_hash.setdefault(_hash(key or "", one), []).append(one)
        return by_hash


def _hash(key: str, identifier: str) -> str:
    import hmac  # where nobody was forgotten, the first paint needn't wait for it

    return hmac.digest(bytes.fromhex(key), id_key(identifier).encode(), "sha256").hex()
