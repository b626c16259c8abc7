"""Whom Alma is asked about, when again, and until when nobody: its calls are all the library's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from core.cache.base import Cache
from core.cache.values import from_text, to_text
from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.domain.models import Patron
from core.domain.status import PatronState
from core.settings.config import Config
from core.verdict import Verdict
from core.verdict.facts import SOON

_HOUR_BEFORE = timedelta(hours=1)
_ELSE = timedelta(hours=6)
_PAUSES = "alma_pauses"


class AlmaPauses:
    """What ``Quota.pauses`` says, kept across restarts; written only where it is news."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.kept = _pauses_from(cache.meta.get(_PAUSES) or "{}")

    def keep(self, pauses: Mapping[str, datetime]) -> None:
        if self.kept != pauses:
            self.kept = dict(pauses)
            texts = {zone: to_text(until) for zone, until in pauses.items()}
            self._cache.meta.set(_PAUSES, json.dumps(texts))


def _pauses_from(text: str) -> dict[str, datetime]:
    try:
        return {zone: from_text(until) for zone, until in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        return {}  # Alma says it again


class AlmaDue:
    """Who is known well enough is asked again after days, who stands in the way of a visit of
    theirs when it may help: before they come, and when their booking changes."""

    def __init__(self, config: Config, book: DayBook, clock: Clock) -> None:
        self._recheck = timedelta(days=config.alma.recheck_days)
        self._book = book
        self._clock = clock
        self._asked: set[str] = set()
        self._changed: set[str] = set()
        self._answered: set[str] = set()
        """By Alma itself since the program was started."""

    def begin(self) -> None:
        """A new pass: who was asked in the last one may be asked again."""
        self._asked.clear()

    def bookings_changed(self, row_ids: Iterable[str]) -> None:
        """LibCal says something else, or new, of these: their people may be others too."""
        ids = (self._book.people.id_of(row_id) for row_id in row_ids)
        self._changed.update(one for one in ids if one is not None)

    def ask_again(self, primary_id: str) -> None:
        """The desk wants a fresh answer."""
        self._asked.discard(primary_id.upper())

    def answered(self, primary_id: str) -> None:
        """That is enough for this pass."""
        self._asked.add(primary_id.upper())
        self._answered.add(primary_id.upper())
        self._changed.discard(primary_id.upper())

    def was_asked(self, primary_id: str) -> bool:
        """Whether this pass has asked already."""
        return primary_id.upper() in self._asked

    def is_due(self, verdict: Verdict, *, urgent: bool) -> bool:
        """Whether what is known of this row's person is missing, too old, or stands in the way."""
        primary_id, patron = verdict.person.primary_id or "", verdict.person.patron
        if self.was_asked(primary_id):
            return False
        if patron is None or patron.answered_at is None or patron.failed_at is not None:
            return True
        if patron.email_hashes is None:
            return True  # an older version of the program asked for less
        now = self._clock.now()
        age = now - patron.answered_at
        if age < timedelta(0):
            return True  # the clock was wrong then and has been put right since
        if patron.state is PatronState.FOUND:
            return age >= self._recheck or self._would_stop_unasked(verdict)
        return urgent or self._may_help(patron, patron.answered_at, now)

    def _would_stop_unasked(self, verdict: Verdict) -> bool:
        """Before another name stops anybody, Alma is asked: what is kept may be days old."""
        person = verdict.person
        differs = person.state is PatronState.NAME_DIFFERS
        return differs and (person.primary_id or "").upper() not in self._answered

    def _may_help(self, patron: Patron, answered_at: datetime, now: datetime) -> bool:
        """Someone may just have been added, or given a card, at the circulation desk."""
        starts = self._starts_of(patron.asked_id)
        if not starts:
            return False  # all of theirs are registered otherwise, or aren't to be
        if patron.asked_id.upper() in self._changed:
            return True
        moments = [start - before for start in starts for before in (_HOUR_BEFORE, SOON)]
        if any(answered_at < moment <= now for moment in moments):
            return True
        comes_soon = any(now < moment <= now + _ELSE for moment in moments)
        return now - answered_at >= _ELSE and not comes_soon

    def _starts_of(self, primary_id: str) -> list[datetime]:
        """When the bookings start that wait for this person."""
        verdicts = map(self._book.listed_verdict, self._book.people.rows_of(primary_id))
        return [
            one.row.starts_at
            for one in verdicts
            if one is not None and one.standing.is_wanted and one.ledger.visit is None
        ]
