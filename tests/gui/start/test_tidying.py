"""A window opens at once, and what is slow comes after the cached day."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.domain.errors import AppError
from gui.preferences.file import PreferencesFile
from gui.start.tidying import Tidying, hurry, show_desk
from gui.top.count_chip import CountChip
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import FakeClock
from tests.gui.conftest import A_DESK, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row

_LATER = (
    *("qtawesome", "flask", "psycopg", "requests", "keyring", "PySide6.QtNetwork"),
    *("core.engine.base", "core.cache.base", "core.verdict", "gui.settings.window"),
    *("gui.dialogs.export", "gui.dialogs.import_files", "gui.dialogs.printing"),
)


def words_in(part: QWidget) -> list[str]:
    """What can be read there now, where there is room for it."""
    labels = [one for one in part.findChildren(QLabel) if one.isVisibleTo(part)]
    return [one.text() for one in labels if one.text()]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine([a_row("a")])


@pytest.fixture
def worker(engine: FakeEngine) -> Iterator[SyncWorker]:
    worker = SyncWorker(engine.make, seconds=300, clock=FakeClock())
    yield worker
    assert worker.stop()


@pytest.fixture
def window(qtbot: QtBot, worker: SyncWorker) -> Iterator[MainWindow]:
    window = MainWindow(worker, A_DESK, PreferencesFile(None), FakeClock(), british())
    qtbot.addWidget(window)
    yield window
    gc.unfreeze()
    tidying = QApplication.instance().findChild(Tidying)  # type: ignore[union-attr]
    if tidying is not None:
        tidying.deleteLater()


def test_what_is_slow_is_imported_after_the_first_paint() -> None:
    code = f"import sys, gui.start.app; print([one for one in {_LATER!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_start_is_made_quick_before_any_of_the_window_is_imported() -> None:
    window = "('gui.preferences', 'gui.looks', 'gui.window', 'PySide6.QtWidgets')"
    code = (
        f"import sys, gui.start.tidying; print([m for m in sys.modules if m.startswith({window})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_cached_day_needs_neither_network_nor_password_store() -> None:
    later = ("requests", "urllib3", "keyring", "truststore")
    code = f"import sys, core.sharing.opening; print([m for m in {later!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_before_the_day_is_read_nothing_is_said_but_that(
    qtbot: QtBot, window: MainWindow, worker: SyncWorker
) -> None:
    show_desk(window, worker)
    chip = window.findChildren(CountChip)[0]
    assert words_in(window.view.empty) == ["Reading today's bookings…"]
    assert (chip.accessibleName(), chip.number) == ("To do", None)
    assert words_in(window.view.detail) == words_in(window.status)[:-1] == []
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    assert chip.accessibleName() == "To do: 0"
    assert "booking today: 0 + 0 + 1 + 0" in words_in(window.status)


def test_a_day_without_bookings_isnt_called_done(
    qtbot: QtBot, window: MainWindow, worker: SyncWorker, engine: FakeEngine
) -> None:
    engine.day = []
    show_desk(window, worker)
    qtbot.waitUntil(lambda: window.model.is_whole)
    assert words_in(window.view.detail) == []
    window.model.upsert([a_row("a")])
    assert "Nothing to do" in words_in(window.view.detail)


def test_a_search_doesnt_deny_what_it_doesnt_know_yet(window: MainWindow) -> None:
    window.show()
    window.header.search.setText("Somebody Else")
    assert window.view.empty.title.text() == "Reading today's bookings…"


def test_the_icons_come_when_the_cached_day_is_on_the_screen(
    qtbot: QtBot, window: MainWindow, worker: SyncWorker
) -> None:
    lines: list[int] = []
    window.theme.changed.connect(lambda: lines.append(window.model.rowCount()))
    show_desk(window, worker)
    assert window.isVisible()
    qtbot.waitUntil(lambda: bool(lines))
    assert lines == [1]


def test_the_icons_come_also_where_the_cache_cant_be_opened(
    qtbot: QtBot, window: MainWindow, worker: SyncWorker, engine: FakeEngine
) -> None:
    engine.open_error = AppError("The cache is damaged.", "Tell IT.")
    with qtbot.waitSignal(window.theme.changed):
        show_desk(window, worker)
    assert window.view.empty.title.text() == "No bookings to show"


def test_garbage_is_looked_for_after_the_start_and_in_the_windows_thread_only(
    qtbot: QtBot, window: MainWindow, worker: SyncWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.start.tidying._EACH_MS", 10)
    hurry()
    with qtbot.waitSignal(window.theme.changed):
        show_desk(window, worker)

    class Ring:
        def __init__(self) -> None:
            self.itself = self

    looked: list[int] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        looked.append(threading.get_ident())

    gc.callbacks.append(note)
    gone = weakref.ref(Ring())
    qtbot.waitUntil(lambda: gone() is None)
    gc.callbacks.remove(note)
    assert not gc.isenabled()
    assert set(looked) == {threading.main_thread().ident}
