"""What a practice day consists of. Every person in it is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Literal
from zoneinfo import ZoneInfo


class Unanswered(Enum):
    """The form's ID question does not occur in the row at all; null and "" are other cases."""

    FIELD_MISSING = "field missing"


OTHER_QUESTION = "q13131"
"""A second form of a place asks for the ID in other words."""
FIELD_MISSING = Unanswered.FIELD_MISSING
IdAnswer = str | tuple[str, ...] | None | Unanswered
"""What LibCal gives as the answer to the ID question; a tuple becomes a JSON list."""


@dataclass(frozen=True, slots=True)
class PracticePlace:
    """A LibCal location, and the PassagePoint destination it is mapped to."""

    lid: str
    name: str
    destination: str | None
    question: str
    form_id: int
    form_on: Literal["location", "category", "space"] = "location"
    """Where the form is named; the others name none."""
    admin_only: bool = False
    """Only staff may book it; no settings name it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A barcode in Alma."""

    barcode: str
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Person:
    """A person in Alma; ``zone`` is the one institution zone that knows them."""

    primary_id: str
    first_name: str
    last_name: str
    cards: tuple[Card, ...] = ()
    zone: str = "Main"
    user_group: str = "gw und"
    status: str | None = "ACTIVE"
    """None: Alma's coded field comes as ``{"value": null, "desc": ""}``."""
    expires_on: date | None = None
    emails: tuple[str, ...] = ()
    block: str = ""
    """What an active block says; empty: none."""
    preferred_first: str = ""
    preferred_last: str = ""

    @property
    def barcode(self) -> str | None:
        """The first ACTIVE barcode."""
        return next((card.barcode for card in self.cards if card.status == "ACTIVE"), None)


@dataclass(frozen=True, slots=True)
class LibCalRow:
    """One row of LibCal's answer: one seat of a booking."""

    book_id: str
    number: int
    lid: str
    starts_at: datetime
    ends_at: datetime
    first_name: str
    last_name: str
    email: str
    answer: IdAnswer = FIELD_MISSING
    status: str = "Confirmed"
    question: str = ""
    """Which question of the form was answered; empty: the place's own."""
    account: str = ""
    """The name with which the reader signed on; empty: none was needed."""
    seat_name: str = "Study Room 1"
    """The room, or where ``space`` is set the seat in it."""
    space: str = ""
    event: str = ""
    """The title of the library's event that it is booked for."""
    created_at: datetime | None = None
    cancelled_at: datetime | None = None
    check_in: str = "-"
    bare: bool = False
    """Only the fields that LibCal always gives."""
    changed_at: datetime | None = None
    """When it was last changed, checked in or out; None: never since it was made."""

    @property
    def key(self) -> tuple[str, datetime]:
        """What names the booking: ``bookId`` and start."""
        return self.book_id, self.starts_at

    @property
    def check_in_code(self) -> str:
        """Each seat has one of its own."""
        return f"{self.number * 7919 % 1_000_003:06X}"

    @property
    def last_change(self) -> datetime | None:
        """When it was made or last changed, as far as is known."""
        return self.changed_at or self.created_at


EventKind = Literal["booked", "cancelled", "moved", "checked_in", "new_card"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in LibCal or Alma while the day runs."""

    at: datetime
    kind: EventKind
    book_id: str = ""
    row: LibCalRow | None = None
    """The new booking."""
    person: Person | None = None
    """Who booked, where Alma has not heard of them before."""
    starts_at: datetime | None = None
    """Where a booking moves to, on check-in to the minute of arrival; None: it stays."""
    primary_id: str = ""
    """Who gets a new card."""


@dataclass(frozen=True, slots=True)
class PracticeDay:
    """People, bookings and what PassagePoint knows already, on one made-up day."""

    now: datetime
    zone: ZoneInfo
    places: tuple[PracticePlace, ...]
    alma_zones: tuple[str, ...]
    people: tuple[Person, ...] = ()
    rows: tuple[LibCalRow, ...] = ()
    """LibCal's rows that start on this day."""
    other_days: tuple[LibCalRow, ...] = ()
    """Rows of other days, such as the rest of a series."""
    events: tuple[Event, ...] = ()
    """Soonest first."""
    visitors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Barcode → ids of the people that PassagePoint has for it."""
    refused_barcodes: frozenset[str] = frozenset()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a trouble or oddity → the ``bookId`` that show it."""

    @property
    def date(self) -> date:
        """The day in the library's own time zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def keys(self) -> frozenset[tuple[str, datetime]]:
        """The day's bookings, each once however many rows it has."""
        return frozenset(row.key for row in self.rows)

    def person(self, primary_id: str) -> Person:
        """Who has this university ID; ``LookupError`` where nobody does."""
        for person in self.people:
            if person.primary_id == primary_id:
                return person
        raise LookupError(primary_id)


def later(moment: datetime, minutes: float) -> datetime:
    """``moment`` so many real minutes on, in its own time zone: the offset may change."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)
