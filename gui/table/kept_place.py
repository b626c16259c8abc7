"""What is selected and where the table is scrolled to, by row and not by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView

from gui.table.booking_model import BookingModel
from gui.table.columns import ACTION


class KeptPlace(NamedTuple):
    """Noted before rows come, go or change places; restored after."""

    selected: Sequence[str]
    current: str | None
    line: int
    column: int
    """One of ``COLUMNS``; it may be gone meanwhile."""
    top: str | None
    """The uppermost row that is seen, ``offset`` pixels below the edge (mostly above it)."""
    offset: int

    @classmethod
    def of(cls, table: QTableView, rows: BookingModel) -> KeptPlace:
        current = table.currentIndex()
        top = table.rowAt(0)
        lines = sorted({index.row() for index in table.selectionModel().selectedRows()})
        return cls(
            selected=[rows.row_id_at(line) for line in lines],
            current=rows.row_id_at(current.row()) if current.isValid() else None,
            line=current.row(),
            column=rows.columns[current.column()] if current.isValid() else ACTION,
            top=rows.row_id_at(top) if top >= 0 else None,
            offset=table.rowViewportPosition(top) if top >= 0 else 0,
        )

    def restore(self, table: QTableView, rows: BookingModel) -> None:
        """Where the selected row is gone nothing is selected: Qt would take its neighbour.

        The keys are on that all the same, which is what a screen reader says, but on no button.
        """
        model, flags = table.selectionModel(), QItemSelectionModel.SelectionFlag
        model.clear()
        for row_id in self.selected:
            if (place := rows.place_of(row_id)) is not None:
                model.select(rows.index(place, 0), flags.Select | flags.Rows)
        place = rows.place_of(self.current) if self.current else None
        if place is not None:
            section = rows.section(self.column)
            at = _first_column(table, rows) if section is None else section
            model.setCurrentIndex(rows.index(place, at), flags.NoUpdate)
        elif self.current and rows.rowCount():
            line = min(self.line, rows.rowCount() - 1)
            model.setCurrentIndex(rows.index(line, _first_column(table, rows)), flags.NoUpdate)
        top = rows.place_of(self.top) if self.top else None
        if top is not None:
            height = table.verticalHeader().defaultSectionSize()
            table.verticalScrollBar().setValue(top * height - self.offset)


def _first_column(table: QTableView, rows: BookingModel) -> int:
    """The first from the left that holds no button."""
    header = table.horizontalHeader()
    sections = (header.logicalIndex(place) for place in range(header.count()))
    return next((at for at in sections if rows.columns[at] != ACTION), 0)
