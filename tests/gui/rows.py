"""Rows as the desk sees them, so that a test names only what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.domain.models import BookingRow
from core.domain.status import Action, Group, LibCalState, PassState, PatronState, Tone
from tests.builders import NOON

_TROUBLE: dict[PatronState, tuple[str, Action]] = {
    PatronState.NO_ID: ("No ID", Action.CORRECT_ID),
    PatronState.ID_NOT_VALID: ("ID not valid", Action.CORRECT_ID),
    PatronState.NOT_IN_ALMA: ("Not in Alma", Action.CORRECT_ID),
    PatronState.NAME_DIFFERS: ("Name differs", Action.CORRECT_ID),
    PatronState.NO_BARCODE: ("Not registered", Action.BY_HAND),
}


def a_row(row_id: str = "r1", starts_at: datetime = NOON, **changes: Any) -> BookingRow:
    """A registered booking of one hour in the Main Library."""
    values: dict[str, Any] = {
        "row_id": row_id,
        "book_id": f"cs_{row_id}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "name": "Priya Patel",
        "sort_name": "Patel, Priya",
        "primary_id": "G12345678",
        "id_answer": "G12345678",
        "location_id": "8827",
        "location": "Main Library",
        "seats": "Seat 12",
        "destination": "Main Desk",
        "email": "priya@example.edu",
        "libcal": "Confirmed",
        "libcal_state": LibCalState.LIVE,
        "libcal_label": "Confirmed",
        "patron": PatronState.FOUND,
        "passagepoint": PassState.REGISTERED,
        "group": Group.REGISTERED,
        "label": "Registered 10:42",
        "tone": Tone.GOOD,
        "action": None,
        "offers": (),
        "reason": None,
        "next_step": "",
        "prereg_id": "137505764541148",
        "registered_at": NOON - timedelta(minutes=78),
        "barcode": "22820001",
        "is_over": False,
        "is_live": True,
        "has_arrived": False,
        "is_old": False,
        "day": starts_at.date(),
        "first_seen_at": NOON - timedelta(hours=3),
        "seen_in_libcal_at": NOON - timedelta(minutes=2),
        "asked_alma_at": NOON - timedelta(minutes=80),
    }
    return BookingRow(**(values | changes))


def a_waiting_row(row_id: str = "r1", starts_at: datetime = NOON, **changes: Any) -> BookingRow:
    """One that is registered by itself at the next pass."""
    values: dict[str, Any] = {
        "passagepoint": PassState.WAITING,
        "group": Group.WAITING,
        "label": "Waiting",
        "tone": Tone.NEUTRAL,
        "action": Action.REGISTER_NOW,
        "next_step": PassState.WAITING.next_step,
        "prereg_id": None,
        "registered_at": None,
    }
    return a_row(row_id, starts_at, **(values | changes))


def a_troubled_row(
    row_id: str = "r1",
    starts_at: datetime = NOON,
    *,
    patron: PatronState = PatronState.ID_NOT_VALID,
    **changes: Any,
) -> BookingRow:
    """One that waits for a person because of what Alma or the reader's answer says."""
    label, action = _TROUBLE[patron]
    values: dict[str, Any] = {
        "patron": patron,
        "passagepoint": PassState.WAITING,
        "group": Group.NEEDS_PERSON,
        "label": label,
        "tone": Tone.BAD,
        "action": action,
        "offers": (Action.BY_HAND,) if action is not Action.BY_HAND else (Action.REGISTER_NOW,),
        "reason": "The university ID is not valid.",
        "next_step": patron.next_step,
        "primary_id": None,
        "id_answer": "G157911",
        "prereg_id": None,
        "registered_at": None,
        "barcode": None,
    }
    return a_row(row_id, starts_at, **(values | changes))


def a_pass_row(
    state: PassState, action: Action | None, *offers: Action, **changes: Any
) -> BookingRow:
    """One whose own PassagePoint state needs a person."""
    values: dict[str, Any] = {
        "passagepoint": state,
        "group": Group.NEEDS_PERSON,
        "label": state.label,
        "tone": state.tone,
        "action": action,
        "offers": offers,
        "reason": f"{state.label}: something happened.",
        "next_step": state.next_step,
    }
    return a_row(**(values | changes))
