"""What the program would already know of a practice day if it had run since the morning.

Some states of a booking take hours to arise: moved after it was registered, an answer that was
lost, registered by hand. They are written into the practice cache before the first pass.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from core.cache.base import Cache
from core.domain.models import (
    Booking,
    CachedBooking,
    Decision,
    HistoryEntry,
    Patron,
    PreRegistration,
    Tries,
)
from core.domain.status import Action, PatronState, SendState, Source
from core.practice.alma import GROUP_CODES
from core.practice.passagepoint import FIRST_ID
from core.practice.records import Card, Person
from core.practice.services import PracticeServices
from core.services.libcal.folding import fold_bookings
from core.services.libcal.rows import read_row
from core.settings.config import Config

_DESK = "desk (practice)"
_SINCE_OPENING = timedelta(hours=3)
_BEFORE = 40_000
"""More visits than a day has."""
_COMPANIONS = (
    Person("G31415926", "Amara", "Osei", cards=(Card("22823141592653"),)),
    Person("G27182818", "Lukas", "Brandt", cards=(Card("22822718281828"),)),
)
"""They came with somebody who booked a group room."""


@dataclass(frozen=True)
class _Morning:
    cache: Cache
    config: Config
    now: datetime
    people: dict[str, Person]
    visit_ids: Iterator[int] = field(default_factory=lambda: count(FIRST_ID - _BEFORE))
    """None that the services give: one that comes twice is no proof of a visit."""

    def known(self, booking: Booking) -> CachedBooking:
        """LibCal gave it at opening time, and Alma knew the reader."""
        person = self.people.get(booking.id_answer or "")
        if person is not None:
            self.cache.people.remember(_patron(person, self.now - _SINCE_OPENING))
        return self.seen(booking)

    def seen(self, booking: Booking) -> CachedBooking:
        seen_at = self.now - _SINCE_OPENING
        cached = self.cache.bookings.add(booking, first_seen_at=seen_at)
        if booking.is_booked:
            self.log(cached, "Seen in LibCal.", seen_at)
        else:
            self._let_in(cached, seen_at)
        return cached

    def _let_in(self, cached: CachedBooking, at: datetime) -> None:
        """The desk's own decision, on which a visit stands that LibCal knows nothing of."""
        detail = {"primary_id": cached.booking.id_answer or "", "initials": "AB"}
        self._decide(cached, Action.REGISTER_VISIT, "Came with a booking.", at, detail)

    def _decide(
        self,
        cached: CachedBooking,
        action: Action,
        text: str,
        at: datetime,
        detail: dict[str, str],
    ) -> None:
        decision = Decision(uuid.uuid4().hex, cached.row_id, action, at, _DESK, detail=detail)
        self.cache.decisions.add(decision)
        self.log(cached, text, at, _DESK)

    def registered(self, booking: Booking, **changes: object) -> CachedBooking:
        """Its visit was made an hour or two ago, and before it began."""
        cached = self.known(booking)
        before = timedelta(minutes=5 + len(booking.seats[0]) * 3)
        at = min(self.now - timedelta(hours=1), booking.starts_at) - before
        person = self.people.get(booking.id_answer or "")
        send = PreRegistration(
            send_id=uuid.uuid4().hex,
            row_id=cached.row_id,
            appt_id=booking.book_id,
            state=SendState.REGISTERED,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            prereg_id=str(next(self.visit_ids)),
            primary_id=booking.id_answer,
            barcode=person.barcode if person else None,
            destination=self.config.libcal.destination_of(booking.location_id),
            intended_at=at,
            settled_at=at,
        )
        self.cache.ledger.record(replace(send, **changes))  # type: ignore[arg-type]
        if not changes.get("state"):
            self.log(cached, f"Registered in PassagePoint (visit {send.prereg_id}).", at)
        return cached

    def decided(self, booking: Booking, action: Action, text: str) -> None:
        """The desk registered it itself."""
        times = {"starts_at": booking.starts_at, "ends_at": booking.ends_at}
        detail = {name: moment.isoformat() for name, moment in times.items()}
        self._decide(self.known(booking), action, text, self.now - timedelta(minutes=40), detail)

    def came_with(self, parent: CachedBooking, person: Person) -> None:
        """Somebody was let in with the booking, as the desk does it."""
        visit = replace(
            parent.booking,
            book_id=f"desk-{person.primary_id}",
            first_name=person.first_name,
            last_name=person.last_name,
            email="",
            id_answer=person.primary_id,
            created_at=None,
            check_in=None,
            check_in_codes=(),
            account=None,
            source=Source.COMPANION,
            parent_row_id=parent.row_id,
            destination=self.config.libcal.destination_of(parent.booking.location_id),
        )
        self.registered(visit)

    def failed(self, booking: Booking) -> None:
        """PassagePoint could not be reached a moment ago."""
        self.tried(self.known(booking), "PassagePoint could not be reached.")

    def not_asked(self, booking: Booking) -> None:
        """Alma could not be reached a moment ago, and didn't know the reader from before."""
        reason = "Alma could not be reached."
        unknown = Patron(booking.id_answer or "", PatronState.COULD_NOT_ASK, reason)
        self.cache.people.remember(unknown)
        self.tried(self.seen(booking), reason)

    def tried(self, cached: CachedBooking, reason: str) -> None:
        """It failed twice, and comes up again while somebody is looking."""
        retry_at = self.now + timedelta(minutes=4)
        self.cache.bookings.set_tries(cached.row_id, Tries(2, self.now, reason, retry_at))
        self.log(cached, f"Not sent. {reason}", self.now)

    def log(self, cached: CachedBooking, text: str, at: datetime, who: str = "") -> None:
        self.cache.log.add(HistoryEntry(at=at, text=text, who=who, row_id=cached.row_id))


