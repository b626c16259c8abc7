"""What newly needs a person is told: together, in numbers, and only what is news."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.status import Action, Group
from gui.desk.wanted import Wanted
from gui.window.main_window import MainWindow
from tests.gui.conftest import Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
ONE = "1 more booking needs a person."
TWO = "2 more bookings need a person."
TROUBLE = {"group": Group.NEEDS_PERSON, "label": "Not in Alma"}


@pytest.fixture
def shown(show: Show) -> Shown:
    """One booking to do from the start, three that wait."""
    waiting = [a_waiting_row(f"w{at}", name="Priya Patel") for at in range(3)]
    return show(FakeEngine([a_troubled_row("r1"), *waiting]))


def sync(qtbot: QtBot, shown: Shown) -> None:
    with qtbot.waitSignal(shown.worker.question_changed):
        shown.worker.sync_now()


def press_show(window: MainWindow) -> None:
    [made] = [one for one in window.strips.findChildren(QPushButton) if one.text() == "Show"]
    made.click()


def test_what_the_day_begins_with_is_no_news(qtbot: QtBot, shown: Shown) -> None:
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_what_the_next_day_begins_with_is_no_news_either(qtbot: QtBot, shown: Shown) -> None:
    shown.clock.advance(hours=24)
    shown.window.minute_clock.tick()
    shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_all_news_of_a_pass_is_told_at_once_and_names_nobody(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerted: list[object] = []
    told: list[str] = []
    monkeypatch.setattr(QApplication, "alert", alerted.append)
    monkeypatch.setattr(shown.window.tray, "tell", told.append)
    monkeypatch.setattr(shown.window, "isActiveWindow", lambda: False)
    shown.engine.change("w0", **TROUBLE)
    shown.engine.change("w1", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == (TWO,)
    assert (alerted, told) == ([shown.window], [TWO])
    sync(qtbot, shown)
    assert len(told) == 1


def test_a_registered_booking_is_no_news(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.change("w0", group=Group.REGISTERED)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_show_lists_what_is_to_do_and_takes_the_banner_away(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    press_show(shown.window)
    assert shown.window.strips.texts() == ()
    assert {row.row_id for row in shown.window.model.shown_rows()} == {"r1", "w0"}


def test_what_is_looked_at_or_done_meanwhile_is_no_longer_told(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.change("w0", **TROUBLE)
    shown.engine.change("w1", **TROUBLE)
    sync(qtbot, shown)
    shown.window.table.select("w0")
    assert shown.window.strips.texts() == (ONE,)
    with qtbot.waitSignal(shown.worker.rows_changed):
        shown.engine.change("w1", group=Group.REGISTERED)
    assert shown.window.strips.texts() == ()


def test_what_the_desk_itself_just_did_is_no_news(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.action_error = "Alma knows nobody."
    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("w0",)))
        shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_what_the_desk_did_is_no_news_where_a_pass_ends_before_the_row_says_so(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.action_error = "Alma knows nobody."
    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("w0",)))
    sync(qtbot, shown)
    shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_what_comes_long_after_the_desk_did_something_is_news(qtbot: QtBot, shown: Shown) -> None:
    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("w0",)))
    sync(qtbot, shown)
    sync(qtbot, shown)
    shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == (ONE,)


def test_it_can_be_switched_off(qtbot: QtBot, shown: Shown) -> None:
    shown.window._preferences.change(notifies=False)
    shown.engine.change("w0", **TROUBLE)
    sync(qtbot, shown)
    assert shown.window.strips.texts() == ()


def test_hidden_data_is_said_and_shown_again_by_its_button(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    window.privacy.switch(True)
    assert window.strips.texts() == ("Personal data is hidden.",)
    window.strips.findChildren(QPushButton)[-1].click()
    assert not window.model.hides
    assert window.strips.texts() == ()


def test_restoring_a_minimized_window_moves_nothing(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row(f"r{at}") for at in range(200)])).window
    window.table.verticalScrollBar().setValue(1234)
    window.showMinimized()
    window.showNormal()
    assert window.table.verticalScrollBar().value() == 1234
