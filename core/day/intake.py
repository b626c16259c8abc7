"""LibCal's answers → the cache: what is new, what moved, what vanished (docs/promise.md, Identity).

Nothing is decided here but which row a booking belongs to. What was sent hangs on the row, so it
stays with the booking when LibCal changes the key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.cache.base import Cache
from core.day.companions import follow_bookings
from core.day.damaged_rows import find_again, put_right
from core.day.day_book import DayBook
from core.day.doubt import DayAnswer, doubtful_locations, marks_after
from core.day.same_key import keyed_as_known
from core.day.starts_of_one_id import StartsOfOneId, starts_of_one_id
from core.domain.models import (
    Booking,
    BookingKey,
    CachedBooking,
    HistoryEntry,
    PreRegistration,
    Tries,
)
from core.domain.status import SendState, Source
from core.services.libcal.rows import differences

_SOONEST = 50
"""So many new bookings are enough for Alma while the others are written down."""


@dataclass
class _Changes:
    """What comes of one answer, as of ``now``."""

    now: datetime
    orphans: Sequence[PreRegistration]
    """Sends of an older cache whose booking wasn't seen yet."""
    touched: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    log: list[HistoryEntry] = field(default_factory=list)
    coming: list[Booking] = field(default_factory=list)
    """Bookings that get a row of their own."""
    held: set[BookingKey] = field(default_factory=set)
    """Those of them for which nothing is sent by itself."""
    added: list[CachedBooking] = field(default_factory=list)

    def note(self, text: str, row_id: str) -> None:
        """A line of the history of a row, which is different now."""
        self.touched.add(row_id)
        self.log.append(HistoryEntry(at=self.now, text=text, row_id=row_id))


