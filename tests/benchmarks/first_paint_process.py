"""A process that says how long after its start the table was painted: ``bare``, ``window`` or
``rows``, then its start, then the config.yml.

Imports nothing at first that the program doesn't import itself.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QWidget

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


class _FirstPaint(QObject):
    """Says once when ``widget`` has painted something that ``counts``, and ends the process."""

    def __init__(self, widget: QWidget, started: float, counts: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._started, self._counts = started, counts
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and self._counts():
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        """After the paint; how the program ends is no part of how it starts."""
        print(time.monotonic() - self._started, flush=True)
        os._exit(0)


def _bare(started: float) -> None:
    app = QApplication(sys.argv[:1])
    window, table, model = QMainWindow(), QTableView(), _BareModel()
    table.setModel(model)
    window.setCentralWidget(table)
    _FirstPaint(table.viewport(), started, lambda: True)
    window.resize(*_SIZE)
    window.show()
    app.exec()


def _program(started: float, config_file: str, *, wants_rows: bool) -> None:
    """As ``main.py`` does it."""
    import main
    from core.command_line import Surroundings, WindowOptions, run

    def open_window(options: WindowOptions) -> int:
        from gui.haste import hurry

        hurry()
        import gui.app
        from gui.main_window import MainWindow

        class Watched(MainWindow):
            def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
                super().showEvent(event)
                shown = self.table.viewport()
                _FirstPaint(shown, started, lambda: not wants_rows or bool(self.model.rowCount()))

        vars(gui.app)["MainWindow"] = Watched
        return main.open_window(options)

    around = Surroundings(sys.stdin, sys.stdout, sys.stderr, open_window)
    run(["--config", config_file], around)


if __name__ == "__main__":
    what, begun = sys.argv[1], float(sys.argv[2])
    if what == "bare":
        _bare(begun)
    else:
        _program(begun, sys.argv[3], wants_rows=what == "rows")
