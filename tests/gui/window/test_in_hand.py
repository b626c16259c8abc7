"""By hand: from the moment its dialog is open nothing is sent for the booking by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.domain.status import Action
from gui.desk.wanted import Wanted
from gui.dialogs.base import Dialog
from tests.gui.conftest import Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def shown(show: Show) -> Shown:
    return show(FakeEngine([a_troubled_row("a"), a_troubled_row("b"), a_row("c")]))


def opened(qtbot: QtBot, shown: Shown, *row_ids: str) -> Dialog:
    shown.window.view.wanted.emit(Wanted(Action.BY_HAND, row_ids))
    qtbot.waitUntil(lambda: bool(shown.window.findChildren(Dialog)))
    return shown.window.findChildren(Dialog)[0]


def asked(shown: Shown) -> list[tuple[Action, str]]:
    return [(one.action, one.row_id) for one in shown.engine.done]


def press(dialog: Dialog, text: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


@pytest.mark.parametrize("row_ids", [("a",), ("a", "b")])
def test_it_is_in_hand_from_the_moment_the_dialog_is_open(
    qtbot: QtBot, shown: Shown, row_ids: tuple[str, ...]
) -> None:
    dialog = opened(qtbot, shown, *row_ids)
    qtbot.waitUntil(lambda: asked(shown) == [(Action.IN_HAND, one) for one in row_ids])
    qtbot.waitUntil(lambda: "in PassagePoint itself, then say so here" in dialog.text.text())
    press(dialog, "Cancel")
    released = [(Action.NOT_BY_HAND, one) for one in row_ids]
    qtbot.waitUntil(lambda: asked(shown)[len(row_ids) :] == released)
    assert not shown.window.view.toast.isVisible()


def test_escape_lets_go_of_it(qtbot: QtBot, shown: Shown) -> None:
    dialog = opened(qtbot, shown, "a")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(
        lambda: [one for one, _ in asked(shown)] == [Action.IN_HAND, Action.NOT_BY_HAND]
    )


def test_said_to_be_done_it_stays(qtbot: QtBot, shown: Shown) -> None:
    press(opened(qtbot, shown, "a"), "I registered it in PassagePoint")
    qtbot.waitUntil(lambda: [one for one, _ in asked(shown)] == [Action.IN_HAND, Action.BY_HAND])


def test_hidden_by_the_idle_minutes_it_stays_in_hand(qtbot: QtBot, shown: Shown) -> None:
    """Whoever enters it works in another window meanwhile."""
    opened(qtbot, shown, "a")
    qtbot.waitUntil(lambda: bool(asked(shown)))
    shown.window.privacy.switch(True)
    qtbot.waitUntil(lambda: not shown.window.findChildren(Dialog))
    assert asked(shown) == [(Action.IN_HAND, "a")]


def test_one_that_was_sent_meanwhile_is_told_in_the_dialog(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.action_error = "It isn't waiting any more: the booking says “Registered 12:00”."
    dialog = opened(qtbot, shown, "a")
    qtbot.waitUntil(lambda: "Don't enter it without a look" in dialog.text.text())


def test_who_was_refused_lets_go_of_nothing(qtbot: QtBot, shown: Shown) -> None:
    """Another desk enters it: that this one cancels changes nothing there."""
    shown.engine.action_error = "ben enters it in PassagePoint by hand."
    dialog = opened(qtbot, shown, "a")
    qtbot.waitUntil(lambda: "Don't enter it without a look" in dialog.text.text())
    press(dialog, "Cancel")
    qtbot.waitUntil(lambda: not shown.window.findChildren(Dialog))
    assert asked(shown) == [(Action.IN_HAND, "a")]


def test_until_it_is_sure_the_dialog_says_so(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.queues = True
    dialog = opened(qtbot, shown, "a")
    qtbot.waitUntil(lambda: bool(asked(shown)))
    assert "look in PassagePoint first" in dialog.text.text()


def test_one_that_is_in_hand_already_stays_so(qtbot: QtBot, show: Show) -> None:
    row = replace(a_troubled_row("a"), offers=(Action.BY_HAND, Action.NOT_BY_HAND))
    shown = show(FakeEngine([row]))
    press(opened(qtbot, shown, "a"), "Cancel")
    qtbot.waitUntil(lambda: not shown.window.findChildren(Dialog))
    assert asked(shown) == []


def test_a_registered_one_needs_no_hand(qtbot: QtBot, shown: Shown) -> None:
    press(opened(qtbot, shown, "c"), "Cancel")
    qtbot.waitUntil(lambda: not shown.window.findChildren(Dialog))
    assert asked(shown) == []
