"""Where a booking stands: three steps with their times, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from core.domain.models import BookingRow, HistoryEntry
from core.domain.status import LibCalState, PatronState, Tone
from gui.looks.parts import IconMark, clear, label
from gui.looks.theme import Theme
from gui.looks.words import Times, name_or_none
from gui.table.columns import BY_NAME, COLUMNS

_STEPS = (("libcal", "LibCal"), ("alma", "Alma"), ("passagepoint", "PassagePoint"))


def _grid_in(widget: QWidget, theme: Theme) -> QGridLayout:
    """Lines with what is short at their sides."""
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(10))
    grid.setVerticalSpacing(theme.px(5))
    grid.setColumnStretch(1, 1)
    return grid


class StandingSteps(QWidget):
    """LibCal, Alma, PassagePoint: what each says and since when."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self._theme = theme
        self._times = times
        self._grid = _grid_in(self, theme)

    def show_row(self, row: BookingRow, today: date) -> None:
        clear(self._grid)
        moments = (row.seen_in_libcal_at, row.asked_alma_at, row.registered_at)
        for line, ((name, title), moment) in enumerate(zip(_STEPS, moments, strict=True)):
            cell = COLUMNS[BY_NAME[name]].cell(row, self._times)
            mark = IconMark(self._theme, cell.tone or Tone.NEUTRAL, cell.icon or "")
            # The table says "Cancelled"; LibCal's own word also says by whom.
            is_cancelled = name == "libcal" and row.libcal_state is LibCalState.CANCELLED
            said = row.libcal if is_cancelled and row.libcal else cell.text
            if name == "passagepoint" and row.label == row.patron.label:
                said = "Not registered"  # what stands in the way isn't PassagePoint's word
            if name == "alma" and _is_news(row):
                said = f"{said}, as {row.alma_name}"
            if name == "alma" and row.block:
                said = f"{said}. Blocked there: {row.block}"
            words = label(f"{title}: {_in_sentence(said)}", wrap=True)
            if cell.text == PatronState.NOT_ASKED.label:
                moment = None
            self._grid.addWidget(mark, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, line, 1)
            # PassagePoint's label has its own time.
            if moment is not None and name != "passagepoint":
                when = label(f"as of {self._times.clock_or_day(moment, today)}", "muted")
                self._grid.addWidget(when, line, 2, _TOP_RIGHT)
            else:
                self._grid.addWidget(words, line, 1, 1, 2)


def _is_news(row: BookingRow) -> bool:
    """Alma's name for the reader; where it is what is wrong, the box above says it."""
    return bool(name_or_none(row.alma_name, "")) and row.patron is not PatronState.NAME_DIFFERS


def _in_sentence(text: str) -> str:
    """``Not asked`` → ``not asked``, but ``ID not valid`` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


_TOP_RIGHT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight


class History(QWidget):
    """What happened, newest first."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self._times = times
        self._grid = _grid_in(self, theme)

    def show_entries(self, entries: Sequence[HistoryEntry], today: date) -> None:
        clear(self._grid)
        newest_first = sorted(entries, key=lambda one: one.at, reverse=True)
        for line, entry in enumerate(newest_first):
            who = f" · {entry.who}" if entry.who else ""
            words = label(f"{self._times.written(entry.text)}{who}", wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            when = label(self._times.clock_or_day(entry.at, today), "muted")
            self._grid.addWidget(when, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, line, 1)
