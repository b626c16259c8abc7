"""What began before today: asked for by its ids, and by what changed around midnight.

LibCal's list of a day has what starts on it. A booking that runs over midnight is in no list that
a pass asks for any more, and one that was made at 23:57 for 23:45 never was in one
(docs/promise.md, Over midnight).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.cache.base import Cache
from core.cache.values import from_text, to_text
from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.domain.errors import Answered, AppError
from core.domain.models import Booking, CachedBooking
from core.http.side_by_side import side_by_side
from core.services.clients import Clients
from core.services.libcal.changes import lacks_list
from core.services.libcal.rows import PartlyRead
from core.settings.config import Config

_STATE = "changes_over_midnight"
FARTHEST_BACK = timedelta(hours=24) - timedelta(minutes=1)
"""LibCal's list of changes goes no farther back than a day."""
_CLOCKS_APART = timedelta(minutes=2)
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What LibCal said of bookings that began before today and may still run."""

    bookings: list[Booking]
    is_whole: bool
    """Every one that was asked for by its id is in it, unless LibCal left it out."""
    trouble: AppError | None = None
    """Why something could not be asked."""


class Overnight:
    """Knows what of earlier days still runs, and since when changes have to be asked for."""

    def __init__(
        self, config: Config, cache: Cache, book: DayBook, clients: Clients, clock: Clock
    ) -> None:
        self._config = config
        self._cache = cache
        self._book = book
        self._clients = clients
        self._clock = clock
        self._asked: dict[str, CachedBooking] = {}
        self._left_out: dict[str, int] = {}
        self._state = self._read()
        """The day, since when changes are to be asked for, and whether they have been."""

    def question(self) -> Callable[[], EarlierAnswer] | None:
        """What a network thread is to ask now; None: nothing of earlier days can run."""
        running = {one.row_id: one for one in self._running()}
        self._asked = running
        since = self._since(anything_runs=bool(running))
        if not running and since is None:
            return None
        ids = {one.booking.book_id for one in running.values()}
        asked_for_changes = self._config.libcal.locations if since is not None else ()
        location_ids = [one.id for one in asked_for_changes]
        today, now = self._book.starts_at, self._clock.now()

        def ask() -> EarlierAnswer:
            libcal = self._clients.libcal()
            trouble: AppError | None = None
            wanted = set(ids)

            def changes_of(location_id: str) -> list[Booking] | AppError:
                try:
                    return libcal.changed_since(location_id, since or now)
                except AppError as error:
                    return error  # of this location: it hides no other one's changes

            # Side by side: the day's first bookings wait for this answer.
            for changed in side_by_side(changes_of, location_ids, _AT_ONCE):
                if isinstance(changed, list):
                    wanted |= {
                        one.book_id for one in changed if one.starts_at < today < one.ends_at
                    }
                elif not lacks_list(changed):
                    trouble = changed
            return _asked_by_id(libcal.bookings_of, wanted, today, trouble)

        return ask

    def take_home(self, result: EarlierAnswer | AppError) -> EarlierAnswer:
        """Count what was left out, and whether changes have been asked for since midnight."""
        if isinstance(result, AppError):
            return EarlierAnswer([], is_whole=False, trouble=result)
        if result.trouble is None:
            self._note_asked()
        if result.is_whole:
            found = {one.key for one in result.bookings}
            absent = [one for one in self._asked.values() if one.booking.key not in found]
            self._left_out = {one.row_id: self._left_out.get(one.row_id, 0) + 1 for one in absent}
        return result

    @property
    def asked(self) -> frozenset[str]:
        """The rows that the last question was about."""
        return frozenset(self._asked)

    @property
    def left_out_once(self) -> frozenset[str]:
        """Those that LibCal left out for the first time: twice in a row counts as cancelled."""
        return frozenset(row_id for row_id, count in self._left_out.items() if count == 1)

    def _running(self) -> list[CachedBooking]:
        """What began before today and isn't over; what is cancelled LibCal would leave out."""
        now, looked_after = self._clock.now(), {one.id for one in self._config.libcal.locations}
        return [
            one
            for one in self._book.bookings()
            if one.booking.starts_at < self._book.starts_at
            and one.booking.ends_at > now
            and not one.old_visit
            and one.booking.is_booked
            and one.booking.location_id in looked_after
            and (one.gone_at is not None or self._is_live(one))
        ]

    def _is_live(self, cached: CachedBooking) -> bool:
        return not self._book.rules.libcal_state(cached).is_off

    # Since when changes are asked for

    def _since(self, *, anything_runs: bool) -> datetime | None:
        """The last pass before midnight; None where its changes are known and nothing runs."""
        day, since, is_asked = self._state
        if day != self._book.day.isoformat():
            since, is_asked = self._last_pass(), False
            self._keep(since, is_asked=False)
        if is_asked and not anything_runs:
            return None
        return max(since, self._clock.now() - FARTHEST_BACK)

    def _last_pass(self) -> datetime:
        """When each location was known last, by the one that was asked longest ago."""
        marks = self._cache.bookings.location_marks()
        known = [marks.get(one.id) for one in self._config.libcal.locations]
        moments = [mark.complete_at for mark in known if mark is not None and mark.complete_at]
        if len(moments) < len(known):
            return self._clock.now() - FARTHEST_BACK
        return min(moments) - _CLOCKS_APART

    def _note_asked(self) -> None:
        day, since, is_asked = self._state
        if day == self._book.day.isoformat() and not is_asked:
            self._keep(since, is_asked=True)

    def _read(self) -> tuple[str, datetime, bool]:
        try:
            day, since, is_asked = json.loads(self._cache.meta.get(_STATE) or "")
            return str(day), from_text(since), bool(is_asked)
        except (ValueError, TypeError):
            return "", self._clock.now(), False

    def _keep(self, since: datetime, *, is_asked: bool) -> None:
        day = self._book.day.isoformat()
        self._state = (day, since, is_asked)
        self._cache.meta.set(_STATE, json.dumps([day, to_text(since), is_asked]))


def _asked_by_id(
    ask: Callable[[set[str]], list[Booking]],
    ids: set[str],
    today: datetime,
    trouble: AppError | None,
) -> EarlierAnswer:
    is_whole = True
    try:
        found = ask(ids)
    except PartlyRead as error:
        found, is_whole = error.bookings, False
    except Answered as error:
        if not lacks_list(error):
            raise
        found, is_whole = [], False
    # An id stands for every day of a series: the other days have lists of their own.
    return EarlierAnswer([one for one in found if one.starts_at < today], is_whole, trouble)
