"""What the desk decided about bookings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import NamedTuple

from core.cache.database import NEXT_EVENT, Row, Store, insert_into, values_of
from core.cache.reading import UNREADABLE, reader_of
from core.domain.models import Decision

_DECISION = tuple(one.name for one in fields(Decision) if one.name != "sequence")


class UnreadableDecision(NamedTuple):
    """Whatever it was, it may have been that a visit is there."""

    row_id: str
    sequence: int
    """Its place in the one order of sends and decisions."""


class DecisionStore(Store):
    """Decisions are never overwritten: an undone one stays, marked."""

    def add(self, decision: Decision) -> None:
        self._db.execute(
            insert_into("decisions", _DECISION, sequence=NEXT_EVENT),
            **values_of(decision, _DECISION),
        )

    def of_rows(self, row_ids: Collection[str]) -> dict[str, list[Decision]]:
        """The decisions about these bookings, oldest first, undone ones too."""
        return self.read(row_ids)[0]

    def read(
        self, row_ids: Collection[str]
    ) -> tuple[dict[str, list[Decision]], list[UnreadableDecision]]:
        """The same, and of those that count what can't be read any more."""
        decisions = self._db.all(
            _read,
            f"SELECT * FROM decisions WHERE row_id IN {self._db.listed('row_ids')}"
            " ORDER BY position",
            row_ids=list(row_ids),
        )
        by_row: dict[str, list[Decision]] = defaultdict(list)
        unreadable = []
        for one in decisions:
            if isinstance(one, Decision):
                by_row[one.row_id].append(one)
            elif one is not None:
                unreadable.append(one)
        return dict(by_row), unreadable

    def get(self, decision_id: str) -> Decision | None:
        return self._db.one(
            _decision, "SELECT * FROM decisions WHERE decision_id = :id", id=decision_id
        )

    def undo(self, decision_id: str, at: datetime, who: str) -> None:
        """The decision no longer counts; undone once, it keeps who did it first."""
        self._db.execute(
            "UPDATE decisions SET undone_at = :at, undone_by = :who"
            " WHERE decision_id = :id AND undone_at IS NULL",
            id=decision_id,
            at=at,
            who=who,
        )


_decision = reader_of(Decision)


def _read(row: Row) -> Decision | UnreadableDecision | None:
    try:
        return _decision(row)
    except UNREADABLE:
        if row["undone_at"] is not None:
            return None
        return UnreadableDecision(row["row_id"], row["sequence"])
