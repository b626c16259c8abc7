"""The ledger: every call of ``createPreReg``, from the intent to its outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime
from typing import NamedTuple

from core.cache.database import NEXT_EVENT, Row, Store, insert_into, on_conflict_update, values_of
from core.cache.reading import UNREADABLE, reader_of, salvaged
from core.domain.errors import CacheError
from core.domain.models import PreRegistration
from core.domain.new_id import new_id
from core.domain.status import SendState

_SEND = tuple(one.name for one in fields(PreRegistration) if one.name != "sequence")
_WHAT_WAS_SENT = tuple(name for name in _SEND if name not in ("send_id", "row_id"))
_COUNT = "sent_count"


class IntentExists(CacheError):
    """The booking is just being sent, by this or another computer."""

    def __init__(self) -> None:
        super().__init__(
            "This booking is just being registered.", "Wait a moment, then look at it again."
        )


class LedgerPosition(NamedTuple):
    """How far a ledger has come."""

    number: int
    send_id: str | None
    """What was counted last; None where that was before such were kept."""


class Ledger(Store):
    """What was sent. At most one open intent a booking; each change is kept at once."""

    def of_rows(self, row_ids: Collection[str]) -> dict[str, list[PreRegistration]]:
        """The sends of these bookings, oldest first; rows without one are missing."""
        sends = self._db.all(
            _send,
            f"SELECT * FROM appts WHERE row_id IN {self._db.listed('row_ids')} ORDER BY position",
            row_ids=list(row_ids),
        )
        by_row: dict[str, list[PreRegistration]] = defaultdict(list)
        for send in sends:
            by_row[str(send.row_id)].append(send)
        return dict(by_row)

    def of_appointment(self, appt_id: str) -> list[PreRegistration]:
        """Everything sent under LibCal's id ``appt_id``, latest start first."""
        return self._db.all(
            _send,
            "SELECT * FROM appts WHERE appt_id = :appt_id"
            " ORDER BY starts_at DESC NULLS LAST, position DESC",
            appt_id=appt_id,
        )

    def intend(self, send: PreRegistration) -> LedgerPosition:
        """Keep that this is about to be sent, and count it; the ledger's position with it.

        Raises:
            IntentExists: the booking has an open intent already.
        """
        with self._db.transaction():
            noted = self._db.execute(
                insert_into("appts", _SEND, sequence=NEXT_EVENT)
                + " ON CONFLICT (row_id) WHERE state = 'intent' DO NOTHING",
                **values_of(replace(send, state=SendState.INTENT), _SEND),
            )
            if not noted:
                raise IntentExists
            return self._count(send.send_id)

    def withdraw(self, send_id: str) -> None:
        """It was surely not processed, or refused for what has been put right since: as if it had
        never been tried. What became anything else stays."""
        self._db.execute(
            f"DELETE FROM appts WHERE send_id = :send_id AND state IN {self._db.listed('before')}",
            send_id=send_id,
            before=_before(SendState.WITHDRAWN),
        )

    def registered(self, send_id: str, prereg_id: str | None, at: datetime) -> None:
        """PassagePoint made the visit.

        Raises:
            LookupError: nothing was intended, or it has become what can't become this.
        """
        self._settle(send_id, SendState.REGISTERED, "", at, prereg_id)

    def unclear(self, send_id: str, reason: str, at: datetime) -> None:
        """Perhaps it was processed; a person decides. Errors as in ``registered``."""
        self._settle(send_id, SendState.UNCLEAR, reason, at)

    def refused(self, send_id: str, reason: str, at: datetime) -> None:
        """PassagePoint says the data is wrong. Errors as in ``registered``."""
        self._settle(send_id, SendState.REFUSED, reason, at)

    def record(self, send: PreRegistration) -> None:
        """Keep one that is settled already; the same ``send_id`` again replaces it.

        A replaced one stays with the booking it was attached to.
        """
        with self._db.transaction():
            self._db.execute(
                insert_into("appts", _SEND, sequence=NEXT_EVENT)
                + on_conflict_update("send_id", _WHAT_WAS_SENT),
                **values_of(send, _SEND),
            )

    def settle_abandoned(self, owner: str, at: datetime, reason: str) -> list[PreRegistration]:
        """Every intent of a process other than ``owner`` becomes unclear; these, oldest first."""
        with self._db.transaction():
            abandoned = self._db.all(
                _send,
                "SELECT * FROM appts WHERE state = :intent AND owner <> :owner ORDER BY position",
                intent=SendState.INTENT,
                owner=owner,
            )
            for send in abandoned:
                self.unclear(send.send_id, reason, at)
        return [
            replace(send, state=SendState.UNCLEAR, reason=reason, settled_at=at)
            for send in abandoned
        ]

    def orphans(self) -> list[PreRegistration]:
        """What was taken over from an older cache and has no booking yet, oldest first."""
        return self._db.all(_send, "SELECT * FROM appts WHERE row_id IS NULL ORDER BY position")

    def of_visitors(self, visitor_ids: Collection[str]) -> list[PreRegistration]:
        """What was sent for these people of PassagePoint, oldest first."""
        return self._db.all(
            _send,
            f"SELECT * FROM appts WHERE visitor_id IN {self._db.listed('visitor_ids')}"
            " ORDER BY position",
            visitor_ids=list(visitor_ids),
        )

    def has_visit(self, prereg_id: str, *, besides: str) -> bool:
        """Whether another send than ``besides`` was answered with this visit."""
        sql = "SELECT send_id FROM appts WHERE prereg_id = :prereg_id AND send_id <> :besides"
        return bool(
            self._db.all(lambda row: row["send_id"], sql, prereg_id=prereg_id, besides=besides)
        )

    def attach(self, send_id: str, row_id: str) -> None:
        """The booking of this send was found."""
        self._db.execute(
            "UPDATE appts SET row_id = :row_id WHERE send_id = :send_id",
            send_id=send_id,
            row_id=row_id,
        )

    def outdate_copies(self) -> None:
        """From now on every copy of this ledger counts as an older one.

        For what was not sent by this program, and must not be sent either.
        """
        self._count(new_id())

    def position(self) -> LedgerPosition:
        """How far the ledger has come: it grows with every intent, and nothing lowers it."""
        sql = (
            "SELECT CAST(value AS INTEGER) AS number, (SELECT send_id FROM counted"
            " WHERE number = CAST(value AS INTEGER)) AS send_id FROM meta WHERE name = :count"
        )
        return self._db.one(_position, sql, count=_COUNT) or LedgerPosition(0, None)

    def is_empty(self) -> bool:
        """Whether nothing was ever sent, nor any booking seen."""
        sql = (
            "SELECT COUNT(*) AS number FROM meta WHERE name = :count"
            " AND value = '0' AND NOT EXISTS (SELECT 1 FROM bookings)"
        )
        return bool(self._db.one(lambda row: row["number"], sql, count=_COUNT))

    def counted_at(self, number: int) -> str | None:
        """What was counted as this one; None where nothing was, or too long ago."""
        sql = "SELECT send_id FROM counted WHERE number = :number"
        return self._db.one(lambda row: str(row["send_id"]), sql, number=number)

    def _count(self, send_id: str) -> LedgerPosition:
        """Inside the transaction of what is counted."""
        with self._db.transaction():
            number = self._db.one(
                lambda row: int(row["value"]),
                "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
                " WHERE name = :count RETURNING value",
                count=_COUNT,
            )
            if number is None:
                raise LookupError("a ledger without its count")
            self._db.execute(
                "INSERT INTO counted (number, send_id) VALUES (:number, :id)",
                number=number,
                id=send_id,
            )
        return LedgerPosition(number, send_id)

    def _settle(
        self,
        send_id: str,
        state: SendState,
        reason: str,
        at: datetime,
        prereg_id: str | None = None,
    ) -> None:
        changed = self._db.execute(
            "UPDATE appts SET state = :state, reason = :reason, settled_at = :at,"
            " prereg_id = :prereg_id WHERE send_id = :send_id"
            f" AND state IN {self._db.listed('before')}",
            send_id=send_id,
            state=state,
            reason=reason,
            at=at,
            prereg_id=prereg_id,
            before=_before(state),
        )
        if not changed:
            raise LookupError(f"no send that may become {state}")


def _before(state: SendState) -> list[SendState]:
    """What may become ``state``."""
    return [one for one in SendState if state in one.may_become]


_position = reader_of(LedgerPosition)


_whole = reader_of(PreRegistration)


def _send(row: Row) -> PreRegistration:
    """A send whose state can't be read any more may have made a visit: a person decides."""
    try:
        return _whole(row)
    except UNREADABLE:
        return salvaged(PreRegistration, row, {"state": SendState.UNCLEAR})
