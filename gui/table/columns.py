"""The table's columns, declared once: what stands in a cell and how it is sorted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from functools import cache, lru_cache
from typing import NamedTuple

from core.domain.check_in_state import CheckInState
from core.domain.models import BookingRow
from core.domain.status import NOT_KNOWN_HERE, Group, PassState, PatronState, Tone
from gui.looks.theme import OLD_ICON, STATE_ICONS, TONE_ICONS, icon_of_pass
from gui.looks.words import Times, name_or_none, short_words_of_action, words_of_action
from gui.table.came_with import beside_booking, is_companion, marked_name
from gui.table.collation import Collated, collated


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
    icon_says_it: bool = False
    """Where room is short, the icon alone is enough: it is no news for anybody."""
    hint: str = ""
    """What the icon alone says of it: read out, and shown under the mouse."""


SortKey = str | Collated


class Column(NamedTuple):
    """One column: what stands in it, how it is sorted, and how much room it wants."""

    name: str
    title: str
    cell: Callable[[BookingRow, Times], Cell]
    sort_key: Callable[[BookingRow], tuple[SortKey, ...]]
    samples: tuple[str, ...]
    """As wide as these it is at least, at each level of brevity."""
    texts: Callable[[BookingRow], tuple[str, ...]] | None = None
    """What must be whole at each level of brevity, the longest first; None: its samples are."""
    stretch: int = 0
    """Its part of what room is left."""
    least: str = ""
    """As wide as it may become where there is no room for all."""
    at_last: str = ""
    """As wide as it may become before the table scrolls sideways."""
    at_first: bool = True
    """Whether it is shown until staff choose otherwise."""

    @property
    def said(self) -> str:
        """Its title where there is room for words; above the buttons none is needed."""
        return self.title or "What to do"


_MANY = 4096
_WHOLE_NAME = 24
"""So many characters of a name are whole."""
_GROUP_ORDER = {group: str(place) for place, group in enumerate(Group)}


def _start(row: BookingRow) -> str:
    return row.starts_at.astimezone(UTC).isoformat()


def _time(row: BookingRow, times: Times) -> Cell:
    start = times.clock(row.starts_at)
    gone = row.libcal_state.is_off
    text = f"{start}–{times.clock(row.ends_at)}"
    return Cell(text, faint_from=0 if gone else len(start), struck=gone, short=start)


def _person(row: BookingRow, _times: Times) -> Cell:
    name = marked_name(row, name_or_none(row.sort_name))
    return Cell(name, bold=True, hint="companion" if is_companion(row) else "")


def _university_id(row: BookingRow, _times: Times) -> Cell:
    return Cell(row.primary_id or (row.id_answer or "").strip() or "–")


def _barcode(row: BookingRow, _times: Times) -> Cell:
    return Cell(row.barcode or "–")


def _place(row: BookingRow, _times: Times) -> Cell:
    whole, short, _ = _place_words(row.location, row.place, row.seats)
    return Cell(whole, faint_from=len(row.location) if row.seats else None, short=short)


@lru_cache(maxsize=_MANY)
def _place_words(location: str, place: str, seats: str) -> tuple[str, str, str]:
    """At each level of brevity; thousands of rows have some hundred of them."""
    if not seats:
        return location, place or location, ""
    few = _short_seats(seats)
    return f"{location} · {seats}", f"{place or location} · {few}", few


def _short_seats(seats: str) -> str:
    """``Seat 50 · Seat 51`` → ``Seat 50 · 51``"""
    first, *others = seats.split(" · ")
    word = first.rpartition(" ")[0] + " "
    if others and word.strip() and all(one.startswith(word) for one in others):
        return " · ".join([first, *(one.removeprefix(word) for one in others)])
    return seats


def _libcal(row: BookingRow, times: Times) -> Cell:
    state, label = row.libcal_state, row.libcal_label
    if row.check_in is not CheckInState.NONE:
        tone = row.check_in.tone
        warns = tone is Tone.WARN
        return Cell(label, icon=TONE_ICONS[tone], tone=tone, bold=warns, icon_says_it=not warns)
    if row.is_old and row.seen_in_libcal_at is not None:  # a strip says so once, for all of them
        seen = f"as of {times.clock(row.seen_in_libcal_at)}"
        says_it = _libcal_is_quiet(row)
        return Cell(label, icon=OLD_ICON, tone=Tone.NEUTRAL, hint=seen, icon_says_it=says_it)
    icon = STATE_ICONS.get(state, TONE_ICONS[state.tone])
    quiet = _libcal_is_quiet(row)
    tone = Tone.NEUTRAL if quiet and state.tone is not Tone.GOOD else state.tone
    return Cell(label, icon=icon, tone=tone, icon_says_it=quiet)


def _libcal_is_quiet(row: BookingRow) -> bool:
    """Good news, or a cancellation that nobody has to act on, which is none."""
    return row.libcal_state.tone is Tone.GOOD or row.group is not Group.NEEDS_PERSON


def _alma(row: BookingRow, _times: Times) -> Cell:
    return _cell_of_patron(row.patron)


@cache
def _cell_of_patron(patron: PatronState) -> Cell:
    # Without a valid ID nobody was asked; what is wrong is said once, under PassagePoint.
    state = patron if patron.was_asked else PatronState.NOT_ASKED
    says_it = state in (PatronState.FOUND, PatronState.NOT_ASKED)
    return Cell(state.label, icon=TONE_ICONS[state.tone], tone=state.tone, icon_says_it=says_it)


def _passagepoint(row: BookingRow, times: Times) -> Cell:
    open_end = row.group in (Group.NEEDS_PERSON, Group.WAITING) or row.action is not None
    bold = open_end and row.label != NOT_KNOWN_HERE  # another computer may have closed it
    short = _without_time(row.label)
    return Cell(
        times.written(row.label),
        icon=icon_of_pass(row),
        tone=row.tone,
        bold=bold,
        short="" if short == row.label else short,
    )


def _action(row: BookingRow, _times: Times) -> Cell:
    whole, short = _action_texts(row)
    return Cell(whole, short=short)


def _action_texts(row: BookingRow) -> tuple[str, str]:
    if row.action is None:
        return "", ""
    return words_of_action(row.action, row), short_words_of_action(row.action, row)


def _name_texts(row: BookingRow) -> tuple[str, ...]:
    name = marked_name(row, name_or_none(row.sort_name))
    return (name if len(name) <= _WHOLE_NAME else f"{name[: _WHOLE_NAME - 1]}…",)


def _place_texts(row: BookingRow) -> tuple[str, ...]:
    return _place_words(row.location, row.place, row.seats)


def _libcal_texts(row: BookingRow) -> tuple[str, ...]:
    return row.libcal_label, "" if _libcal_is_quiet(row) else row.libcal_label, ""


def _alma_texts(row: BookingRow) -> tuple[str, ...]:
    cell = _cell_of_patron(row.patron)
    return cell.text, "" if cell.icon_says_it else cell.text, ""  # PassagePoint's cell says it too


def _passagepoint_texts(row: BookingRow) -> tuple[str, ...]:
    least = "" if row.group is Group.EXCLUDED else row.label
    return row.label, least, _without_time(least)


def _without_time(label: str) -> str:
    """``Registered 09:40`` → ``Registered``"""
    registered = PassState.REGISTERED.label
    return registered if label.startswith(f"{registered} ") else label


COLUMNS = (
    Column(
        "time",
        "Time",
        _time,
        lambda row: (_start(row), *beside_booking(row)),
        ("00:00–00:00",),
        at_last="00:00",
    ),
    Column(
        "person",
        "Person",
        _person,
        lambda row: (collated(row.sort_name), _start(row)),
        ("Papadopoulou",),
        _name_texts,
        stretch=4,
        least="Papadopou",
        at_last="Papado",
    ),
    Column(
        "university_id",
        "University ID",
        _university_id,
        lambda row: (row.primary_id or row.id_answer or "",),
        ("G00000000",),
    ),
    Column(
        "barcode",
        "Card barcode",
        _barcode,
        lambda row: (row.barcode or "",),
        ("22820001000000",),
        at_first=False,
    ),
    Column(
        "place",
        "Place · seat",
        _place,
        lambda row: (collated(row.location), collated(row.seats), _start(row)),
        ("Main · Seat 12", "Main · Seat 12", "Seat 12"),
        _place_texts,
        stretch=5,
        least="Room 120",
    ),
    Column(
        "libcal",
        "LibCal",
        _libcal,
        lambda row: (row.libcal_label, _start(row)),
        ("Confirmed", ""),
        _libcal_texts,
        stretch=1,
    ),
    Column(
        "alma",
        "Alma",
        _alma,
        lambda row: (row.patron.label, _start(row)),
        ("Found", ""),
        _alma_texts,
        stretch=1,
    ),
    Column(
        "passagepoint",
        "PassagePoint",
        _passagepoint,
        lambda row: (_GROUP_ORDER[row.group], row.label, _start(row)),
        ("Registered 00:00", "Registered 00:00", PassState.REGISTERED.label),
        _passagepoint_texts,
        stretch=2,
    ),
    Column(
        "action",
        "",
        _action,
        lambda row: (row.action.label if row.action else "~", _start(row)),
        ("Register now",),
        _action_texts,
    ),
)
BY_NAME = {column.name: at for at, column in enumerate(COLUMNS)}
TIME = BY_NAME["time"]
PASSAGEPOINT = BY_NAME["passagepoint"]
ACTION = BY_NAME["action"]


def sorted_title(column: int, *, descending: bool) -> str:
    """``Time ▲``; none where a column has no title."""
    title = COLUMNS[column].title
    return title and f"{title} {'▼' if descending else '▲'}"
