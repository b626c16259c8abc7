"""What flows through the program: Booking → Patron → Visitor → PreRegistration → BookingRow.

All of them are immutable; all ids are text (PassagePoint's have 15 digits); all times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from core.domain.check_in_state import CheckInState
from core.domain.clock import ClockCompared
from core.domain.errors import AppError
from core.domain.service_status import SERVICES as SERVICES
from core.domain.service_status import GateState as GateState
from core.domain.service_status import LocationMark as LocationMark
from core.domain.service_status import ServiceStatus as ServiceStatus
from core.domain.status import (
    Action,
    Group,
    LibCalState,
    PassState,
    PatronState,
    SendState,
    Source,
    Tone,
)

AUTOMATIC = "LibCal2PP"
"""Who did what nobody asked for."""


class BookingKey(NamedTuple):
    """What names a booking in LibCal: every day of a series has the same ``book_id``."""

    book_id: str
    starts_at: datetime
    person: str = ""
    """Tells two people under one id and start apart; nearly always there is one, and nothing."""


class Personal:
    """Holds personal data, so its ``repr``, which ends up in logs and reports, says none of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class Booking(Personal):
    """One LibCal booking as last seen; its seats are joined (docs/libcal.md, Bookings)."""

    book_id: str
    starts_at: datetime
    ends_at: datetime
    first_name: str
    last_name: str
    email: str
    status: str
    """LibCal's own word, such as ``Mediated Approved``."""
    location_id: str
    location_name: str
    seats: tuple[str, ...] = ()
    """Names of the rooms or seats, in the order LibCal gave them."""
    id_answer: str | None = None
    """The answer to the ID question as the reader gave it; None where there is none."""
    created_at: datetime | None = None
    check_in: str | None = None
    """LibCal's ``check_in_status``: ``in``, ``out``, ``-``, or None where it isn't said."""
    check_in_codes: tuple[str, ...] = ()  # what checks in each of its seats
    open_codes: tuple[str, ...] = ()  # those of the seats at which nobody has arrived
    account: str | None = None
    """The name with which the reader signed on, or else the e-mail address."""
    event_id: str | None = None
    """Booked for an event of the library; None where it isn't."""
    event_title: str = ""
    person: str = ""  # the key's part for the person; see ``BookingKey``
    source: Source = Source.LIBCAL
    parent_row_id: str | None = None  # a companion's and an old visit's: the booking's own row
    destination: str | None = None  # a visit's own; None: the location's, as the settings map it

    @property
    def key(self) -> BookingKey:
        return BookingKey(self.book_id, self.starts_at, self.person)

    @property
    def name(self) -> str:
        """First and last name, as LibCal has them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_booked(self) -> bool:
        """LibCal tells of it; a visit without a booking it doesn't know."""
        return self.source is Source.LIBCAL

    @property
    def has_arrived(self) -> bool:
        return self.check_in in ("in", "out")


@dataclass(frozen=True, slots=True, repr=False)
class Patron(Personal):
    """Alma's answer about one person (docs/alma.md)."""

    asked_id: str
    """The id that was asked for; Alma's own may be written otherwise."""
    state: PatronState
    """FOUND, NOT_IN_ALMA, NO_BARCODE, INACTIVE or COULD_NOT_ASK."""
    reason: str = ""
    """Plain words where the state isn't FOUND."""
    primary_id: str | None = None
    names: tuple[str, ...] = ()
    """Every name Alma knows, the preferred ones too: ``Family, Given``, or whole as it stands."""
    first_name: str = ""
    last_name: str = ""
    barcode: str | None = None
    """The ACTIVE barcode."""
    user_group: str | None = None
    """The group's description, such as ``gw und``."""
    group_code: str | None = None
    """The group's code, such as ``UGRD`` or ``01``."""
    active_block: str | None = None
    """What blocks the account now, in Alma's words; None where nothing does."""
    email_hashes: tuple[str, ...] | None = ()
    """Keyed hashes of the e-mail addresses; None: an answer from before they were asked for."""
    emails: tuple[str, ...] = field(default=(), compare=False)  # lives as long as the answer
    asked_old_card: bool = field(default=False, compare=False)  # by a barcode no longer ACTIVE
    zone: str | None = None
    deleted: bool = False
    """Alma's status is DELETED: always needs a person."""
    answered_at: datetime | None = None
    """When Alma last gave a definite answer."""
    failed_at: datetime | None = None
    """When Alma was last asked in vain after ``answered_at``; None where the answer stands."""
    cause: AppError | None = field(default=None, compare=False, repr=False)
    """Why Alma could not be asked; lives only as long as the pass."""

    @property
    def is_old(self) -> bool:
        """Whether the answer is the last known one because Alma could not be asked again."""
        return self.failed_at is not None


