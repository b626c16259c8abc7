"""What the desk wants done: stored before it is carried out, so that it survives a restart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from core.cache.database import Database, Row, insert_into, values_of
from core.cache.reading import reader_of
from core.domain.clock import Clock
from core.domain.models import DeskRequest

_REQUEST = tuple(field.name for field in fields(DeskRequest) if field.name != "asked_by")
"""What whoever asks says; who it is the database says itself, where it knows."""

_READ = tuple(name for name in _REQUEST if name != "request_id")
_LONGEST = 2000
"""Characters; no field of a request that a desk makes comes near."""
_UNREADABLE = "This request can't be read, so nothing was done."


class RequestStore:
    """A queue; each request is done once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def store(self, request: DeskRequest) -> None:
        """Queue it; the same ``request_id`` again changes nothing."""
        self._db.execute(
            insert_into("requests", _REQUEST) + " ON CONFLICT (request_id) DO NOTHING",
            **values_of(request, _REQUEST),
        )

    def pending(self, known: Collection[str] = (), *, each: int = 1000) -> list[DeskRequest]:
        """What is still to be done but for those that are ``known``: no more than ``each`` of one
        asker, in turns, so that whoever asks for a great deal holds up nobody else.

        Whoever may ask may store anything: what can't be read is finished with an error.
        """
        rows = self._db.all(
            dict,
            f"SELECT request_id, {', '.join(map(_cut, _READ))}, asked_by FROM ("
            "SELECT requests.*, ROW_NUMBER() OVER (PARTITION BY asked_by ORDER BY position) AS turn"
            f" FROM requests WHERE done_at IS NULL AND request_id NOT IN {self._db.listed('known')}"
            ") AS open WHERE turn <= :each ORDER BY turn, position",
            known=list(known),
            each=each,
        )
        return [one for one in map(self._read, rows) if one is not None]

    def _read(self, row: Row) -> DeskRequest | None:
        try:
            return _request(row)
        except (ValueError, RecursionError):
            self.done(row["request_id"], self._clock.now(), _UNREADABLE)
            return None

    def done(self, request_id: str, at: datetime, error: str | None = None) -> None:
        """It was carried out, or could not be: ``error`` then says why."""
        self._db.execute(
            "UPDATE requests SET done_at = :at, error = :error WHERE request_id = :id",
            id=request_id,
            at=at,
            error=error,
        )

    def outcomes(self, request_ids: Collection[str]) -> dict[str, str | None]:
        """Which of these are done: None, or why it could not be."""
        return dict(
            self._db.all(
                lambda row: (str(row["request_id"]), row["error"]),
                "SELECT request_id, error FROM requests WHERE done_at IS NOT NULL"
                f" AND request_id IN {self._db.listed('ids')}",
                ids=list(request_ids),
            )
        )


def _cut(name: str) -> str:
    """Somebody may have stored gigabytes."""
    return f"substr({name}, 1, {_LONGEST + 1}) AS {name}"


def _request(row: Row) -> DeskRequest:
    if any(len(row[name]) > _LONGEST for name in _READ):
        raise ValueError("too long")
    return _whole(row)


_whole = reader_of(DeskRequest)
