"""What a pass asks LibCal: each location's day and what began before it, as one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.doubt import DayAnswer
from core.day.moved_seats import with_moved_seats
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.errors import AppError, as_app_error
from core.domain.models import Booking
from core.services.clients import Clients
from core.services.libcal.changes import lacks_list
from core.services.libcal.folding import fold_bookings
from core.services.libcal.rows import PartlyRead, Unreadable
from core.settings.config import Config
from core.sync.overnight import EarlierAnswer, Overnight

Question = tuple[Callable[[], Any], Callable[[Any], None]]
"""What a network thread asks, and who hears what came back."""

_EVENING = 20
"""From this hour on, the library's time, tomorrow is read too."""
_WHOLE_EVERY = timedelta(minutes=15)
_CLOCKS_APART = timedelta(minutes=2)


@dataclass
class Round:
    """Questions that belong together: what comes home after their end changes no later ones."""

    out: int = field(default=0, init=False)

    @property
    def is_home(self) -> bool:
        """Whether everything that was asked has been answered, well or badly."""
        return self.out == 0

    def question(self, call: Callable[[], Any], take: Callable[[Any], None]) -> Question:
        """One more; ``take`` hears what came back."""
        self.out += 1

        def arrived(result: Any) -> None:
            self.out -= 1
            take(result)

        return call, arrived


@dataclass
class _WholeLists(Round):
    """What a pass asks."""

    until: datetime
    """The end of the days that are asked for."""
    answers: dict[str, list[Booking]] = field(default_factory=dict)
    failed: dict[str, AppError] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    earlier: EarlierAnswer | None = None


@dataclass(eq=False, repr=False)
class QuietDay:
    """Knows when nothing is known of the day because nothing is booked on it: then LibCal is asked
    what changed, and for whole lists now and then.

    The whole lists stay the truth: they are asked for every quarter of an hour, at once where
    anything changed, and where LibCal has no list of changes in every pass.
    """

    _config: Config
    _cache: Cache
    _book: DayBook
    _clock: Clock

    def __post_init__(self) -> None:
        self._days_asked = -1
        self._has_list = True

    def wake(self) -> None:
        """A person wants to know: the next pass asks for whole lists."""
        self._days_asked = -1

    def asked_whole(self, days: int) -> None:
        """A pass asks for the whole lists of today and of so many more days."""
        self._days_asked = days

    def no_list(self) -> None:
        """This LibCal doesn't tell what changed."""
        self._has_list = False

    def since(self, days: int) -> datetime | None:
        """Since when changes are enough to ask for; None: the whole lists are due."""
        if not self._has_list or days > self._days_asked or self._book.bookings():
            return None
        marks = self._cache.bookings.location_marks()
        known = [marks.get(one.id) for one in self._config.libcal.locations]
        moments = [
            mark.complete_at
            for mark in known
            if mark is not None and mark.complete_at and mark.failed_at is None
        ]
        if len(moments) < len(known) or min(moments) < self._book.starts_at:
            return None
        age = self._clock.now() - min(moments)
        is_fresh = timedelta(0) <= age < _WHOLE_EVERY
        return min(moments) - _CLOCKS_APART if is_fresh else None


