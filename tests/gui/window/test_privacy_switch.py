"""Personal data hidden: everywhere, by key and by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from core.domain.status import Action, PassState, PatronState
from core.domain.university_id import why_not_valid
from gui.desk.wanted import Wanted
from gui.dialogs.base import Dialog, Notice, Question
from gui.dialogs.cache import ForgetPerson
from gui.dialogs.elsewhere import LookElsewhere, WhoIsThis
from gui.dialogs.persons import ByHand, ChoosePerson
from gui.table.hidden_rows import hidden
from gui.window.main_window import MainWindow
from tests.builders import a_booking, a_patron
from tests.gui.conftest import Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SECRET = ("Priya", "Patel", "G12345678", "22820001", "priya@example.edu")


def said(widget: QWidget) -> str:
    """Everything that can be read on it."""
    words = [one.text() for one in widget.findChildren(QLabel)]
    words += [one.displayText() for one in widget.findChildren(QLineEdit)]
    for listed in widget.findChildren(QListWidget):
        words += [listed.item(at).text() for at in range(listed.count())]
    return "\n".join([*words, widget.windowTitle()])


def assert_hidden(widget: QWidget) -> None:
    assert [one for one in SECRET if one in said(widget)] == []


@pytest.fixture
def hidden_window(show: Show) -> Shown:
    engine = FakeEngine([a_pass_row(PassState.UNCLEAR, Action.RESOLVE, Action.IT_IS_THERE)])
    engine.elsewhere = [a_booking()]
    engine.patron = a_patron()
    shown = show(engine)
    QTest.keyClick(shown.window, Qt.Key.Key_F8)
    assert shown.window.model.hides
    return shown


def dialog_of(window: MainWindow) -> Dialog:
    return next(one for one in window.findChildren(Dialog) if one.isVisible())


@pytest.mark.parametrize("action", [Action.RESOLVE, Action.BY_HAND, Action.CHOOSE, Action.FORGET])
def test_no_dialog_of_a_booking_says_who(
    qtbot: QtBot, hidden_window: Shown, action: Action
) -> None:
    window = hidden_window.window
    window.view.wanted.emit(Wanted(action, ("r1",)))
    qtbot.waitUntil(lambda: bool(window.findChildren(Dialog)))
    dialog = dialog_of(window)
    assert isinstance(dialog, (Question, ByHand, ChoosePerson, ForgetPerson))
    assert_hidden(dialog)


def test_neither_table_nor_detail_nor_title_say_who(qtbot: QtBot, hidden_window: Shown) -> None:
    window = hidden_window.window
    window.table.select("r1")
    assert_hidden(window)
    cells = [
        str(window.model.index(0, column).data(role))
        for column in range(window.model.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    ]
    assert [one for one in SECRET if one in " ".join(cells)] == []


def test_what_is_found_elsewhere_is_hidden_too(qtbot: QtBot, hidden_window: Shown) -> None:
    window = hidden_window.window
    window.header.search.setText("22829999")
    window.view.empty.elsewhere.click()
    [dialog] = window.findChildren(LookElsewhere)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert dialog.list.item(0).text().startswith("P. P., ")
    dialog.reject()
    window.view.empty.alma.click()
    [who] = window.findChildren(WhoIsThis)
    qtbot.waitUntil(lambda: "P. P., …5678" in who.text.text())
    assert "22829999" not in said(who)


def test_what_is_held_is_not_read_out_while_hidden(qtbot: QtBot, hidden_window: Shown) -> None:
    window = hidden_window.window
    window.table.select("r1")
    window.menus.cache.held_about()
    dialog = dialog_of(window)
    assert isinstance(dialog, Notice)
    assert "F8" in dialog.text.text()


def test_what_is_copied_is_whole(qtbot: QtBot, hidden_window: Shown) -> None:
    window = hidden_window.window
    window.table.select("r1")
    window.view.detail._copies["barcode"].click()
    assert QGuiApplication.clipboard().text() == "22820001"


def test_the_name_in_alma_is_hidden_as_well() -> None:
    reason = "In Alma this ID belongs to Ana Ruiz; the booking is for Priya Patel."
    row = a_troubled_row(patron=PatronState.NAME_DIFFERS, reason=reason)
    assert hidden(row).reason == "In Alma this ID belongs to another name than the booking's."


def test_an_open_dialog_with_a_name_on_it_is_closed(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    window.view.wanted.emit(Wanted(Action.BY_HAND, ("r1",)))
    dialog = dialog_of(window)
    window.privacy.switch(True)
    assert not dialog.isVisible()


def test_it_is_hidden_when_nobody_worked_here_for_the_chosen_time(show: Show) -> None:
    shown = show(FakeEngine([a_row()]))
    window, clock = shown.window, shown.clock
    window._preferences.change(hide_after_minutes=5)
    clock.advance(minutes=4)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Down)
    clock.advance(minutes=4)
    window.privacy.look_at_time()
    assert not window.model.hides
    window.header.search.setText("patel")
    clock.advance(minutes=1)
    window.privacy.look_at_time()
    assert window.model.hides
    assert window.header.search.text() == ""
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Down)
    assert window.model.hides
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert not window.model.hides


def a_pass(qtbot: QtBot, shown: Shown) -> None:
    """A whole pass, and the look that follows it."""
    worker = shown.window._worker
    with qtbot.waitSignal(worker.pass_ended):
        worker.sync_now()
    with qtbot.waitCallback() as done:
        worker.ask(shown.window, lambda engine: engine.rows(), done, waits=True)


def test_a_key_tells_the_registering_part_that_somebody_is_here(qtbot: QtBot, show: Show) -> None:
    shown = show(engine := FakeEngine([a_row()]))
    began = engine.untouched_since
    shown.clock.advance(minutes=20)
    QTest.mouseMove(shown.window.windowHandle())
    a_pass(qtbot, shown)
    assert engine.untouched_since == began
    QTest.keyClick(shown.window.windowHandle(), Qt.Key.Key_Down)
    a_pass(qtbot, shown)
    assert engine.untouched_since == shown.clock.now()


def test_trouble_in_telling_others_is_told_in_the_window_and_goes_with_its_end(
    qtbot: QtBot, show: Show
) -> None:
    shown = show(engine := FakeEngine([a_row()]))
    engine.alert_errors = ["The web hook could not be reached."]
    a_pass(qtbot, shown)
    sync = shown.window.sync
    qtbot.waitUntil(lambda: sync.situation.alert_trouble != "")
    assert "The web hook could not be reached." in sync.situation.alert_trouble
    engine.alert_errors = []
    a_pass(qtbot, shown)
    qtbot.waitUntil(lambda: sync.situation.alert_trouble == "")


def test_working_in_a_dialog_is_working_here(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine([a_row()]))
    window, clock = shown.window, shown.clock
    window._preferences.change(hide_after_minutes=5)
    window.menus.ask_initials()
    dialog = dialog_of(window)
    clock.advance(minutes=4)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    clock.advance(minutes=4)
    window.privacy.look_at_time()
    assert not window.model.hides


def test_it_is_not_hidden_by_itself_unless_that_was_chosen(show: Show) -> None:
    shown = show(FakeEngine([a_row()]))
    shown.clock.advance(hours=5)
    shown.window.minute_clock.tick()
    assert not shown.window.model.hides


def test_it_is_hidden_when_the_computer_wakes(show: Show) -> None:
    shown = show(FakeEngine([a_row()]))
    shown.window._preferences.change(hide_after_minutes=15)
    shown.clock.advance(minutes=2)
    shown.window.minute_clock.tick()
    assert shown.window.model.hides


def test_an_answer_with_what_nobody_sees_is_hidden_too() -> None:
    answer = "G1043\u200b226"
    reason = why_not_valid(answer, r"G\d{8}")
    row = a_troubled_row(id_answer=answer, reason=reason, alma_name="Osric Pennyfarthing")
    shown = hidden(row)
    assert "G1043226" not in (shown.reason or "")
    assert shown.alma_name == "O. P."


def test_the_detail_says_what_alma_has(show: Show) -> None:
    row = a_row(alma_name="Anjali Patel", block="Overdue loans")
    window = show(FakeEngine([row])).window
    window.table.select("r1")
    lines = said(window.view.detail).splitlines()
    assert [one for one in lines if one.startswith("Alma:")] == [
        "Alma: found, as Anjali Patel. Blocked there: Overdue loans"
    ]
