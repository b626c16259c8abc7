"""What a screen reader says: read from the tree that it reads, and from the events that it gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow, ServiceStatus
from core.domain.status import Action, Group, PassState
from gui.desk.wanted import Wanted
from gui.dialogs.notices import ShortHelp
from gui.looks.announcing import announce
from gui.table.columns import ACTION
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.cells import cell_at, stand_on
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


def three_rows() -> list[BookingRow]:
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    return [
        a_row("r1", NOON - timedelta(hours=1), name="Noor Haddad"),
        a_troubled_row("r2", NOON, name="Tom O'Brien"),
        replace(a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers), row_id="r3"),
    ]


@pytest.fixture
def window(qtbot: QtBot, show: Show) -> MainWindow:
    shown: MainWindow = show(FakeEngine(three_rows())).window
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.table.setFocus()
    return shown


def spoken(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def why(window: MainWindow, row_id: str) -> str:
    row = window.model.row(row_id)
    assert row is not None
    assert row.reason
    return f"{row.reason} {row.next_step}".strip()


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(window.table, key, held)


def test_the_row_with_the_keys_says_why_and_what_to_do(window: MainWindow) -> None:
    window.table.select("r2")
    assert spoken(window.table).focusChild().text(DESCRIPTION) == why(window, "r2")


def test_panel_field_and_first_button_say_why_and_what_to_do(window: MainWindow) -> None:
    window.table.select("r2")
    detail, buttons = window.view.detail, window.view.detail.buttons
    assert buttons.field is not None
    assert buttons.main is not None
    for part in (detail, detail._area, buttons.field, buttons.main):
        assert spoken(part).text(DESCRIPTION) == why(window, "r2"), part
    assert spoken(detail).text(NAME) == "Detail of Tom O'Brien"


def test_an_unclear_visit_is_answered_with_its_question_said(window: MainWindow) -> None:
    window.view.open_detail("r3")
    main = window.view.detail.buttons.main
    assert main is not None
    assert main.text() == Action.IT_IS_THERE.label
    assert spoken(main).text(DESCRIPTION) == why(window, "r3")


def test_every_button_of_the_detail_names_the_person(window: MainWindow) -> None:
    for row_id, person in (("r1", "Noor Haddad"), ("r2", "Tom O'Brien")):
        window.table.select(row_id)
        shown = [one for one in window.view.detail.findChildren(QPushButton) if one.isVisible()]
        assert shown
        for one in shown:
            assert spoken(one).text(NAME) == f"{one.text()}, {person}"


def test_what_is_in_the_menu_of_the_detail_is_about_the_person_too(
    qtbot: QtBot, show: Show
) -> None:
    offers = (Action.CORRECT_ID, Action.REGISTER_AGAIN, Action.ADD_COMPANION)
    shown = show(FakeEngine([a_row(name="Noor Haddad", offers=offers)]))
    shown.window.table.select("r1")
    QApplication.processEvents()
    buttons = shown.window.view.detail.buttons.findChildren(QPushButton)
    assert [one.text() for one in buttons] == ["Correct ID…", "More…"]
    more = buttons[-1]
    assert spoken(more).text(NAME) == "More…, Noor Haddad"
    assert spoken(more).role() == QAccessible.Role.ButtonMenu
    assert spoken(more.menu()).text(NAME) == "More…, Noor Haddad"
    entries = {one.text().replace("&", ""): one for one in more.menu().actions()}
    assert list(entries) == ["Send a second time…", "Add a companion…"]
    with qtbot.waitSignal(shown.window.view.wanted) as wanted:
        entries["Send a second time…"].trigger()
    assert wanted.args == [Wanted(Action.REGISTER_AGAIN, ("r1",))]


def test_hidden_data_is_not_said(window: MainWindow) -> None:
    window.table.select("r2")
    window.privacy.switch(True)
    detail = window.view.detail
    names = [spoken(one).text(NAME) for one in detail.findChildren(QWidget)]
    assert not [name for name in (*names, spoken(detail).text(NAME)) if "Brien" in name]


@pytest.mark.parametrize("key", [Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_PageUp])
def test_the_detail_follows_the_current_row_with_ctrl_too(window: MainWindow, key: Qt.Key) -> None:
    window.table.select(window.model.row_id_at(1))
    press(window, key, Qt.KeyboardModifier.ControlModifier)
    current = window.model.row_id_at(window.table.currentIndex().row())
    assert current == window.model.row_id_at(0)
    assert window.table.selected_ids() == [current]


def test_with_several_selected_ctrl_still_goes_to_a_further_one(window: MainWindow) -> None:
    window.table.select(window.model.row_id_at(0))
    press(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert window.table.currentIndex().row() == 2
    assert len(window.table.selected_ids()) == 2


def test_a_failed_correction_belongs_to_its_field(qtbot: QtBot, window: MainWindow) -> None:
    window.view.open_detail("r2")
    buttons = window.view.detail.buttons
    field = buttons.field
    assert field is not None
    buttons.show_problem("r2", "Alma doesn't know 777.")
    assert spoken(field).text(DESCRIPTION).startswith("Alma doesn't know 777.")
    field.setText("778")
    assert "777" not in spoken(field).text(DESCRIPTION)
    field.setFocus()
    buttons.show_problem("r2", "Alma doesn't know 778.")
    field.setText("779")
    assert spoken(field).text(DESCRIPTION) == "", "it would be read aloud while one types"
    window.table.setFocus()
    qtbot.waitUntil(lambda: spoken(field).text(DESCRIPTION) == why(window, "r2"))


def test_while_an_id_is_looked_up_its_field_says_nothing_of_itself(window: MainWindow) -> None:
    window.view.open_detail("r2")
    buttons = window.view.detail.buttons
    row = window.model.row("r2")
    assert buttons.field is not None
    assert row is not None
    buttons.field.setText("777")
    QTest.keyClick(buttons.field, Qt.Key.Key_Return)
    buttons.show_rows((replace(row, action=None, offers=()),), "Alma is asked.")
    assert buttons.field is None
    buttons.show_rows((row,), "The old reason.")
    assert spoken(buttons.field).text(DESCRIPTION) == "", "it would be said before the new one"
    buttons.show_problem("r2", "Alma doesn't know 777.")
    assert spoken(buttons.field).text(DESCRIPTION) == "Alma doesn't know 777. The old reason."


def test_an_answer_that_is_looked_up_elsewhere_silences_no_other_field(window: MainWindow) -> None:
    window.view.open_detail("r2")
    buttons = window.view.detail.buttons
    row = window.model.row("r2")
    assert buttons.field is not None
    assert row is not None
    buttons.field.setText("777")
    QTest.keyClick(buttons.field, Qt.Key.Key_Return)
    buttons.show_rows((replace(row, row_id="r9"),), "Another one's reason.")
    assert spoken(buttons.field).text(DESCRIPTION) == "Another one's reason."


# Said without being asked for, by the description of what has the focus: Orca 43 knows no other way


def test_news_are_said_by_the_row_with_the_keys_and_by_that_once(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_on(window, "r2", ACTION)
    said: list[tuple[str, str]] = []

    def hear(event: object) -> None:
        part = event.accessibleInterface()  # type: ignore[attr-defined]
        said.append((part.text(NAME), part.text(DESCRIPTION)))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    announce(window, "Registered")
    announce(window, "Registered")
    cell = spoken(window.table).focusChild()
    assert [name for name, _ in said] == [cell.text(NAME)] * 2
    assert [words.strip() for _, words in said] == ["Registered"] * 2
    assert said[0] != said[1], "the same description is no news"
    assert cell.text(DESCRIPTION) == why(window, "r2")


def test_news_are_said_by_the_field_with_the_focus_until_it_loses_that(
    qtbot: QtBot, window: MainWindow
) -> None:
    search = window.header.search
    search.setAccessibleDescription("its own")
    search.setFocus()
    announce(window, "1 booking")
    assert spoken(search).text(DESCRIPTION) == "1 booking"
    announce(window, "2 bookings")
    window.table.setFocus()
    # Not at once: it would be said, for a screen reader still has it for what has the focus.
    assert spoken(search).text(DESCRIPTION) == "2 bookings"
    qtbot.waitUntil(lambda: spoken(search).text(DESCRIPTION) == "its own")


def test_a_failure_is_said_once_by_its_field_and_once_more_where_it_fails_again(
    window: MainWindow,
) -> None:
    window.view.open_detail("r2")
    buttons, words = window.view.detail.buttons, "Alma doesn't know 777."
    assert buttons.field is not None
    buttons.field.setFocus()
    buttons.show_problem("r2", words)
    described = spoken(buttons.field).text(DESCRIPTION)
    announce(window.view, words)
    assert spoken(buttons.field).text(DESCRIPTION) == described, "a new one would be read aloud"
    announce(window.view, words)
    assert spoken(buttons.field).text(DESCRIPTION) == words


def test_without_the_focus_news_are_an_announcement(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[QAccessible.Event] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.type()))
    window.table.clearFocus()
    announce(window, "Online again")
    assert said == [QAccessible.Event.Announcement]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        part = event.accessibleInterface()
        said.append(part.text(DESCRIPTION))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return said


def test_several_selected_are_said_with_what_fits_them(
    window: MainWindow, heard: list[str]
) -> None:
    window.model.upsert([a_row("r4", NOON + timedelta(hours=4))])
    window.table.select("r1")
    window.table.selectAll()
    assert heard[-1].startswith("4 bookings selected. ")
    window.model.remove(["r2", "r3"])
    window.table.select("r1")
    window.table.selectAll()
    assert heard[-1].strip() == window.view.detail.words_for_several(window.model.shown_rows())
    assert heard[-1].startswith("2 bookings selected. ")


def test_nothing_that_fits_several_is_said_too(window: MainWindow, heard: list[str]) -> None:
    rows = [replace(row, action=None, offers=()) for row in three_rows()]
    window.model.upsert(rows)
    window.table.selectAll()
    assert heard[-1] == "3 bookings selected. Nothing fits all of them."


def test_the_end_of_an_outage_is_said_once(window: MainWindow, heard: list[str]) -> None:
    bad = ServiceStatus("Alma", ok=False, error="It doesn't answer.")
    window.sync._on_service(bad)
    good = ServiceStatus("Alma", ok=True, last_good_at=NOON)
    window.sync._on_service(good)
    window.sync._on_service(good)
    assert heard.count("Alma answers again.") == 1


def test_the_tick_of_a_service_is_said(window: MainWindow) -> None:
    window.sync._on_service(ServiceStatus("Alma", ok=True, last_good_at=NOON))
    line = window.header.services._lines["Alma"]
    assert spoken(line.text).text(NAME) == f"{line.text.text()}, up to date"
    assert spoken(line).text(NAME) == f"{line.text.text()}, up to date"


def test_fifteen_seconds_after_a_search_nothing_is_read_aloud(window: MainWindow) -> None:
    search = window.header.search
    QTest.keyClicks(search, "haddad")
    search.idle.timeout.emit()
    assert not search.hasSelectedText()


def test_the_arrivals_are_a_slider_with_a_value_and_keys(window: MainWindow) -> None:
    arrivals = window.header.arrivals
    assert spoken(arrivals).role() is QAccessible.Role.Slider
    assert spoken(arrivals).text(NAME) == "Arrivals by half hour"
    arrivals.setFocus()
    told = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right):
        QTest.keyClick(arrivals, key)
        told.append(arrivals.value())
        words = arrivals.words_for(arrivals.half_hour())
        assert spoken(arrivals).text(DESCRIPTION).strip() == words
    last = len(arrivals._bars) - 1
    assert told == [0, 1, last, last]
    assert spoken(arrivals).valueInterface().currentValue() == last
    with_space = arrivals.half_hour()
    QTest.keyClick(arrivals, Qt.Key.Key_Space)
    assert arrivals._chosen == with_space


def test_f1_says_keys_groups_and_what_is_stored_without_any_network(
    qtbot: QtBot, window: MainWindow
) -> None:
    QTest.keyClick(window.table, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(window.findChildren(ShortHelp)))
    shown = window.findChildren(ShortHelp)[0]
    qtbot.waitUntil(lambda: "Past bookings, with what became of them: 3 days" in shown.kept.text())
    said = {spoken(one).text(NAME) for one in shown.findChildren(QLabel)}
    assert "Ctrl+R, F5: syncs now" in said
    assert {group.label for group in Group} <= {name.partition(":")[0] for name in said}


# Where the keys are, a screen reader is told, and they go nowhere by themselves


def focused_parts(heard: list[tuple[QAccessible.Event, str]]) -> list[str]:
    return [name for kind, name in heard if kind is QAccessible.Event.Focus]


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QAccessible.Event, str]]:
    told: list[tuple[QAccessible.Event, str]] = []

    def hear(event: QAccessibleEvent) -> None:
        told.append((event.type(), event.accessibleInterface().text(NAME)))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return told


def test_from_the_search_the_keys_come_to_a_row_and_it_is_said(
    qtbot: QtBot, window: MainWindow, events: list[tuple[QAccessible.Event, str]]
) -> None:
    window.header.search.setFocus()
    QTest.keyClicks(window.header.search, "haddad")
    QTest.keyClick(window.header.search, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: focused_parts(events) == ["Time: 11:00–12:00"])


def test_in_a_list_the_item_is_said(
    qtbot: QtBot, window: MainWindow, events: list[tuple[QAccessible.Event, str]]
) -> None:
    todo = window.view.detail._todo._list
    todo.setCurrentRow(0)
    todo.setFocus()
    qtbot.waitUntil(lambda: focused_parts(events)[-1:] == [todo.item(0).text()])


def test_where_the_row_with_the_keys_goes_they_are_on_its_neighbour_but_on_no_button(
    window: MainWindow,
) -> None:
    stand_on(window, "r2", ACTION)
    line = window.table.currentIndex().row()
    window.model.remove(["r2"])
    assert window.table.currentIndex().row() == line
    assert window.table.currentIndex() != cell_at(window, line, ACTION)
    assert window.table.selected_ids() == []


def test_what_goes_while_it_has_the_keys_gives_them_to_the_table_and_to_nothing_else(
    window: MainWindow,
) -> None:
    came_to: list[QWidget | None] = []
    window.view.open_detail("r2")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusChanged.connect(lambda _old, new: came_to.append(new))
    window.table.clearSelection()
    assert came_to == [window.table]
    todo = window.view.detail._todo._list
    todo.setFocus()
    came_to.clear()
    todo.itemActivated.emit(todo.item(0))
    assert came_to == [window.table]


def test_what_goes_behind_a_dialog_gives_the_keys_to_the_table(window: MainWindow) -> None:
    window.view.open_detail("r3")
    window.menus.help()
    row = window.model.row("r3")
    assert row is not None
    window.model.upsert([replace(row, action=None, offers=())])
    assert window.focusWidget() is window.table


def test_whoever_asks_the_services_hears_how_fresh_all_is_and_nobody_else(
    qtbot: QtBot, show: Show, heard: list[str]
) -> None:
    shown = show(FakeEngine(three_rows()))
    window: MainWindow = shown.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.table.setFocus()
    with qtbot.waitSignal(window.sync.pass_ended):
        shown.worker.sync_now()
    words = window.header.services.words()
    assert words.startswith("LibCal ")
    assert words not in heard
    with qtbot.waitSignal(window.sync.pass_ended):
        QTest.keyClick(window.table, Qt.Key.Key_F5)
    assert heard[-1] == words
    window.header.sync.setFocus()
    assert spoken(window.header.sync).text(DESCRIPTION) == words


def test_the_keys_stay_on_sync_now_during_a_pass(window: MainWindow) -> None:
    window.header.sync.setFocus()
    window.sync._on_pass_started()
    assert window.header.sync.hasFocus()
    window.table.setFocus()
    window.sync._on_pass_started()
    assert not window.header.sync.isEnabled()


def test_whoever_was_never_asked_does_not_answer_again(
    window: MainWindow, heard: list[str]
) -> None:
    window.sync._on_service(ServiceStatus("Alma", ok=False))
    window.sync._on_service(ServiceStatus("Alma", ok=True, last_good_at=NOON, asked_at=NOON))
    assert heard == []


def test_what_is_said_while_a_dialog_closes_is_said_once_the_window_has_the_keys_again(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = window.header.search
    search.setFocus()
    with monkeypatch.context() as nobody:
        nobody.setattr(QApplication, "focusWidget", lambda: None)
        announce(window, "an older one")
        announce(window, "Registered")
    assert spoken(search).text(DESCRIPTION) != "Registered"
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: spoken(search).text(DESCRIPTION) == "Registered")


def test_tab_comes_to_a_new_strip_before_the_table(window: MainWindow) -> None:
    window.sync.pause()
    [resume] = window.strips.findChildren(QPushButton)
    part: QWidget | None = window.header.arrivals
    passed = []
    while part is not None and part is not window.table:
        passed.append(part)
        part = part.nextInFocusChain()
    assert resume in passed


def test_a_dialog_that_has_closed_says_nothing_any_more(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.header.search.setFocus()
    gone = QPushButton("Send a second time")
    qtbot.addWidget(gone)
    with monkeypatch.context() as closing:
        closing.setattr(QApplication, "focusWidget", lambda: gone)
        announce(window, "Registered")
    assert spoken(gone).text(DESCRIPTION) == ""
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: spoken(window.header.search).text(DESCRIPTION) == "Registered")


def test_how_much_is_to_do_is_said_but_not_of_what_the_desk_just_did(
    qtbot: QtBot, show: Show, heard: list[str]
) -> None:
    shown = show(FakeEngine([a_waiting_row("w1"), a_waiting_row("w2"), a_troubled_row("r1")]))
    spoken_of = shown.window.spoken
    with qtbot.waitSignal(spoken_of._more.timeout):  # what the day begins with
        spoken_of._more.setInterval(0)
    heard.clear()
    shown.engine.action_error = "Alma knows nobody."
    trouble = {"group": Group.NEEDS_PERSON, "label": "Not in Alma"}

    def change(row_id: str) -> None:
        with qtbot.waitSignal(spoken_of._more.timeout):
            shown.engine.change(row_id, **trouble)

    with qtbot.waitSignal(shown.worker.action_done):
        shown.window.view.wanted.emit(Wanted(Action.REGISTER_NOW, ("w1",)))
    change("w1")
    assert [words for words in heard if " to do" in words] == []
    change("w2")
    assert [words for words in heard if " to do" in words] == ["3 to do, 3 start within 30 min"]