class Intake:
    """Takes one answer of LibCal into the cache."""

    def __init__(self, cache: Cache, book: DayBook) -> None:
        self._cache = cache
        self._book = book

    def take_in_soonest(self, answer: DayAnswer, now: datetime) -> list[str]:
        """Where very many bookings are new, take in the soonest that aren't over; then ``take_in``.

        Returns their rows, soonest first. Only those whose ``bookId`` isn't known at all: whether
        another one is new or has moved takes all rows and the whole answer to say.
        """
        known = {cached.booking.book_id for cached in self._book.bookings()}
        new = [one for one in answer.bookings if one.book_id not in known and one.ends_at > now]
        today = [one for one in new if one.starts_at < self._book.ends_at]
        coming = sorted(today, key=lambda one: one.starts_at)
        if len(coming) <= _SOONEST:
            return []
        return self.take_in_some(coming[:_SOONEST], now)

    def take_in(
        self,
        answer: DayAnswer,
        location_ids: Iterable[str],
        now: datetime,
        write_also: Callable[[], None],
    ) -> set[str]:
        """Compare the answer with the rows of the day and record every difference at once.

        Returns the rows that are new or different. From an incomplete answer nothing is taken as
        missing: the last known rows stand.
        ``write_also`` writes in the same transaction: a pass with nothing new writes once.
        """
        changes = _Changes(now, self._cache.ledger.orphans(), unconfirmed=set(answer.unasked))
        looked_after = set(location_ids)
        known = {one.booking.key: one for one in self._book.bookings() if not one.old_visit}
        belonging = [one for one in answer.bookings if self._belongs(one, now)]
        new = keyed_as_known(belonging, known)
        with self._cache.transaction():
            standing = {key: known.pop(key) for key in list(known) if key in new}
            for key, row in standing.items():
                self._update(row, new.pop(key), answer, changes)

            def was_asked_for(row: CachedBooking) -> bool:
                return self._was_asked_for(row, answer, looked_after)

            missing = list(filter(was_asked_for, known.values()))
            # Mostly nothing is missing, and no place needs to be looked at.
            asked = [*missing, *filter(was_asked_for, standing.values())] if missing else []
            marks = self._cache.bookings.location_marks()
            doubtful = doubtful_locations(answer, asked, marks, self._book.starts_at)
            self._doubt(doubtful, missing, changes)
            gone = [one for one in missing if one.booking.location_id not in doubtful]
            unasked = [one for one in known.values() if one.row_id in answer.unasked]
            day_of = self._book.rules.day.day_of
            starts = starts_of_one_id(gone, unasked, standing.values(), new.values(), day_of)
            self._sort_out(starts, answer, changes)
            self._add_coming(changes)
            after = marks_after(answer, location_ids, marks, doubtful, now)
            self._cache.bookings.note_locations(after)
            self._cache.log.add_all(changes.log)
            write_also()
        self._tell_book(changes)
        self._book.refresh_marks(changes.unconfirmed)
        return changes.touched

    def take_in_some(self, bookings: Sequence[Booking], now: datetime) -> list[str]:
        """Keep these bookings, as they are; nothing is said of those that are not among them.

        Returns the rows that are new, in the order of ``bookings``, then those that are different.
        """
        changes = _Changes(now, self._cache.ledger.orphans())
        known = {one.booking.key: one for one in self._book.bookings() if not one.old_visit}
        with self._cache.transaction():
            belonging = filter(lambda one: self._belongs(one, now), bookings)
            for key, booking in keyed_as_known(belonging, known).items():
                if key in known:
                    self._update(known[key], booking, DayAnswer(bookings, {}), changes)
                else:
                    changes.coming.append(booking)
            self._add_coming(changes)
            self._cache.log.add_all(changes.log)
        self._tell_book(changes)
        return list(dict.fromkeys((*(one.row_id for one in changes.added), *changes.touched)))

    def _doubt(
        self, doubtful: Collection[str], missing: Iterable[CachedBooking], changes: _Changes
    ) -> None:
        """All of a place's bookings are gone at once: the rows stand until the next answer."""
        for location_id in doubtful:
            theirs = [one for one in missing if one.booking.location_id == location_id]
            changes.unconfirmed.update(one.row_id for one in theirs)
            name = theirs[0].booking.location_name
            text = f"LibCal's answer has none of the bookings of {name}: the next one decides."
            changes.log.append(HistoryEntry(at=changes.now, text=text))

    def _was_asked_for(
        self, cached: CachedBooking, answer: DayAnswer, looked_after: Collection[str]
    ) -> bool:
        """Whether this row's absence from the answer means anything."""
        booking, until = cached.booking, answer.until or self._book.ends_at
        if booking.source is not Source.LIBCAL or booking.location_id not in looked_after:
            return False  # made at the desk, or unticked in Settings: nobody asked for it
        asked_by_day = self._book.starts_at <= booking.starts_at < until
        return asked_by_day or cached.row_id in answer.earlier

    def _belongs(self, booking: Booking, now: datetime) -> bool:
        """Today's bookings, tomorrow's that are read ahead, and what began earlier and runs."""
        began_earlier = booking.starts_at < self._book.starts_at
        return booking.starts_at < self._book.kept_until and (
            not began_earlier or booking.ends_at > now
        )

    def _update(
        self, cached: CachedBooking, booking: Booking, answer: DayAnswer, changes: _Changes
    ) -> None:
        old = cached.booking
        if booking.location_id != old.location_id and old.location_id in answer.failed:
            # It stands under two locations, and the one it was known by didn't answer.
            changes.unconfirmed.add(cached.row_id)
            return
        if cached.gone_at is not None:
            self._cache.bookings.set_gone(cached.row_id, None)
            changes.note("LibCal has the booking again.", cached.row_id)
        if cached.is_damaged:
            put_right(self._cache, cached.row_id, booking, changes.now)
        elif booking == old or self._is_forgotten_still(cached, booking):
            return
        self._cache.bookings.update(cached.row_id, booking)
        changes.touched.add(cached.row_id)
        for text in differences(old, booking):
            changes.note(text, cached.row_id)

    def _is_forgotten_still(self, cached: CachedBooking, booking: Booking) -> bool:
        """LibCal still says who it is; the cache no longer does."""
        if not self._book.is_forgotten(cached.row_id):
            return False
        old = cached.booking
        return (old.status, old.ends_at) == (booking.status, booking.ends_at)

    def _sort_out(
        self, starts: Iterable[StartsOfOneId], answer: DayAnswer, changes: _Changes
    ) -> None:
        """Rows and bookings without a partner, by ``bookId`` and day: moved, new or vanished."""
        for one in starts:
            if any(self._has_visit(row.row_id) for row in one.beside):
                changes.held.update(booking.key for booking in one.new)
            gone, come = [*one.missing, *one.unasked], one.new
            is_sure = answer.is_complete and not (one.unasked or any(map(answer.may_have, gone)))
            settle = self._settle if is_sure else self._settle_incomplete
            waits = not come and all(one.row_id in answer.left_out_once for one in gone)
            if waits:
                changes.unconfirmed.update(one.row_id for one in gone)
            else:
                settle(gone, come, changes)

    def _settle(
        self, missing: Sequence[CachedBooking], new: Sequence[Booking], changes: _Changes
    ) -> None:
        if len(missing) == 1 and len(new) == 1:
            self._move(missing[0], new[0], changes)
            return
        held = any(self._has_visit(one.row_id) for one in missing)
        for cached in missing:
            if cached.gone_at is None:
                self._cache.bookings.set_gone(cached.row_id, changes.now)
                changes.note("The booking is gone from LibCal.", cached.row_id)
        changes.coming.extend(new)
        if held:
            changes.held.update(booking.key for booking in new)

    def _settle_incomplete(
        self, missing: Sequence[CachedBooking], new: Sequence[Booking], changes: _Changes
    ) -> None:
        changes.unconfirmed.update(one.row_id for one in missing)
        if any(self._has_visit(one.row_id) for one in missing):
            return  # moved, or a second one? only a whole answer says; a guess could send twice
        if len(missing) == 1 and len(new) == 1:
            self._move(missing[0], new[0], changes)
            return
        changes.coming.extend(new)

    def _move(self, cached: CachedBooking, booking: Booking, changes: _Changes) -> None:
        changes.unconfirmed.discard(cached.row_id)
        self._cache.bookings.update(cached.row_id, booking)
        self._cache.bookings.set_tries(cached.row_id, Tries())
        if cached.gone_at is not None:
            self._cache.bookings.set_gone(cached.row_id, None)
        time_of = self._book.rules.day.clock_time
        old, fresh = time_of(cached.booking.starts_at), time_of(booking.starts_at)
        changes.note(f"LibCal moved the start from {old} to {fresh}.", cached.row_id)

    def _add_coming(self, changes: _Changes) -> None:
        coming, back, held = find_again(self._cache, changes.coming, changes.now)
        changes.touched.update(back)
        changes.held.update(held)
        changes.added = self._cache.bookings.add_all(coming, first_seen_at=changes.now)
        for added in changes.added:
            booking = added.booking
            if booking.key in changes.held:
                self._cache.bookings.set_held(added.row_id, held=True)
            for send in changes.orphans:
                if send.appt_id == booking.book_id and send.starts_at in (None, booking.starts_at):
                    self._cache.ledger.attach(send.send_id, added.row_id)
            changes.note("Seen in LibCal.", added.row_id)

    def _tell_book(self, changes: _Changes) -> None:
        """What is new is known already, all else is read again."""
        known = [one for one in changes.added if one.booking.key not in changes.held]
        self._book.add(known)
        self._book.reload(changes.touched - {one.row_id for one in known})
        changes.touched |= follow_bookings(self._cache, self._book, changes.now)
        if changes.touched:
            self._book.refresh_forgotten()

    def _has_visit(self, row_id: str) -> bool:
        """Whether something may stand in PassagePoint for this row."""
        facts = self._book.facts(row_id)
        sent = any(one.state is not SendState.REFUSED for one in facts.sends)
        return sent or any(decision.action.made for decision in facts.decisions)
