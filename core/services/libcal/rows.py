"""LibCal's rows → bookings: read one by one, then folded (docs/libcal.md, Bookings)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.domain.errors import UnexpectedAnswer
from core.domain.library_day import LibraryDay
from core.domain.models import Booking
from core.domain.text import SEAT_DOT, clean, shortened
from core.http.answer import id_of, member, text_of
from core.settings.config import ACCOUNT, LibCalSettings

_TEN_YEARS = timedelta(days=3653)
_MOST_NAMED = 5
_IDENTITY = ("bookId", "fromDate", "toDate", "lid", "eid", "seat_id", "id", "email", "status")
"""Of two seats that nothing else tells apart one may be cancelled, and the other live."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that names no booking or no time that can be: what is known of it."""

    location_id: str
    """Its own, or the one that was asked for."""
    book_id: str | None = None

    def could_be(self, booking: Booking) -> bool:
        """Whether this may be a row of ``booking``, which then isn't missing."""
        if self.book_id is not None:
            return self.book_id == booking.book_id
        return self.location_id == booking.location_id


def unreadable(row: object, asked_location: str) -> Unreadable:
    """What is known of a row for which ``read_row`` gives None."""
    location_id = id_of(member(row, "lid")) or asked_location
    return Unreadable(location_id, id_of(member(row, "bookId")))


class PartlyRead(UnexpectedAnswer):
    """Some rows of a location name no booking or no time; ``bookings`` are all the others.

    Whoever goes on with them must not take the ``unreadable`` ones as cancelled.
    """

    def __init__(self, unreadable: Sequence[Unreadable], bookings: list[Booking]) -> None:
        count = len(unreadable)
        what = "a booking" if count == 1 else f"{count} bookings"
        ids = sorted({shortened(one.book_id) for one in unreadable if one.book_id is not None})
        named = f" ({', '.join(ids[:_MOST_NAMED])})" if ids else ""
        super().__init__(
            "LibCal",
            f"LibCal sent {what} that can't be read{named}.",
            "The others are shown. If it lasts, tell IT.",
            http_status=200,
        )
        self.unreadable = tuple(unreadable)
        self.bookings = bookings

    @property
    def says_something(self) -> bool:
        """Whether anything in it is LibCal's; else it is no answer about bookings."""
        return bool(self.bookings) or any(one.book_id for one in self.unreadable)


def read_row(
    row: object, asked_location: str, settings: LibCalSettings, now: datetime
) -> Booking | None:
    """One row of LibCal's answer; None where it names no booking, or no time within ten years."""
    day = LibraryDay(settings.time_zone)
    book_id = id_of(member(row, "bookId"))
    starts_at = _moment(member(row, "fromDate"), day, now)
    ends_at = _moment(member(row, "toDate"), day, now)
    if book_id is None or starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    location_id = id_of(member(row, "lid")) or asked_location
    seat = _seat(row)
    event_id, event_title = _event(member(row, "event"))
    code = text_of(member(row, "check_in_code"))
    codes = (shortened(code),) if code else ()
    check_in = shortened(text_of(member(row, "check_in_status"))) or None
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
        id_answer=_first_answer(row, settings.questions_of(location_id)),
        created_at=_moment(member(row, "created"), day, now),
        check_in=check_in,
        check_in_codes=codes,
        open_codes=() if check_in in ("in", "out") else codes,
        account=shortened(text_of(member(row, ACCOUNT))) or None,
        event_id=event_id,
        event_title=event_title,
    )


def identity_of(row: object) -> tuple[str, ...]:
    """What tells one row of the answer from every other: rows move between pages, as they are."""
    return tuple(str(member(row, name)) for name in _IDENTITY)


