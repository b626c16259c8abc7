"""By keyboard alone, by ear alone, by tired eyes: the window and its dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow, HistoryEntry
from core.domain.status import Action, Group, PassState, PatronState, Tone
from core.services.findings import Finding
from gui.desk.wanted import Wanted
from gui.dialogs.about import About
from gui.dialogs.elsewhere import LookElsewhere
from gui.dialogs.report import CheckList
from gui.looks.scrolling import Scrolling
from gui.looks.theme import TONE_ICONS
from gui.table.booking_model import CELL_ROLE
from gui.table.columns import ACTION, BY_NAME, COLUMNS
from gui.window.main_window import MainWindow
from tests.builders import NOON, a_booking
from tests.gui.cells import cell_at
from tests.gui.conftest import Show, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SMALLEST_TARGET = 24
NEED_A_NAME = {
    QAccessible.Role.Button,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.CheckBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Table,
    QAccessible.Role.ColumnHeader,
    QAccessible.Role.MenuItem,
    QAccessible.Role.ListItem,
}


def some_rows() -> list[BookingRow]:
    hour = timedelta(hours=1)
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    rows = [
        a_row("r1", NOON - hour, sort_name="Haddad, Noor"),
        a_troubled_row("r2", NOON, sort_name="O'Brien, Tom", name="Tom O'Brien"),
        a_waiting_row("r3", NOON + hour, sort_name="Nguyen, Wei"),
        a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers),
        a_row("r5", NOON + hour, location="Annex", location_id="10332"),
    ]
    return [replace(row, email="x@example.edu", barcode="22820001") for row in rows]


@pytest.fixture
def window(qtbot: QtBot, show: Show) -> MainWindow:
    """With strips, a selected booking that has everything, and its history."""
    engine = FakeEngine(some_rows())
    engine.log = [HistoryEntry(NOON, "Booking first seen")]
    shown: MainWindow = show(engine).window
    shown.theme.load_icons()
    shown.sync.pause()
    shown.table.select("r2")
    qtbot.waitUntil(lambda: shown.view.detail._history_title.isVisible())
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    return shown


def _check_list(window: MainWindow) -> None:
    dialog = CheckList(window, window.theme)
    dialog.open()
    dialog.show_results([Finding("Alma", False, "It refuses the key.")])


def _press(action: Action) -> Callable[[MainWindow], None]:
    def press(window: MainWindow) -> None:
        rows = [row for row in window.model.day_rows() if action in (row.action, *row.offers)]
        window.view.wanted.emit(Wanted(action, (rows[0].row_id,)))

    return press


DIALOGS: dict[str, Callable[[MainWindow], object]] = {
    "about": lambda window: About(window).open(),
    "activity log": lambda window: window.menus.activity(),
    "by hand": _press(Action.BY_HAND),
    "check connections": _check_list,
    "clean up": lambda window: window.menus.cache.clean_up(),
    "columns": lambda window: window.menus.choose_columns(),
    "elsewhere": lambda window: LookElsewhere(window, window._worker, "x", british()).open(),
    "export": lambda window: window.menus.file.export(),
    "export for import": lambda window: window.menus.file.export_for_import(),
    "forget": lambda window: window.menus.cache.forget(),
    "held about": lambda window: window.menus.cache.held_about(),
    "initials": lambda window: window.menus.ask_initials(),
    "help": lambda window: window.menus.help(),
    "quit": lambda window: window.close(),
    "resolve": _press(Action.RESOLVE),
}
EACH_DIALOG = pytest.mark.parametrize("name", list(DIALOGS))


def opened(window: MainWindow, name: str) -> QDialog:
    DIALOGS[name](window)
    QApplication.processEvents()
    return next(one for one in window.findChildren(QDialog) if one.isVisible())


def spoken_parts(part: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Everything that a screen reader finds in ``part``."""
    yield part
    for at in range(part.childCount()):
        child = part.child(at)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from spoken_parts(child)


