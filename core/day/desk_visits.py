"""A visit without a booking: what it needs, and the row that it becomes (docs/promise.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.cache.base import Cache
from core.day.companions import PARENT, booking_with, companion_of
from core.day.day_book import DayBook
from core.day.decisions import Decisions
from core.day.effects import Refusal
from core.domain.clock import Clock
from core.domain.models import Booking, BookingRow, CachedBooking, DeskRequest, Patron
from core.domain.status import Action, PatronState, Source
from core.domain.university_id import meant_id
from core.settings.config import Location

AT_ONCE = timedelta(minutes=2)
"""The reader stands at the desk: what is older was asked for in vain, and somebody knows that."""
ONLY_AT_ONCE = (Action.REGISTER_VISIT,)
"""What is done within that time or not at all."""
_LONGEST_NAME = 20
"""Characters of initials."""


class _Wish(NamedTuple):
    """What the desk asks for, as far as it may be had."""

    place: Location
    starts_at: datetime
    ends_at: datetime
    parent: CachedBooking | None = None
    """The booking that it is a companion of."""

    def overlaps(self, row: BookingRow) -> bool:
        return row.starts_at < self.ends_at and self.starts_at < row.ends_at


class DeskVisits:
    """Makes the rows of visits without a booking. Each step raises ``Refusal`` with its guard.

    The request names its row, which is yet to be made, and has in its detail ``id`` (an ID or a
    barcode), ``location_id``, ``ends_at`` (ISO with offset) and ``initials``; a companion's also
    ``parent_row_id``, and the place and end of that booking.
    """

    def __init__(self, cache: Cache, book: DayBook, decisions: Decisions, clock: Clock) -> None:
        self._cache = cache
        self._book = book
        self._decisions = decisions
        self._clock = clock

    def asked_id(self, request: DeskRequest) -> str:
        """The ID or barcode that Alma has to be asked about, where all else allows the visit."""
        self._wanted(request)
        typed = meant_id(
            request.detail.get("id"), self._book.rules.config.libcal.primary_id_pattern
        )
        if not typed:
            raise Refusal("Type a university ID or scan a card.")
        return typed

    def make(self, request: DeskRequest, patron: Patron) -> None:
        """Alma has just answered: keep the visit, with who asked for it, in one transaction."""
        wish = self._wanted(request)
        primary_id = _let_in(patron)
        if self._cache.forgotten.among([primary_id]):
            raise Refusal("This person was forgotten here today: register the visit by hand.")
        self._refuse_second(wish, primary_id, patron)
        booking = Booking(
            book_id=f"desk-{request.row_id}",
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            first_name=patron.first_name,
            last_name=patron.last_name,
            email=next(iter(patron.emails), ""),
            status="No booking",
            location_id=wish.place.id,
            location_name=wish.place.name,
            id_answer=primary_id,
            source=Source.DESK,
            destination=wish.place.destination,
        )
        text = "A visit without a booking."
        if wish.parent is not None:
            booking, text = companion_of(wish.parent, booking), "Came with a booking."
        with self._cache.transaction():
            self._cache.bookings.add(
                booking, first_seen_at=self._clock.now(), row_id=request.row_id
            )
            known = self._cache.people.remember(replace(patron, asked_id=primary_id))
            self._decisions.keep(
                request,
                detail={"primary_id": primary_id, "initials": request.detail["initials"]},
                text=text,
            )
        self._book.put_patron(known)
        self._book.reconsider()

    def _wanted(self, request: DeskRequest) -> _Wish:
        """Where, from when and until when; every guard that needs no answer of Alma's."""
        hours = self._book.rules.config.passagepoint.walk_in_hours
        if hours is None and PARENT not in request.detail:
            raise Refusal("Visits without a booking are switched off in Settings.")
        self._refuse_unfit(request)
        parent = booking_with(self._book, request)
        starts_at = self._clock.now().replace(microsecond=0).astimezone(UTC)
        if parent is not None:
            booking = parent.booking
            return _Wish(self._place(request), booking.starts_at, booking.ends_at, parent)
        ends_at = self._end(request, starts_at, hours or 0)
        return _Wish(self._place(request), starts_at, ends_at)

    def _refuse_unfit(self, request: DeskRequest) -> None:
        """Too late, by nobody, or for the second time."""
        rules, now = self._book.rules, self._clock.now()
        if abs(now - request.at) > AT_ONCE:
            at, shown = rules.day.clock_time(request.at), rules.day.clock_time(now)
            raise Refusal(f"Asked for at {at}, and now it is {shown}: nothing was sent. Ask again.")
        initials = request.detail.get("initials", "").strip()
        if not 0 < len(initials) <= _LONGEST_NAME:
            raise Refusal("Set your initials first: a visit without a booking is kept with them.")
        if not request.row_id or self._cache.bookings.get(request.row_id) is not None:
            raise Refusal("This visit was asked for before.")

    def _place(self, request: DeskRequest) -> Location:
        wanted = request.detail.get("location_id")
        places = self._book.rules.config.libcal.locations
        place = next((one for one in places if one.id == wanted), None)
        if place is None:
            raise Refusal("This place isn't looked after here.")
        if place.destination is None:
            raise Refusal(f"{place.name} has no destination in PassagePoint.")
        if place.destination in self._cache.services.missing_destinations():
            raise Refusal(f"{place.destination} isn't a destination in PassagePoint.")
        return place

    def _end(self, request: DeskRequest, starts_at: datetime, hours: int) -> datetime:
        try:
            ends_at = datetime.fromisoformat(request.detail.get("ends_at", ""))
        except ValueError:
            raise Refusal("Say until when the visit lasts.") from None
        if ends_at.tzinfo is None:
            raise Refusal("Say until when the visit lasts.")
        day = self._book.rules.day
        if ends_at <= starts_at:
            raise Refusal("The visit would be over already: choose a later end.")
        if ends_at > starts_at + timedelta(hours=hours):
            raise Refusal(f"A visit without a booking lasts {hours} hours at most.")
        if ends_at > day.end_of(day.day_of(starts_at)):
            raise Refusal("A visit without a booking ends on the same day.")
        return ends_at.astimezone(UTC)

    def _refuse_second(self, wish: _Wish, primary_id: str, patron: Patron) -> None:
        """One person has one visit at a place: what is booked, or made here, is offered instead.

        Whoever has one at another time of the day may still come with somebody's booking.
        """
        place, parent = wish.place, wish.parent
        for row in self._book.rows():
            is_same = (row.primary_id or "").upper() == primary_id
            is_same = is_same or (row.barcode is not None and row.barcode == patron.barcode)
            if not is_same or row.location_id != place.id or not _counts(row):
                continue
            if parent is not None and row.row_id == parent.row_id:
                raise Refusal("This reader has booked it: nothing more is needed.")
            if parent is not None and row.parent_row_id == parent.row_id:
                raise Refusal(f"This reader is a companion here already: it says “{row.label}”.")
            if parent is None or wish.overlaps(row):
                span = " to ".join(
                    map(self._book.rules.day.clock_time, (row.starts_at, row.ends_at))
                )
                what = "a visit" if row.book_id.startswith("desk-") else "a booking"
                raise Refusal(
                    f"This reader has {what} from {span} at {place.name}: it says “{row.label}”."
                )


def _counts(row: BookingRow) -> bool:
    """It is live, or something of it may stand in PassagePoint."""
    return not row.is_over and (row.is_live or row.prereg_id is not None)


def _let_in(patron: Patron) -> str:
    """Who Alma says it is, whose account is active and not blocked; the university ID."""
    if patron.state is PatronState.COULD_NOT_ASK or patron.is_old:
        raise Refusal(
            f"Alma has to be asked now, and couldn't be: nothing was sent. {patron.reason}"
        )
    if patron.state is PatronState.NOT_IN_ALMA or not patron.primary_id:
        raise Refusal("Alma doesn't know this ID or card: nothing was sent.")
    if patron.deleted or patron.state is PatronState.INACTIVE:
        raise Refusal(patron.reason or "The account in Alma is not active.")
    if patron.active_block:
        raise Refusal(f"The account in Alma is blocked: {patron.active_block}.")
    if patron.state is not PatronState.FOUND or not patron.barcode:
        raise Refusal(patron.reason or "Alma has no active barcode.")
    return patron.primary_id.strip().upper()
