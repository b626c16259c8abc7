"""The whole window with a real worker thread and a fake engine."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.day.series import OtherDay
from core.domain.errors import CacheFull, ConfigError
from core.domain.models import ActionDone, BookingRow, HistoryEntry, Progress, RowsRemoved
from core.domain.status import Action, Group, PassState
from gui.desk.press_outcome import ActionOutcome
from gui.desk.wanted import Wanted
from gui.dialogs.base import Question
from gui.dialogs.ledger_question import NewLedger
from gui.table.columns import ACTION
from gui.table.row_filter import Span
from gui.window.main_window import MainWindow
from gui.work.opening import Opening
from tests.builders import NOON
from tests.gui.card_reader import type_as_reader
from tests.gui.cells import stand_on
from tests.gui.conftest import A_DESK, Show
from tests.gui.fake_engine import FakeEngine, registered
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row

# Says the offscreen platform of every dialog with a least size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ENTER = Qt.Key.Key_Return


def some_rows() -> list[BookingRow]:
    hour = timedelta(hours=1)
    return [
        a_row("r1", NOON - hour, sort_name="Haddad, Noor", primary_id="G10384421"),
        a_troubled_row("r2", NOON, sort_name="O'Brien, Tom", name="Tom O'Brien"),
        a_waiting_row("r3", NOON + hour, sort_name="Nguyen, Wei", primary_id="G10377841"),
    ]


def press_cell(qtbot: QtBot, window: MainWindow, row_id: str) -> None:
    """Select the action's cell and press it with Space."""
    stand_on(window, row_id, ACTION)
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Space)


def dialog_of(window: MainWindow) -> Question:
    return next(one for one in window.findChildren(Question) if one.isVisible())


