"""Who let whom in, for as long as the settings keep it: longer than the bookings themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from core.cache.bookings import BookingStore
from core.cache.database import Database, insert_into, values_of
from core.cache.decisions import DecisionStore
from core.cache.ledger import Ledger
from core.cache.reading import reader_of
from core.cache.values import id_key
from core.domain.models import AUTOMATIC, CachedBooking, Decision, Personal, PreRegistration
from core.domain.status import Action, Source


@dataclass(frozen=True, slots=True, repr=False)
class LetIn(Personal):
    """Who decided what about whom, of a booking that is gone."""

    decision_id: str
    action: Action
    """REGISTER_NOW also for a visit that somebody asked for."""
    at: datetime
    who: str
    computer: str
    primary_id: str
    location_id: str
    destination: str | None
    starts_at: datetime
    ends_at: datetime
    source: Source


_COLUMNS = tuple(field.name for field in fields(LetIn))


@dataclass(eq=False, repr=False)
class LetInStore:
    """One line for each decision about somebody, and for each visit that a person asked for."""

    _db: Database
    _bookings: BookingStore
    _ledger: Ledger
    _decisions: DecisionStore

    def keep_of(self, row_ids: Collection[str]) -> None:
        """These bookings are about to go; what was decided about them stays."""
        sends, decisions = self._ledger.of_rows(row_ids), self._decisions.of_rows(row_ids)
        lines = [
            line
            for row in self._bookings.of_rows(sends.keys() | decisions.keys())
            for line in _lines(row, sends.get(row.row_id, []), decisions.get(row.row_id, []))
        ]
        self._db.each(
            insert_into("let_in", _COLUMNS) + " ON CONFLICT (decision_id) DO NOTHING",
            [values_of(line, _COLUMNS) for line in lines],
        )

    def of_people(self, ids: Collection[str]) -> list[LetIn]:
        """What is kept about whoever has one of these university IDs or barcodes."""
        return self._db.all(
            _let_in,
            f"SELECT * FROM let_in WHERE primary_id IN {self._db.listed('ids')} ORDER BY position",
            ids=list(ids),
        )

    def forget(self, ids: Collection[str]) -> None:
        """Remove what is kept about them."""
        self._db.execute(
            f"DELETE FROM let_in WHERE primary_id IN {self._db.listed('ids')}", ids=list(ids)
        )

    def drop(self, *, before: datetime) -> None:
        """Remove what was decided before then."""
        self._db.execute("DELETE FROM let_in WHERE at < :before", before=before)


def owner_of(
    row: CachedBooking, sends: Sequence[PreRegistration], decisions: Sequence[Decision]
) -> str | None:
    """The id a booking belongs to: a mistyped one, since corrected, makes it nobody else's."""
    sent = [send.primary_id or send.barcode for send in reversed(sends)]
    corrected = [
        one.detail.get("primary_id") or one.detail.get("id")
        for one in reversed(decisions)
        if one.action is Action.CORRECT_ID and one.undone_at is None
    ]
    answer = [row.booking.id_answer]
    candidates = sent + corrected + answer if row.old_visit else corrected + answer + sent
    return next((id_key(one) for one in candidates if one and one.strip()), None)


def _lines(
    row: CachedBooking, sends: list[PreRegistration], decisions: list[Decision]
) -> Iterator[LetIn]:
    owner = owner_of(row, sends, decisions)
    if owner is None:
        return  # forgotten, or nobody ever knew who it was
    asked_for = [
        (one.send_id, Action.REGISTER_NOW, one.intended_at, one.who, one.computer, one.destination)
        for one in sends
        if one.who not in ("", AUTOMATIC)
    ]
    decided = [
        (one.decision_id, one.action, one.at, one.who, one.computer, row.booking.destination)
        for one in decisions
        if one.undone_at is None
    ]
    for decision_id, action, at, who, computer, destination in (*asked_for, *decided):
        yield LetIn(
            decision_id=decision_id,
            action=action,
            at=at or row.first_seen_at,
            who=who,
            computer=computer,
            primary_id=id_key(owner),
            location_id=row.booking.location_id,
            destination=destination,
            starts_at=row.booking.starts_at,
            ends_at=row.booking.ends_at,
            source=row.booking.source,
        )


_let_in = reader_of(LetIn)
