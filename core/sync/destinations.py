"""Destinations that PassagePoint's own list lacks: a state of their rows, never of the service.

A visit that is refused brings them under suspicion, and the list is asked for; nothing is concluded
from the list alone, whose names may be written otherwise than PassagePoint takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.domain.models import PreRegistration
from core.domain.status import SendState
from core.services.clients import Clients
from core.sync.lanes import AT_ONCE, PASSAGEPOINT_NOW, LaneJob, Lanes


@dataclass(eq=False, repr=False)
class Destinations:
    """Which of them are missing, kept in the cache for every computer and the next start."""

    _cache: Cache
    _book: DayBook
    _lanes: Lanes
    _clients: Clients
    _on_changed: Callable[[Iterable[str]], None]

    def __post_init__(self) -> None:
        # What the settings don't name any more is nobody's trouble.
        self._missing = self._cache.services.missing_destinations() & _in_settings(self._book)
        self._suspected: set[str] = set()
        self._listed: Collection[str] | None = None
        self._is_asking = False
        self.on_explained: Callable[[Collection[str]], None] = lambda _: None
        """Told which destinations turn out to be why visits were refused."""

    def begin(self) -> None:
        """A new pass: the list may be another one, and what is missing may be there again."""
        self._listed = None
        if self._missing:
            self._ask()

    def lacks(self, destination: str | None) -> bool:
        return destination in self._missing

    def suspect(self, destination: str | None) -> None:
        """A visit for it was refused: perhaps it has another name now."""
        self._suspected.add(destination or "")
        if self._listed is None:
            self._ask()
        else:
            self._compare(self._listed)

    def works(self, destination: str | None) -> None:
        """A visit for it was made, whatever the list says."""
        self._suspected.discard(destination or "")
        if destination in self._missing:
            self._keep(self._missing - {destination})

    def heard(self, listed: Collection[str]) -> None:
        """PassagePoint's own list; an empty one says nothing."""
        if listed:
            self._listed = listed
            self._compare(listed)

    def _ask(self) -> None:
        if self._is_asking:
            return
        self._is_asking = True

        def done(result: Any) -> None:
            self._is_asking = False
            if isinstance(result, list):
                self.heard(result)

        def dropped() -> None:
            self._is_asking = False

        def call() -> list[str]:
            return self._clients.passagepoint().get_destinations()

        self._lanes.add(PASSAGEPOINT_NOW, LaneJob(AT_ONCE, call, done, dropped=dropped))

    def _compare(self, listed: Collection[str]) -> None:
        missing = frozenset(self._suspected | self._missing) - set(listed)
        if missing == self._missing:
            return
        new = missing - self._missing
        self._keep(missing)
        self.on_explained(new)

    def _keep(self, missing: Collection[str]) -> None:
        new = set(missing) - self._missing
        refused = [send for send in self._sends() if _was_refused(send, new)]
        with self._cache.transaction():
            self._cache.services.set_missing_destinations(missing)
            # As if they had never been tried: they go out by themselves once the name is there.
            for send in refused:
                self._cache.ledger.withdraw(send.send_id)
        self._missing = frozenset(missing)
        self._book.refresh_destinations()
        self._book.reload({send.row_id or "" for send in refused})
        self._on_changed([cached.row_id for cached in self._book.bookings()])

    def _sends(self) -> Iterable[PreRegistration]:
        for cached in self._book.bookings():
            yield from self._book.facts(cached.row_id).sends


def _in_settings(book: DayBook) -> frozenset[str]:
    locations = book.rules.config.libcal.locations
    return frozenset(one.destination for one in locations if one.destination is not None)


def _was_refused(send: PreRegistration, destinations: Collection[str]) -> bool:
    """Whether it is the visit that was refused; without a visitor it was the person."""
    is_visit = send.state is SendState.REFUSED and send.visitor_id is not None
    return is_visit and send.destination in destinations