@dataclass(frozen=True, slots=True, repr=False)
class Visitor(Personal):
    """A person in PassagePoint, found or made by barcode.

    ``visitor_id`` is None while several people have the barcode and none is chosen; their ids
    are in ``candidates``.
    """

    primary_id: str
    barcode: str
    visitor_id: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class PreRegistration(Personal):
    """One call of ``createPreReg``: what was sent and what is known of its outcome."""

    send_id: str
    row_id: str | None
    """None for one taken over from an older cache, until its booking is seen."""
    appt_id: str
    """LibCal's ``bookId``."""
    state: SendState
    starts_at: datetime | None
    ends_at: datetime | None
    prereg_id: str | None = None
    visitor_id: str | None = None
    primary_id: str | None = None
    barcode: str | None = None
    destination: str | None = None
    category: str | None = None
    owner: str = ""
    """The process that sends or sent it; see ``Ledger``."""
    who: str = ""
    computer: str = ""
    intended_at: datetime | None = None
    settled_at: datetime | None = None
    reason: str = ""
    sequence: int = field(default=0, compare=False)
    """Its place in the one order of sends and decisions; the ledger gives it."""


@dataclass(frozen=True, slots=True, repr=False)
class Decision(Personal):
    """Something the desk decided about a booking, with what was seen when it was decided."""

    decision_id: str
    row_id: str
    action: Action
    at: datetime
    who: str
    computer: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    """What was decided, for example ``{"primary_id": "G12345678"}``."""
    seen: str = ""
    """A fingerprint of what was seen; where it differs later, the question is raised again."""
    undone_at: datetime | None = None
    sequence: int = field(default=0, compare=False)
    """As a ``PreRegistration`` has one."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed tries of a booking since the last success; pauses double (docs/promise.md, 3)."""

    count: int = 0
    failed_at: datetime | None = None
    reason: str = ""
    retry_at: datetime | None = None
    """Nothing is tried by itself before this moment."""


@dataclass(frozen=True, slots=True, repr=False)
class CachedBooking(Personal):
    """A booking with what the cache knows about its place in the list."""

    row_id: str
    booking: Booking
    first_seen_at: datetime
    gone_at: datetime | None = None
    """When it was first missing from a complete answer: it counts as cancelled."""
    old_visit: bool = False
    """A line of its own for a visit that was sent and has been replaced."""
    held: bool = False
    """LibCal moved bookings about after something was sent: a person decides first."""
    seen_ended: bool = False
    """It ended without registration or unclear, and the desk has looked at it."""
    tries: Tries = Tries()
    is_damaged: bool = False
    """What LibCal said of it can't be read here any more: its next answer puts it right."""


@dataclass(frozen=True, slots=True, repr=False)
class BookingRow(Personal):
    """One line of the day as the desk sees it: made by ``core.verdict`` and nowhere else."""

    row_id: str
    book_id: str
    starts_at: datetime
    ends_at: datetime
    """Both in the library's time zone."""
    name: str
    sort_name: str
    """``Last, First``."""
    primary_id: str | None
    """The university ID in use: the desk's correction, else the reader's valid answer."""
    id_answer: str | None  # what the reader typed
    location_id: str
    location: str
    seats: str
    destination: str | None
    email: str
    libcal: str
    """LibCal's own status word."""
    libcal_state: LibCalState
    libcal_label: str
    """What staff read: Confirmed, Approved, Arrived, Cancelled …"""
    patron: PatronState
    passagepoint: PassState
    group: Group
    label: str
    """What the PassagePoint cell says, for example ``Registered 10:42`` or ``ID not valid``."""
    tone: Tone
    action: Action | None  # the row's one button
    offers: tuple[Action, ...]
    """Everything else that can be done with it now."""
    reason: str | None
    """What is wrong, in plain words; None where nothing is."""
    next_step: str  # what to do about it
    prereg_id: str | None
    registered_at: datetime | None
    barcode: str | None
    is_over: bool
    is_live: bool
    has_arrived: bool
    is_old: bool
    """LibCal's or Alma's part is the last known one, not a fresh answer."""
    day: date
    """The library's day it starts on; tomorrow's are listed under "Tomorrow"."""
    first_seen_at: datetime
    seen_in_libcal_at: datetime | None = None
    """Where LibCal's part is old: when it was last confirmed."""
    asked_alma_at: datetime | None = None
    first_name: str = ""
    last_name: str = ""
    candidates: tuple[str, ...] = ()  # CHOOSE_PERSON: PassagePoint's people with this barcode
    person: str = ""  # the key's part for the person; see ``BookingKey``
    place: str = ""  # the location's short name, where it has one
    block: str | None = None  # what blocks the account in Alma now, in Alma's words
    alma_name: str = ""  # the person's name there, where it isn't written as in the booking
    is_asked_about: bool = False  # the ledger's open question: is it registered already?
    parent_row_id: str | None = None  # a companion's: the row of the booking that it came with
    companions: int = 0  # how many came with it and weren't taken back
    companions_allowed: int = 0  # so many may come with one booking
    check_in: CheckInState = CheckInState.NONE

    @property
    def key(self) -> BookingKey:
        return BookingKey(self.book_id, self.starts_at, self.person)


