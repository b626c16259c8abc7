"""A window with a table of 1,000 rows and nothing else: as little as PySide6 needs."""

from __future__ import annotations

import sys

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

from tests.benchmarks.first_paint_probe import FirstPaint

_SIZE = (1366, 768)
_ROWS, _COLUMNS = 1000, 8
_Index = QModelIndex | QPersistentModelIndex


class _BareModel(QAbstractTableModel):
    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return _ROWS

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return _COLUMNS

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return f"{index.row()}" if role == Qt.ItemDataRole.DisplayRole else None


def show(started: float) -> None:
    """Open it; the process ends with its first paint."""
    app = QApplication(sys.argv[:1])
    window, table, model = QMainWindow(), QTableView(), _BareModel()
    table.setModel(model)
    window.setCentralWidget(table)
    FirstPaint(table.viewport(), started, lambda: True)
    window.resize(*_SIZE)
    window.show()
    app.exec()