def tab_order(window: MainWindow) -> list[str]:
    """What Tab goes to from the table on, by name, until the status bar."""
    names: list[str] = []
    part = window.table.nextInFocusChain()
    while part is not None and part.accessibleName() != "Initials: none":
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible():
            names.append(part.accessibleName() or part.property("text"))
        part = part.nextInFocusChain()
    return names


def test_tab_goes_from_the_table_through_the_detail_from_top_to_bottom(show: Show) -> None:
    window: MainWindow = show(FakeEngine(some_rows())).window
    window.view.open_detail("r2")
    QApplication.processEvents()
    panel, field, main, *rest = tab_order(window)
    who = "Tom O'Brien"
    assert panel == f"Detail of {who}"
    assert (field, main) == ("University ID or card barcode", f"Correct ID and register, {who}")
    first, others = rest.index(f"By hand…, {who}"), rest.index("12:00 Unclear · Main Library")
    copies = [f"{words}, {who}" for words in ("Copy barcode", "Copy e-mail")]
    assert others == first + 1
    copy = rest.index(copies[0])
    assert (copy > others, rest[copy : copy + 2]) == (True, copies)


def nameless(widget: QWidget) -> list[str]:
    parts = spoken_parts(QAccessible.queryAccessibleInterface(widget))
    return [
        f"{part.role().name} {part.object()}"
        for part in parts
        if part.role() in NEED_A_NAME and not part.text(QAccessible.Text.Name).strip()
    ]


def controls(widget: QWidget) -> set[QWidget]:
    """What the keyboard should reach."""
    return {
        one
        for one in widget.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.window() is widget
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(one.focusProxy(), QWidget)
    }


def reached_by_tab(widget: QWidget) -> set[QWidget]:
    reached: set[QWidget] = set()
    for _ in range(80):
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return reached


def picture(widget: QWidget) -> QImage:
    return widget.window().grab().toImage()


def too_small(widget: QWidget) -> list[str]:
    """What is harder to hit than it should be."""
    return [
        f"{one} {one.width()}×{one.height()}"
        for one in widget.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QLineEdit)
        and one.isVisible()
        and min(one.width(), one.height()) < SMALLEST_TARGET
    ]


def test_every_part_of_the_window_has_a_name(window: MainWindow) -> None:
    assert nameless(window) == []


@EACH_DIALOG
def test_a_dialog_begins_at_its_first_field_or_button(window: MainWindow, name: str) -> None:
    dialog = opened(window, name)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.window() is dialog
    assert not isinstance(focused, Scrolling)


@EACH_DIALOG
def test_every_part_of_a_dialog_has_a_name(window: MainWindow, name: str) -> None:
    assert nameless(opened(window, name)) == []


@EACH_DIALOG
def test_every_field_of_a_dialog_has_a_label_that_is_seen(window: MainWindow, name: str) -> None:
    dialog = opened(window, name)
    labelled = [one.buddy() for one in dialog.findChildren(QLabel) if one.isVisible()]
    assert [one for one in dialog.findChildren(QLineEdit) if one not in labelled] == []


def test_the_id_field_has_a_label_that_is_seen(window: MainWindow) -> None:
    field = window.view.detail.buttons.field
    labels = [one for one in window.view.detail.findChildren(QLabel) if one.buddy() is field]
    assert [one.text() for one in labels if one.isVisible()] == ["University ID or card barcode"]


def test_a_screen_reader_finds_the_table_cell_by_cell(window: MainWindow) -> None:
    table = QAccessible.queryAccessibleInterface(window.table)
    names = {part.text(QAccessible.Text.Name) for part in spoken_parts(table)}
    assert {"Time, sorted ascending", "What to do"} <= names
    assert {
        "Person: O'Brien, Tom",
        "PassagePoint: not registered, ID not valid",
        "Correct ID…, button",
    } <= names


def test_tab_reaches_every_control_of_the_window(window: MainWindow) -> None:
    window.table.setFocus()
    assert controls(window) - reached_by_tab(window) == set()