@dataclass(frozen=True, slots=True, repr=False)
class HistoryEntry(Personal):
    """One line of a booking's history or of the activity log."""

    at: datetime
    text: str
    who: str = ""
    computer: str = ""
    row_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many bookings stand in each group; they add up to ``total``."""

    registered: int = 0
    waiting: int = 0
    needs_person: int = 0
    excluded: int = 0

    @property
    def total(self) -> int:
        return self.registered + self.waiting + self.needs_person + self.excluded


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one pass found and did."""

    day: date
    services: Mapping[str, ServiceStatus]
    rows: tuple[BookingRow, ...]
    new_visits: int = 0
    stopped: bool = False
    """The pass was asked to stop before it was done."""
    is_known: bool = True
    """Whether LibCal has told this day at all."""
    last_asked_at: datetime | None = None
    """Where it hasn't: when it last told a day, in the library's time; None: never."""
    ahead_until: datetime | None = None
    """Bookings of tomorrow that start before then are among the rows; None: none are."""

    @property
    def counts(self) -> Counts:
        by_group = dict.fromkeys(Group, 0)
        for row in self.rows:
            by_group[row.group] += 1
        return Counts(**{group.value: count for group, count in by_group.items()})


@dataclass(frozen=True, slots=True, repr=False)
class DeskRequest(Personal):
    """Something the desk wants done; stored before it is carried out."""

    request_id: str
    action: Action
    row_id: str
    who: str
    """The computer's account, plus the initials of the status bar if set."""
    at: datetime
    computer: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    """CORRECT_ID: ``{"id": …}``; CHOOSE: ``{"visitor_id": …}``; UNDO: ``{"decision_id": …}``.
    NOT_BY_HAND may name the IN_HAND that it ends in the same way."""
    asked_by: str = field(default="", compare=False)
    """Who asked as the database knows it: session user and address; "" in a computer's own."""


@dataclass(frozen=True, slots=True)
class CleanUpPlan:
    """What a clean-up removes, or removed: counts only."""

    bookings: int = 0
    people: int = 0
    log_entries: int = 0
    oldest: date | None = None
    newest: date | None = None
    kept_waiting: int = 0
    """Past bookings that stay because they wait or are unclear, or nobody has looked at them."""


# What the engine reports while it works. Plain values: the window turns them into signals.


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """These rows are new or different; the others stand."""

    rows: tuple[BookingRow, ...]


@dataclass(frozen=True, slots=True)
class RowsRemoved:
    """These rows are no longer part of the day."""

    row_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """A service answered, failed, or stopped being asked."""

    status: ServiceStatus


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many steps of the running pass are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, repr=False)
class ActionDone(Personal):
    """A desk action was carried out, or could not be: ``error`` then says why."""

    request_id: str
    row_id: str
    action: Action
    text: str
    error: str | None = None
    decision_id: str | None = None
    """Set where it can be undone."""
    queued: bool = False
    """It could not go out yet: it stays asked for, and goes out by itself."""


Event = RowsChanged | RowsRemoved | ServiceChanged | Progress | ActionDone | ClockCompared
