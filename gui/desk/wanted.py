"""What the desk wants done, before it is asked about and handed to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.models import BookingRow
from core.domain.status import Action, PatronState
from gui.desk.this_desk import Desk


@dataclass(frozen=True, slots=True)
class Wanted:
    """One action for one or several rows; ``detail`` is what ``DeskRequest`` calls so."""

    action: Action
    row_ids: tuple[str, ...]
    detail: Mapping[str, str] = field(default_factory=dict)


def actions_of(rows: Sequence[BookingRow]) -> tuple[Action, ...]:
    """What can be done with all of ``rows`` at once, the most wanted first."""
    each = [_of_one(row) for row in rows]
    if not each:
        return ()
    if len(rows) > 1:
        each[0] = tuple(action for action in each[0] if not action.for_one)
    return tuple(action for action in each[0] if all(action in one for one in each))


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