@EACH_DIALOG
def test_tab_reaches_every_control_of_a_dialog(window: MainWindow, name: str) -> None:
    dialog = opened(window, name)
    assert controls(dialog) - reached_by_tab(dialog) == set()


def test_the_focus_is_visible_on_every_control(window: MainWindow) -> None:
    QApplication.setCursorFlashTime(0)  # a blinking cursor would count as a difference
    for control in controls(window):
        window.strips.setFocus()
        before = picture(control)
        control.setFocus(Qt.FocusReason.TabFocusReason)
        assert picture(control) != before, control.accessibleName() or control


def test_everything_in_the_window_is_large_enough_to_hit(window: MainWindow) -> None:
    assert too_small(window) == []
    cell = window.table.visualRect(cell_at(window, 1, ACTION))
    target = window.table._cells.button_rect(cell, "Choose…")
    assert min(target.width(), target.height()) >= SMALLEST_TARGET


@EACH_DIALOG
def test_everything_in_a_dialog_is_large_enough_to_hit(window: MainWindow, name: str) -> None:
    assert too_small(opened(window, name)) == []


def test_columns_are_sorted_by_keyboard(window: MainWindow) -> None:
    menu = next(one for one in window.menuBar().actions() if one.text() == "&View").menu()
    assert isinstance(menu, QMenu)
    sorting = next(one.menu() for one in menu.actions() if one.text() == "S&ort by")
    assert isinstance(sorting, QMenu)
    assert [one.text() for one in sorting.actions()][:2] == ["&Time", "&Person"]
    sorting.actions()[1].trigger()
    names = [row.sort_name for row in window.model.shown_rows()]
    assert names == sorted(names)
    sorting.actions()[1].trigger()
    assert [row.sort_name for row in window.model.shown_rows()] == names[::-1]


# Said without being asked for


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if event.type() is QAccessible.Event.Announcement:
            said.append(event.message())  # type: ignore[attr-defined]
        else:
            said.append(event.accessibleInterface().text(QAccessible.Text.Description))

    describe = QWidget.setAccessibleDescription

    def hear_description(widget: QWidget, words: str) -> None:
        describe(widget, words)
        if widget.hasFocus():
            said.append(words)

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    monkeypatch.setattr(QWidget, "setAccessibleDescription", hear_description)
    return said


def test_a_new_strip_is_said_once(show: Show, announced: list[str]) -> None:
    window = show(FakeEngine(some_rows())).window
    window.sync.pause()
    window.sync.show_time()
    assert len([one for one in announced if one.startswith("Paused until")]) == 1


def test_how_many_a_search_found_is_said_after_the_last_key(
    qtbot: QtBot, show: Show, announced: list[str]
) -> None:
    window = show(FakeEngine(some_rows())).window
    window.spoken._pause.setInterval(0)
    QTest.keyClicks(window.header.search, "nguyen")
    qtbot.waitUntil(lambda: "1 booking" in announced)
    QTest.keyClicks(window.header.search, "x")
    qtbot.waitUntil(lambda: any("No booking today for nguyenx" in one for one in announced))


def test_more_to_do_than_before_is_said_once_after_the_last_of_them(
    show: Show, announced: list[str]
) -> None:
    window = show(FakeEngine(some_rows())).window
    announced.clear()
    for row_id in ("new", "newer", "newest"):
        window.model.upsert([a_troubled_row(row_id, NOON + timedelta(hours=3))])
    assert announced == []
    window.spoken._more.timeout.emit()
    assert announced == [window.header.pinned.text()]
    window.model.remove(["new"])
    window.spoken._more.timeout.emit()
    assert len(announced) == 1


def test_what_a_dialog_says_is_said_aloud(qtbot: QtBot, show: Show, announced: list[str]) -> None:
    show(FakeEngine(some_rows())).window.menus.cache.clean_up()
    qtbot.waitUntil(lambda: any("past bookings" in one for one in announced))


