"""The bookings as LibCal last gave them, and how fresh each location is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta

from core.cache.damaged_bookings import DamagedBookings
from core.cache.database import Database, Row, insert_into, on_conflict_update, values_of
from core.cache.forgotten import ForgottenHashes
from core.cache.reading import UNREADABLE, readable, reader_of, salvaged
from core.cache.values import from_text, maybe_time
from core.domain.models import Booking, CachedBooking, LocationMark, Tries
from core.domain.new_id import new_id
from core.domain.status import SendState, Source

_BOOKING = tuple(field.name for field in fields(Booking))
_ROW = ("row_id", *_BOOKING, "first_seen_at", "old_visit")
_MARK = tuple(field.name for field in fields(LocationMark))
_ROWS = (
    "SELECT bookings.*, EXISTS (SELECT 1 FROM ticked_off WHERE ticked_off.row_id = bookings.row_id)"
    " AS seen_ended FROM bookings"
)
"""What a desk ticks off lies in a table of its own: whoever may change a row may also lock it."""
_SENT = tuple(state for state in SendState if state.may_be_there)


class BookingStore:
    """Bookings by ``row_id``: what was sent hangs on it, so it survives a change of the key."""

    def __init__(self, database: Database, forgotten: ForgottenHashes) -> None:
        self._db = database
        self._forgotten = forgotten
        self.damaged = DamagedBookings(database)

    def between(self, since: datetime, until: datetime) -> list[CachedBooking]:
        """What ends after ``since`` and starts before ``until``, soonest first."""
        return self._found(
            f"{_ROWS} WHERE (ends_at > :since OR LENGTH(ends_at) <> 27) AND starts_at < :until"
            " ORDER BY starts_at, book_id, row_id",
            since=since,
            until=until,
        )

    def get(self, row_id: str) -> CachedBooking | None:
        return next(iter(self._found(f"{_ROWS} WHERE row_id = :row_id", row_id=row_id)), None)

    def of_rows(self, row_ids: Collection[str]) -> list[CachedBooking]:
        """These bookings; unknown ones are missing."""
        return self._found(
            f"{_ROWS} WHERE row_id IN {self._db.listed('row_ids')}",
            row_ids=list(row_ids),
        )

    def by_book_id(self, book_id: str) -> list[CachedBooking]:
        """Every row of this LibCal id: the days of a series and old visits, by start."""
        sql = f"{_ROWS} WHERE book_id = :book_id ORDER BY starts_at, row_id"
        return self._found(sql, book_id=book_id)

    def add(
        self,
        booking: Booking,
        *,
        first_seen_at: datetime,
        old_visit: bool = False,
        row_id: str | None = None,
    ) -> CachedBooking:
        """Keep a booking that was not there before, under a row id of its own, or this one."""
        ids = (row_id,) if row_id is not None else ()
        return self.add_all(
            [booking], first_seen_at=first_seen_at, old_visit=old_visit, row_ids=ids
        )[0]

    def add_all(
        self,
        bookings: Iterable[Booking],
        *,
        first_seen_at: datetime,
        old_visit: bool = False,
        row_ids: Iterable[str] = (),
    ) -> list[CachedBooking]:
        """The same for many at once: a first morning brings thousands.

        One more of a person who was forgotten today is forgotten as well.
        """
        ids = iter(row_ids)
        cached = [
            CachedBooking(next(ids, "") or new_id(), booking, first_seen_at, old_visit=old_visit)
            for booking in bookings
        ]
        answers = {one.booking.id_answer for one in cached if one.booking.id_answer}
        forgotten = self._forgotten.among(answers) if answers else set()
        for at, one in enumerate(cached):
            if one.booking.id_answer in forgotten:
                cached[at] = replace(one, booking=_reduced(one.booking))
                self._forgotten.add([one.row_id], None)
        rows = [
            {
                "row_id": one.row_id,
                "first_seen_at": first_seen_at,
                "old_visit": old_visit,
                **values_of(one.booking, _BOOKING),
            }
            for one in cached
        ]
        self._db.each(insert_into("bookings", _ROW), rows)
        return cached

    def update(self, row_id: str, booking: Booking) -> None:
        """LibCal says something else now; what we know about the row stays.

        Of a forgotten person only what the ledger needs is kept, whatever LibCal says.
        """
        if self._forgotten.among([row_id]):
            booking = _reduced(booking)
        changes = ", ".join(f"{name} = :{name}" for name in _BOOKING)
        self._db.execute(
            f"UPDATE bookings SET {changes} WHERE row_id = :row_id",
            row_id=row_id,
            **values_of(booking, _BOOKING),
        )

    def set_gone(self, row_id: str, at: datetime | None) -> None:
        """When it was first missing from a complete answer; None: it is there (again)."""
        self._db.execute(
            "UPDATE bookings SET gone_at = :at WHERE row_id = :row_id", row_id=row_id, at=at
        )

    def set_held(self, row_id: str, held: bool) -> None:
        self._db.execute(
            "UPDATE bookings SET held = :held WHERE row_id = :row_id", row_id=row_id, held=held
        )

    def set_tries(self, row_id: str, tries: Tries) -> None:
        self._db.execute(
            "UPDATE bookings SET tries_count = :count, tries_failed_at = :failed_at,"
            " tries_reason = :reason, tries_retry_at = :retry_at WHERE row_id = :row_id",
            row_id=row_id,
            count=tries.count,
            failed_at=tries.failed_at,
            reason=tries.reason,
            retry_at=tries.retry_at,
        )

    def mark_seen_ended(self, row_ids: Collection[str]) -> None:
        """The desk has looked at these, which ended without registration or unclear."""
        self._db.execute(
            "INSERT INTO ticked_off (row_id) SELECT row_id FROM bookings"
            f" WHERE row_id IN {self._db.listed('row_ids')} ON CONFLICT (row_id) DO NOTHING",
            row_ids=list(row_ids),
        )

    def split_old_visit(self, row_id: str, *, at: datetime) -> CachedBooking:
        """Make what was sent a line of its own, so that the booking can be sent anew.

        The new row has the times that were sent last, where they are known, and all sends that
        did or may have made a visit. Raises LookupError where there is no such row.
        """
        with self._db.transaction():
            row = self.get(row_id)
            if row is None:
                raise LookupError("no such booking")
            # It stays beside its booking, and beside the old visits of whoever came with that.
            sent = replace(self._as_sent(row), parent_row_id=row.booking.parent_row_id or row_id)
            old = self.add(sent, first_seen_at=at, old_visit=True)
            self._db.execute(
                "UPDATE appts SET row_id = :new WHERE row_id = :old"
                f" AND state IN {self._db.listed('sent')}",
                new=old.row_id,
                old=row_id,
                sent=_SENT,
            )
            return old

    def location_marks(self) -> dict[str, LocationMark]:
        """How fresh each location's rows are, by location id."""
        marks = readable(self._db, _mark, "SELECT * FROM locations")
        return {mark.location_id: mark for mark in marks}

    def note_locations(self, marks: Iterable[LocationMark]) -> None:
        self._db.each(
            insert_into("locations", _MARK) + on_conflict_update("location_id", _MARK),
            [values_of(mark, _MARK) for mark in marks],
        )

    def _found(self, sql: str, **values: object) -> list[CachedBooking]:
        return list(readable(self._db, _cached, sql, **values))

    def _as_sent(self, row: CachedBooking) -> Booking:
        times = self._db.one(
            lambda sent: (from_text(sent["starts_at"]), maybe_time(sent["ends_at"])),
            "SELECT starts_at, ends_at FROM appts WHERE row_id = :row_id"
            f" AND state IN {self._db.listed('sent')} AND starts_at IS NOT NULL"
            " ORDER BY position DESC LIMIT 1",
            row_id=row.row_id,
            sent=_SENT,
        )
        if times is None:
            return row.booking
        starts_at, ends_at = times
        return replace(row.booking, starts_at=starts_at, ends_at=ends_at or row.booking.ends_at)


