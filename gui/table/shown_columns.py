"""Which columns are there, in which order and how wide: the chosen ones that there is room for."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtWidgets import QTableView

from gui.looks.words import Times
from gui.table.booking_model import BookingModel
from gui.table.cell_delegate import CellDelegate
from gui.table.column_widths import DayTexts, share_out
from gui.table.columns import BY_NAME, COLUMNS, TIME


class ShownColumns:
    """The model has no other column: Qt tells a screen reader of hidden ones, too."""

    def __init__(
        self, table: QTableView, rows: BookingModel, cells: CellDelegate, times: Times
    ) -> None:
        self._table, self._rows, self._cells, self._times = table, rows, cells, times
        self._texts = DayTexts(self._width)
        self.take_in, self.measure_again = self._texts.take_in, self._texts.measure_again
        self.chosen = tuple(column.name for column in COLUMNS)
        """From left to right, also those for which there is no room."""

    def fit(self) -> None:
        """Share out the room there is now."""
        chosen, room = [BY_NAME[name] for name in self.chosen], self._table.viewport().width()
        shares = share_out(chosen, room, self._texts.width, self._width)
        self._cells.levels = shares.levels
        self._rows.set_columns(shares.shown)
        header = self._table.horizontalHeader()
        for place, (column, width) in enumerate(zip(shares.shown, shares.widths, strict=True)):
            section = self._rows.columns.index(column)
            header.moveSection(header.visualIndex(section), place)
            self._table.setColumnWidth(section, width)

    def moved(self) -> tuple[str, ...]:
        """As the mouse has put them; those for which there is no room keep their places."""
        header = self._table.horizontalHeader()
        sections = (header.logicalIndex(place) for place in range(header.count()))
        seen = [COLUMNS[self._rows.columns[section]].name for section in sections]
        order = iter(seen)
        self.chosen = tuple(next(order) if one in seen else one for one in self.chosen)
        return self.chosen

    def _width(self, column: int, sample: str) -> int:
        if column == TIME:
            return self._width_of_time(whole=sample != COLUMNS[column].at_last)
        return self._cells.width_of(self._times.written(sample), column)

    def _width_of_time(self, *, whole: bool) -> int:
        """Of the longest there can be: in some systems before noon, in others after it."""
        late = datetime(2026, 11, 23, 22, 58, tzinfo=self._times.zone)
        moments = (late, late - timedelta(hours=12))
        texts = (self._times.span(one, one) if whole else self._times.clock(one) for one in moments)
        return max(self._cells.width_of(text, TIME) for text in texts)
