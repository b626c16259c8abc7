"""What Alma and PassagePoint said about people."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

from core.cache.database import Database, MetaStore, Row, insert_into, on_conflict_update, values_of
from core.cache.reading import readable, reader_of
from core.cache.values import id_key
from core.domain.clock import Clock
from core.domain.models import Patron, Visitor
from core.domain.status import PatronState

T = TypeVar("T")
_SHORT_LIVED = ("cause", "emails", "asked_old_card")
_PATRON = tuple(field.name for field in fields(Patron) if field.name not in _SHORT_LIVED)
_PATRON_ROW = ("id_key", *_PATRON, "seen_at")
_EMAIL_KEY = "email_key"
_VISITOR = tuple(field.name for field in fields(Visitor))
_VISITOR_ROW = ("id_key", *_VISITOR, "seen_at")


class PeopleStore:
    """Patrons and visitors by the id that was asked for, upper-cased."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self._meta = MetaStore(database)

    def patrons(self, ids: Collection[str] | None = None) -> dict[str, Patron]:
        """Alma's last answers about these ids, or about all; unknown ones are missing."""
        return self._by_key(_patron, "patrons", ids)

    def by_barcode(self, barcode: str) -> Patron | None:
        """Whom Alma last said to have this ACTIVE barcode; the newest answer counts."""
        found = readable(
            self._db,
            _patron,
            "SELECT * FROM patrons WHERE UPPER(TRIM(barcode)) = :barcode ORDER BY answered_at DESC",
            barcode=id_key(barcode),
        )
        return next(found, None)

    def email_hash(self, address: str) -> str | None:
        """What an e-mail address is compared by: keyed, so that nobody can try all of them.

        None where no address was ever kept.
        """
        key = self._meta.get(_EMAIL_KEY)
        return _hash(key, address) if key is not None else None

    def remember(self, patron: Patron) -> Patron:
        """Keep Alma's answer; returns it as it is kept.

        That it could not be asked doesn't take a definite one away.
        """
        if patron.emails:
            patron = replace(patron, email_hashes=self._hashes(patron.emails))
        overwritten = _PATRON_ROW
        if patron.state is PatronState.COULD_NOT_ASK:
            overwritten = ("failed_at", "reason", "seen_at")
        values = values_of(patron, _PATRON)
        if patron.state is PatronState.COULD_NOT_ASK and patron.failed_at is None:
            values["failed_at"] = self._clock.now()
        self._db.execute(
            insert_into("patrons", _PATRON_ROW) + on_conflict_update("id_key", overwritten),
            id_key=id_key(patron.asked_id),
            seen_at=self._clock.now(),
            **values,
        )
        return patron

    def _hashes(self, addresses: Iterable[str]) -> tuple[str, ...]:
        key = self._meta.get(_EMAIL_KEY)
        if key is None:
            key = os.urandom(32).hex()
            self._meta.set(_EMAIL_KEY, key)
        return tuple(_hash(key, address) for address in addresses)

    def visitors(self, ids: Collection[str] | None = None) -> dict[str, Visitor]:
        """Who these ids are in PassagePoint; a visitor counts for its own barcode only."""
        return self._by_key(_visitor, "users", ids)

    def remember_visitor(self, visitor: Visitor) -> None:
        self.remember_visitors([visitor])

    def remember_visitors(self, visitors: Iterable[Visitor]) -> None:
        """Keep them in place of what was known of the same ids."""
        seen_at = self._clock.now()
        self._db.each(
            insert_into("users", _VISITOR_ROW) + on_conflict_update("id_key", _VISITOR_ROW),
            [
                {"id_key": id_key(one.primary_id), "seen_at": seen_at, **values_of(one, _VISITOR)}
                for one in visitors
            ],
        )

    def forget_visitor(self, primary_id: str) -> None:
        """PassagePoint may have deleted this person: the next visit looks again."""
        self._db.execute("DELETE FROM users WHERE id_key = :key", key=id_key(primary_id))

    def touch(self, ids: Collection[str], at: datetime) -> None:
        """These people have a booking: they are kept for longer."""
        with self._db.transaction():
            for table in ("patrons", "users"):
                self._db.execute(
                    f"UPDATE {table} SET seen_at = :at WHERE id_key IN {self._db.listed('keys')}",
                    at=at,
                    keys=_keys(ids),
                )

    def _by_key(
        self, make: Callable[[Row], T], table: str, ids: Collection[str] | None
    ) -> dict[str, T]:
        def keyed(row: Row) -> tuple[str, T]:
            return row["id_key"], make(row)

        if ids is None:
            return dict(readable(self._db, keyed, f"SELECT * FROM {table}"))
        sql = f"SELECT * FROM {table} WHERE id_key IN {self._db.listed('keys')}"
        return dict(readable(self._db, keyed, sql, keys=_keys(ids)))


def _hash(key: str, address: str) -> str:
    import hmac  # the first paint needn't wait for it

    return hmac.digest(bytes.fromhex(key), address.strip().casefold().encode(), "sha256").hex()


def _keys(ids: Collection[str]) -> list[str]:
    return [id_key(one) for one in ids]


_patron = reader_of(Patron, without=_SHORT_LIVED)


_visitor = reader_of(Visitor)
