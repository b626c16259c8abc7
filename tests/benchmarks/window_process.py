"""A window that says how it did: ``bare``, ``paint``, ``rows`` or ``arrive``, then its start.

What isn't part of the program is imported only after the first paint, as far as possible.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

_SIZE = (1366, 768)
_WATCH_SECONDS = 5
_TICK_MS = 5
_SETTLED_MS = 400
"""From here on the loop is watched: the icons are there, the first bookings come later."""


_Index = QModelIndex | QPersistentModelIndex


class _BareModel(QAbstractTableModel):
    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return 2000

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return 8

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return f"{index.row()}" if role == Qt.ItemDataRole.DisplayRole else None


class _FirstPaint(QObject):
    """Calls ``done`` once, after a widget's first paint that ``counts``."""

    def __init__(self, counts: Callable[[], bool], done: Callable[[], None]) -> None:
        super().__init__()
        self._counts, self._done = counts, done
        self.at = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and not self.at and self._counts():
            self.at = time.monotonic()
            QTimer.singleShot(0, self._done)
        return False


def _bare(app: QApplication, started: float) -> None:
    window, table, model = QMainWindow(), QTableView(), _BareModel()
    table.setModel(model)
    window.setCentralWidget(table)
    painted = _FirstPaint(lambda: True, lambda: _tell_and_quit(app, painted.at - started))
    table.viewport().installEventFilter(painted)
    window.resize(*_SIZE)
    window.show()
    app.exec()


def _tell_and_quit(app: QApplication, number: float) -> None:
    print(number, flush=True)
    app.exit()  # quit would ask whether bookings may stay unregistered


def _real(app: QApplication, what: str, started: float) -> None:
    from zoneinfo import ZoneInfo

    from core.clock import SystemClock
    from gui.desk import Desk
    from gui.engine import Engine
    from gui.main_window import MainWindow
    from gui.preferences import PreferencesFile
    from gui.sync_worker import SyncWorker
    from gui.words import Times

    said = json.load(sys.stdin)
    zone = ZoneInfo(said["config"]["LibCal"]["time_zone"])

    def make(report: Callable[..., None]) -> Engine:
        from core.app import LibCal2PP
        from core.config import check_config
        from core.credentials import Credentials, MemoryStore
        from core.sqlite_cache import SQLiteCache

        config, store = check_config(said["config"]), MemoryStore()
        for address, user, secret in said["secrets"]:
            store.set(address, user, secret)
        cache = SQLiteCache(Path(said["folder"]) / "cache.db")
        credentials = Credentials(config, store)
        return LibCal2PP(config, credentials=credentials, report=report, cache=cache)

    clock, times = SystemClock(), Times(zone)
    worker = SyncWorker(make, seconds=3600, clock=clock)
    desk = Desk(name="", account="reader", computer="desk", zone=zone)
    window = MainWindow(worker, desk, PreferencesFile(None), clock, times)
    window.resize(*_SIZE)
    painted = _FirstPaint(
        lambda: what == "paint" or bool(window.model.day_rows()),
        lambda: _tell_and_quit(app, painted.at - started),
    )
    if what in ("paint", "rows"):
        window.table.viewport().installEventFilter(painted)
    from gui.first_show import FirstShow

    FirstShow(window, worker).start()
    gaps = _Gaps()
    if what == "arrive":
        QTimer.singleShot(_SETTLED_MS, gaps.start)
        QTimer.singleShot(1000 * _WATCH_SECONDS, lambda: _tell_and_quit(app, gaps.longest_ms))
    app.exec()
    window.hide()
    worker.stop()


class _Gaps(QObject):
    """How late a timer of 5 ms comes at most: so long the event loop was busy."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last) - _TICK_MS)
        self._last = now


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    wanted, begun = sys.argv[1], float(sys.argv[2])
    if wanted == "bare":
        _bare(application, begun)
    else:
        _real(application, wanted, begun)
