"""Questions that a reader at the desk raises beyond today's list: another place, another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.domain.library_day import LibraryDay
from core.domain.models import Booking, Patron
from core.domain.searching import Wanted, has_all, searchable, wanted_words
from core.domain.status import PatronState
from core.domain.university_id import meant
from core.services.clients import Clients
from core.services.libcal.folding import fold_bookings
from core.services.libcal.rows import PartlyRead
from core.settings.config import Config

LOOK_AHEAD_DAYS = 7
_MOST_FOUND = 50


class Inquiry:
    """Asks LibCal about every location it has. Runs in a network thread; nothing is kept."""

    def __init__(self, config: Config, clients: Clients, book: DayBook) -> None:
        self._config = config
        self._clients = clients
        self._book = book

    def bookings_of(self, text: str) -> list[Booking]:
        """Bookings whose name, ID answer or e-mail has all words of ``text``, soonest first:
        every location that LibCal has, today and the next seven days.

        Raises:
            CredentialsError, ServiceError: LibCal could not be asked.
        """
        words = wanted_words(text)
        if not words:
            return []
        found = []
        for location_id, name in self._clients.libcal().all_locations():
            for booking in self._bookings_at(location_id):
                if _is_wanted(booking, words):
                    found.append(_placed(booking, location_id, name))
        folded = fold_bookings(found, self._config.libcal.register_statuses)
        return sorted(folded, key=lambda one: one.starts_at)[:_MOST_FOUND]

    def _bookings_at(self, location_id: str) -> list[Booking]:
        """A row that can't be read hides no other."""
        ask = self._clients.libcal().location_bookings
        try:
            return ask(location_id, self._book.day, LOOK_AHEAD_DAYS)
        except PartlyRead as error:
            return error.bookings


def _is_wanted(booking: Booking, words: Wanted) -> bool:
    answer = booking.id_answer
    return has_all(searchable(booking.name, answer, meant(answer), booking.email), words)


def _placed(booking: Booking, location_id: str, name: str) -> Booking:
    """The settings name their own locations only."""
    known = booking.location_name not in ("", location_id)
    return booking if known else replace(booking, location_name=name)


def who_it_is(answer: Patron, known: Patron | None, now: datetime) -> Patron:
    """Alma's answer, or where it could not be asked what was last known of the card."""
    if answer.state is not PatronState.COULD_NOT_ASK or known is None:
        return answer
    return replace(known, failed_at=now, cause=answer.cause)


def known_visitors(cache: Cache, day: LibraryDay, visitor_ids: Sequence[str]) -> dict[str, str]:
    """What is known here of people in PassagePoint, for choosing among them."""
    known = dict.fromkeys(visitor_ids, "Not used from here before.")
    for send in cache.ledger.of_visitors(visitor_ids):
        if send.visitor_id and send.intended_at:
            known[send.visitor_id] = f"Used from here on {day.day_of(send.intended_at):%d %B %Y}."
    return known