def test_cached_day_is_shown_while_the_first_pass_still_runs(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.holding = threading.Event()
    shown = show(engine, waits=False)
    qtbot.waitUntil(lambda: shown.window.model.rowCount() == 3)
    assert not engine.holding.is_set()
    engine.holding.set()


def test_chips_add_up_to_the_sum(show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    numbers = [window.header.chips._groups[group].number for group in Group]
    assert numbers == [1, 1, 1, 0]
    assert window.windowTitle() == "LibCal2PP – 1 to do"


def test_register_now_by_space_ends_as_registered(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    with qtbot.waitSignal(shown.worker.action_done):
        press_cell(qtbot, shown.window, "r3")
    row = shown.window.model.row("r3")
    assert row is not None
    assert row.passagepoint is PassState.REGISTERED
    assert "Main" not in shown.engine.done[0].who
    assert shown.engine.done[0].action is Action.REGISTER_NOW


def test_a_button_cannot_be_pressed_twice(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    with qtbot.waitSignal(shown.worker.action_done):
        press_cell(qtbot, shown.window, "r3")
        press_cell(qtbot, shown.window, "r3")
    assert len(shown.engine.done) == 1


def test_enter_opens_the_detail_and_registers_nothing(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()), size=(1000, 700))
    stand_on(shown.window, "r3", ACTION)
    assert not shown.window.view.detail.isVisible()
    QTest.keyClick(shown.window.table, ENTER)
    assert shown.window.view.detail.isVisible()
    assert shown.engine.requests + shown.engine.done == []
    QTest.keyClick(shown.window, Qt.Key.Key_Escape)
    assert not shown.window.view.detail.isVisible()


def test_correct_id_asks_in_the_detail_and_registers(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    press_cell(qtbot, shown.window, "r2")
    field = shown.window.view.detail.buttons.field
    assert field is not None
    QTest.keyClicks(field, "G10157911")
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(field, ENTER)
    assert dict(shown.engine.done[0].detail) == {"id": "G10157911"}
    qtbot.waitUntil(lambda: shown.window.model.row("r2").group is Group.REGISTERED)  # type: ignore[union-attr]


def test_an_id_known_from_another_day_of_the_series_is_offered(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.other_day = OtherDay("G10157911", NOON - timedelta(days=1))
    shown = show(engine)
    window = shown.window
    window.table.select("r2")
    buttons = window.view.detail.buttons
    qtbot.waitUntil(lambda: buttons.suggested is not None)
    assert buttons.suggested is not None
    assert buttons.suggested.text() == "Use G10157911"
    assert buttons.suggestion.text() == "Corrected on Sun, 22 Nov to"
    window.privacy.switch(True)
    assert buttons.suggested.text() == "Use …7911"
    with qtbot.waitSignal(shown.worker.action_done):
        buttons.suggested.click()
    assert dict(engine.done[0].detail) == {"id": "G10157911"}


@pytest.mark.parametrize("corrects", [True, False])
def test_after_a_correction_the_other_days_in_the_list_are_asked_about(
    qtbot: QtBot, show: Show, *, corrects: bool
) -> None:
    tomorrow = NOON + timedelta(days=1)
    rows = [
        a_troubled_row("r1", book_id="cs_1"),
        a_troubled_row("r2", tomorrow, book_id="cs_1"),
        a_troubled_row("r3", tomorrow, book_id="cs_1", id_answer="G99"),
        a_troubled_row("r4", book_id="cs_2"),
    ]
    shown = show(FakeEngine(rows))
    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.wanted.emit(Wanted(Action.CORRECT_ID, ("r1",), {"id": "G10157911"}))
    question = dialog_of(shown.window)
    assert question.text.text().endswith("wrong there as well: Tue 12:00.")
    assert [request.row_id for request in shown.engine.done] == ["r1"]
    if not corrects:
        question.reject()
        assert shown.engine.requests == []
        return
    with qtbot.waitSignal(shown.worker.action_done):
        question.choices["correct"].click()
    assert [request.row_id for request in shown.engine.done] == ["r1", "r2"]
    assert dict(shown.engine.done[1].detail) == {"id": "G10157911"}


def test_correct_id_from_among_the_other_buttons_brings_its_field(qtbot: QtBot, show: Show) -> None:
    row = a_pass_row(PassState.CARD_CHANGED, Action.REGISTER_ANEW, Action.CORRECT_ID)
    window = show(FakeEngine([row])).window
    window.table.select("r1")
    assert window.view.detail.buttons.field is None
    window.view.wanted.emit(Wanted(Action.CORRECT_ID, ("r1",)))
    field = window.view.detail.buttons.field
    assert field is not None
    assert field.hasFocus()


def test_a_booking_that_is_well_has_no_loud_button(show: Show) -> None:
    row = a_row(offers=(Action.CORRECT_ID,), action=None)
    window = show(FakeEngine([row])).window
    window.table.select("r1")
    buttons = window.view.detail.buttons
    assert buttons.field is None
    assert buttons.main is not None
    assert buttons.main.text() == "Correct ID…"
    assert not buttons.main.property("primary")
    buttons.main.click()
    assert buttons.field is not None


def test_history_is_newest_first(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.log = [HistoryEntry(NOON, "first"), HistoryEntry(NOON + timedelta(hours=1), "second")]
    window = show(engine).window
    window.table.select("r1")
    lines = window.view.detail._history.findChildren
    qtbot.waitUntil(lambda: len(lines(QLabel)) == 4)
    assert [one.text() for one in lines(QLabel)] == ["13:00", "second", "12:00", "first"]


def test_a_half_typed_id_survives_a_refresh(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.window.table.select("r2")
    field = shown.window.view.detail.buttons.field
    assert field is not None
    field.setText("G101")
    with qtbot.waitSignal(shown.worker.rows_changed):
        shown.engine.change("r2", has_arrived=True)
    assert shown.window.view.detail.buttons.field is field
    assert field.text() == "G101"


def test_unclear_is_resolved_by_a_question(qtbot: QtBot, show: Show) -> None:
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    shown = show(FakeEngine([a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers)]))
    press_cell(qtbot, shown.window, "r1")
    question = dialog_of(shown.window)
    assert set(question.choices) == {"it_is_there", "register_again"}
    with qtbot.waitSignal(shown.worker.action_done):
        question.choices["it_is_there"].click()
    assert shown.engine.done[0].action is Action.IT_IS_THERE


def test_a_tentative_booking_is_registered_only_after_a_question(qtbot: QtBot, show: Show) -> None:
    row = a_waiting_row(group=Group.EXCLUDED, libcal="Mediated Tentative")
    shown = show(FakeEngine([row]))
    press_cell(qtbot, shown.window, "r1")
    assert "Mediated Tentative" in dialog_of(shown.window).text.text()
    assert shown.engine.requests + shown.engine.done == []


def test_register_now_asks_while_sending_is_stopped(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    status = replace(engine.services["PassagePoint"], sending_stopped=True)
    engine.services["PassagePoint"] = status
    shown = show(engine)
    press_cell(qtbot, shown.window, "r3")
    assert "doubtful" in dialog_of(shown.window).text.text()


def test_register_now_asks_beside_other_computers(qtbot: QtBot, show: Show) -> None:
    desk = replace(A_DESK, registers_automatically=False, is_beside_others=True)
    shown = show(FakeEngine(some_rows()), desk=desk)
    press_cell(qtbot, shown.window, "r3")
    dialog = dialog_of(shown.window)
    assert "Another computer may have registered this already" in dialog.text.text()
    assert shown.engine.requests + shown.engine.done == []


def test_a_wrong_id_stays_in_its_field_and_says_why(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.action_error = "Alma knows nobody with G10999999."
    shown = show(engine)
    buttons = shown.window.view.detail.buttons
    press_cell(qtbot, shown.window, "r2")
    assert buttons.field is not None
    QTest.keyClicks(buttons.field, "G10999999")
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(buttons.field, ENTER)
    assert buttons.problem is not None
    assert buttons.problem.text() == engine.action_error
    assert buttons.field.hasFocus()
    assert buttons.field.selectedText() == "G10999999"


def test_the_keyboard_goes_to_the_table_when_its_button_is_gone(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    press_cell(qtbot, shown.window, "r2")
    field = shown.window.view.detail.buttons.field
    assert field is not None
    QTest.keyClicks(field, "G10157911")
    with qtbot.waitSignal(shown.worker.action_done):
        QTest.keyClick(field, ENTER)
    assert shown.window.table.hasFocus()
    assert shown.window.table.selected_ids() == ["r2"]


def test_what_the_desk_asks_for_between_two_passes_is_no_sync(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    with qtbot.waitSignal(shown.worker.progress):
        shown.engine.report(Progress(1, 1))
    assert not shown.window.status._bar.isVisible()


def test_a_long_sentence_about_what_happened_is_not_cut_off(show: Show) -> None:
    window = show(FakeEngine(some_rows()), size=(960, 600)).window
    toast = window.view.toast
    toast.say("Registered.")
    low = toast.height()
    toast.say("PassagePoint could not be reached, so this is kept and goes out by itself. " * 4)
    assert toast.height() > 2 * low
    assert toast.words.height() >= toast.words.heightForWidth(toast.words.width())
    assert window.table.rect().contains(toast.geometry())


def test_undo_does_not_vanish_under_the_hand(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    toast = window.view.toast
    done = ActionDone("q", "r1", Action.HANDLED, "Noted.", decision_id="d1")
    toast.say("Noted.", ActionOutcome((done,)))
    toast.undo.setFocus()
    toast._timer.timeout.emit()
    assert toast.isVisible()
    window.table.setFocus()
    toast._timer.timeout.emit()
    assert not toast.isVisible()


def test_undo_of_the_last_action_is_offered(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.decision_id = "d1"
    shown = show(engine)
    shown.window.view.wanted.emit(Wanted(Action.HANDLED, ("r1",)))
    qtbot.waitUntil(lambda: shown.window.view.toast.isVisible())
    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.toast.undo.click()
    assert engine.done[1].action is Action.UNDO
    assert dict(engine.done[1].detail) == {"decision_id": "d1"}


def test_what_was_asked_for_elsewhere_raises_no_toast_here(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    with qtbot.waitSignal(shown.worker.action_done):
        shown.engine.report(ActionDone("q", "r1", Action.HANDLED, "The booking is over.", "Over."))
    assert not shown.window.view.toast.isVisible()


def test_a_queued_register_now_is_seen_and_goes_out_by_itself(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.queues = True
    shown = show(engine)
    window = shown.window
    with qtbot.waitSignal(shown.worker.action_done):
        press_cell(qtbot, window, "r3")
    row = window.model.shown_row("r3")
    assert row is not None
    assert (row.label, row.action) == ("Queued", None)
    press_cell(qtbot, window, "r3")
    assert len(engine.done) == 1
    with qtbot.waitSignal(shown.worker.rows_changed):
        engine.change("r3", **registered())
    assert window.model.shown_row("r3") == window.model.row("r3")


def test_a_failed_action_says_why_and_offers_no_undo(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.action_error = "This booking is no longer in the list."
    shown = show(engine, size=(1000, 700))  # where no detail says it
    with qtbot.waitSignal(shown.worker.action_done):
        press_cell(qtbot, shown.window, "r3")
    assert shown.window.view.toast.words.text() == engine.action_error
    assert not shown.window.view.toast.undo.isVisible()


def test_selection_scroll_and_detail_survive_new_rows(qtbot: QtBot, show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=at)) for at in range(100)]
    shown = show(FakeEngine(rows))
    window = shown.window
    window.table.select("r50")
    top = window.model.row_id_at(window.table.rowAt(0))
    new = [a_row(f"n{at}", NOON - timedelta(hours=2)) for at in range(60)]
    window.model.upsert(new)
    assert window.table.selected_ids() == ["r50"]
    assert window.model.row_id_at(window.table.rowAt(0)) == top


def test_nothing_else_is_selected_when_the_selected_booking_vanishes(
    qtbot: QtBot, show: Show
) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.window.table.select("r2")
    with qtbot.waitSignal(shown.worker.rows_removed):
        shown.engine.report(RowsRemoved(("r2",)))
    assert shown.window.table.selected_ids() == []


def test_typing_anywhere_searches_and_escape_clears(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.table.setFocus()
    QTest.keyClicks(window.table, "n")
    assert window.header.search.hasFocus()
    QTest.keyClicks(window.header.search, "guyen")
    assert [row.row_id for row in window.model.shown_rows()] == ["r3"]
    QTest.keyClick(window.header.search, Qt.Key.Key_Escape)
    assert window.model.rowCount() == 3


def test_the_only_booking_found_is_shown_and_enter_goes_to_it(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    window = shown.window
    QTest.keyClicks(window.header.search, "brien")
    assert window.view.detail._name.text() == "Tom O'Brien"
    QTest.keyClick(window.header.search, ENTER)
    assert window.view.detail.buttons.field is not None
    assert window.view.detail.buttons.field.hasFocus()
    assert shown.engine.requests + shown.engine.done == []


def test_enter_goes_to_the_first_of_several_found(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    QTest.keyClicks(window.header.search, "g1")
    assert window.model.rowCount() > 1
    assert window.table.selected_ids() == []
    QTest.keyClick(window.header.search, ENTER)
    assert window.table.selected_ids() == [window.model.row_id_at(0)]
    assert window.table.hasFocus()


def test_typing_for_the_next_reader_begins_a_new_search(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    type_as_reader(window, "G10377841\r")
    window.table.setFocus()
    QTest.keyClicks(window.table, "h")
    assert window.header.search.text() == "h"
    search = window.header.search
    QTest.keyClicks(search, "addad")
    search.idle.setInterval(0)
    search.idle.start()
    qtbot.waitUntil(lambda: search._is_for_next)
    assert not search.hasSelectedText()
    QTest.keyClicks(search, "obr")
    assert search.text() == "obr"


def test_ctrl_f_replaces_what_was_searched_for(show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.header.search.setText("haddad")
    window.header.search.begin()
    assert window.header.search.hasFocus()
    assert window.header.search.selectedText() == "haddad"


def test_typing_does_not_search_where_that_is_switched_off(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window._preferences.change(typing_searches=False)
    window.table.setFocus()
    QTest.keyClicks(window.table, "n")
    assert window.header.search.text() == ""


def test_an_empty_search_says_why_and_clears(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.header.search.setText("nobody")
    assert window.view.empty.title.text() == "No booking today for nobody"
    assert "12:00" in window.view.empty.text.text()
    window.view.empty.clear.click()
    assert window.model.rowCount() == 3
    assert not window.view.empty.isVisible()


def test_nobody_is_said_to_have_no_booking_while_a_filter_hides_it(show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.finder.show_todo()
    window.header.search.setText("haddad")
    empty = window.view.empty
    assert empty.title.text() == "1 booking for haddad, hidden by the filters"
    assert not empty.elsewhere.isVisible()
    empty.found.click()
    assert [row.row_id for row in window.model.shown_rows()] == ["r1"]
    window.header.search.setText("nobody")
    assert empty.title.text() == "No booking today for nobody"


def test_a_chip_pressed_again_shows_everything(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    chip = window.header.chips._groups[Group.NEEDS_PERSON]
    chip.click()
    assert window.model.rowCount() == 1
    chip.click()
    assert window.model.rowCount() == 3


def test_spans_and_half_hours_exclude_each_other(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.header.chips._spans[Span.NEXT_HOUR].click()
    assert [row.row_id for row in window.model.shown_rows()] == ["r2"]
    window.header.arrivals.setFocus()
    QTest.keyClick(window.header.arrivals, Qt.Key.Key_Space)
    assert [row.row_id for row in window.model.shown_rows()] == ["r1"]


def test_broken_settings_open_the_window_and_can_be_tried_again(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.open_error = ConfigError("config.yml can't be used.", "Mend it.")
    shown = show(engine, waits=False)
    qtbot.waitUntil(lambda: "Mend it." in " ".join(shown.window.strips.texts()))
    engine.open_error = None
    with qtbot.waitSignal(shown.worker.question_changed):
        shown.worker.open_again()
    assert shown.window.model.rowCount() == 3
    assert shown.window.strips.texts() == ()


def test_what_failed_is_told_until_a_pass_went_well(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.pass_error = CacheFull("There is no room left on the disk.")
    shown = show(engine)
    told = []
    shown.worker.pass_started.connect(lambda: told.append(shown.window.strips.texts()))
    assert shown.window.strips.texts() == ("There is no room left on the disk.",)
    engine.pass_error = None
    with qtbot.waitSignal(shown.worker.question_changed):
        shown.worker.sync_now()
    assert told == [("There is no room left on the disk.",)]
    assert shown.window.strips.texts() == ()


def test_an_engine_made_anew_brings_its_own_day(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    rows = some_rows()[1:]
    shown.worker.opened.emit(Opening(tuple(rows), shown.engine.services, None))
    assert {row.row_id for row in shown.window.model.day_rows()} == {"r2", "r3"}


def test_the_network_lost_and_back(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    good = dict(shown.engine.services)
    for name, status in good.items():
        shown.engine.services[name] = replace(status, ok=False, error="No network.")
    with qtbot.waitSignal(shown.worker.question_changed):
        shown.worker.sync_now()
    assert shown.window.strips.texts()[0].startswith("Offline since 12:00, showing 12:00.")
    shown.engine.services = good
    with qtbot.waitSignal(shown.worker.question_changed):
        shown.worker.sync_now()
    assert shown.window.strips.texts() == ()


def test_pause_shows_a_strip_and_ends_by_its_button(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.window.sync.pause()
    assert shown.window.strips.texts()[0].startswith("Paused until 12:15")
    with qtbot.waitSignal(shown.worker.pass_started):
        shown.window.sync.resume()
    assert shown.window.strips.texts() == ()


def test_pause_ends_after_a_quarter_of_an_hour(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.window.sync.pause()
    shown.clock.advance(minutes=14)
    shown.window.minute_clock.tick()
    assert shown.window.strips.texts()[0].startswith("Paused until 12:15")
    shown.clock.advance(minutes=1)
    with qtbot.waitSignal(shown.worker.pass_started):
        shown.window.minute_clock.tick()
    assert shown.window.strips.texts() == ()


def test_after_sleep_one_sync_waits_for_the_network(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.clock.advance(hours=2)
    with qtbot.waitSignal(shown.worker.next_pass_at) as told:
        shown.window.minute_clock.tick()
    assert told.args == [shown.clock.now() + timedelta(seconds=30)]
    assert shown.engine.passes == 1


def test_the_question_of_a_new_ledger_is_answered(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine(some_rows())
    engine.open_question = "Is any of today's bookings registered already?"
    shown = show(engine)
    shown.window.menus.answer_question()
    dialog = shown.window.findChild(NewLedger)
    assert dialog is not None
    assert not dialog.choices["none"].isEnabled()
    dialog.alone.click()
    with qtbot.waitSignal(shown.worker.pass_ended):
        dialog.choices["none"].click()
    qtbot.waitUntil(lambda: shown.window.strips.texts() == ())
    assert engine.log[0].text == "New ledger: none"


def test_the_question_of_a_new_ledger_says_which_bookings_and_presets_no_answer(
    qtbot: QtBot, show: Show
) -> None:
    rows = [replace(row, is_asked_about=number < 2) for number, row in enumerate(some_rows())]
    engine = FakeEngine(rows)
    engine.open_question = "The record is an older copy. Is any of these registered already?"
    shown = show(engine)
    shown.window.menus.answer_question()
    dialog = shown.window.findChild(NewLedger)
    assert dialog is not None
    assert "these 2 bookings" in dialog.text.text()
    assert dialog.list.count() == 2
    lines = [dialog.list.item(at).text() for at in range(2)]
    assert all(any(row.sort_name in line for line in lines) for row in rows[:2])
    qtbot.waitUntil(dialog.isVisible)
    focused = dialog.focusWidget()
    assert focused is dialog.choices["each"]
    with qtbot.waitSignal(dialog.answered) as told:
        QTest.keyClick(focused, Qt.Key.Key_Space)
    assert told.args == ["each"]


def test_the_question_of_a_new_ledger_hides_names_where_they_are_hidden(show: Show) -> None:
    rows = [replace(row, is_asked_about=True) for row in some_rows()]
    engine = FakeEngine(rows)
    engine.open_question = "Is any of these registered already?"
    shown = show(engine)
    shown.window.model.set_hiding(hides=True)
    shown.window.menus.answer_question()
    dialog = shown.window.findChild(NewLedger)
    assert dialog is not None
    lines = [dialog.list.item(at).text() for at in range(dialog.list.count())]
    assert lines
    assert not any(row.last_name in line for row in rows for line in lines if row.last_name)


def test_quitting_says_how_many_will_not_be_registered(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.close()
    assert window.isVisible()
    question = dialog_of(window)
    assert "1 booking until the evening" in question.text.text()
    question.choices["quit"].click()
    assert not window.isVisible()


def test_practice_is_unmistakable_and_quits_without_a_question(show: Show) -> None:
    window = show(FakeEngine(some_rows()), desk=replace(A_DESK, practice=True)).window
    assert window.strips.texts()[0].startswith("Practice")
    assert "Practice" in window.windowTitle()
    assert window.close()


def test_window_title_and_toast_never_carry_a_name(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.table.select("r2")
    assert "Brien" not in window.windowTitle()


def test_names_from_outside_are_plain_text(show: Show) -> None:
    window = show(FakeEngine([a_troubled_row(name="<b>Tom</b>")])).window
    window.table.select("r1")
    assert window.view.detail._name.text() == "<b>Tom</b>"
    assert window.view.detail._name.textFormat() is Qt.TextFormat.PlainText


def test_hidden_data_is_hidden_in_the_detail_too(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(some_rows()))
    shown.window.table.select("r2")
    shown.window.model.set_hiding(hides=True)
    assert shown.window.view.detail._name.text() == "T. O."


@pytest.mark.parametrize("size", [(960, 600), (2560, 1440)])
def test_every_column_fits_from_the_smallest_to_the_largest_window(
    show: Show, size: tuple[int, int]
) -> None:
    window = show(FakeEngine(some_rows()), size=size).window
    assert window.size().width() == size[0]
    assert window.table.horizontalScrollBar().maximum() == 0


def test_at_200_percent_everything_is_still_reachable(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(some_rows())).window
    window.menus._set_text_size(200)
    window.view.open_detail("r2")
    assert window.view.detail.isVisible()
    assert window.width() <= 1366


def test_past_rows_that_were_looked_at_are_marked(qtbot: QtBot, show: Show) -> None:
    ended = a_row(group=Group.EXCLUDED, passagepoint=PassState.NOT_NEEDED, is_over=True)
    shown = show(FakeEngine([ended]))
    shown.window.table.select("r1")
    qtbot.waitUntil(lambda: shown.engine.seen == ["r1"])


def test_several_unclear_rows_are_resolved_by_keyboard(qtbot: QtBot, show: Show) -> None:
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    unclear = a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers)
    shown = show(FakeEngine([replace(unclear, row_id=one) for one in ("r1", "r2")]))
    window = shown.window
    window.table.select("r1")
    QTest.keyClick(window.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    main = window.view.detail.buttons.main
    assert main is not None
    qtbot.waitUntil(main.isVisible)
    QTest.keyClick(window.table, ENTER)
    assert window.table.selected_ids() == ["r1", "r2"]
    assert main.hasFocus()
    QTest.keyClick(main, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown.engine.done) == 2)
    assert {one.action for one in shown.engine.done} == {Action.IT_IS_THERE}


def test_several_rows_are_registered_at_once(qtbot: QtBot, show: Show) -> None:
    rows = [a_waiting_row("r1"), a_waiting_row("r2")]
    shown = show(FakeEngine(rows))
    shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("r1", "r2")))
    qtbot.waitUntil(lambda: len(shown.engine.done) == 2)
