"""A whole window on a fake engine, its thread always stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from gui.desk.this_desk import Desk
from gui.looks.clipboard import forget_copied
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import ZONE, FakeClock
from tests.gui.fake_engine import FakeEngine

A_DESK = Desk(name="Main desk", account="someone", computer="desk-1", zone=ZONE)


@dataclass(frozen=True)
class Shown:
    """A window that has been opened, with what stands behind it."""

    window: MainWindow
    worker: SyncWorker
    engine: FakeEngine
    clock: FakeClock


Show = Callable[..., Shown]


def british() -> Times:
    """24 hours, whatever this computer is set to."""
    return Times(ZONE, QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Opens windows: ``show(engine)`` returns after the first pass."""
    shown: list[Shown] = []

    def open_window(
        engine: FakeEngine,
        *,
        desk: Desk = A_DESK,
        size: tuple[int, int] = (1366, 768),
        preferences: Path | None = None,
        waits: bool = True,
    ) -> Shown:
        clock = FakeClock()
        worker = SyncWorker(engine.make, seconds=300, clock=clock)
        window = MainWindow(worker, desk, PreferencesFile(preferences), clock, british())
        qtbot.addWidget(window)
        shown.append(Shown(window, worker, engine, clock))
        window.resize(*size)
        window.show()
        if waits:
            with qtbot.waitSignal(worker.question_changed):
                worker.start()
        else:
            worker.start()
        return shown[-1]

    yield open_window
    forget_copied()  # what Python made for the clipboard must not outlive Python
    for one in shown:
        assert one.worker.stop()