def _reduced(booking: Booking) -> Booking:
    return replace(
        booking,
        first_name="",
        last_name="",
        email="",
        seats=(),
        id_answer=None,
        created_at=None,
        check_in=None,
        check_in_codes=(),
        open_codes=(),
        account=None,
    )


def _cached(row: Row) -> CachedBooking:
    """Raises ValueError or TypeError where not even its start can be read."""
    try:
        return _whole(row)
    except UNREADABLE:
        return _half(row)


def _whole(row: Row) -> CachedBooking:
    return CachedBooking(
        row_id=row["row_id"],
        booking=_booking(row),
        first_seen_at=from_text(row["first_seen_at"]),
        gone_at=maybe_time(row["gone_at"]),
        old_visit=bool(row["old_visit"]),
        held=bool(row["held"]),
        seen_ended=bool(row["seen_ended"]),
        tries=_tries(row),
    )


def _half(row: Row) -> CachedBooking:
    """Nothing is sent for it before LibCal has said again what it is."""
    start = from_text(row["starts_at"])
    instead = {"ends_at": start + timedelta(minutes=1), "source": Source.LIBCAL}
    instead |= {"seats": (), "check_in_codes": (), "open_codes": ()}
    return CachedBooking(
        row_id=row["row_id"],
        booking=salvaged(Booking, row, instead),
        first_seen_at=start,
        old_visit=bool(row["old_visit"]),
        held=bool(row["held"]),
        seen_ended=bool(row["seen_ended"]),
        is_damaged=True,
    )


_booking = reader_of(Booking)


_NO_TRIES = Tries()


def _tries(row: Row) -> Tries:
    return _some_tries(row) if row["tries_count"] else _NO_TRIES  # as mostly


_some_tries = reader_of(Tries, prefix="tries_")


_mark = reader_of(LocationMark)
