"""What is slow comes after the cached day."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.domain.errors import AppError
from core.engine.first_look import FirstLook
from gui.preferences.file import PreferencesFile
from gui.start.first_show import FirstShow
from gui.start.haste import hurry
from gui.start.tidying import Tidying
from gui.top.count_chip import CountChip
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import NOON, FakeClock
from tests.gui.conftest import A_DESK, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row


def words_in(part: QWidget) -> list[str]:
    """What can be read there now, where there is room for it."""
    labels = [one for one in part.findChildren(QLabel) if one.isVisibleTo(part)]
    return [one.text() for one in labels if one.text()]


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
    tidying = QApplication.instance().findChild(Tidying)  # type: ignore[union-attr]
    if tidying is not None:
        tidying.deleteLater()


def test_what_is_around_now_is_shown_first_and_nothing_is_counted_before_the_whole_day_is_there(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    window = first_show.window
    engine.day = [a_row("a"), a_troubled_row("b", NOON + timedelta(hours=1))]
    window.show_at_first(FirstLook(engine.day[:1], engine.services))
    window.show()
    chip = window.findChildren(CountChip)[0]
    assert [row.row_id for row in window.model.shown_rows()] == ["a"]
    assert (chip.accessibleName(), chip.number) == ("To do", None)
    assert words_in(window.header.services) == ["LibCal 12:00", "Alma 12:00", "PassagePoint 12:00"]
    assert words_in(window.view.detail) == words_in(window.status)[:-1] == []
    first_show.start()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)
    assert chip.accessibleName() == "To do: 1"
    assert "Next to do" in words_in(window.view.detail)
    assert "bookings today: 1 + 0 + 1 + 0" in words_in(window.status)


def top_row(window: MainWindow) -> str:
    """The id of the first row that is seen."""
    return window.model.row_id_at(window.table.rowAt(0))


def test_where_staff_look_stays_when_the_whole_day_comes(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    window, minute = first_show.window, timedelta(minutes=1)
    engine.day = [a_row(f"r{at}", NOON + at * minute) for at in range(-200, 200)]
    window.show_at_first(FirstLook(engine.day[180:240], engine.services))
    window.show()
    at_now = top_row(window)
    window.table.select("r10")
    window.table.verticalScrollBar().setValue(window.table.verticalScrollBar().maximum())
    scrolled = top_row(window)
    assert scrolled != at_now
    first_show.start()
    qtbot.waitUntil(lambda: window.model.rowCount() == 400)
    assert (top_row(window), window.table.selected_ids()) == (scrolled, ["r10"])


def test_now_stays_in_its_place_when_the_whole_day_comes(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    window, minute = first_show.window, timedelta(minutes=1)
    engine.day = [a_row(f"r{at}", NOON + at * minute) for at in range(-200, 200)]
    window.show_at_first(FirstLook(engine.day[180:240], engine.services))
    window.show()
    at_now = top_row(window)
    first_show.start()
    qtbot.waitUntil(lambda: window.model.rowCount() == 400)
    assert top_row(window) == at_now


def test_a_day_without_bookings_isnt_called_done(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    window = first_show.window
    engine.day = []
    first_show.start()
    qtbot.waitUntil(lambda: window.model.is_whole)
    assert words_in(window.view.detail) == []
    window.model.upsert([a_row("a")])
    assert "Nothing to do" in words_in(window.view.detail)


def test_a_search_doesnt_deny_what_it_doesnt_know_yet(first_show: FirstShow) -> None:
    window = first_show.window
    window.show_at_first(FirstLook([a_row("a")]))
    window.show()
    window.header.search.setText("Somebody Else")
    assert window.view.empty.title.text() == "Fetching today's bookings…"


def test_a_part_of_the_day_doesnt_stay_where_the_whole_cant_be_read(
    qtbot: QtBot, first_show: FirstShow, engine: FakeEngine
) -> None:
    window = first_show.window
    engine.open_error = AppError("The cache is damaged.", "Tell IT.")
    window.show_at_first(FirstLook([a_row("a")]))
    first_show.start()
    qtbot.waitUntil(lambda: window.model.rowCount() == 0)
    assert window.view.empty.title.text() == "No bookings to show"


def test_a_strip_that_was_there_at_first_is_said_too(
    first_show: FirstShow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = first_show.window
    refused = replace(engine.services["PassagePoint"], ok=False, needs_credentials=True)
    window.show_at_first(FirstLook((), {"PassagePoint": refused}))
    said: list[str] = []
    monkeypatch.setattr("gui.window.spoken.announce", lambda _window, words: said.append(words))
    window.complete()
    assert said == list(window.strips.texts())
    assert said


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


def test_garbage_is_looked_for_after_the_start_and_in_the_windows_thread_only(
    qtbot: QtBot, first_show: FirstShow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.start.tidying._EACH_MS", 10)
    hurry()
    with qtbot.waitSignal(first_show.window.theme.changed):
        first_show.start()

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
