"""A day of about 140 bookings with all kinds of trouble, for pictures and long tests."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.domain.models import BookingRow
from core.domain.status import Action, Group, LibCalState, PassState, PatronState, Tone
from tests.builders import ZONE
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row

NOW = datetime(2026, 11, 23, 10, 44, tzinfo=ZONE)
_FIRST = (
    *("Noor", "Hana", "Ana", "Luis", "Grace", "Wei", "Björn", "Mei", "Aïcha", "Kwame"),
    *("Dmitri", "Ivy", "Oluwaseun", "美玲", "Søren"),
)
_LAST = (
    *("Haddad", "Ito", "Li", "García", "Okafor", "Nguyen", "Müller", "Kim", "D'Souza", "Jones"),
    *("Łukasz", "Smith", "王", "Petrov", "Hernández-Villanueva", "Raghunathan"),
)
_HOURS = (8, 8, 8.5, 9, 9, 9.5, 9.5, 10, 10, 10.5, 10.5, 11, 11, 11.5, 12, 12, 12.5, 13, 13, 13.5)
_LATER = (14, 14.5, 15, 15.5, 16, 16.5, 17, 17.5)


def at(hour: int, minute: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute)


def made_up_day(number: int = 140) -> list[BookingRow]:
    """The same rows each time."""
    dice = random.Random(7)
    rows = [_as_another_reader(row, at) for at, row in enumerate(_special_rows())]
    rows += [_plain_row(at_number, dice) for at_number in range(number - len(rows))]
    asked = NOW - timedelta(minutes=2)
    rows = [replace(row, email=f"{row.row_id}@example.edu") for row in rows]
    return [replace(row, seen_in_libcal_at=asked, asked_alma_at=asked) for row in rows]


def _as_another_reader(row: BookingRow, number: int) -> BookingRow:
    same = row.primary_id == "G12345678"
    changed = f"G1{number:02}41226" if same else row.primary_id
    return replace(row, primary_id=changed, place=row.place or "Main")


def _plain_row(number: int, dice: random.Random) -> BookingRow:
    hour = dice.choice(_HOURS + _HOURS + _LATER)
    start = at(int(hour), 30 if hour % 1 else 0)
    end = start + timedelta(minutes=dice.choice((60, 60, 90, 120)))
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    annex = dice.random() < 0.2
    over = end <= NOW
    arrived = start < NOW and dice.random() < 0.6
    values: dict[str, Any] = {
        "ends_at": end,
        "is_over": over,
        "has_arrived": arrived,
        "libcal_label": "Arrived" if arrived else dice.choice(("Confirmed", "Approved")),
        "primary_id": f"G10{dice.randrange(100000, 999999)}",
        "seats": f"Seat {dice.randrange(1, 120)}",
        **_place(annex=annex),
        **_name(first, last),
    }
    if number % 10 == 3:
        values |= _cancelled(dice)
    known_since = min(start, NOW) - timedelta(minutes=5 + number % 47)
    values.setdefault("label", f"Registered {known_since:%H:%M}")
    return a_row(f"p{number}", start, **values)


def _name(first: str, last: str) -> dict[str, Any]:
    return {"name": f"{first} {last}", "sort_name": f"{last}, {first}"}


def _place(*, annex: bool) -> dict[str, str]:
    name = "Annex" if annex else "Main Library"
    place = "Annex" if annex else "Main"
    return {"location_id": "10332" if annex else "8827", "location": name, "place": place}


def _cancelled(dice: random.Random) -> dict[str, Any]:
    return {
        "libcal_state": LibCalState.CANCELLED,
        "libcal_label": "Cancelled",
        "libcal": "Cancelled by User",
        "passagepoint": PassState.NOT_NEEDED,
        "patron": dice.choice((PatronState.FOUND, PatronState.NOT_ASKED)),
        "group": Group.EXCLUDED,
        "label": "Not needed",
        "tone": Tone.NEUTRAL,
        "is_live": False,
    }


def _special_rows() -> list[BookingRow]:
    return [
        a_troubled_row(
            "s1",
            at(10, 15),
            reason="The university ID is not valid.",
            next_step="The booking says G157911; an ID is G and eight digits. "
            "Ask for the card and scan it, or type the ID.",
            **_name("Tom", "O'Brien"),
        ),
        a_row(
            "s2",
            at(10, 45),
            passagepoint=PassState.REGISTERING,
            group=Group.WAITING,
            label="Registering…",
            tone=Tone.BUSY,
            **_name("Grace", "Okafor"),
        ),
        a_troubled_row(
            "s3",
            at(11),
            patron=PatronState.NO_BARCODE,
            primary_id="G10555902",
            seats="Seats 31–34",
            reason="Alma has no active barcode for G10555902.",
            next_step=PatronState.NO_BARCODE.next_step,
            **_name("Luis", "García"),
        ),
        a_pass_row(
            PassState.UNCLEAR,
            Action.RESOLVE,
            Action.IT_IS_THERE,
            Action.REGISTER_AGAIN,
            row_id="s4",
            starts_at=at(11),
            seats="Room A2",
            reason="PassagePoint did not answer after the visit was sent at 10:39.",
            **_place(annex=True),
            **_name("Priya", "Patel"),
        ),
        a_waiting_row("s5", at(11, 15), seats="Seat 88", **_name("Wei", "Nguyen")),
        a_pass_row(
            PassState.CANCELLED_AFTER,
            Action.HANDLED,
            row_id="s6",
            starts_at=at(11, 30),
            libcal_state=LibCalState.CANCELLED,
            libcal_label="Cancelled",
            is_live=False,
            reason="Cancelled in LibCal after it was registered.",
            **_name("Ivy", "Smith"),
        ),
        a_row(
            "s7",
            at(12),
            libcal_state=LibCalState.TENTATIVE,
            libcal_label="Tentative",
            libcal="Mediated Tentative",
            patron=PatronState.NOT_ASKED,
            passagepoint=PassState.NOT_NEEDED,
            group=Group.EXCLUDED,
            label="Not needed yet",
            tone=Tone.NEUTRAL,
            action=Action.REGISTER_NOW,
            **_place(annex=True),
            **_name("Mei", "Kim"),
        ),
        a_troubled_row(
            "s8",
            at(11, 30),
            patron=PatronState.NOT_IN_ALMA,
            id_answer="G10987654",
            reason="Alma does not know G10987654.",
            **_name("Maximiliana Konstantina", "Papadopoulou-Featherstonehaugh"),
        ),
        a_pass_row(
            PassState.CHOOSE_PERSON,
            Action.CHOOSE,
            row_id="s9",
            starts_at=at(14),
            reason="Several people in PassagePoint have this barcode.",
            **_name("山田", "太郎"),
        ),
        a_waiting_row(
            "s10",
            at(10, 30),
            group=Group.NEEDS_PERSON,
            passagepoint=PassState.FAILED,
            label="Failed",
            tone=Tone.WARN,
            reason="PassagePoint could not be reached at 10:40.",
            next_step=PassState.FAILED.next_step,
            offers=(Action.BY_HAND,),
            **_name("محمد", "الأحمد"),
        ),
    ]
