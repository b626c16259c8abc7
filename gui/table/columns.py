"""The table's columns, declared once: what stands in a cell and how it is sorted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import NamedTuple

from core.domain.models import BookingRow
from core.domain.status import NOT_KNOWN_HERE, Group, LibCalState, PatronState, Tone
from core.domain.text import fold
from gui.looks.theme import OLD_ICON, STATE_ICONS, TONE_ICONS, icon_of_pass
from gui.looks.words import Times, words_of_action


@dataclass(frozen=True, slots=True)
class Cell:
    """What is painted; the words alone carry all of the meaning."""

    text: str
    faint_from: int | None = None
    """From this character on the text is quieter."""
    icon: str | None = None
    tone: Tone | None = None
    bold: bool = False
    struck: bool = False
    short: str = ""
    """Instead of the text, where there is no room for that."""
    hint: str = ""
    """What the icon alone says of it: read out, and shown under the mouse."""


class Column(NamedTuple):
    """``sample`` is as wide as the column should be, ``least`` where there is no room for that;
    ``stretch`` is its part of what is left."""

    name: str
    title: str
    cell: Callable[[BookingRow, Times], Cell]
    sort_key: Callable[[BookingRow], tuple[str, ...]]
    sample: str
    stretch: int = 0
    least: str = ""
    at_first: bool = True
    """Whether it is shown until staff choose otherwise."""
    leaves: int = 0
    """Which column leaves first where there is no room for all; 0 stays."""

    at_last: str = ""
    """As wide as it may become before the table scrolls sideways."""

    @property
    def narrowest(self) -> str:
        return self.least or self.sample


_NEVER_ASKED = frozenset({PatronState.NOT_ASKED, PatronState.NO_ID, PatronState.ID_NOT_VALID})
_GROUP_ORDER = {group: str(place) for place, group in enumerate(Group)}


def _start(row: BookingRow) -> str:
    return row.starts_at.astimezone(UTC).isoformat()


def _time(row: BookingRow, times: Times) -> Cell:
    start = times.clock(row.starts_at)
    gone = row.libcal_state in (LibCalState.CANCELLED, LibCalState.DENIED)
    text = f"{start}–{times.clock(row.ends_at)}"
    return Cell(text, faint_from=0 if gone else len(start), struck=gone, short=start)


def _person(row: BookingRow, _times: Times) -> Cell:
    return Cell(row.sort_name or "(no name)", bold=True)


def _university_id(row: BookingRow, _times: Times) -> Cell:
    return Cell(row.primary_id or (row.id_answer or "").strip() or "–")


def _barcode(row: BookingRow, _times: Times) -> Cell:
    return Cell(row.barcode or "–")


def _place(row: BookingRow, _times: Times) -> Cell:
    if not row.seats:
        return Cell(row.location)
    return Cell(f"{row.location} · {row.seats}", faint_from=len(row.location))


def _libcal(row: BookingRow, times: Times) -> Cell:
    state = row.libcal_state
    label = row.libcal_label
    if row.is_old and row.seen_in_libcal_at is not None:  # a strip says so once, for all of them
        seen = f"as of {times.clock(row.seen_in_libcal_at)}"
        return Cell(label, icon=OLD_ICON, tone=Tone.NEUTRAL, hint=seen)
    icon = STATE_ICONS.get(state, TONE_ICONS[state.tone])
    # A cancellation that nobody has to act on is no news.
    quiet = state.tone is not Tone.GOOD and row.group is not Group.NEEDS_PERSON
    tone = Tone.NEUTRAL if quiet else state.tone
    return Cell(label, icon=icon, tone=tone)


def _alma(row: BookingRow, _times: Times) -> Cell:
    # Without a valid ID nobody was asked; what is wrong is said once, under PassagePoint.
    state = PatronState.NOT_ASKED if row.patron in _NEVER_ASKED else row.patron
    return Cell(state.label, icon=TONE_ICONS[state.tone], tone=state.tone)


def _passagepoint(row: BookingRow, _times: Times) -> Cell:
    open_end = row.group in (Group.NEEDS_PERSON, Group.WAITING) or row.action is not None
    bold = open_end and row.label != NOT_KNOWN_HERE  # another computer may have closed it
    return Cell(row.label, icon=icon_of_pass(row), tone=row.tone, bold=bold)


def _action(row: BookingRow, _times: Times) -> Cell:
    return Cell(words_of_action(row.action, row) if row.action else "")


COLUMNS = (
    Column("time", "Time", _time, lambda row: (_start(row),), "00:00–00:00", at_last="00:00"),
    Column(
        "person",
        "Person",
        _person,
        lambda row: (fold(row.sort_name),),
        "Papadopoulou, N",
        4,
        "Papadopou",
        at_last="Papado",
    ),
    Column(
        "university_id",
        "University ID",
        _university_id,
        lambda row: (row.primary_id or row.id_answer or "",),
        "G00000000",
        leaves=4,
    ),
    Column(
        "barcode",
        "Card barcode",
        _barcode,
        lambda row: (row.barcode or "",),
        "22820001000000",
        at_first=False,
        leaves=2,
    ),
    Column(
        "place",
        "Place · seat",
        _place,
        lambda row: (fold(row.location), fold(row.seats)),
        "Main Library · Seat 12",
        5,
        "Study Room 120",
        leaves=5,
    ),
    Column(
        "libcal",
        "LibCal",
        _libcal,
        lambda row: (row.libcal_label, _start(row)),
        "Checked out",
        1,
        leaves=3,  # a cancelled booking's time is struck
    ),
    Column(
        "alma",
        "Alma",
        _alma,
        lambda row: (row.patron.label, _start(row)),
        "No barcode",
        1,
        leaves=1,  # where it stands in the way, PassagePoint's column says so
    ),
    Column(
        "passagepoint",
        "PassagePoint",
        _passagepoint,
        lambda row: (_GROUP_ORDER[row.group], row.label, _start(row)),
        "Registered 00:00",
        2,
    ),
    Column(
        "action",
        "",
        _action,
        lambda row: (row.action.label if row.action else "~", _start(row)),
        "Removed in PassagePoint",
    ),
)
BY_NAME = {column.name: at for at, column in enumerate(COLUMNS)}
TIME = BY_NAME["time"]
ACTION = BY_NAME["action"]
