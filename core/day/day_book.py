"""Today's bookings in memory, with everything that is known of each, and their verdicts.

Belongs to the engine's one thread. Whatever is written to the cache is reloaded here row by row,
so a pass with nothing new reads nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from datetime import UTC, date, datetime, timedelta
from functools import partial

from core.cache.base import Cache
from core.day.covered import covered_by_visit
from core.day.day_people import DayPeople
from core.day.last_told import LastTold
from core.day.parties import Parties, with_party
from core.day.stored_events import read_events
from core.domain.clock import Clock
from core.domain.models import (
    BookingRow,
    CachedBooking,
    Decision,
    Event,
    LocationMark,
    Patron,
    PreRegistration,
    Visitor,
)
from core.verdict import Facts, Hold, Rules, Verdict, decide
from core.verdict.person import id_in_use

HoldOf = Callable[[Facts], Hold | None]


class DayBook:
    """The rows of one library day: what starts on it, what of earlier days isn't over, and with
    ``ahead_hours`` the first ones of tomorrow.

    What else is known of tomorrow is kept here, but neither listed nor sent.
    """

    def __init__(self, cache: Cache, rules: Rules, clock: Clock, hold_of: HoldOf) -> None:
        self.rules = rules
        self._cache = cache
        self._clock = clock
        self._hold_of = hold_of
        self._bookings: dict[str, CachedBooking] = {}
        self._sends: dict[str, tuple[PreRegistration, ...]] = {}
        self._decisions: dict[str, tuple[Decision, ...]] = {}
        self.people = DayPeople(cache)
        self._parties = Parties()
        self._marks: dict[str, LocationMark] = {}
        self._unconfirmed: frozenset[str] = frozenset()
        self._forgotten: frozenset[str] = frozenset()
        self._missing_destinations: frozenset[str] = frozenset()
        self._verdicts: dict[str, Verdict] = {}
        self._told = LastTold()
        self._in_order: list[CachedBooking] | None = None
        self.day = date.min
        self.starts_at = self.ends_at = datetime.min.replace(tzinfo=UTC)
        """Bookings that start from the one moment on and before the other belong to the day."""
        self.kept_until = self.ends_at
        """The end of tomorrow, which is read in the evening."""

    # What is in the day

    def open(self) -> bool:
        """Read today's rows from the cache; True where the day is another one than before."""
        today = self.rules.day.day_of(self._clock.now())
        if today == self.day:
            return False
        self._turn_to(today)
        self._take_in(self._cache.bookings.between(self.starts_at, self.kept_until))
        self.refresh_forgotten()
        return True

    def _turn_to(self, today: date) -> None:
        self.day = today
        ahead = timedelta(hours=self.rules.config.sync.ahead_hours)
        # In UTC: every booking is compared with them, and a zone's own offset is slow to find.
        self.starts_at = self.rules.day.start_of(today).astimezone(UTC)
        self.ends_at = self.rules.day.end_of(today).astimezone(UTC) + ahead
        tomorrow = self.rules.day.end_of(today + timedelta(days=1)).astimezone(UTC)
        self.kept_until = max(self.ends_at, tomorrow)
        self._bookings.clear()
        self.people.clear()
        self._parties.clear()
        self._marks = self._cache.bookings.location_marks()
        self._missing_destinations = self._cache.services.missing_destinations()

    def forget_day(self) -> None:
        """Much was removed: the next ``open`` reads everything anew."""
        self.day = date.min

    def has(self, row_id: str) -> bool:
        return row_id in self._bookings

    def bookings(self) -> list[CachedBooking]:
        """Every booking of the day and of tomorrow, and the old visits beside them."""
        return list(self._bookings.values())

    def cached(self, row_id: str) -> CachedBooking:
        """A row as it is kept, without what hangs on it."""
        return self._bookings[row_id]

    def add(self, bookings: Collection[CachedBooking]) -> None:
        """These are in the cache now; what hangs on them is read."""
        if bookings:
            self._take_in(bookings)

    def reload(self, row_ids: Collection[str]) -> None:
        """Read these rows from the cache again, with all that hangs on them."""
        if not row_ids:
            return
        found = self._cache.bookings.of_rows(row_ids)
        for row_id in set(row_ids) - {one.row_id for one in found}:
            self._bookings.pop(row_id, None)
            self._verdicts.pop(row_id, None)
            self.people.place(row_id, None, None)
            self._parties.place(row_id, None)
        self._take_in(found)

    def refresh_marks(self, unconfirmed: Iterable[str]) -> None:
        """How fresh LibCal's part is may have changed: ``unconfirmed`` rows are last known ones."""
        before = (self._stale_locations(), self._unconfirmed)
        self._marks = self._cache.bookings.location_marks()
        self._unconfirmed = frozenset(unconfirmed)
        if before != (self._stale_locations(), self._unconfirmed):
            self.reconsider()

    def refresh_forgotten(self) -> None:
        """Whom the desk has forgotten may have changed."""
        before, row_ids = self._forgotten, list(self._bookings)
        self._forgotten = frozenset(self._cache.forgotten.among(row_ids))
        if self._forgotten != before:
            self.reconsider()

    def refresh_destinations(self) -> None:
        """What PassagePoint's own list lacks has changed."""
        self._missing_destinations = self._cache.services.missing_destinations()
        self.reconsider()

    def is_forgotten(self, row_id: str) -> bool:
        return row_id in self._forgotten

    def put_patron(self, patron: Patron) -> list[str]:
        """Alma's answer changed; the rows that it concerns, soonest start first."""
        self.people.put_patron(patron)
        return self._forget_verdicts(patron.asked_id)

    def put_visitor(self, visitor: Visitor) -> list[str]:
        """PassagePoint's person changed; the rows that it concerns, soonest start first."""
        self.people.put_visitor(visitor)
        return self._forget_verdicts(visitor.primary_id)

    def drop_visitor(self, primary_id: str) -> None:
        """Who this is in PassagePoint isn't known any more."""
        self.people.drop_visitor(primary_id)
        self._forget_verdicts(primary_id)

    def beside(self, row_id: str) -> Set[str]:
        """The others of a row's party: the booking, and whoever came with it."""
        return self._parties.beside(row_id)

    def decided(self) -> list[str]:
        """The rows about which something was decided, which is seldom."""
        return [row_id for row_id, decisions in self._decisions.items() if decisions]

    # Verdicts

    def reconsider(self) -> None:
        """What holds rows back has changed: every verdict is made anew when it is asked for."""
        self._verdicts.clear()

    def facts(self, row_id: str) -> Facts:
        facts = with_party(self, self.alone(row_id), self._clock.now())
        hold = covered_by_visit(self, facts) or self._hold_of(facts)
        return facts._replace(hold=hold) if hold else facts

    def alone(self, row_id: str) -> Facts:
        """What is known of it, whatever the others of its party and the services mean for it."""
        cached = self._bookings[row_id]
        mark = self._marks.get(cached.booking.location_id) if cached.booking.is_booked else None
        is_old = row_id in self._unconfirmed or bool(mark and mark.failed_at)
        return Facts(
            cached=cached,
            sends=self._sends.get(row_id, ()),
            decisions=self._decisions.get(row_id, ()),
            patron=self.people.patron_of_row(row_id),
            visitor=self.people.visitor_of_row(row_id),
            shares_email=partial(self.people.shares_email, row_id),
            is_old=is_old,
            seen_in_libcal_at=mark.complete_at if mark and is_old else None,
            is_forgotten=row_id in self._forgotten,
            lacks_destination=self.rules.destination(cached.booking) in self._missing_destinations,
        )

    def verdict(self, row_id: str) -> Verdict:
        return self._verdict_at(row_id, self._clock.now())

    def listed_verdict(self, row_id: str) -> Verdict | None:
        """None where it isn't in today's list: what is only read ahead waits for its day."""
        cached, now = self._bookings.get(row_id), self._clock.now()
        return self._verdict_at(row_id, now) if cached and self._is_listed(cached, now) else None

    def verdicts(self) -> Iterator[Verdict]:
        """Of every row of the list, soonest start first."""
        now = self._clock.now()
        for cached in self._ordered():
            if self._is_listed(cached, now):
                yield self._verdict_at(cached.row_id, now)

    def rows(self) -> list[BookingRow]:
        return [verdict.row for verdict in self.verdicts()]

    def changes(self, rows: Iterable[BookingRow] | None = None) -> Iterator[Event]:
        """What is different from what was said last; ``rows``, if they are at hand already."""
        now_shown = {row.row_id: row for row in (self.rows() if rows is None else rows)}
        return self._told.news_of(now_shown, self._told.without(now_shown))

    def changes_of(self, row_ids: Iterable[str]) -> Iterator[Event]:
        """The same of these rows alone."""
        asked = {one: None for row_id in row_ids for one in (row_id, *self.beside(row_id))}
        known = [one for one in asked if self.has(one) and self._is_of_day(one)]
        now_shown = {one: self.verdict(one).row for one in known}
        gone = tuple(one for one in asked if one in self._told and not self.has(one))
        return self._told.news_of(now_shown, gone)

    # Within

    def _verdict_at(self, row_id: str, now: datetime) -> Verdict:
        known = self._verdicts.get(row_id)
        if known is None or now >= known.valid_until:
            known = self._verdicts[row_id] = decide(self.facts(row_id), self.rules, now)
        return known

    def _ordered(self) -> list[CachedBooking]:
        """Soonest start first; a new list where a booking changed, and the same till then."""
        if self._in_order is None:
            in_order = sorted(self._bookings, key=self._place_in_list)
            self._in_order = [self._bookings[row_id] for row_id in in_order]
        return self._in_order

    def _place_in_list(self, row_id: str) -> tuple[datetime, str, bool, str]:
        booking = self._bookings[row_id].booking
        parent = booking.parent_row_id  # companions come after their booking
        return booking.starts_at, parent or row_id, parent is not None, row_id

    def _stale_locations(self) -> set[str]:
        return {name for name, mark in self._marks.items() if mark.failed_at is not None}

    def _is_of_day(self, row_id: str) -> bool:
        return self._bookings[row_id].booking.starts_at < self.ends_at

    def _is_listed(self, cached: CachedBooking, now: datetime) -> bool:
        booking = cached.booking
        began_earlier = booking.starts_at < self.starts_at
        return booking.ends_at > now if began_earlier else booking.starts_at < self.ends_at

    def _take_in(self, found: Collection[CachedBooking]) -> None:
        row_ids = [one.row_id for one in found]
        self._in_order = None
        sends, decisions = read_events(self._cache, row_ids)
        for cached in found:
            row_id = cached.row_id
            self._bookings[row_id] = cached
            self._sends[row_id] = sends.get(row_id, ())
            self._decisions[row_id] = decisions.get(row_id, ())
            self._verdicts.pop(row_id, None)
            self._index(row_id)
        self.people.read()

    def _index(self, row_id: str) -> None:
        cached = self._bookings[row_id]
        facts = Facts(cached=cached, decisions=self._decisions[row_id])
        primary_id = None if cached.old_visit else id_in_use(facts, self.rules)
        address = None if cached.old_visit else cached.booking.email
        others = self.people.place(row_id, primary_id, address)
        for other in others | self._parties.place(row_id, cached.booking.parent_row_id):
            self._verdicts.pop(other, None)

    def _forget_verdicts(self, primary_id: str) -> list[str]:
        rows = sorted(self.people.rows_of(primary_id), key=self._place_in_list)
        for row_id in rows:
            self._verdicts.pop(row_id, None)
        return rows
