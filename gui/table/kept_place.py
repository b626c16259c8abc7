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
            column=current.column(),
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
            model.setCurrentIndex(rows.index(place, self.column), flags.NoUpdate)
        elif self.current and rows.rowCount():
            line = min(self.line, rows.rowCount() - 1)
            model.setCurrentIndex(rows.index(line, _first_column(table)), flags.NoUpdate)
        top = rows.place_of(self.top) if self.top else None
        if top is not None:
            height = table.verticalHeader().defaultSectionSize()
            table.verticalScrollBar().setValue(top * height - self.offset)


def _first_column(table: QTableView) -> int:
    """The first that is seen and holds no button."""
    header = table.horizontalHeader()
    columns = (header.logicalIndex(place) for place in range(header.count()))
    seen = [at for at in columns if not table.isColumnHidden(at) and at != ACTION]
    return seen[0] if seen else 0
