"""LibCal's rows → bookings: read one by one, then folded (contracts: LibCal, Bookings)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from core.domain.errors import UnexpectedAnswer
from core.domain.library_day import LibraryDay
from core.domain.models import Booking, BookingKey
from core.domain.status import LibCalState, libcal_state
from core.domain.text import clean, shortened
from core.http.answer import id_of, member, text_of
from core.settings.config import LibCalSettings

_LIVELIEST_FIRST = (
    LibCalState.LIVE,
    LibCalState.TENTATIVE,
    LibCalState.UNKNOWN,
    LibCalState.DENIED,
    LibCalState.CANCELLED,
)
_CHECK_INS = ("in", "out", "-")


class PartlyRead(UnexpectedAnswer):
    """Some rows of a location name no booking or no time; ``bookings`` are all the others.

    Whoever goes on with them must not take the unreadable ones as cancelled.
    """

    def __init__(self, count: int, bookings: list[Booking]) -> None:
        what = "a booking" if count == 1 else f"{count} bookings"
        super().__init__(
            "LibCal",
            f"LibCal sent {what} that can't be read.",
            "The others are shown. If it lasts, tell IT.",
            http_status=200,
        )
        self.bookings = bookings


def read_row(row: object, asked_location: str, settings: LibCalSettings) -> Booking | None:
    """One row of LibCal's answer; None where it names no booking or no time."""
    day = LibraryDay(settings.time_zone)
    book_id = id_of(member(row, "bookId"))
    starts_at = _moment(member(row, "fromDate"), day)
    ends_at = _moment(member(row, "toDate"), day)
    if book_id is None or starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    location_id = id_of(member(row, "lid")) or asked_location
    question = settings.question_of(location_id)
    seat = _seat(row)
    return Booking(
        book_id=book_id,
        starts_at=starts_at,
        ends_at=ends_at,
        first_name=shortened(text_of(member(row, "firstName"))),
        last_name=shortened(text_of(member(row, "lastName"))),
        email=shortened(text_of(member(row, "email"))),
        status=shortened(text_of(member(row, "status"))),
        location_id=location_id,
        location_name=_location_name(row, location_id, settings),
        seats=(seat,) if seat else (),
        id_answer=_as_typed(member(row, question)) if question else None,
        created_at=_moment(member(row, "created"), day),
        check_in=shortened(text_of(member(row, "check_in_status"))) or None,
    )


def identity_of(row: object) -> tuple[str, ...]:
    """What tells one row of the answer from every other: rows move between pages."""
    return tuple(
        text_of(member(row, name))
        for name in ("bookId", "fromDate", "toDate", "lid", "eid", "seat_id", "id")
    )


def fold_bookings(bookings: Iterable[Booking], register_statuses: Collection[str]) -> list[Booking]:
    """One booking a key, in the order they came; several rows of a key are its seats.

    The liveliest row speaks for all of them: a booking is live if any seat is.
    """
    by_key: dict[BookingKey, list[Booking]] = {}
    for booking in bookings:
        by_key.setdefault(booking.key, []).append(booking)
    return [_folded(rows, register_statuses) for rows in by_key.values()]


def _folded(rows: list[Booking], register_statuses: Collection[str]) -> Booking:
    if len(rows) == 1:
        return rows[0]
    ranks = [_LIVELIEST_FIRST.index(libcal_state(row.status, register_statuses)) for row in rows]
    liveliest = [row for row, rank in zip(rows, ranks, strict=True) if rank == min(ranks)]
    answers = [row.id_answer for row in (*liveliest, *rows) if (row.id_answer or "").strip()]
    check_ins = {row.check_in for row in rows}
    created = [row.created_at for row in rows if row.created_at is not None]
    return replace(
        liveliest[0],
        ends_at=max(row.ends_at for row in liveliest),
        seats=tuple(dict.fromkeys(seat for row in liveliest for seat in row.seats)),
        id_answer=answers[0] if answers else liveliest[0].id_answer,
        check_in=next((one for one in _CHECK_INS if one in check_ins), liveliest[0].check_in),
        created_at=min(created, default=None),
    )


def differences(old: Booking, new: Booking) -> list[str]:
    """What the history says of a change in LibCal; no names, which may be forgotten later."""
    said = []
    if old.status != new.status:
        said.append(f"LibCal's status is now {new.status}.")
    if old.ends_at != new.ends_at:
        said.append("LibCal changed the end.")
    if old.id_answer != new.id_answer:
        said.append("The reader's ID answer in LibCal changed.")
    if old.location_id != new.location_id:
        said.append(f"It is now in {new.location_name}.")
    if old.check_in != new.check_in and new.has_arrived:
        said.append("The reader checked in." if new.check_in == "in" else "The reader checked out.")
    return said


def _moment(value: object, day: LibraryDay) -> datetime | None:
    """A timestamp, in UTC as the cache keeps it: two zones take ten times as long to compare.

    One without an offset is the library's time.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=day.zone) if day.zone else moment.astimezone()
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _location_name(row: object, location_id: str, settings: LibCalSettings) -> str:
    names = {location.id: location.name for location in settings.locations}
    return names.get(location_id) or shortened(text_of(member(row, "location_name"))) or location_id


def _seat(row: object) -> str:
    names = (text_of(member(row, "item_name")), text_of(member(row, "seat_name")))
    return shortened(" · ".join(dict.fromkeys(name for name in names if name)))


def _as_typed(value: object) -> str | None:
    """The reader's answer, blanks and all; several are joined."""
    if isinstance(value, list):
        parts = [part for part in map(_as_typed, value) if part is not None]
        return shortened(", ".join(parts)) if parts else None
    return shortened(clean(value)) if isinstance(value, str) else id_of(value)
