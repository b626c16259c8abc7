"""From a booking to its visit: Alma's answer, the visitor, the pre-registration, each at once.

A booking goes on as soon as its own answers are in; nothing waits for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.domain.models import Visitor
from core.sync.failures_in_a_row import FailuresInARow
from core.sync.people_steps import PatronStep, VisitorStep
from core.sync.sending import earliest_retry
from core.sync.visit_step import VisitStep, may_go
from core.verdict import Verdict

_WHERE_ALL_IS_WELL = timedelta(seconds=100)
"""A service that answers well ends all pauses but this one: no row is tried at every turn."""


@dataclass(eq=False, repr=False)
class Pipeline:
    """Moves the rows of the day book forward, as far as each can go by itself."""

    _book: DayBook
    _failures: FailuresInARow
    patrons: PatronStep
    _visitors: VisitorStep
    _visits: VisitStep
    _clock: Clock
    _on_changed: Callable[[Iterable[str]], None]

    def __post_init__(self) -> None:
        self._wanted_now: dict[str, str] = {}
        self._visitors_only = False
        self.patrons.go_on = self._visitors.go_on = self._visits.go_on = self._go_on

    def begin(self, *, visitors_only: bool = False) -> None:
        """A new pass; ``visitors_only``: people are looked up and made, nothing is registered."""
        self._failures.begin()
        self.patrons.due.begin()
        self._visits.begin()
        self._visitors.made.clear()
        self._visitors_only = visitors_only

    def bookings_changed(self, row_ids: Iterable[str]) -> None:
        """LibCal says something new of these bookings."""
        self.patrons.due.bookings_changed(row_ids)

    @property
    def made(self) -> list[Visitor]:
        """Visitors made or found in PassagePoint in this pass."""
        return list(self._visitors.made)

    def is_busy(self, row_id: str) -> bool:
        """Whether something is on its way for this row."""
        primary_id = self._book.verdict(row_id).person.primary_id or ""
        people = (self.patrons, self._visitors)
        return self._visits.is_busy(row_id) or any(step.is_busy(primary_id) for step in people)

    def start(self, row_id: str) -> bool:
        """By itself: the next step of this row, if there is one; False where there is none."""
        verdict = self._book.listed_verdict(row_id)
        # Where there is none it is kept for tomorrow, and not sent.
        return verdict is not None and self.start_listed(verdict)

    def start_listed(self, verdict: Verdict) -> bool:
        """The same of a row of today's list, whose verdict is at hand."""
        has_visit = verdict.ledger.visit is not None and verdict.row.is_live
        if verdict.row.is_over or not (verdict.standing.is_wanted or has_visit):
            return False
        if self._is_paused(verdict):
            return False
        return self._advance(verdict, by=None)

    def end_pauses(self) -> None:
        """A service is well again: what waits for a better time goes on."""
        for verdict in list(self._book.verdicts()):
            if self._book.cached(verdict.row.row_id).tries.count:
                self.start(verdict.row.row_id)

    def start_now(self, row_id: str, who: str) -> bool:
        """By hand: overtakes everything, asks Alma again, sends whatever the gate says."""
        self._wanted_now[row_id] = who
        verdict = self._book.verdict(row_id)
        self.patrons.due.ask_again(verdict.person.primary_id or "")
        return self._advance(verdict, by=who)

    def end_urgent(self, row_id: str) -> None:
        """The desk's wish is settled, one way or the other."""
        self._wanted_now.pop(row_id, None)

    def _advance(self, verdict: Verdict, *, by: str | None) -> bool:
        primary_id = verdict.person.primary_id
        urgent = by is not None
        if primary_id is None:
            return False
        if self.patrons.due.is_due(verdict, urgent=urgent):
            return self.patrons.start(primary_id, verdict, urgent=urgent)
        if not may_go(verdict, by) or (by is None and self._is_held(verdict)):
            return False
        if self._book.facts(verdict.row.row_id).in_hand is not None:
            return False  # whoever wants it sent says first that it isn't entered by hand
        visitor = self._book.people.visitor(primary_id)
        if visitor is None or visitor.barcode != verdict.person.barcode:
            return self._visitors.start(primary_id, verdict, urgent=urgent)
        if visitor.visitor_id is None or self._visitors_only:
            return False
        return self._visits.start(verdict, by=by)

    def _is_paused(self, verdict: Verdict) -> bool:
        """After failures, until it is time for the next try; soon where the service is well."""
        tries = self._book.cached(verdict.row.row_id).tries
        if tries.retry_at is None or earliest_retry(tries, now := self._clock.now()):
            return False
        waits_for_alma = self.patrons.due.is_due(verdict, urgent=False)
        if not self._failures.is_well("Alma" if waits_for_alma else "PassagePoint"):
            return True
        return tries.failed_at is not None and now < tries.failed_at + _WHERE_ALL_IS_WELL

    def _is_held(self, verdict: Verdict) -> bool:
        return self._book.facts(verdict.row.row_id).hold is not None

    def _go_on(self, row_ids: Iterable[str]) -> None:
        """After an answer: each row's next step, by itself or because the desk asked."""
        rows = list(row_ids)
        for row_id in rows:
            by = self._wanted_now.get(row_id)
            if by is None:
                self.start(row_id)
            else:
                self._advance(self._book.verdict(row_id), by=by)
        self._on_changed(rows)