def differences(old: Booking, new: Booking) -> list[str]:
    """What the history says of a change in LibCal; no names, which may be forgotten later."""
    said = []
    if old.status != new.status:
        said.append(f"LibCal's status is now {new.status}.")
    if old.ends_at != new.ends_at:
        said.append("LibCal changed the end.")
    if old.id_answer != new.id_answer:
        said.append("The reader's ID answer in LibCal changed.")
    if old.person != new.person:
        shared = "Another person has" if new.person else "No other person has"
        said.append(f"{shared} the same booking in LibCal.")
    if old.location_id != new.location_id:
        said.append(f"It is now in {new.location_name}.")
    if old.check_in != new.check_in and new.has_arrived:
        said.append("The reader checked in." if new.check_in == "in" else "The reader checked out.")
    return said


def _moment(value: object, day: LibraryDay, now: datetime) -> datetime | None:
    """A timestamp, in UTC as the cache keeps it: two zones take ten times as long to compare.

    One without an offset is the library's time. What lies further than ten years from now is
    nonsense: the last moments of the year 9999 don't even exist in every zone.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=day.zone) if day.zone else moment.astimezone()
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if abs(moment - now) <= _TEN_YEARS else None


def _location_name(row: object, location_id: str, settings: LibCalSettings) -> str:
    names = {location.id: location.name for location in settings.locations}
    return names.get(location_id) or shortened(text_of(member(row, "location_name"))) or location_id


def _answer(row: object, question: str) -> str | None:
    """Where nobody had to sign on, the account is the e-mail address: no answer."""
    answer = _as_typed(member(row, question))
    address = text_of(member(row, "email"))
    is_address = question == ACCOUNT and (answer or "").casefold() == address.casefold()
    return None if is_address else answer


def _first_answer(row: object, questions: Iterable[str]) -> str | None:
    """What the first answered of these questions says."""
    given = [_answer(row, question) for question in questions]
    there = [answer for answer in given if answer is not None]
    return next((answer for answer in there if answer.strip()), next(iter(there), None))


def _event(value: object) -> tuple[str | None, str]:
    """The event's id and title; no id where the space isn't booked for one."""
    if not isinstance(value, dict) or not value:
        return None, ""
    return text_of(member(value, "id")), shortened(text_of(member(value, "title")))


def _seat(row: object) -> str:
    names = (text_of(member(row, "item_name")), text_of(member(row, "seat_name")))
    return shortened(SEAT_DOT.join(dict.fromkeys(name for name in names if name)))


def _as_typed(value: object) -> str | None:
    """The reader's answer, blanks and all; several are joined."""
    if isinstance(value, list):
        parts = [part for part in map(_as_typed, value) if part is not None]
        return shortened(", ".join(parts)) if parts else None
    return shortened(clean(value)) if isinstance(value, str) else id_of(value)


class Pages:
    """The rows of one location, each once, whichever page it came on: rows move between pages while
    people book."""

    def __init__(self, location_id: str, settings: LibCalSettings, now: datetime) -> None:
        self._location_id = location_id
        self._settings = settings
        self._now = now
        self._bookings: dict[tuple[str, ...], Booking] = {}
        self._unread: Counter[str] = Counter()
        self._named: dict[str, object] = {}

    def add(self, rows: Iterable[object]) -> bool:
        """Take one page in; False where it is empty or brings nothing new."""
        known = len(self._bookings), self._unread.total()
        unread: Counter[str] = Counter()
        for row in rows:
            booking = read_row(row, self._location_id, self._settings, self._now)
            if booking is not None:
                # Two people can have one booking, and a row need not have an id of its own.
                one = (*identity_of(row), booking.id_answer or "")
                self._bookings.setdefault(one, booking)
            else:
                unread[repr(row)] += 1
                self._named[repr(row)] = row
        self._unread |= unread  # the same one on another page has moved there
        return known != (len(self._bookings), self._unread.total())

    def bookings(self) -> list[Booking]:
        """All that was read.

        Raises:
            PartlyRead: some rows can't be read.
        """
        bookings = list(self._bookings.values())
        unread = [self._named[one] for one in self._unread.elements()]
        if unread:
            raise PartlyRead([unreadable(row, self._location_id) for row in unread], bookings)
        return bookings
