"""Asks LibCal and Alma for a desk that holds no secret: through the database, at the registrar."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from core.cache.inquiries import Inquired, InquiryStore, Reply
from core.cache.reading import reader_of
from core.domain.clock import Clock
from core.domain.errors import AppError, NoRegistrar
from core.domain.models import Booking, Patron
from core.domain.new_id import new_id
from core.sync.sync_pass import Stop

if TYPE_CHECKING:
    from core.engine.own import LibCal2PP

EVERYWHERE, ALMA = "everywhere", "alma"
PASS, NEWS, HERE = "pass", "news", "here"
_SAID_EACH = timedelta(minutes=1)
_LOOK_SECONDS = 0.2
_PATIENCE = 45.0
"""Seconds: longer than a service may take."""
_BOOKINGS = TypeAdapter(list[Booking])
_PATRON = (
    *("asked_id", "state", "reason", "primary_id", "first_name", "last_name"),
    *("barcode", "user_group", "zone", "deleted", "asked_old_card"),
)
_patron_of = reader_of(Patron, without={one.name for one in fields(Patron)}.difference(_PATRON))


def bookings_from(answer: str) -> list[Booking]:
    return _BOOKINGS.validate_json(answer)


def patron_from(answer: str) -> Patron:
    return _patron_of(json.loads(answer))


class RegistrarQuestions:
    """One per computer: it asks at a desk, and answers at the registrar."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: set[str] = set()
        self.is_pass_wanted = False
        """Somebody pressed Sync now at a desk."""
        self.is_news_wanted = False
        """Somebody was scanned at a desk who isn't in the list."""
        self.used_at: datetime | None = None
        """When a desk last said that its window is used, by the clock of this computer."""
        self._said: datetime | None = None

    def ask(self, store: Callable[[], InquiryStore], kind: str, text: str, stop: Stop) -> str:
        """The registrar's answer as JSON; ``store`` takes a turn each time it is called.

        Raises:
            AppError: why there is none.
        """
        inquired = Inquired(new_id(), kind, text)
        store().ask(inquired)
        until = self._clock.monotonic() + _PATIENCE
        while not stop() and self._clock.monotonic() < until:
            reply = store().reply_to(inquired.inquiry_id)
            if reply is not None and reply.answer is not None:
                return reply.answer
            if reply is not None:
                raise AppError(reply.error or "")
            self._clock.sleep(_LOOK_SECONDS)
        raise NoRegistrar("The computer that registers didn't answer.", "Try again in a moment.")

    def want_pass(self, store: InquiryStore) -> None:
        """Sync now was pressed here: the registrar does a pass as soon as it can."""
        store.ask(Inquired(new_id(), PASS, ""))

    def want_news(self, store: InquiryStore) -> None:
        """Somebody waits here who may have booked just now."""
        store.ask(Inquired(new_id(), NEWS, ""))

    def say_here(self, store: InquiryStore, used_at: datetime) -> None:
        """This desk's window was used then; that it was opened is no use of it."""
        if self._said is None:
            self._said = used_at
        elif used_at - self._said >= _SAID_EACH:
            self._said = used_at
            store.ask(Inquired(new_id(), HERE, ""))

    def answer_all(self, store: InquiryStore, leader: LibCal2PP) -> None:
        """Answer what desks have asked; called again from within, while one is being asked."""
        for inquired in store.open():
            if inquired.inquiry_id not in self._taken:
                self._taken.add(inquired.inquiry_id)
                self.is_pass_wanted |= inquired.kind == PASS
                self.is_news_wanted |= inquired.kind == NEWS
                if inquired.kind == HERE:
                    self.used_at = self._clock.now()
                store.reply(inquired.inquiry_id, _reply(inquired, leader))


def _reply(inquired: Inquired, leader: LibCal2PP) -> Reply:
    try:
        if inquired.kind in (PASS, NEWS, HERE):
            return Reply("{}", None)
        if inquired.kind == EVERYWHERE:
            found = leader.look_everywhere(inquired.text)
            return Reply(_BOOKINGS.dump_json(found).decode(), None)
        patron = leader.ask_alma(inquired.text)
        return Reply(json.dumps({name: getattr(patron, name) for name in _PATRON}), None)
    except AppError as error:
        return Reply(None, str(error))
