"""Check in: the button names the reader, asks first, and neither Enter nor a scan presses it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.check_in_state import CheckInState
from core.domain.models import BookingRow
from core.domain.status import Action, Group
from gui.desk.checking_in import CheckInQuestion
from gui.detail.todo_list import TodoList
from gui.table.columns import BY_NAME
from gui.window.main_window import MainWindow
from tests.gui.card_reader import type_as_reader
from tests.gui.conftest import A_DESK, Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "does not support grabbing"
)

DESK = replace(A_DESK, checks_in=True)
OFFERED = (Action.CORRECT_ID, Action.CHECK_IN)
CTRL = Qt.KeyboardModifier.ControlModifier


def a_reader(row_id: str = "r1", **changes: object) -> BookingRow:
    return a_row(row_id, **{"offers": OFFERED} | changes)  # type: ignore[arg-type]


def opened(show: Show, *rows: BookingRow) -> Shown:
    shown = show(FakeEngine(list(rows or (a_reader(),))), desk=DESK)
    shown.window.table.select("r1")
    return shown


def the_button(window: MainWindow) -> QPushButton:
    QApplication.processEvents()  # what is new is shown, and what was before is gone
    buttons = window.view.detail.buttons.findChildren(QPushButton)
    [found] = [one for one in buttons if not one.isHidden() and one.text().startswith("Check in")]
    return found


def the_question(window: MainWindow) -> CheckInQuestion:
    [question] = window.findChildren(CheckInQuestion)
    return question


def asked(shown: Shown) -> list[tuple[Action, str]]:
    return [(one.action, one.row_id) for one in shown.engine.done]


def test_the_button_names_the_reader_and_asks_first(show: Show, qtbot: QtBot) -> None:
    shown = opened(show)
    button = the_button(shown.window)
    assert (button.text(), button.accessibleName()) == ("Check in Priya Patel…",) * 2
    button.click()
    question = the_question(shown.window)
    assert question.windowTitle() == "Check in Priya Patel?"
    assert "can't be undone" in question.text.text()
    assert question.choices["check_in"].accessibleDescription() == question.text.text()
    assert asked(shown) == []
    question.choices["check_in"].click()
    qtbot.waitUntil(lambda: asked(shown) == [(Action.CHECK_IN, "r1")])


def test_ctrl_i_asks_the_same(show: Show, qtbot: QtBot) -> None:
    shown = opened(show)
    QTest.keyClick(shown.window.table, Qt.Key.Key_I, CTRL)
    question = the_question(shown.window)
    QTest.keyClick(question, Qt.Key.Key_Tab)
    assert question.focusWidget() is question.choices["check_in"]
    QTest.keyClick(question.choices["check_in"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: asked(shown) == [(Action.CHECK_IN, "r1")])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_never_presses_it_wherever_the_keyboard_is(show: Show, key: Qt.Key) -> None:
    shown = opened(show, a_reader(offers=(Action.CHECK_IN,)))
    QTest.keyClick(shown.window.table, key)
    button = the_button(shown.window)
    assert button.hasFocus() or not shown.window.isActiveWindow()
    button.setFocus()
    QTest.keyClick(button, key)
    assert not shown.window.findChildren(CheckInQuestion)
    button.click()
    question = the_question(shown.window)
    question.choices["check_in"].setFocus()
    QTest.keyClick(question.choices["check_in"], key)
    assert question.isVisible()
    assert asked(shown) == []


@pytest.mark.parametrize("end", ["\r", "\t"])
def test_a_scan_never_presses_it(show: Show, end: str) -> None:
    shown = opened(show)
    the_button(shown.window).setFocus()
    type_as_reader(shown.window, f"2282 0001 999{end}")
    assert not shown.window.findChildren(CheckInQuestion)


def test_a_reader_that_ends_its_scan_with_ctrl_i_asks_for_nothing(show: Show) -> None:
    shown = opened(show)
    shown.window.table.setFocus()
    scans = shown.window.scans
    scans._clock = lambda: 0
    type_as_reader(shown.window, "22820001")
    scans._silence.stop()  # however busy this computer is, it has not fallen silent yet
    QTest.keyClick(shown.window.windowHandle(), Qt.Key.Key_I, CTRL)
    assert not shown.window.findChildren(CheckInQuestion)
    assert shown.window.finder.typed == "22820001"


def test_hidden_data_stays_hidden(show: Show) -> None:
    shown = opened(show)
    QTest.keyClick(shown.window, Qt.Key.Key_F8)
    assert the_button(shown.window).text() == "Check in P. P.…"
    the_button(shown.window).click()
    assert "Patel" not in the_question(shown.window).windowTitle()


def test_several_are_one_question_with_their_number(show: Show, qtbot: QtBot) -> None:
    rows = (a_reader("r1"), a_reader("r2", name="Anna Lee"), a_waiting_row("r3"))
    shown = opened(show, *rows)
    shown.window.table.selectAll()
    assert the_button(shown.window).text() == "Check in… (2)"
    QTest.keyClick(shown.window.table, Qt.Key.Key_I, CTRL)
    question = the_question(shown.window)
    assert question.windowTitle() == "Check in 2 readers?"
    question.choices["check_in"].click()
    wanted = [(Action.CHECK_IN, "r1"), (Action.CHECK_IN, "r2")]
    qtbot.waitUntil(lambda: asked(shown) == wanted)


def test_what_the_selection_does_not_allow_is_said(show: Show) -> None:
    shown = opened(show, a_row("r1", libcal_label="Arrived"))
    QTest.keyClick(shown.window.table, Qt.Key.Key_I, CTRL)
    assert not shown.window.findChildren(CheckInQuestion)
    assert "Priya Patel can't be checked in: Arrived." in shown.window.view.toast.words.text()


def test_the_menu_has_it_only_where_the_settings_allow_it(show: Show) -> None:
    with_it, without = opened(show), show(FakeEngine([a_reader()]))
    texts = [
        [one.text().replace("&", "") for one in shown.window.findChildren(QAction)]
        for shown in (with_it, without)
    ]
    assert ["Check in selected…" in one for one in texts] == [True, False]


def test_the_rows_own_menu_names_the_reader(show: Show) -> None:
    shown = opened(show)
    table = shown.window.table
    table.customContextMenuRequested.emit(table.visualRect(table.model().index(0, 0)).center())
    [menu] = [one for one in table.findChildren(QMenu) if one.isVisible()]
    texts = [one.text().replace("&", "") for one in menu.actions()]
    assert "Check in Priya Patel…" in texts
    menu.close()


def libcal_cell(shown: Shown) -> str:
    found = shown.window.model.painted_at(0, BY_NAME["libcal"])
    assert found is not None
    return found[1].text


def test_while_libcal_is_told_its_column_says_so_and_nothing_is_pressed_twice(
    show: Show, qtbot: QtBot
) -> None:
    shown = opened(show)
    shown.engine.queues = True
    the_button(shown.window).click()
    the_question(shown.window).choices["check_in"].click()
    assert libcal_cell(shown) == "Checking in…"
    row = shown.window.model.shown_row("r1")
    assert row is not None
    assert (Action.CHECK_IN in row.offers, row.label) == (False, "Registered 10:42")
    qtbot.waitUntil(lambda: libcal_cell(shown) == "Confirmed")  # the engine's rows say all else
    waits = CheckInState.WAITS
    shown.window.model.upsert(
        [a_reader(offers=(Action.NOT_CHECKED_IN,), libcal_label=waits.label, check_in=waits)]
    )
    assert libcal_cell(shown) == "Check-in waits"


def test_what_waits_stands_above_the_table_too(show: Show) -> None:
    waits = CheckInState.WAITS
    rows = [a_reader(f"r{at}", check_in=waits, libcal_label=waits.label) for at in (1, 2)]
    shown = show(FakeEngine([*rows, a_reader("r3")]), desk=DESK)
    texts = [one.text() for one in shown.window.strips.findChildren(QLabel)]
    assert "2 check-ins wait until LibCal can be told. They go out by themselves." in texts
    shown.window.model.upsert([a_reader("r1"), a_reader("r2")])
    assert shown.window.sync.situation.untold == 0


def test_of_many_it_is_never_the_one_right_button(show: Show) -> None:
    shown = opened(show, a_reader("r1"), a_waiting_row("r2"))
    shown.window.table.selectAll()
    main = shown.window.view.detail.buttons.main
    assert main is not None
    assert main.text().startswith("Register now")


def test_one_that_was_missed_is_to_do_in_its_own_words(show: Show) -> None:
    row = a_row(
        "r1",
        group=Group.NEEDS_PERSON,
        action=Action.NOT_CHECKED_IN,
        check_in=CheckInState.MISSED,
        libcal_label=CheckInState.MISSED.label,
        reason="The check-in of 10:05 didn't reach LibCal in time. The booking is over.",
    )
    shown = show(FakeEngine([row]), desk=DESK)
    assert libcal_cell(shown) == "Not checked in"
    [todo] = shown.window.findChildren(TodoList)
    texts = [todo._list.item(at).text() for at in range(todo._list.count())]
    assert texts == ["12:00 Patel, Priya: Not checked in"]
