"""Other days of a recurring booking: what was corrected for one is offered for the others.

LibCal gives every day of a series the same ``bookId``. Nothing is changed silently: each day is a
booking of its own, and somebody else may sit there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.cache.base import Cache
from core.domain.models import Personal
from core.domain.status import Action
from core.verdict.person import seen_answer


@dataclass(frozen=True, slots=True, repr=False)
class OtherDay(Personal):
    """The university ID that the desk corrected to, for another day of the series."""

    primary_id: str
    starts_at: datetime


def corrected_on_other_day(cache: Cache, row_id: str) -> OtherDay | None:
    """The newest correction of the same answer on another day; None: there is none."""
    row = cache.bookings.get(row_id)
    if row is None or row.old_visit:
        return None
    days = {one.row_id: one for one in cache.bookings.by_book_id(row.booking.book_id)}
    days.pop(row_id)
    answer = seen_answer(row.booking)
    corrections = [
        decision
        for decisions in cache.decisions.of_rows(list(days)).values()
        for decision in decisions
        if decision.action is Action.CORRECT_ID
        and decision.undone_at is None
        and decision.seen == answer
    ]
    if not corrections:
        return None
    newest = max(corrections, key=lambda one: one.sequence)
    return OtherDay(newest.detail["primary_id"], days[newest.row_id].booking.starts_at)
