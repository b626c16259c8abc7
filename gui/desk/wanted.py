"""What the desk wants done, before it is asked about and handed to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.models import BookingRow
from core.domain.status import Action, Group, PatronState
from gui.desk.this_desk import Desk
from gui.looks.words import words_of_action


@dataclass(frozen=True, slots=True)
class Wanted:
    """One action for one or several rows; ``detail`` is what ``DeskRequest`` calls so."""

    action: Action
    row_ids: tuple[str, ...]
    detail: Mapping[str, str] = field(default_factory=dict)


def offers_of(rows: Sequence[BookingRow]) -> dict[Action, tuple[str, ...]]:
    """What can be done with ``rows``, the most wanted first: each action with the rows it fits."""
    fits: dict[Action, list[str]] = {}
    for row in rows:
        for action in _of_one(row):
            if len(rows) == 1 or _is_for_many(action, row):
                fits.setdefault(action, []).append(row.row_id)
    if Action.CHECK_IN in fits:  # of many rows it is never the one right button
        fits[Action.CHECK_IN] = fits.pop(Action.CHECK_IN)
    return {action: tuple(row_ids) for action, row_ids in fits.items()}


def _is_for_many(action: Action, row: BookingRow) -> bool:
    """Whose ID, which person, and whom the gate refused: that is asked for one at a time."""
    refused_at_gate = action is Action.REGISTER_AGAIN and row.group is Group.REGISTERED
    return not action.for_one and not refused_at_gate


_OF_SEVERAL = {
    Action.REGISTER_ANEW: "Register as they are now…",
    Action.CHECK_IN: Action.CHECK_IN.label,
}


def words_of_offer(action: Action, rows: Sequence[BookingRow], row_ids: Sequence[str]) -> str:
    """The text of its button: ``I removed it in PassagePoint (8)`` where it is about several."""
    all_words = {words_of_action(action, row) for row in rows if row.row_id in row_ids}
    # A new time here, a new card there; and where one of them is asked about, all are.
    words = _OF_SEVERAL.get(action) or max(all_words, key=len)
    words = all_words.pop() if len(all_words) == 1 else words
    return f"{words} ({len(row_ids)})" if len(rows) > 1 else words


def _of_one(row: BookingRow) -> tuple[Action, ...]:
    main = (row.action,) if row.action else ()
    return tuple(dict.fromkeys((*main, *row.offers)))


def other_days(row: BookingRow, rows: Sequence[BookingRow]) -> list[BookingRow]:
    """The other days of a booking that repeats whose reader gave the same ID, still to correct."""
    return [
        one
        for one in rows
        if one.book_id == row.book_id
        and one.row_id != row.row_id
        and one.id_answer == row.id_answer
        and one.action is Action.CORRECT_ID
        and one.patron is not PatronState.NAME_DIFFERS
    ]


def contact_for(row: BookingRow, desk: Desk) -> str:
    """Whom to call about ``row``: ``Contact for PassagePoint: Security, 4-6111``, or nothing."""
    office = row.passagepoint.office or row.patron.office
    contact = desk.contacts.get(office, "")
    return f"Contact for {office}: {contact}" if contact else ""