def live_through_the_morning(
    cache: Cache, services: PracticeServices, config: Config, now: datetime
) -> None:
    """Write what was registered since the morning, and the states that take time to arise."""
    rows = (read_row(row, "", config.libcal, now) for row in services.libcal.all_rows())
    bookings = fold_bookings([row for row in rows if row], config.libcal.register_statuses)
    people = {person.primary_id: person for person in (*services.day.people, *_COMPANIONS)}
    morning = _Morning(cache, config, now, people)
    plain = set(services.day.kinds.get("plain", ()))
    good = [one for one in bookings if one.book_id in plain]
    cancelled = [one for one in bookings if one.status == "Cancelled by User"]
    coming = iter([one for one in good if one.starts_at > now + timedelta(minutes=20)])
    with cache.transaction():
        begun = [morning.registered(one) for one in good if one.starts_at <= now]
        running = [one for one in begun if one.booking.ends_at > now + timedelta(minutes=45)]
        for parent in running[:1]:
            for person in _COMPANIONS:
                morning.came_with(parent, services.add_person(person))
        for booking in cancelled[:1]:
            morning.registered(booking)
        for happen, booking in zip(_happenings(morning), coming, strict=False):
            happen(booking)


def _happenings(morning: _Morning) -> Iterator[Callable[[Booking], object]]:
    """One for each state that the first pass can't bring about, soonest start first."""
    lost = "PassagePoint's answer was lost: the connection was cut."

    def unclear(booking: Booking) -> None:
        cached = morning.registered(booking, state=SendState.UNCLEAR, prereg_id=None, reason=lost)
        text = f"Unclear whether the visit was made. {lost}"
        morning.log(cached, text, morning.now - timedelta(minutes=50))

    def changed(booking: Booking) -> None:
        earlier = timedelta(hours=2)
        starts_at, ends_at = booking.starts_at - earlier, booking.ends_at - earlier
        morning.registered(booking, starts_at=starts_at, ends_at=ends_at)

    yield unclear
    yield changed
    yield lambda booking: morning.registered(booking, barcode="22820000000000")
    yield lambda booking: morning.decided(
        booking, Action.BY_HAND, "Registered in PassagePoint by hand."
    )
    yield lambda booking: morning.decided(booking, Action.BY_FILE, "Uploaded by file.")
    yield morning.failed
    yield morning.not_asked


def _patron(person: Person, at: datetime) -> Patron:
    return Patron(
        asked_id=person.primary_id,
        state=PatronState.FOUND,
        primary_id=person.primary_id,
        names=(f"{person.last_name}, {person.first_name}",),
        first_name=person.first_name,
        last_name=person.last_name,
        barcode=person.barcode,
        user_group=person.user_group,
        group_code=GROUP_CODES.get(person.user_group),
        active_block=person.block or None,
        zone=person.zone,
        answered_at=at,
    )