@dataclass(eq=False, repr=False)
class Fetching:
    """Asks for everything side by side; begun anew by each pass."""

    _config: Config
    _cache: Cache
    _book: DayBook
    _board: ServiceBoard
    _clients: Clients
    _clock: Clock

    def __post_init__(self) -> None:
        self._overnight = Overnight(
            self._config, self._cache, self._book, self._clients, self._clock
        )
        self.quiet = QuietDay(self._config, self._cache, self._book, self._clock)
        self._round = _WholeLists(self._book.ends_at)

    @property
    def location_ids(self) -> list[str]:
        return [location.id for location in self._config.libcal.locations]

    @property
    def is_home(self) -> bool:
        """Whether everything that was asked has been answered, well or badly."""
        return self._round.is_home

    def few_questions(self) -> Iterator[Question]:
        """On a day without bookings: what changed? Nothing where the whole lists are due."""
        self._round = _WholeLists(self._book.ends_at)
        since = self.quiet.since(self._days_ahead())
        if since is not None:
            for location_id in self.location_ids:
                yield self._ask_changes(location_id, since)

    @property
    def has_news(self) -> bool:
        """Whether ``questions`` are to follow the few: none was asked, or the answers want it."""
        done = self._round
        if not done.answers or done.failed:
            return True
        return any(self._is_coming(one) for changed in done.answers.values() for one in changed)

    def no_news(self) -> None:
        """LibCal answered, and nothing is booked."""
        self._board.good("LibCal")

    def questions(self) -> Iterator[Question]:
        """What this pass asks LibCal."""
        days = self._days_ahead()
        self.quiet.asked_whole(days)
        last_day = self._book.day + timedelta(days=days)
        self._round = _WholeLists(self._book.rules.day.end_of(last_day))
        for location_id in self.location_ids:
            yield self._ask(location_id, days)
        earlier = self._overnight.question()
        if earlier is not None:
            done = self._round
            yield done.question(earlier, lambda result: self._take_earlier(done, result))

    def answer(self) -> DayAnswer:
        """All of it as one answer, once ``is_home``; the board hears how LibCal did."""
        done, earlier = self._round, self._round.earlier
        troubles = list(done.failed.values())
        if earlier is not None and earlier.trouble is not None:
            troubles.append(earlier.trouble)
        for error in troubles:
            self._board.failed("LibCal", error)
        if not troubles:
            # What can't be read is said beside the good answer.
            remark = str(PartlyRead(done.unreadable, [])) if done.unreadable else ""
            self._board.good("LibCal", remark=remark)
        rows = [row for one in self.location_ids for row in done.answers.get(one, ())]
        rows += earlier.bookings if earlier is not None else ()
        is_whole = earlier is not None and earlier.is_whole
        cached = (one.booking for one in self._book.bookings() if not one.old_visit)
        rows = with_moved_seats(rows, {(one.book_id, one.starts_at) for one in cached})
        return DayAnswer(
            fold_bookings(rows, self._config.libcal.register_statuses),
            done.failed,
            unreadable=tuple(done.unreadable),
            until=done.until,
            earlier=self._overnight.asked if is_whole else frozenset(),
            left_out_once=self._overnight.left_out_once,
            unasked=frozenset() if is_whole else self._overnight.asked,
        )

    def _days_ahead(self) -> int:
        hour = self._book.rules.day.local(self._clock.now()).hour
        return 1 if self._config.sync.ahead_hours or hour >= _EVENING else 0

    def _is_coming(self, booking: Booking) -> bool:
        return booking.starts_at < self._book.kept_until and booking.ends_at > self._clock.now()

    def _ask_changes(self, location_id: str, since: datetime) -> Question:
        done = self._round

        def take(result: Any) -> None:
            if isinstance(result, list):
                done.answers[location_id] = result
                return
            done.failed[location_id] = as_app_error(result, "LibCal")
            if lacks_list(result):
                self.quiet.no_list()

        libcal = self._clients.libcal
        return done.question(lambda: libcal().changed_since(location_id, since), take)

    def _ask(self, location_id: str, days: int) -> Question:
        done = self._round

        def take(result: Any) -> None:
            if isinstance(result, list):
                done.answers[location_id] = result
            elif isinstance(result, PartlyRead) and result.says_something:
                done.answers[location_id] = result.bookings
                done.unreadable += result.unreadable
            else:
                done.failed[location_id] = as_app_error(result, "LibCal")

        libcal, day = self._clients.libcal, self._book.day
        return done.question(lambda: libcal().location_bookings(location_id, day, days), take)

    def _take_earlier(self, done: _WholeLists, result: Any) -> None:
        is_answer = isinstance(result, EarlierAnswer)
        answer = result if is_answer else as_app_error(result, "LibCal")
        done.earlier = self._overnight.take_home(answer)
