"""What a verdict is made of: everything known about one booking, and the library's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from core.domain.check_in_state import BUT_FOR_START
from core.domain.library_day import LibraryDay
from core.domain.models import Booking, CachedBooking, Decision, Patron, PreRegistration, Visitor
from core.domain.status import Action, LibCalState, Source, libcal_state
from core.settings.config import Config

SOON = timedelta(minutes=15)
"""From so long before its start a booking that still waits needs a person."""


class Hold(NamedTuple):
    """Why nothing is sent by itself although all is well with the booking."""

    reason: str
    next_step: str = ""
    by_hand: bool = False
    """Even "Register now" can't help: the desk registers in PassagePoint itself."""
    may_be_registered: bool = False
    """The visit may exist all the same: the card is tried first."""
    is_asked_about: bool = False
    """The ledger's question is about it, and waits for an answer."""
    is_covered: bool = False
    """A visit made at the desk may be all that is needed: a person decides."""


class Party(NamedTuple):
    """A booking and its companions, as one of them sees it."""

    companions: int = 0
    """How many came with this booking and weren't taken back."""
    leader: str = ""
    """Another row of the party, which asks what this one would ask, for all of them."""
    led: int = 0
    """So many others hang on what is decided here."""
    until: tuple[datetime, ...] = ()
    """When one of them is over, and another one may have to ask."""


_ALONE = Party()


class Facts(NamedTuple):
    """Everything known about one booking."""

    cached: CachedBooking
    sends: tuple[PreRegistration, ...] = ()
    """Oldest first."""
    decisions: tuple[Decision, ...] = ()
    """Oldest first, undone ones left out."""
    patron: Patron | None = None
    """Alma's answer for the ID in use."""
    visitor: Visitor | None = None
    """PassagePoint's person for the ID in use."""
    hold: Hold | None = None
    shares_email: Callable[[], bool] = lambda: False
    """Whether the booking's e-mail address is one of the person's in Alma, and no booking of
    another ID carries it today. Asked only where the names differ."""
    is_old: bool = False
    """LibCal could not be asked, or its answer was incomplete."""
    seen_in_libcal_at: datetime | None = None
    """Where it is old: when LibCal last confirmed it."""
    lacks_destination: bool = False
    """PassagePoint's own list doesn't have the place it would be sent for."""
    is_forgotten: bool = False
    """The desk forgot this person: nothing may be sent, whatever LibCal says."""
    party: Party = _ALONE

    @property
    def booking(self) -> Booking:
        return self.cached.booking

    @property
    def is_taken_back(self) -> bool:
        """A visit without a booking stands on the desk's word, and that was undone."""
        return not self.booking.is_booked and self.last(Action.REGISTER_VISIT) is None

    @property
    def in_file(self) -> Decision | None:
        """It is in a file for PassagePoint's import, and nobody has said what became of that."""
        return self._begun(Action.IN_FILE, Action.NOT_UPLOADED, Action.BY_FILE)

    @property
    def in_hand(self) -> Decision | None:
        """Somebody enters it in PassagePoint, and hasn't said yet what became of that."""
        return self._begun(Action.IN_HAND, Action.NOT_BY_HAND, Action.BY_HAND)

    def _begun(self, first: Action, *ends: Action) -> Decision | None:
        about = (first, *ends)
        last = next((one for one in reversed(self.decisions) if one.action in about), None)
        return last if last is not None and last.action is first else None

    def last(self, action: Action) -> Decision | None:
        """The newest decision of this kind."""
        return next((one for one in reversed(self.decisions) if one.action is action), None)

    def decided(self, action: Action, seen: Callable[[], str]) -> Decision | None:
        """The newest such decision that was made when ``seen()`` was what there was to see.

        Asked only where there is a decision: mostly there is none, and a fingerprint takes long.
        """
        made = [one for one in reversed(self.decisions) if one.action is action]
        mark = seen() if made else ""
        return next((one for one in made if one.seen == mark), None)

    def stands(self, action: Action, seen: Callable[..., str]) -> bool:
        """Whether such a decision is about what there is to see; that a reader was checked in,
        which may move the start, changes nothing of it.

        ``seen`` makes the fingerprint, with ``but_for_start`` the one without the start.
        """
        if self.decided(action, seen) is not None:
            return True
        last = self.last(action) if self.booking.has_arrived else None
        return last is not None and last.detail.get(BUT_FOR_START) == seen(but_for_start=True)


@dataclass(frozen=True)
class Rules:
    """What the library wants, from its config."""

    config: Config
    day: LibraryDay = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", LibraryDay(self.config.libcal.time_zone))

    def libcal_state(self, cached: CachedBooking) -> LibCalState:
        """Whether the booking is live; one that vanished from LibCal counts as cancelled."""
        if cached.gone_at is not None:
            return LibCalState.CANCELLED
        if cached.booking.source is Source.DESK:
            return LibCalState.LIVE  # a companion's status is that of the booking
        return libcal_state(cached.booking.status, self.config.libcal.register_statuses)

    def destination(self, booking: Booking) -> str | None:
        if not booking.is_booked:
            return booking.destination
        return self.config.libcal.destination_of(booking.location_id)

    def visit_times(self, booking: Booking) -> tuple[datetime, datetime]:
        """Start and end of the visit to send."""
        early = timedelta(minutes=self.config.passagepoint.minutes_early)
        return booking.starts_at - early, booking.ends_at


def fingerprint(parts: Iterable[object]) -> str:
    """A short mark of what was seen, so that a later change is noticed."""
    import hashlib  # few rows need it, and the first paint needn't wait for it

    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()
