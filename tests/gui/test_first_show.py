"""What is slow comes after the cached day."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.errors import AppError
from gui.first_show import FirstShow
from gui.haste import hurry
from gui.main_window import MainWindow
from gui.preferences import PreferencesFile
from gui.sync_worker import SyncWorker
from tests.builders import FakeClock
from tests.gui.conftest import A_DESK, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine([a_row("a")])


@pytest.fixture
def first_show(qtbot: QtBot, engine: FakeEngine) -> Iterator[FirstShow]:
    clock = FakeClock()
    worker = SyncWorker(engine.make, seconds=300, clock=clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), clock, british())
    qtbot.addWidget(window)
    yield FirstShow(window, worker)
    assert worker.stop()
    gc.unfreeze()
    gc.enable()


def test_the_icons_come_when_the_cached_day_is_on_the_screen(
    qtbot: QtBot, first_show: FirstShow
) -> None:
    model = first_show.window.model
    lines: list[int] = []
    first_show.window.theme.changed.connect(lambda: lines.append(model.rowCount()))
    first_show.start()
    assert first_show.window.isVisible()
    qtbot.waitUntil(lambda: bool(lines))
    assert lines == [1]


def test_the_icons_come_also_where_the_cache_cant_be_opened(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    engine.open_error = AppError("The cache is damaged.", "Tell IT.")
    with qtbot.waitSignal(first_show.window.theme.changed):
        first_show.start()


def test_garbage_is_looked_for_again_after_the_start(qtbot: QtBot, first_show: FirstShow) -> None:
    hurry()
    assert not gc.isenabled()
    with qtbot.waitSignal(first_show.window.theme.changed):
        first_show.start()
    qtbot.waitUntil(gc.isenabled)
