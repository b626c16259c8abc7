"""What the desk wants done: stored before it is carried out, so that it survives a restart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import NamedTuple

from core.cache.database import Database, Row, insert_into, values_of
from core.cache.reading import action_from, reader_of
from core.cache.values import from_text
from core.domain.clock import Clock
from core.domain.models import DeskRequest
from core.domain.status import Action

_REQUEST = tuple(field.name for field in fields(DeskRequest) if field.name != "asked_by")
"""What whoever asks says; who it is the database says itself, where it knows."""

_READ = tuple(name for name in _REQUEST if name != "request_id")
_LONGEST = 2000
"""Characters; no field of a request that a desk makes comes near."""
_UNREADABLE = "This request can't be read, so nothing was done."
_WITHDRAWN = "Withdrawn at the desk that asked for it."
_IS_WITHDRAWN = (
    "EXISTS (SELECT 1 FROM withdrawals WHERE withdrawals.request_id = requests.request_id"
    " AND withdrawals.asked_by = requests.asked_by)"
)
"""By whoever asked for it: what another desk takes back stands."""
_SHOWN_EACH = 20
"""Open requests of one booking that are looked at, the newest ones: one may store thousands."""
_SENDS = [action.code for action in Action if action.sends]
_TAKES_OVER = [action.code for action in Action if action.takes_over]


class OpenRequest(NamedTuple):
    """What a desk asked for and no registrar has done yet, the newest last."""

    request_id: str
    row_id: str
    action: Action
    at: datetime
    who: str
    is_own: bool
    """Whoever looks has asked for it, and may take it back."""


class RequestStore:
    """A queue; each request is done once."""

    asks_as = "''"
    """SQL for who asks through this connection, as the database knows it."""

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
            f"SELECT request_id, {', '.join(map(_cut, _READ))}, asked_by, is_withdrawn FROM ("
            f"SELECT requests.*, {_IS_WITHDRAWN} AS is_withdrawn,"
            " ROW_NUMBER() OVER (PARTITION BY asked_by ORDER BY position) AS turn"
            f" FROM requests WHERE done_at IS NULL AND request_id NOT IN {self._db.listed('known')}"
            ") AS open WHERE turn <= :each ORDER BY turn, position",
            known=list(known),
            each=each,
        )
        return [one for one in map(self._read, rows) if one is not None]

    def _read(self, row: Row) -> DeskRequest | None:
        if row["is_withdrawn"]:
            self.done(row["request_id"], self._clock.now(), _WITHDRAWN)
            return None
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

    def lets_send(self, row_id: str, *, by_itself: bool) -> bool:
        """Whether nobody took this booking over or back: the last look before it goes out.

        By itself nothing goes out for what a person takes over, by file or by hand. A person's
        wish counts while it is open, not withdrawn, and the newest word on it.
        """
        newest = self._db.one(
            lambda row: (row["wanted"], row["taken"]),
            f"SELECT MAX(CASE WHEN action IN {self._db.listed('sends')} THEN position END)"
            f" AS wanted, MAX(CASE WHEN action IN {self._db.listed('takes_over')} THEN position"
            " END) AS taken FROM requests"
            f" WHERE row_id = :row_id AND done_at IS NULL AND NOT {_IS_WITHDRAWN}",
            row_id=row_id,
            sends=_SENDS,
            takes_over=_TAKES_OVER,
        )
        wanted, taken = newest or (None, None)
        if by_itself:
            return taken is None
        return wanted is not None and (taken is None or wanted > taken)

    def end_wishes(self, request: DeskRequest, error: str) -> None:
        """A person does it: what was asked for before ``request`` about its booking ends."""
        self._db.execute(
            "UPDATE requests SET done_at = :at, error = :error WHERE row_id = :row_id"
            f" AND done_at IS NULL AND action IN {self._db.listed('sends')}"
            " AND position < (SELECT position FROM requests WHERE request_id = :request_id)",
            at=self._clock.now(),
            error=error,
            row_id=request.row_id,
            sends=_SENDS,
            request_id=request.request_id,
        )

    def end_all(self, row_id: str, action: Action, error: str) -> None:
        """What was asked for about this booking by ``action`` ends."""
        self._db.execute(
            "UPDATE requests SET done_at = :at, error = :error WHERE row_id = :row_id"
            " AND action = :action AND done_at IS NULL",
            at=self._clock.now(),
            error=error,
            row_id=row_id,
            action=action,
        )

    def waiting(self, row_ids: Collection[str]) -> list[OpenRequest]:
        """What is asked for about these bookings and not done, oldest first."""
        rows = self._db.all(
            dict,
            "SELECT * FROM (SELECT request_id, row_id, action, at, substr(who, 1, 80) AS who,"
            f" position, asked_by = {self.asks_as} AS is_own, ROW_NUMBER() OVER"
            " (PARTITION BY row_id ORDER BY position DESC) AS turn FROM requests"
            f" WHERE done_at IS NULL AND row_id IN {self._db.listed('row_ids')}"
            f" AND NOT {_IS_WITHDRAWN}) AS open WHERE turn <= {_SHOWN_EACH} ORDER BY position",
            row_ids=list(row_ids),
        )
        return [one for one in map(_open_request, rows) if one is not None]

    def withdraw(self, request_ids: Collection[str], by: DeskRequest) -> None:
        """Take these back, stored or not; it counts for those that were asked for from here."""
        for request_id in request_ids:
            self._db.execute(
                insert_into("withdrawals", ("request_id", "who", "at", "computer"))
                + " ON CONFLICT (request_id, asked_by) DO NOTHING",
                request_id=request_id,
                who=by.who,
                at=by.at,
                computer=by.computer,
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


def _open_request(row: Row) -> OpenRequest | None:
    """None: somebody forged it, and the registrar refuses it."""
    try:
        action, at = action_from(row["action"]), from_text(row["at"])
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    own = bool(row["is_own"])
    return OpenRequest(row["request_id"], row["row_id"], action, at, row["who"], own)


def _cut(name: str) -> str:
    """Somebody may have stored gigabytes."""
    return f"substr({name}, 1, {_LONGEST + 1}) AS {name}"


def _request(row: Row) -> DeskRequest:
    if any(len(row[name]) > _LONGEST for name in _READ):
        raise ValueError("too long")
    request = _whole(row)
    if request.at.tzinfo is None:
        raise ValueError("no moment")  # with which nothing can be compared
    return request


_whole = reader_of(DeskRequest)
