"""Bookings and the companions that came with them: who belongs together, and what they decide.

LibCal cancels or moves a booking with everybody who came with it. That is one decision: one of
their rows asks it, and what is decided there is decided for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.day.effects import Done, Effect
from core.domain.models import CachedBooking, DeskRequest
from core.domain.status import Action, PassState, Source
from core.domain.text import counted
from core.verdict import Facts, Rules, decide, undoable
from core.verdict.facts import Party

if TYPE_CHECKING:
    from core.day.day_book import DayBook

_ASK_FOR_ALL = frozenset({PassState.CANCELLED_AFTER, PassState.CHANGED})
"""What LibCal did to the booking, it did to the whole party."""
_FOR_ALL = frozenset({Action.HANDLED, Action.REGISTER_ANEW, Action.LEAVE})
"""What answers that."""


class Parties:
    """Which rows belong together; nearly all stand alone."""

    def __init__(self) -> None:
        self._parent_of: dict[str, str] = {}
        self._rows_of: defaultdict[str, set[str]] = defaultdict(set)

    def clear(self) -> None:
        """The day is another one."""
        self._parent_of.clear()
        self._rows_of.clear()

    def place(self, row_id: str, parent_row_id: str | None) -> Set[str]:
        """The booking that a row came with; None: it came with none, or is gone. Returns the
        other rows whose verdicts that may change."""
        before = self.beside(row_id)
        parent = self._parent_of.pop(row_id, None)
        if parent is not None:
            self._rows_of[parent].discard(row_id)
        if parent_row_id is not None:
            self._parent_of[row_id] = parent_row_id
            self._rows_of[parent_row_id].add(row_id)
        return before | self.beside(row_id)

    def beside(self, row_id: str) -> Set[str]:
        """The others of a row's party, the booking itself among them."""
        parent = self._parent_of.get(row_id, row_id)
        rows = self._rows_of.get(parent)
        return (rows | {parent}) - {row_id} if rows else frozenset()


def with_party(book: DayBook, facts: Facts, now: datetime) -> Facts:
    """What the others of its party mean for this row."""
    beside = [one for one in book.beside(facts.cached.row_id) if book.has(one)]
    if not beside:
        return facts
    others = [book.alone(row_id) for row_id in beside]
    companions = sum(_came_with(one, facts.cached) for one in others)
    asking = _asking_alike(facts, others, book.rules, now)
    leader, *led = [one.cached.row_id for one in asking] or [""]
    is_led = leader not in ("", facts.cached.row_id)
    return facts._replace(
        party=Party(
            companions=companions,
            leader=leader if is_led else "",
            led=0 if is_led else len(led),
            until=tuple(one.booking.ends_at for one in asking),
        )
    )


def for_the_party(book: DayBook, request: DeskRequest) -> list[DeskRequest]:
    """The same for each row that hangs on what is decided about this one; asked before that."""
    row_id, beside = request.row_id, book.beside(request.row_id)
    rows = sorted(one for one in beside if book.has(one))
    if request.action is Action.UNDO:
        undone = undoable(book.facts(row_id)) if rows else None
        made = {one: _id_for(undone.decision_id, one) for one in rows} if undone else {}
        return [
            _alike(request, one, {"decision_id": decision_id})
            for one, decision_id in made.items()
            if _could_undo(book, one) == decision_id
        ]
    if request.action not in _FOR_ALL:
        return []
    led = [one for one in rows if book.facts(one).party.leader == row_id]
    return [_alike(request, one, request.detail) for one in led]


def told_for_all(effect: Effect, others: int) -> Effect:
    """``effect`` with how many more rows it is about."""
    if not others or not isinstance(effect, Done):
        return effect
    return Done(f"{effect.text} It counts for {counted(others, 'more visit')} of the group.")


def _alike(request: DeskRequest, row_id: str, detail: Mapping[str, str]) -> DeskRequest:
    request_id = _id_for(request.request_id, row_id)
    return replace(request, request_id=request_id, row_id=row_id, detail=detail)


def _id_for(decision_id: str, row_id: str) -> str:
    """By it the others of a party are found when the decision is undone."""
    return f"{decision_id}+{row_id}"


def _could_undo(book: DayBook, row_id: str) -> str | None:
    decision = undoable(book.facts(row_id))
    return decision.decision_id if decision is not None else None


def _came_with(one: Facts, parent: CachedBooking) -> bool:
    """It is a companion of this booking, and counts."""
    booking = one.booking
    is_companion = booking.source is Source.COMPANION and booking.parent_row_id == parent.row_id
    is_live = not one.cached.old_visit and one.cached.gone_at is None and not one.is_taken_back
    return is_companion and is_live


def _asking_alike(facts: Facts, others: list[Facts], rules: Rules, now: datetime) -> list[Facts]:
    """All that ask what this row asks, the one who asks for them first; none: it asks nothing."""
    code = decide(facts, rules, now).standing.code
    if code not in _ASK_FOR_ALL:
        return []
    old = facts.cached.old_visit
    alike = [
        one
        for one in others
        if one.cached.old_visit == old and decide(one, rules, now).standing.code is code
    ]
    return sorted([facts, *alike], key=_place_in_party)


def _place_in_party(one: Facts) -> tuple[bool, str]:
    """The booking before its companions."""
    return not one.booking.is_booked, one.cached.row_id
