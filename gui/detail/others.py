"""The reader's other bookings of today, each with its state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.domain.models import BookingRow
from gui.looks.parts import button, clear, label, plain_tip
from gui.looks.theme import Theme
from gui.looks.words import Times

_MOST = 6


class OtherBookings(QWidget):
    """One line a booking; pressed, it is the one in the detail."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self._times = times
        self.lines: dict[str, str] = {}
        """What is said of each, by its row's id."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(2))

    def show_rows(self, rows: Sequence[BookingRow]) -> None:
        """Made anew only where something changed: the keyboard may be on one of them."""
        lines = {row.row_id: self._line(row) for row in rows[:_MOST]}
        if lines != self.lines:
            self.lines = lines
            clear(self._column)
            self._column.addWidget(label("Also booked today", "section"))
            for row_id, words in lines.items():
                made = button(words.replace("&", "&&"), "quiet")
                # Larger text must not make the whole detail wider than its place.
                made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                made.setToolTip(plain_tip(words))
                made.clicked.connect(lambda _on=False, row_id=row_id: self.chosen.emit(row_id))
                self._column.addWidget(made)
            if len(rows) > _MOST:
                self._column.addWidget(label(f"and {len(rows) - _MOST} more", "muted"))
        self.setVisible(bool(rows))

    def _line(self, row: BookingRow) -> str:
        """The state before the place: in a narrow window the end is cut."""
        state, place = self._times.written(row.label), row.place or row.location
        return f"{self._times.clock(row.starts_at)} {state} · {place}"