# Never by colour alone


def test_every_tone_has_a_shape_of_its_own() -> None:
    assert len(set(TONE_ICONS.values())) == len(Tone)


def test_every_state_is_said_in_a_word_of_its_own() -> None:
    for states in (PatronState, PassState):
        labels = [one.label for one in states]
        assert all(labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("column", ["libcal", "alma", "passagepoint"])
def test_every_status_cell_has_an_icon_and_a_word(window: MainWindow, column: str) -> None:
    for row in range(window.model.rowCount()):
        cell = cell_at(window, row, BY_NAME[column]).data(CELL_ROLE)
        assert cell.icon
        assert cell.text


# What readers typed is text, never markup

MARKUP = "<b>Tom</b>"


@pytest.fixture
def with_markup(qtbot: QtBot, show: Show) -> MainWindow:
    offers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN)
    typed = {
        "name": MARKUP,
        "sort_name": MARKUP,
        "location": MARKUP,
        "seats": MARKUP,
        "reason": MARKUP,
        "next_step": MARKUP,
        "primary_id": MARKUP,
        "libcal": MARKUP,
    }
    rows = [
        a_troubled_row("r1", NOON),
        a_waiting_row("r2", group=Group.EXCLUDED),
        replace(a_pass_row(PassState.UNCLEAR, Action.RESOLVE, *offers), row_id="r3"),
        replace(a_pass_row(PassState.CHOOSE_PERSON, Action.CHOOSE), row_id="r4"),
    ]
    engine = FakeEngine([replace(row, **typed) for row in rows])  # type: ignore[arg-type]
    engine.log = [HistoryEntry(NOON, MARKUP, who=MARKUP, computer=MARKUP)]
    engine.elsewhere = [a_booking(first_name=MARKUP, location_name=MARKUP)]
    shown: MainWindow = show(engine).window
    shown.header.set_places({"1": MARKUP, "2": "Annex"})
    shown.table.select("r1")
    qtbot.waitUntil(lambda: shown.view.detail._history_title.isVisible())
    return shown


def taken_for_markup(widget: QWidget) -> list[str]:
    labels = [one for one in widget.findChildren(QLabel) if "<" in one.text()]
    wrong = [f"{one.text()}" for one in labels if one.textFormat() is not Qt.TextFormat.PlainText]
    tips = [one.toolTip() for one in widget.findChildren(QWidget)]
    for view in widget.findChildren(QAbstractItemView):
        model = view.model()
        tips += [
            model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or ""
            for row in range(model.rowCount())
            for column in range(len(COLUMNS))
        ]
    return wrong + [one for one in tips if MARKUP in one]


def test_markup_from_outside_is_plain_text_in_the_window(with_markup: MainWindow) -> None:
    with_markup.view.toast.say(MARKUP)
    with_markup.header.search.setText("<i>x</i>")
    assert taken_for_markup(with_markup) == []
    with_markup.header.search.clear()
    with_markup.table.clearSelection()
    assert taken_for_markup(with_markup) == []


ASKING = {
    Action.BY_HAND: "r1",
    Action.REGISTER_NOW: "r2",
    Action.RESOLVE: "r3",
    Action.CHOOSE: "r4",
}


@pytest.mark.parametrize("action", list(ASKING))
def test_markup_from_outside_is_plain_text_in_a_question(
    qtbot: QtBot, with_markup: MainWindow, action: Action
) -> None:
    with_markup.view.wanted.emit(Wanted(action, (ASKING[action],)))
    qtbot.waitUntil(lambda: bool(with_markup.findChildren(QDialog)))
    assert taken_for_markup(with_markup.findChildren(QDialog)[0]) == []


@pytest.mark.parametrize("name", ["activity log", "elsewhere", "export for import", "held about"])
def test_markup_from_outside_is_plain_text_in_a_dialog(with_markup: MainWindow, name: str) -> None:
    assert taken_for_markup(opened(with_markup, name)) == []
