"""Cells of the table by their column, wherever Qt has it among those that are there."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex

from gui.window.main_window import MainWindow


def cell_at(window: MainWindow, place: int, column: int) -> QModelIndex:
    section = window.model.section(column)
    assert section is not None, "there is no room for it"
    return window.model.index(place, section)


def stand_on(window: MainWindow, row_id: str, column: int) -> None:
    """Select a row, with the keys on this cell of it."""
    window.table.select(row_id)
    place = window.model.place_of(row_id)
    assert place is not None
    keep = QItemSelectionModel.SelectionFlag.NoUpdate
    window.table.selectionModel().setCurrentIndex(cell_at(window, place, column), keep)
