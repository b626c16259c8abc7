"""Rows of the day that belong to the one in the detail, each a line that leads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.models import BookingRow
from gui.looks.parts import button, clear, column_in, label, plain_tip
from gui.looks.theme import Theme
from gui.looks.words import Times, name_or_none
from gui.table.came_with import is_companion

_MOST_COMPANIONS = 12
_MOST_BOOKINGS = 6


class RowLinks(QWidget):
    """One line a row; pressed, it is the one in the detail."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lines: dict[str, str] = {}
        """What is said of each, by its row's id."""
        self.title = ""
        self._column = column_in(self, theme.px(2))

    def show_lines(self, title: str, lines: Mapping[str, str], most: int) -> None:
        """The first ``most`` of them, and how many more; made anew only where something changed:
        the keyboard may be on one of them."""
        shown = dict(list(lines.items())[:most])
        if (title, shown) != (self.title, self.lines):
            self.title, self.lines = title, shown
            clear(self._column)
            self._column.addWidget(label(title, "section"))
            for row_id, words in shown.items():
                made = button(words.replace("&", "&&"), "quiet")
                # Larger text must not make the whole detail wider than its place.
                made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                made.setToolTip(plain_tip(words))
                made.clicked.connect(lambda _on=False, row_id=row_id: self.chosen.emit(row_id))
                self._column.addWidget(made)
            if len(lines) > most:
                self._column.addWidget(label(f"and {len(lines) - most} more", "muted"))


class PartyRows(RowLinks):
    """``Companions: 2 of 4`` with their names and states, or ``Came with`` and the booking."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__(theme)
        self._times = times

    def show_party(self, row: BookingRow, party: Sequence[BookingRow]) -> None:
        """``party``: as ``gui.table.came_with`` has it, and as they are shown."""
        written = self._times.written
        if is_companion(row):
            title = "Came with"
            lines = {
                one.row_id: f"{name_or_none(one.name)} · {self._times.clock(one.starts_at)}"
                for one in party
            }
        else:
            title = f"Companions: {row.companions} of {max(row.companions_allowed, row.companions)}"
            lines = {
                one.row_id: f"{name_or_none(one.name)} · {written(one.label)}" for one in party
            }
        self.show_lines(title, lines, _MOST_COMPANIONS)
        self.setVisible(bool(party))


class OtherBookings(RowLinks):
    """What else the reader has booked today."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__(theme)
        self._times = times

    def show_rows(self, rows: Sequence[BookingRow]) -> None:
        """Nothing at all where there are none."""
        self.show_lines(
            "Also booked today", {row.row_id: self._line(row) for row in rows}, _MOST_BOOKINGS
        )
        self.setVisible(bool(rows))

    def _line(self, row: BookingRow) -> str:
        """The state before the place: in a narrow window the end is cut."""
        state, place = self._times.written(row.label), row.place or row.location
        return f"{self._times.clock(row.starts_at)} {state} · {place}"
