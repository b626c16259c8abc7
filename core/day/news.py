"""What of LibCal's news is taken before the next whole pass (docs/promise.md, News).

News is neither a complete nor an incomplete answer: nothing vanishes by it, and whatever takes all
rows to judge waits for the whole pass: a new start of a known ``bookId``, two people under one key,
another place, a booking that was off already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.day.moved_seats import with_moved_seats
from core.domain.models import Booking, CachedBooking
from core.domain.status import libcal_state
from core.services.libcal.folding import are_two_people, fold_bookings
from core.verdict import Rules

_Key = tuple[str, datetime]


@dataclass(frozen=True)
class News:
    """LibCal's list of changes, and what it has of the bookings that are in it."""

    changed: Sequence[Booking]
    """Single rows of the bookings that were asked for, without answers, perhaps with those that
    were cancelled."""
    found: Sequence[Booking]
    """Single rows, asked for by their ids; without those that were cancelled."""
    is_whole: bool
    """Whether every row of ``found`` could be read: what can't be may be a seat that is live."""
    brings_answers: bool = True
    """Whether bookings asked for by their ids are known to come with the form's answers."""


class NewsOfDay:
    """Holds news against the rows that are known."""

    def __init__(
        self, rules: Rules, known: Iterable[CachedBooking], location_ids: Sequence[str]
    ) -> None:
        """``location_ids``: those that a pass asks for, in its order."""
        self._rules = rules
        self._places = {one: number for number, one in enumerate(location_ids)}
        self._by_key: defaultdict[_Key, list[CachedBooking]] = defaultdict(list)
        self._by_id: defaultdict[str, list[Booking]] = defaultdict(list)
        for one in known:
            if one.booking.is_booked and not one.old_visit:
                self._by_key[_key(one.booking)].append(one)
                self._by_id[one.booking.book_id].append(one.booking)

    def worth_taking(self, news: News) -> list[Booking]:
        """The bookings as the rows should have them now, each new or one row's."""
        # As a pass has them: one booking under two locations is where it is read first.
        here = [one for one in news.found if one.location_id in self._places]
        here.sort(key=lambda one: self._places[one.location_id])
        rows = with_moved_seats(here, self._by_key.keys())
        live = fold_bookings(rows, self._rules.config.libcal.register_statuses)
        taken = [one for booking in live for one in self._take(booking, news)]
        if news.is_whole:
            taken += self._cancelled(news.changed, {_key(one) for one in live})
        return taken

    def _take(self, booking: Booking, news: News) -> Iterator[Booking]:
        if booking.person:
            return
        known = self._known(booking)
        if known is not None:
            if booking.id_answer is None:  # the form's answers aren't in every answer
                booking = replace(booking, id_answer=known.booking.id_answer)
            yield booking
        elif booking.id_answer is None and not news.brings_answers:
            return  # who it is may only not be in this answer
        elif not any(self._may_be(one, booking) for one in self._by_id[booking.book_id]):
            yield booking

    def _cancelled(self, changed: Iterable[Booking], live: Collection[_Key]) -> Iterator[Booking]:
        """Known bookings of which every seat is in the list as one that is off."""
        seats: defaultdict[_Key, list[Booking]] = defaultdict(list)
        for one in changed:
            seats[_key(one)].append(one)
        for key, rows in seats.items():
            known = self._known(rows[0])
            if known is None or key in live or not all(map(self._is_off, rows)):
                continue
            if any(are_two_people(one, known.booking) for one in rows):
                continue
            if set(known.booking.seats) <= {seat for one in rows for seat in one.seats}:
                yield replace(known.booking, status=rows[0].status)

    def _known(self, booking: Booking) -> CachedBooking | None:
        """The one live row that this can only be."""
        rows = self._by_key[_key(booking)]
        if len(rows) != 1:
            return None
        [known] = rows
        unsure = (
            known.is_damaged
            or known.gone_at is not None
            or bool(known.booking.person)
            or known.booking.location_id != booking.location_id
            or self._is_off(known.booking)
            or are_two_people(known.booking, booking)
        )
        return None if unsure else known

    def _is_off(self, booking: Booking) -> bool:
        words = self._rules.config.libcal.register_statuses
        return libcal_state(booking.status, words).is_off

    def _may_be(self, known: Booking, booking: Booking) -> bool:
        """Whether this may be a known one with another start, and not another day of its series."""
        day_of = self._rules.day.day_of
        overlaps = known.starts_at < booking.ends_at and booking.starts_at < known.ends_at
        return overlaps or day_of(known.starts_at) == day_of(booking.starts_at)


def _key(booking: Booking) -> _Key:
    return booking.book_id, booking.starts_at
