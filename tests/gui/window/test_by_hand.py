"""By keyboard: keys that do what people expect of them, with whatever they type."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.domain.status import Action
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.conftest import Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shown(qtbot: QtBot, show: Show) -> Shown:
    rows = [a_row("r1"), a_waiting_row("r2"), a_troubled_row("r3", NOON)]
    opened: Shown = show(FakeEngine(rows))
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    opened.window.table.setFocus()
    return opened


def shortcuts(window: MainWindow, text: str) -> list[str]:
    lines = [line for menu in window.titles.values() for line in menu.actions()]
    found = next(line for line in lines if line.text().replace("&", "") == text)
    return [one.toString() for one in found.shortcuts()]


def asked_for(shown: Shown) -> list[tuple[Action, str]]:
    requests = [*shown.engine.done, *shown.engine.requests]
    return [(one.action, one.row_id) for one in requests]


def compose(part: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(part, event)


def test_ctrl_r_syncs(qtbot: QtBot, shown: Shown) -> None:
    with qtbot.waitSignal(shown.worker.pass_started):
        QTest.keyClick(shown.window.table, Qt.Key.Key_R, CTRL)
    assert asked_for(shown) == []
    assert shortcuts(shown.window, "Sync now") == ["Ctrl+R", "F5"]


def test_ctrl_return_registers_what_is_selected(qtbot: QtBot, shown: Shown) -> None:
    shown.window.table.select("r2")
    QTest.keyClick(shown.window.table, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: asked_for(shown) == [(Action.REGISTER_NOW, "r2")])
    assert shortcuts(shown.window, "Register selected now") == ["Ctrl+Return"]


def test_ctrl_return_in_a_field_is_the_fields(shown: Shown) -> None:
    shown.window.table.select("r2")
    QTest.keyClick(shown.window.header.search, Qt.Key.Key_Return, CTRL)
    QTest.keyClick(shown.window.table, Qt.Key.Key_Return)
    assert asked_for(shown) == []


def test_backspace_corrects_the_search_wherever_the_keys_are(shown: Shown) -> None:
    window = shown.window
    QTest.keyClicks(window.header.search, "hadx")
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Backspace)
    assert window.header.search.text() == "had"
    assert window.header.search.hasFocus()


def test_backspace_corrects_what_was_typed_a_while_ago_too(shown: Shown) -> None:
    search = shown.window.header.search
    QTest.keyClicks(search, "hadx")
    search.idle.timeout.emit()
    QTest.keyClick(search, Qt.Key.Key_Backspace)
    assert search.text() == "had"


def test_the_first_letter_of_an_input_method_searches(shown: Shown) -> None:
    window, search = shown.window, shown.window.header.search
    search.setText("last reader")
    assert window.table.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True
    assert window.table.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    compose(window.table, "wang")
    assert window.table.hasFocus(), "an input method gives up when the focus goes"
    compose(window.table, "", "王")
    assert search.text() == "王"
    assert search.hasFocus()


def test_a_dead_key_searches_for_its_letter(shown: Shown) -> None:
    compose(shown.window.table, "", "é")
    assert shown.window.header.search.text() == "é"


@pytest.mark.parametrize("height", [600, 1000])
def test_tab_stops_are_the_same_whether_the_detail_scrolls_or_not(
    shown: Shown, height: int
) -> None:
    window = shown.window
    window.table.select("r3")
    window.resize(1366, height)
    QApplication.processEvents()
    QTest.keyClick(window.table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.view.detail._area
