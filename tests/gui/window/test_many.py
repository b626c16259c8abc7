"""What is done with several bookings at once is one thing: one toast, one undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.models import ActionDone
from core.domain.status import Action, Group, PassState
from gui.desk.press_outcome import ActionOutcome
from gui.desk.wanted import Wanted, offers_of, words_of_offer
from gui.dialogs.base import Question
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.conftest import Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")
MINUTE = timedelta(minutes=1)


def a_mixed_day() -> FakeEngine:
    """Three visits to remove, two bookings that wait, one that is well."""
    still = [
        a_pass_row(PassState.CANCELLED_AFTER, Action.HANDLED, row_id=f"c{at}") for at in range(3)
    ]
    waiting = [a_waiting_row(f"w{at}", NOON + at * MINUTE) for at in range(2)]
    engine = FakeEngine([*still, *waiting, a_row("r1")])
    engine.decision_id = "d1"
    return engine


def done(row_id: str, action: Action = Action.HANDLED, **changes: object) -> ActionDone:
    return ActionDone("q", row_id, action, "Noted.", **changes)  # type: ignore[arg-type]


def press(qtbot: QtBot, shown: Shown, action: Action, *row_ids: str) -> None:
    with qtbot.waitSignal(shown.window.acts.told):
        shown.window.view.wanted.emit(Wanted(action, row_ids))


def test_three_rows_are_one_toast_and_one_undo(qtbot: QtBot, show: Show) -> None:
    shown = show(a_mixed_day())
    toast = shown.window.view.toast
    press(qtbot, shown, Action.HANDLED, "c0", "c1", "c2")
    assert toast.words.text() == "3 bookings noted: removed in PassagePoint."
    assert toast.undo.text() == "Undo all 3"
    with qtbot.waitSignal(shown.window.acts.told):
        toast.undo.click()
    undone = shown.engine.done[3:]
    assert [request.action for request in undone] == [Action.UNDO] * 3
    assert {request.row_id for request in undone} == {"c0", "c1", "c2"}
    assert toast.words.text() == "3 bookings undone."


def test_what_could_not_be_done_is_counted_apart() -> None:
    outcome = ActionOutcome(
        (
            done("a"),
            done("b"),
            done("c", error="The booking is over."),
            done("d", error="The booking is over."),
            done("e", queued=True),
        )
    )
    assert outcome.words() == (
        "2 bookings noted: removed in PassagePoint. 1 booking waits and goes out by itself. "
        "2 bookings not: The booking is over."
    )
    assert not outcome.is_error
    assert ActionOutcome((done("a"),)).words() == "Noted."
    assert ActionOutcome((done("a", error="No."),)).is_error


def texts_of(window: MainWindow) -> list[str]:
    shown = window.view.detail.buttons.findChildren(QPushButton)
    return [one.text() for one in shown if not one.isHidden()]


def test_a_mixed_selection_says_what_fits_how_many(qtbot: QtBot, show: Show) -> None:
    shown = show(a_mixed_day())
    window = shown.window
    window.table.selectAll()
    assert {"I removed it in PassagePoint (3)", "Register now (2)"} <= set(texts_of(window))
    removed = next(
        one
        for one in window.view.detail.buttons.findChildren(QPushButton)
        if one.text() == "I removed it in PassagePoint (3)" and not one.isHidden()
    )
    with qtbot.waitSignal(window.acts.told):
        removed.click()
    assert {request.row_id for request in shown.engine.done} == {"c0", "c1", "c2"}


def test_the_menu_opens_on_a_mixed_selection(qtbot: QtBot, show: Show) -> None:
    window = show(a_mixed_day()).window
    window.table.selectAll()
    window.table.customContextMenuRequested.emit(QPoint(20, 20))
    menu = next(one for one in window.table.findChildren(QMenu) if one.isVisible())
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert {"I removed it in PassagePoint (3)", "Register now (2)"} <= set(texts)
    menu.close()


def test_nobody_is_sent_a_second_time_among_many() -> None:
    row = a_row("r1", offers=(Action.REGISTER_AGAIN, Action.CORRECT_ID))
    assert Action.REGISTER_AGAIN in offers_of([row])
    assert offers_of([row, a_row("r2", offers=row.offers)]) == {}


def test_all_that_waits_is_registered_from_the_chip(qtbot: QtBot, show: Show) -> None:
    engine = a_mixed_day()
    shown = show(engine)
    window = shown.window
    [action] = window.header.chips.chip(Group.WAITING).actions()
    assert action.text().replace("&", "") == "Register all 2 waiting…"
    action.trigger()
    question = next(one for one in window.findChildren(Question) if one.isVisible())
    assert engine.requests + engine.done == []
    with qtbot.waitSignal(window.acts.told):
        question.choices["register_now"].click()
    assert {request.row_id for request in engine.done} == {"w0", "w1"}
    assert window.view.toast.words.text() == "2 bookings registered."


def test_with_nothing_waiting_the_chip_offers_nothing(show: Show) -> None:
    window = show(FakeEngine([a_row(), a_troubled_row("r2")])).window
    [action] = window.header.chips.chip(Group.WAITING).actions()
    assert not action.isEnabled()


def test_a_new_time_and_a_new_card_have_words_in_common() -> None:
    time = a_pass_row(PassState.CHANGED, Action.REGISTER_ANEW, row_id="a")
    card = a_pass_row(PassState.CARD_CHANGED, Action.REGISTER_ANEW, row_id="b")
    anew = Action.REGISTER_ANEW
    assert words_of_offer(anew, [time, card], ("a", "b")) == "Register as they are now… (2)"
    assert words_of_offer(anew, [card], ("b",)) == "Register the new card…"
