"""What the desk wants done: stored before it is carried out, so that it survives a restart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from core.cache.database import Database, Row, insert_into, values_of
from core.cache.values import action_from, from_text, map_from
from core.domain.models import DeskRequest

_REQUEST = tuple(field.name for field in fields(DeskRequest) if field.name != "asked_by")
"""What whoever asks says; who it is the database says itself, where it knows."""


class RequestStore:
    """A queue; each request is done once."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def store(self, request: DeskRequest) -> None:
        """Queue it; the same ``request_id`` again changes nothing."""
        self._db.execute(
            insert_into("requests", _REQUEST) + " ON CONFLICT (request_id) DO NOTHING",
            **values_of(request, _REQUEST),
        )

    def pending(self) -> list[DeskRequest]:
        """What is still to be done, oldest first."""
        return self._db.all(
            _request, "SELECT * FROM requests WHERE done_at IS NULL ORDER BY position"
        )

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


def _request(row: Row) -> DeskRequest:
    return DeskRequest(
        request_id=row["request_id"],
        action=action_from(row["action"]),
        row_id=row["row_id"],
        who=row["who"],
        at=from_text(row["at"]),
        computer=row["computer"],
        detail=map_from(row["detail"]),
        asked_by=row["asked_by"],
    )
