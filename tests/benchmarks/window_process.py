"""A window that measures itself: ``arrive``, ``search`` or ``idle``, on what stdin says."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core.cache.sqlite_cache import SQLiteCache
from core.domain.clock import SystemClock
from core.engine.base import Engine
from core.engine.own import LibCal2PP
from core.settings.config import check_config
from core.settings.credentials import Credentials, MemoryStore
from gui.desk.this_desk import Desk
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.start.tidying import hurry, show_desk
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker

_SIZE = (1366, 768)
_TICK_MS = 5
_ARRIVING_MS, _QUIET_MS, _IDLE_MS = 10_000, 3_000, 30_000
_SEARCHES = ("a", "an", "and", "an", "a", "o", "on", "o", "re", "rea", "re")
_KILOBYTE = 1024 if sys.platform != "darwin" else 1


def _open(said: dict[str, Any]) -> tuple[MainWindow, SyncWorker]:
    def make(report: Callable[..., None]) -> Engine:
        config, store = check_config(said["config"]), MemoryStore()
        for address, user, secret in said["secrets"]:
            store.set(address, user, secret)
        cache = SQLiteCache(Path(said["folder"]) / "cache.db")
        credentials = Credentials(config, store)
        return LibCal2PP(config, credentials=credentials, report=report, cache=cache)

    zone = ZoneInfo(said["config"]["LibCal"]["time_zone"])
    clock = SystemClock()
    worker = SyncWorker(make, seconds=3600, clock=clock)
    desk = Desk(account="reader", computer="desk", zone=zone)
    window = MainWindow(worker, desk, PreferencesFile(None), clock, Times(zone))
    window.resize(*_SIZE)
    return window, worker


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
        if not self._last:
            self._last = time.perf_counter()
            self._timer.start(_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last) - _TICK_MS)
        self._last = now


def _watch_arrivals(window: MainWindow, worker: SyncWorker) -> None:
    """From the last import on; the whole pass would take minutes, for Alma is paced."""
    gaps = _Gaps()
    gaps.setParent(window)
    window.theme.changed.connect(gaps.start)
    worker.pass_started.connect(
        lambda: QTimer.singleShot(_ARRIVING_MS, lambda: _tell({"gap_ms": gaps.longest_ms}))
    )


def _type(window: MainWindow, worker: SyncWorker) -> None:
    def type_all() -> None:
        times = []
        for text in _SEARCHES:
            begun = time.perf_counter()
            window.header.search.setText(text)
            QApplication.processEvents()
            times.append(1000 * (time.perf_counter() - begun))
        _tell({"key_ms": statistics.median(times)})

    worker.pass_ended.connect(lambda _: QTimer.singleShot(_QUIET_MS, type_all))


def _do_nothing(window: MainWindow, worker: SyncWorker) -> None:
    def tell(cpu: float, begun: float) -> None:
        spent = (time.process_time() - cpu) / (time.monotonic() - begun)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE / 1e6
        _tell({"cpu_percent": 100 * spent, "mb": most})

    def begin() -> None:
        cpu, begun = time.process_time(), time.monotonic()
        QTimer.singleShot(_IDLE_MS, lambda: tell(cpu, begun))

    worker.pass_ended.connect(lambda _: QTimer.singleShot(_QUIET_MS, begin))


def _tell(measured: dict[str, float]) -> None:
    print(json.dumps(measured), flush=True)
    QApplication.exit()  # quit would ask whether bookings may stay unregistered


_WHAT = {"arrive": _watch_arrivals, "search": _type, "idle": _do_nothing}

if __name__ == "__main__":
    hurry()
    app = QApplication(sys.argv[:1])
    shown, background = _open(json.load(sys.stdin))
    _WHAT[sys.argv[1]](shown, background)
    show_desk(shown, background)
    app.exec()
    shown.hide()
    background.stop()
