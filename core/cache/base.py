"""What every cache can do, whatever database it lies in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from core.cache.alert_notes import AlertStore
from core.cache.bookings import BookingStore
from core.cache.database import Database, MetaStore, count_of
from core.cache.decisions import DecisionStore
from core.cache.desk_requests import RequestStore
from core.cache.ended import EndedStore
from core.cache.forgotten import ForgottenHashes
from core.cache.history import ActivityLog
from core.cache.known_ledger import KnownLedger
from core.cache.ledger import Ledger
from core.cache.ledger_note import LedgerNote
from core.cache.people import PeopleStore
from core.cache.services import ServiceStore
from core.cache.values import from_text
from core.domain.clock import Clock
from core.domain.models import PreRegistration, Visitor
from core.domain.new_id import new_id
from core.domain.status import SendState

if TYPE_CHECKING:
    from core.cache.retention import Eraser, Retention

Record = Mapping[str, object]


class Cache(ABC):
    """What the program has to remember between two passes, and between two computers.

    Born, used and closed in one thread. Every change is kept at once, unless it is inside
    ``with cache.transaction():``. Raises subclasses of ``CacheError`` in every method.
    """

    def __init__(
        self,
        database: Database,
        eraser: Eraser,
        *,
        clock: Clock,
        note: LedgerNote | None,
    ) -> None:
        """``note`` is where this computer notes how much the ledger knew; None: nowhere."""
        self.owner = new_id()
        self._clock = clock
        self.database: Database = database
        self.meta = MetaStore(database)
        self._eraser = eraser
        self.forgotten = ForgottenHashes(database, self._clock)
        self.bookings = BookingStore(database, self.forgotten)
        self.people = PeopleStore(database, self._clock)
        self.ledger = Ledger(database)
        self.known = KnownLedger(self.ledger, self.meta, note, self.place)
        self.decisions = DecisionStore(database)
        self.requests = RequestStore(database, self._clock)
        self.services = ServiceStore(database)
        self.ended = EndedStore(database)
        self.alerts = AlertStore(database)
        self.log = ActivityLog(database)

    @cached_property
    def retention(self) -> Retention:
        """What is removed, and whom the desk forgets: the first paint needn't wait for it."""
        from core.cache.let_in import LetInStore
        from core.cache.person import PersonFile
        from core.cache.retention import Retention
        from core.cache.traces import TraceFinder

        let_in = LetInStore(self.database, self.bookings, self.ledger, self.decisions)
        finder = TraceFinder(
            self.database, self.bookings, self.people, self.ledger, self.decisions, let_in
        )
        person = PersonFile(self.database, finder, self.bookings, self.forgotten, let_in)
        return Retention(
            self.database, self.meta, self.forgotten, person, let_in, self.ended, self._eraser
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def add_user(self, users: Record | Iterable[Record]) -> None:
        """Keep ``{"primary_id", "barcode", "visitor_id"}``, one or several."""
        self.people.remember_visitors(
            Visitor(
                _text(user, "primary_id"),
                _text(user, "barcode"),
                _text(user, "visitor_id") or None,
            )
            for user in _several(users)
        )

    def lookup_user(self, primary_id: str) -> dict[str, str | None] | None:
        """What ``add_user`` kept; the case of the ID doesn't matter."""
        for user in self.people.visitors([primary_id]).values():
            return {
                "primary_id": user.primary_id,
                "barcode": user.barcode,
                "visitor_id": user.visitor_id,
            }
        return None

    def add_appt(self, appts: Record | Iterable[Record]) -> None:
        """Keep ``{"appt_id", "prereg_id"}``, with ``starts_at``, ``ends_at`` where known.

        ``appt_id`` is LibCal's ``bookId``; times are aware, as datetime or ISO text. The same
        id and start again replaces what was kept.
        """
        with self.transaction():
            for appt in _several(appts):
                self.ledger.record(_as_send(appt, self._clock.now()))

    def lookup_appt(
        self, appt_id: str, starts_at: datetime | str | None = None
    ) -> dict[str, str | datetime | None] | None:
        """What was or may have been sent for this id and start; without a start the newest."""
        start = _time(starts_at)
        for send in self.ledger.of_appointment(appt_id):
            if send.state is not SendState.REFUSED and start in (None, send.starts_at):
                return {
                    "appt_id": send.appt_id,
                    "prereg_id": send.prereg_id,
                    "starts_at": send.starts_at,
                    "ends_at": send.ends_at,
                }
        return None

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what is done inside."""
        return self.database.transaction()

    @abstractmethod
    def claim_writer(self, who: str, computer: str) -> None:
        """Be the one that writes, until closed. Raises CacheLocked, which says who is."""

    def is_wanted(self) -> bool:
        """Whether somebody else asks to be the writer: end what runs, and close."""
        return False

    @abstractmethod
    def facts(self) -> tuple[int, dict[str, int]]:
        """The schema's version, and how many rows each table has: for diagnostics."""

    @abstractmethod
    def close(self) -> None:
        """Close everything; once more does nothing."""

    def place(self) -> str:
        """Which database this is, where its copies can lie in others; "" for a file."""
        return ""

    def _rows_in(self, tables: Iterable[str]) -> dict[str, int]:
        return {name: count_of(self.database, name) for name in tables}


def _several(records: Record | Iterable[Record]) -> list[Record]:
    return [records] if isinstance(records, Mapping) else list(records)


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)


def _time(value: object) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return from_text(str(value))


def _as_send(appt: Record, now: datetime) -> PreRegistration:
    from uuid import NAMESPACE_OID, uuid5  # only who adds by hand needs it

    appt_id, starts_at = _text(appt, "appt_id"), _time(appt.get("starts_at"))
    # The same id and start gives the same send, so that adding it twice keeps one.
    start = "" if starts_at is None else str(starts_at.timestamp())
    return PreRegistration(
        send_id=uuid5(NAMESPACE_OID, f"{appt_id} {start}").hex,
        row_id=None,
        appt_id=appt_id,
        state=SendState.REGISTERED,
        starts_at=starts_at,
        ends_at=_time(appt.get("ends_at")),
        prereg_id=_text(appt, "prereg_id") or None,
        intended_at=now,
        settled_at=now,
    )
