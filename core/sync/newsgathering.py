"""What is asked between two passes: LibCal's list of changes, then the bookings that are in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.intake import Intake
from core.day.news import News, NewsOfDay
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.errors import AppError, as_app_error
from core.domain.models import Booking, LocationMark
from core.services.clients import Clients
from core.services.libcal.changes import lacks_list
from core.services.libcal.rows import PartlyRead
from core.settings.config import Config
from core.sync.fetching import Question, Round
from core.sync.overnight import FARTHEST_BACK

_OVERLAP = timedelta(minutes=2)
"""A row that LibCal wrote while it answered may stand in the next list only."""
_PAGES_TAKE = timedelta(minutes=10)
"""A pass has read its first page so long before its last at most."""
_LOOKS_FOR_LIST_EACH = 3600.0
"""Seconds until a LibCal without such a list is asked for it again."""


@dataclass
class _Look(Round):
    """What one look asked and heard."""

    read_until: dict[str, datetime] = field(default_factory=dict)
    """By location id: LibCal's own time when it was asked."""
    changed: dict[str, list[Booking]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    """``bookId`` of what was asked for: nothing is said of the others."""
    found: list[Booking] = field(default_factory=list)
    is_whole: bool = True
    error: AppError | None = None


@dataclass(eq=False, repr=False)
class Newsgathering:
    """Asks for each location since its last answer's own time, in as few calls as there can be."""

    _config: Config
    _cache: Cache
    _book: DayBook
    _board: ServiceBoard
    _clients: Clients
    _clock: Clock

    def __post_init__(self) -> None:
        self._seen: dict[str, frozenset[Booking]] = {}
        """By location id: what its last list had, most of which the next one has again."""
        self._asks_again_at: dict[str, float] = {}
        """Locations without such a list."""
        self._brings_answers = False
        """Whether bookings asked for by their ids ever came with an answer."""
        self._round = _Look()

    @property
    def is_home(self) -> bool:
        """Whether everything that was asked has been answered, well or badly."""
        return self._round.is_home

    def forgive(self) -> None:
        """A person wants it tried again."""
        self._asks_again_at.clear()

    def lists(self) -> Iterator[Question]:
        """What changed at each location that a pass of today has read."""
        self._round = _Look()
        if self._board.of("LibCal").needs_credentials:
            return
        now, marks = self._clock.monotonic(), self._cache.bookings.location_marks()
        for location in self._config.libcal.locations:
            since = self._since(marks.get(location.id))
            if since is not None and now >= self._asks_again_at.get(location.id, now):
                yield self._ask_list(location.id, since)

    def bookings(self) -> Iterator[Question]:
        """What LibCal has of those that changed, with the forms' answers."""
        done = self._round
        new = [
            one
            for location_id, rows in done.changed.items()
            for one in rows
            if one not in self._seen.get(location_id, ()) and self._is_coming(one)
        ]
        if new:
            yield self._ask_bookings({one.book_id for one in new})

    def take_in(self) -> list[str]:
        """Keep what is worth it; the rows that are new or different."""
        done, now = self._round, self._clock.now()
        if done.error is not None:
            self._board.failed("LibCal", done.error)
        if not done.changed:
            return []
        every = (one for rows in done.changed.values() for one in rows)
        changed = [one for one in every if one.book_id in done.asked]
        today = [one for one in done.found if self._is_coming(one)]
        self._brings_answers |= any(one.id_answer is not None for one in done.found)
        places = [location.id for location in self._config.libcal.locations]
        of_day = NewsOfDay(self._book.rules, self._book.bookings(), places)
        news = News(changed, today, done.is_whole, self._brings_answers)
        taken = of_day.worth_taking(news)
        rows = Intake(self._cache, self._book).take_in_some(taken, now) if taken else []
        self._note_read(done)
        return rows

    def _note_read(self, done: _Look) -> None:
        marks = self._cache.bookings.location_marks()
        if done.error is None:
            self._seen |= {name: frozenset(rows) for name, rows in done.changed.items()}
            after = [
                replace(marks[name], news_at=until)
                for name, until in done.read_until.items()
                if name in marks
            ]
            self._cache.bookings.note_locations(after)
        # A place that the last pass couldn't read stays told: only a whole list says how it is.
        looked_after = [marks.get(one.id) for one in self._config.libcal.locations]
        is_read = all(mark is not None and mark.failed_at is None for mark in looked_after)
        status = self._board.of("LibCal")
        if done.error is None and (status.ok or is_read):
            self._board.good("LibCal", remark=status.hint if status.ok else "")

    def _since(self, mark: LocationMark | None) -> datetime | None:
        """By LibCal's own clock; None before a pass has read the day."""
        if mark is None or mark.complete_at is None or mark.complete_at < self._book.starts_at:
            return None
        there = self._libcal_time()
        since = mark.news_at
        if since is None or since > there:  # LibCal's time was known wrongly then, or is now
            since = there - abs(self._clock.now() - mark.complete_at) - _PAGES_TAKE
        return max(since - _OVERLAP, there - FARTHEST_BACK)

    def _libcal_time(self) -> datetime:
        compared = self._clients.compare_clock()
        return self._clock.now() + (compared.behind if compared else timedelta(0))

    def _is_coming(self, booking: Booking) -> bool:
        """What only tomorrow's pages tell, or is over and unknown, needs no haste."""
        return booking.starts_at < self._book.ends_at and booking.ends_at > self._clock.now()

    def _ask_list(self, location_id: str, since: datetime) -> Question:
        done = self._round
        done.read_until[location_id] = self._libcal_time()

        def take(result: Any) -> None:
            if isinstance(result, list):
                done.changed[location_id] = result
            elif lacks_list(result):
                self._lack(location_id)
            else:
                done.error = as_app_error(result, "LibCal")

        libcal = self._clients.libcal
        return done.question(lambda: libcal().changed_since(location_id, since), take)

    def _ask_bookings(self, book_ids: set[str]) -> Question:
        done = self._round
        asked = done.asked = frozenset(book_ids)

        def take(result: Any) -> None:
            done.is_whole = isinstance(result, list)
            if isinstance(result, list):
                done.found = result
            elif isinstance(result, PartlyRead):
                done.found = result.bookings
            elif not lacks_list(result):  # else the next pass has them
                done.error = as_app_error(result, "LibCal")

        libcal = self._clients.libcal
        return done.question(lambda: libcal().bookings_of(asked), take)

    def _lack(self, location_id: str) -> None:
        self._asks_again_at[location_id] = self._clock.monotonic() + _LOOKS_FOR_LIST_EACH
