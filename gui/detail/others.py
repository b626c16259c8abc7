"""The reader's other bookings of today, each with its state."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.models import BookingRow
from gui.detail.row_links import RowLinks
from gui.looks.theme import Theme
from gui.looks.words import Times

_MOST = 6


class OtherBookings(RowLinks):
    """What else the reader has booked today."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__(theme)
        self._times = times

    def show_rows(self, rows: Sequence[BookingRow]) -> None:
        """Nothing at all where there are none."""
        self.show_lines("Also booked today", {row.row_id: self._line(row) for row in rows}, _MOST)
        self.setVisible(bool(rows))

    def _line(self, row: BookingRow) -> str:
        """The state before the place: in a narrow window the end is cut."""
        state, place = self._times.written(row.label), row.place or row.location
        return f"{self._times.clock(row.starts_at)} {state} · {place}"
