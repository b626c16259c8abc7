"""No sentence of the window says more than is known, and none contradicts another."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.cache.sqlite_cache import SQLiteCache
from core.day.service_board import ServiceBoard
from core.domain.models import SERVICES, Event, ServiceChanged, ServiceStatus
from core.domain.service_status import Trouble
from core.domain.status import Action, Tone
from gui.desk.wanted import Wanted
from gui.table.booking_model import CELL_ROLE
from gui.table.columns import BY_NAME, Cell
from gui.table.row_filter import Span, Stretch
from gui.top.status_bar import StatusBar
from gui.window.main_window import MainWindow
from tests.builders import NOON, FakeClock
from tests.gui.cells import cell_at
from tests.gui.conftest import A_DESK, Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
HOUR = timedelta(hours=1)


def an_offline_engine() -> FakeEngine:
    engine = FakeEngine([a_row(is_old=True), a_waiting_row("r2")])
    failed = NOON + timedelta(minutes=1)
    for name, status in engine.services.items():
        away = Trouble.UNREACHABLE
        engine.services[name] = replace(status, ok=False, trouble=away, asked_at=failed)
    return engine


def ways(bar: StatusBar) -> str:
    return bar._desk.text().removeprefix("Main desk · ")


def cell(window: MainWindow, row_id: str, column: str) -> Cell:
    place = window.model.place_of(row_id)
    assert place is not None
    found: Cell = cell_at(window, place, BY_NAME[column]).data(CELL_ROLE)
    return found


def test_an_answer_is_told_when_it_comes_in_a_long_pass_too(tmp_path: Path) -> None:
    clock, told = FakeClock(), list[Event]()
    with SQLiteCache(tmp_path / "cache.db", clock=clock) as cache:
        board = ServiceBoard(cache, clock, told.append)
        for _ in range(100):
            board.good("LibCal")
        assert len(told) == 1
        clock.advance(minutes=12)
        board.good("LibCal")
    last = told[-1]
    assert isinstance(last, ServiceChanged)
    assert last.status.last_good_at == NOON + timedelta(minutes=12)


def test_offline_nothing_is_green(show: Show) -> None:
    engine = an_offline_engine()
    alma = engine.services["Alma"]
    engine.services["Alma"] = replace(alma, ok=True, error=None, asked_at=NOON)
    window = show(engine).window
    marks = [line.mark._tone for line in window.header.services._lines.values()]
    assert Tone.GOOD not in marks
    assert window.header.services._lines["Alma"].text.text() == "Alma last needed 12:00"
    assert cell(window, "r1", "libcal").tone is Tone.NEUTRAL


def test_what_is_old_is_said_by_a_shape_and_under_the_mouse_not_by_cutting_the_word(
    show: Show,
) -> None:
    window = show(an_offline_engine()).window
    shown = cell(window, "r1", "libcal")
    assert (shown.text, shown.icon, shown.hint) == ("Confirmed", "history", "as of 11:58")
    index = cell_at(window, 0, BY_NAME["libcal"])
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "LibCal: Confirmed, as of 11:58"


def test_the_lowest_line_promises_nothing_while_nothing_is_registered(show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    assert ways(window.status) == "registers automatically"
    window.sync.pause()
    assert ways(window.status) == "paused until 12:15"
    window.sync.resume()
    assert ways(window.status) == "registers automatically"
    refused = ServiceStatus("PassagePoint", ok=False, error="No.", trouble=Trouble.REFUSED)
    window.sync._on_service(refused)
    assert ways(window.status) == "can't sign in to PassagePoint"
    for name in SERVICES:
        away = ServiceStatus(name, ok=False, trouble=Trouble.UNREACHABLE, asked_at=NOON)
        window.sync._on_service(away)
    assert ways(window.status) == "registers when online again"


def test_a_desk_without_passes_of_its_own_names_no_next_sync(show: Show) -> None:
    window = show(FakeEngine([a_row()]), desk=replace(A_DESK, only_asks=True)).window
    assert window.header.services._next.text() == ""


def test_all_day_is_not_pressed_while_one_half_hour_is_shown(show: Show) -> None:
    window = show(FakeEngine([a_row(), a_row("r2", NOON + HOUR)])).window
    chips = window.header.chips
    window.header.arrivals.chosen.emit(Stretch(NOON, NOON + HOUR / 2))
    assert [chip.isChecked() for chip in chips._spans.values()] == [False] * len(Span)
    assert chips._span_choice.accessibleName() == "Time: 12:00–12:30"
    window.header.arrivals.chosen.emit(None)
    assert chips._spans[Span.ALL_DAY].isChecked()
    assert chips._span_choice.accessibleName() == "Time: All day"


def test_passagepoint_is_not_quoted_with_what_alma_or_the_reader_said(show: Show) -> None:
    window = show(FakeEngine([a_troubled_row()])).window
    window.table.select("r1")
    said = [one.text() for one in window.view.detail._stands.findChildren(QLabel)]
    assert "PassagePoint: not registered" in said
    assert "PassagePoint: ID not valid" not in said


def test_a_new_day_begins_afresh(show: Show) -> None:
    shown = show(FakeEngine([a_row(), a_troubled_row("r2")]))
    window = shown.window
    window.header.search.setText("patel")
    window.finder.show_todo()
    window.header.place_chosen.emit("8827")
    window.header.arrivals.chosen.emit(Stretch(NOON, NOON + HOUR / 2))
    window.table.select("r2")
    window.minute_clock.day_changed.emit(True)
    assert window.finder.is_open
    assert window.header.search.text() == ""
    assert window.table.selected_ids() == []


def test_untouched_for_ten_minutes_the_table_follows_now(show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=10 * at)) for at in range(60)]
    shown = show(FakeEngine(rows), size=(1366, 768))
    window, clock = shown.window, shown.clock
    bar = window.table.verticalScrollBar()
    before = bar.value()
    for _ in range(9):
        clock.advance(minutes=1)
        window.minute_clock.minute.emit()
    assert bar.value() == before
    clock.advance(hours=4)
    window.minute_clock.minute.emit()
    assert bar.value() > before
    seen = window.table.rowAt(window.table.viewport().height() // 3)
    assert abs(seen - window.table._over.now_place()) <= 1


def test_the_table_stays_where_somebody_is_reading(show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=10 * at)) for at in range(60)]
    shown = show(FakeEngine(rows))
    window, clock = shown.window, shown.clock
    clock.advance(hours=4)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    before = window.table.verticalScrollBar().value()
    window.minute_clock.minute.emit()
    assert window.table.verticalScrollBar().value() == before


def test_an_error_is_about_what_was_typed_then(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([a_troubled_row()])
    engine.action_error = "Alma knows nobody with G10999999."
    shown = show(engine)
    window, buttons = shown.window, shown.window.view.detail.buttons
    window.table.select("r1")
    assert buttons.field is not None
    QTest.keyClicks(buttons.field, "G10999999")
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(buttons.field, Qt.Key.Key_Return)
    assert buttons.problem is not None
    assert buttons.problem.isVisible()
    assert not window.view.toast.isVisible()  # it is said once
    buttons.field.setText("G10157911")
    assert not buttons.problem.isVisible()


def test_after_undo_the_field_is_empty_again(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([a_troubled_row()])
    engine.action_error = "In Alma this ID belongs to Theo Netherby."
    shown = show(engine)
    window, buttons = shown.window, shown.window.view.detail.buttons
    window.table.select("r1")
    assert buttons.field is not None
    QTest.keyClicks(buttons.field, "22827343504531")
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(buttons.field, Qt.Key.Key_Return)
    assert buttons.field.text() == "22827343504531"
    engine.action_error = None
    with qtbot.waitSignal(shown.worker.action_done):
        window.view.wanted.emit(Wanted(Action.UNDO, ("r1",)))
    assert buttons.field is not None
    assert buttons.field.text() == ""


def numbers(window: MainWindow) -> set[int | None]:
    return {chip.number for chip in window.header.chips._groups.values()}


def test_what_was_not_asked_is_not_none(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([])
    for name, status in engine.services.items():
        late = replace(status, ok=False, error="No.", last_good_at=NOON - timedelta(days=1))
        engine.services[name] = replace(late, asked_at=NOON)
    window = show(engine).window
    assert numbers(window) == {None}
    assert window.status._total.text() == "–"
    assert window.view.empty.title.text() == "Today isn't known yet"
    assert window.view.empty.text.text() == "LibCal was last asked on Sun 12:00."


def test_a_day_that_is_empty_says_so_once_it_was_asked(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([])
    engine.holding = threading.Event()
    shown = show(engine, waits=False)
    window = shown.window
    qtbot.waitUntil(lambda: window.sync.is_syncing)
    assert numbers(window) == {None}
    assert window.status._total.text() in ("", "–")
    engine.holding.set()
    qtbot.waitUntil(lambda: window.status._total.text() == "0")
    assert numbers(window) == {0}
    assert window.view.empty.title.text() == "No bookings today"
