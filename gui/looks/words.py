"""Times, dates and counts in words, in the system's format and the library's time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale, QTime

from core.domain.models import BookingRow
from core.domain.status import Action, Group, PassState, Tone
from core.domain.text import counted as counted_plainly
from core.domain.text import name_or_none as name_or_none

_QUOTED = re.compile(r"'[^']*'")
_MINUTES = re.compile(r"[:.]?mm")
# As the core writes them, in a row's words and in the history; not what was written here.
_CLOCK = re.compile(r"(?<![\d:.-])([01]\d|2[0-3]):([0-5]\d)(?![\d:]|\s*[APap]\.?\s?[Mm])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\+00:00")
_YEAR = re.compile(r"(,?\s*('[^']*'\s*)?)y+(年|년)?\s*")


class Times:
    """Writes moments for the desk; ``zone`` is the library's, None this computer's."""

    def __init__(self, zone: tzinfo | None = None, locale: QLocale | None = None) -> None:
        self.zone = zone
        self._locale = locale or QLocale.system()
        plain = self._locale.language() is QLocale.Language.C
        # The C locale of a bare Linux would write seconds.
        self._time = "HH:mm" if plain else self._locale.timeFormat(QLocale.FormatType.ShortFormat)
        self._has_12_hours = "a" in _QUOTED.sub("", self._time).lower()
        long = self._locale.dateFormat(QLocale.FormatType.LongFormat)
        self._day = "dddd d MMMM" if plain else _YEAR.sub("", long).strip(" .,")

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def clock(self, moment: datetime) -> str:
        """``10:42``"""
        local = self.local(moment)
        return self._clock(local.hour, local.minute)

    def hour(self, moment: datetime) -> str:
        """``14`` or ``2 PM``, for a scale."""
        hour = self.local(moment).hour
        if not self._has_12_hours:
            return str(hour)
        return self._locale.toString(QTime(hour, 0), _MINUTES.sub("", self._time))

    def written(self, text: str) -> str:
        """``text`` of the core's, whose times are ISO, with them in the system's format."""
        if not self._has_12_hours:
            return text
        return _CLOCK.sub(lambda found: self._clock(int(found[1]), int(found[2])), text)

    def why(self, row: BookingRow) -> str:
        """Why ``row`` is as it is and what to do next; empty where there is nothing to say."""
        return self.written(f"{row.reason or ''} {row.next_step}".strip())

    def moments(self, text: str) -> str:
        """``text`` with its moments, which are ISO and UTC, in the library's own time."""
        return _MOMENT.sub(lambda found: self._moment(datetime.fromisoformat(found[0])), text)

    def _moment(self, moment: datetime) -> str:
        return f"{self.shorter_day(self.local(moment).date())} {self.clock(moment)}"

    def _clock(self, hour: int, minute: int) -> str:
        return self._locale.toString(QTime(hour, minute), self._time)

    def span(self, start: datetime, end: datetime) -> str:
        """``10:15–11:15``"""
        return f"{self.clock(start)}–{self.clock(end)}"

    def day(self, day: date) -> str:
        """``Monday 23 November``: the year is known at a desk."""
        return self._locale.toString(QDate(day.year, day.month, day.day), self._day)

    def day_and_year(self, day: date) -> str:
        """``Monday 23 November 2026``: on paper the year isn't known."""
        return f"{self.day(day)} {day.year}"

    def shorter_day(self, day: date) -> str:
        """``Mon 23 Nov``"""
        short = self._day.replace("dddd", "ddd").replace("MMMM", "MMM")
        return self._locale.toString(QDate(day.year, day.month, day.day), short)

    def short_day(self, day: date) -> str:
        """``Mon``"""
        return self._locale.toString(QDate(day.year, day.month, day.day), "ddd")

    def clock_or_day(self, moment: datetime, today: date) -> str:
        """``10:42``, and the day before it where it isn't today's."""
        local = self.local(moment)
        clock = self.clock(moment)
        return clock if local.date() == today else f"{self.short_day(local.date())} {clock}"


def number(value: int) -> str:
    """``1,200``, in the system's format."""
    return QLocale().toString(value)


def counted(value: int, one: str, many: str = "") -> str:
    """``1 booking``, ``1,200 bookings``."""
    return number(value) + counted_plainly(value, one, many).removeprefix(str(value))


def whom(rows: Sequence[BookingRow], several: str, none: str = "(no name)") -> str:
    """Whom it is about: by name where it is one, else how many."""
    return name_or_none(rows[0].name, none) if len(rows) == 1 else counted(len(rows), several)


def within(span: timedelta) -> str:
    """A span to come, rounded up: ``3 min``, ``1 h 5 min``, ``less than a minute``."""
    minutes = -int(-span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def trouble_of(row: BookingRow) -> tuple[str, Tone]:
    """What a person is wanted for, and how loud that is: mostly what PassagePoint's cell says."""
    if row.action is Action.NOT_CHECKED_IN:
        return row.libcal_label, row.check_in.tone
    return row.label, row.tone


def words_of_action(action: Action, row: BookingRow) -> str:
    """The text of a button for ``row``; "…" where something is asked first."""
    if action is Action.CHECK_IN:
        return f"Check in {name_or_none(row.name)}…"
    if action is Action.REGISTER_NOW and row.group is Group.EXCLUDED:
        return f"{action.label}…"
    if action is Action.REGISTER_ANEW and row.passagepoint is PassState.CARD_CHANGED:
        return "Register the new card…"
    return action.label


def short_words_of_action(action: Action, row: BookingRow) -> str:
    """The same for a button in a narrow table."""
    if action is Action.REGISTER_ANEW and row.passagepoint is PassState.CARD_CHANGED:
        return "New card…"
    words = words_of_action(action, row)
    return action.short_label if words == action.label else words
