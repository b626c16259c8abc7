"""Rows as they are shown: personal data hidden, a request on its way."""

from __future__ import annotations

from dataclasses import replace

from core.domain.check_in_state import CheckInState
from core.domain.models import BookingRow
from core.domain.status import Action, PatronState, Tone
from core.domain.text import initials, last_four, name_or_none
from core.domain.university_id import visible


def hidden(row: BookingRow) -> BookingRow:
    """``row`` with initials for names and the last four of every number."""
    return replace(
        row,
        name=initials(row.name),
        sort_name=initials(row.name),
        alma_name=initials(row.alma_name),
        primary_id=last_four(row.primary_id) if row.primary_id else None,
        id_answer=last_four(row.id_answer) if row.id_answer else None,
        barcode=last_four(row.barcode) if row.barcode else None,
        email="",
        reason=hidden_text(row.reason, row) if row.reason else None,
        next_step=hidden_text(row.next_step, row),
    )


def hidden_text(text: str, row: BookingRow) -> str:
    """``text`` about the person of ``row``, with what names them shortened."""
    if text == row.reason and row.patron is PatronState.NAME_DIFFERS:
        # It says the name in Alma, which the row itself doesn't have.
        return "In Alma this ID belongs to another name than the booking's."
    # What is said of an answer is said of it as it is seen.
    for number in (row.primary_id, row.id_answer, visible(row.id_answer or ""), row.barcode):
        if number:
            text = text.replace(number, last_four(number))
    for name in (row.name, row.sort_name):
        if name_or_none(name, ""):  # "-" stands for no name, and in many words, too
            text = text.replace(name, initials(row.name))
    return text.replace(row.email, "…") if row.email else text


def on_its_way(row: BookingRow) -> BookingRow:
    """``row`` after its button was pressed, so that nothing is pressed twice."""
    return replace(row, label="On its way…", tone=Tone.BUSY, action=None, offers=())


def checking_in(row: BookingRow) -> BookingRow:
    """``row`` while LibCal is told that its reader has arrived."""
    state = CheckInState.ON_ITS_WAY
    others = tuple(one for one in row.offers if one is not Action.CHECK_IN)
    return replace(row, libcal_label=state.label, check_in=state, offers=others)


def queued(row: BookingRow) -> BookingRow:
    """``row`` while "Register now" waits to go out by itself; other ways stay open."""
    if row.is_over or not row.passagepoint.is_missing or _says_it_itself(row):
        return row
    step = "Register now is kept and goes out by itself as soon as that works."
    others = tuple(one for one in (row.action, *row.offers) if one is not Action.REGISTER_NOW)
    return replace(
        row,
        label="Queued",
        tone=Tone.BUSY,
        action=None,
        offers=tuple(one for one in others if one is not None),
        next_step=step,
    )


def _says_it_itself(row: BookingRow) -> bool:
    """At a desk: what waits for a computer that registers, or is in somebody's hands."""
    actions = {row.action, *row.offers}
    return not actions.isdisjoint({Action.WITHDRAW, Action.NOT_BY_HAND, Action.NOT_UPLOADED})
