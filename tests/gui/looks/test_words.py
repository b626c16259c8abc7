"""What staff read on buttons and in sentences: it says what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.domain.status import Action, Group, PassState
from core.domain.text import counted
from core.setup.removal import Removed
from gui.desk.wanted import Wanted
from gui.dialogs.base import Notice, Question
from gui.looks.words import words_of_action
from gui.window.main_window import MainWindow
from gui.window.removing import Removing
from gui.work.background import Background
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROOT = Path(__file__).resolve().parents[3]
ENTER = Qt.Key.Key_Return
GONE_WORDS = (
    *("Register again", "Register anew", "Mark handled", "It is there", "Go on", "Use these"),
    *("There is none that nobody", "doesn't answer since", "things were removed"),
)


def dialog_of(window: MainWindow) -> Question:
    return next(one for one in window.findChildren(Question) if one.isVisible())


@pytest.mark.parametrize("words", GONE_WORDS)
def test_words_that_nobody_understood_stand_nowhere_any_more(words: str) -> None:
    read = [ROOT / "README.md"]
    read += [one for folder in ("core", "gui") for one in (ROOT / folder).rglob("*.py")]
    quoted = re.compile(rf'["“][^"”\n]*{re.escape(words)}')
    assert [one.name for one in read if quoted.search(one.read_text("utf-8"))] == []


def test_each_button_says_what_happens() -> None:
    new_card = a_pass_row(PassState.CARD_CHANGED, Action.REGISTER_ANEW)
    new_time = a_pass_row(PassState.CHANGED, Action.REGISTER_ANEW)
    tentative = a_waiting_row(group=Group.EXCLUDED)
    assert words_of_action(Action.REGISTER_ANEW, new_card) == "Register the new card…"
    assert words_of_action(Action.REGISTER_ANEW, new_time) == "Register the new time…"
    assert words_of_action(Action.REGISTER_NOW, tentative) == "Register now…"
    assert words_of_action(Action.REGISTER_NOW, a_waiting_row()) == "Register now"
    assert words_of_action(Action.HANDLED, a_row()) == "I removed it in PassagePoint"


@pytest.mark.parametrize("words", ["1 day", "2 days", "0 days"])
def test_one_is_one(words: str) -> None:
    assert counted(int(words[0]), "day") == words
    assert counted(1, "person", "people") == "1 person"


def test_a_second_sending_is_asked_about_also_from_the_first_question(
    qtbot: QtBot, show: Show
) -> None:
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    shown = show(FakeEngine([a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers)]))
    shown.window.view.wanted.emit(Wanted(Action.RESOLVE, ("r1",)))
    first = dialog_of(shown.window)
    first.choices["register_again"].click()
    second = dialog_of(shown.window)
    assert second is not first
    assert "two in PassagePoint" in second.text.text()
    assert shown.engine.requests + shown.engine.done == []
    with qtbot.waitSignal(shown.worker.action_done):
        second.choices["register_again"].click()
    assert [request.action for request in shown.engine.done] == [Action.REGISTER_AGAIN]


def test_enter_presses_what_has_the_focus_and_that_is_the_safe_answer(
    qtbot: QtBot, show: Show
) -> None:
    shown = show(FakeEngine([a_waiting_row(group=Group.EXCLUDED, libcal="Tentative")]))
    shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("r1",)))
    question = dialog_of(shown.window)
    QTest.keyClick(question, ENTER)
    assert not question.isVisible()
    assert shown.engine.requests + shown.engine.done == []
    shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("r1",)))
    again = next(one for one in shown.window.findChildren(Question) if one.isVisible())
    again.choices["register_now"].setFocus()
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(again.choices["register_now"], ENTER)
    assert len(shown.engine.done) == 1


def test_what_was_removed_is_named(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine())
    background = Background(shown.window)
    removing = Removing(shown.window, shown.worker, background, lambda: Removed((), ()))
    removing._say_removed(Removed(("Start at login", "/data/cache.db"), ("/etc/config.yml: IT's",)))
    [notice] = shown.window.findChildren(Notice)
    assert notice.text.text() == (
        "Removed:\nStart at login\n/data/cache.db\n\nThese are still there:\n/etc/config.yml: IT's"
    )
