"""Who came with a booking, and which booking a companion came with."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.models import BookingRow
from gui.detail.row_links import RowLinks
from gui.looks.theme import Theme
from gui.looks.words import Times, name_or_none
from gui.table.came_with import is_companion

_MOST = 12


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
        self.show_lines(title, lines, _MOST)
        self.setVisible(bool(party))
