"""Columns that come and go, by choice or for want of room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.table.columns import ACTION, BY_NAME, COLUMNS
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.cells import stand_on
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
USUAL = tuple(column.name for column in COLUMNS if column.at_first)
NARROW, WIDE = (960, 600), (1920, 1080)


@pytest.fixture
def listening() -> Iterator[None]:
    """Qt keeps its tree true only while somebody listens to it."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def window(show: Show) -> MainWindow:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=at - 100)) for at in range(200)]
    return show(FakeEngine([*rows, a_troubled_row("t1", NOON)]), size=WIDE).window


def give(window: MainWindow, size: tuple[int, int]) -> None:
    """A wide window has room for all of them; a narrow one with large text for few."""
    window.resize(*size)
    window.menus._set_text_size(100 if size == WIDE else 200)
    QApplication.processEvents()


def titles(window: MainWindow) -> list[str]:
    """Of the columns from left to right, as a sighted person reads them."""
    header = window.table.horizontalHeader()
    sections = (header.logicalIndex(place) for place in range(header.count()))
    return [COLUMNS[window.model.columns[section]].name for section in sections]


def told(window: MainWindow) -> list[str]:
    """Every title that Qt has in its tree for a screen reader."""
    tree = QAccessible.queryAccessibleInterface(window.table)
    assert tree is not None
    parts = (tree.child(at) for at in range(tree.childCount()))
    heads = [one for one in parts if one.role() is QAccessible.Role.ColumnHeader]
    return [one.text(QAccessible.Text.Name) for one in heads]


@pytest.mark.usefixtures("listening")
def test_what_is_not_shown_is_not_in_the_tree_either(window: MainWindow) -> None:
    assert window.table.columns() == USUAL
    assert len(told(window)) == len(USUAL)
    assert not any("barcode" in title for title in told(window))
    window.table.show_columns((*USUAL, "barcode"))
    assert any("barcode" in title for title in told(window))
    give(window, NARROW)
    assert 1 < len(told(window)) == len(titles(window)) < len(USUAL)


def test_selection_keys_and_place_stay_where_a_column_comes_or_goes(window: MainWindow) -> None:
    window.table.select("r150")
    bar = window.table.verticalScrollBar()
    before = bar.value()
    assert before > 0
    for size in (NARROW, WIDE):
        give(window, size)
        assert window.table.selected_ids() == ["r150"]
        assert window.table.currentIndex().row() == window.model.place_of("r150")
    assert bar.value() == before
    window.table.show_columns(("person", "time", "action"))
    assert window.table.selected_ids() == ["r150"]


def test_nothing_is_said_to_be_selected_anew(window: MainWindow) -> None:
    window.table.select("r150")
    heard: list[object] = []
    window.table.selected.connect(heard.append)
    give(window, NARROW)
    give(window, WIDE)
    assert heard == []


def test_the_keys_stay_on_their_column_and_leave_one_that_goes_for_a_harmless_one(
    window: MainWindow,
) -> None:
    stand_on(window, "t1", ACTION)
    window.table.show_columns(("time", "person", "action"))
    assert window.model.columns[window.table.currentIndex().column()] == ACTION
    stand_on(window, "t1", BY_NAME["person"])
    window.table.show_columns(("action", "time"))
    assert window.model.columns[window.table.currentIndex().column()] == BY_NAME["time"]


def test_the_button_is_pressed_wherever_its_column_stands(show: Show) -> None:
    shown = show(FakeEngine([a_troubled_row("t1", NOON)]), size=WIDE)
    table = shown.window.table
    for names in (("action", "person"), ("person", "action"), USUAL):
        table.show_columns(names)
        stand_on(shown.window, "t1", ACTION)
        pressed: list[str] = []
        table.pressed_action.connect(pressed.append)
        QTest.keyClick(table, Qt.Key.Key_Space)
        QTest.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=table._cells.button_rect(
                table.visualRect(table.currentIndex()), table.currentIndex().data()
            ).center(),
        )
        table.pressed_action.disconnect(pressed.append)
        assert pressed == ["t1", "t1"]


def test_the_order_is_the_chosen_one_also_after_there_was_no_room(window: MainWindow) -> None:
    chosen = (
        "person",
        "alma",
        "time",
        "libcal",
        "university_id",
        "place",
        "passagepoint",
        "action",
    )
    window.table.show_columns(chosen)
    assert tuple(titles(window)) == chosen
    give(window, NARROW)
    assert titles(window) == [name for name in chosen if name in titles(window)]
    give(window, WIDE)
    assert tuple(titles(window)) == chosen


def test_what_the_mouse_moves_while_there_is_no_room_keeps_the_rest_in_its_place(
    window: MainWindow,
) -> None:
    moved: list[tuple[str, ...]] = []
    window.table.columns_moved.connect(moved.append)
    give(window, NARROW)
    shown = titles(window)
    assert moved == []
    missing = [name for name in USUAL if name not in shown]
    assert missing
    window.table.horizontalHeader().moveSection(1, 0)
    assert moved == [window.table.columns()]
    assert set(moved[0]) == set(USUAL)
    assert moved[0][:2] == (shown[1], shown[0])
    assert [moved[0].index(name) for name in missing] == [USUAL.index(name) for name in missing]
    give(window, WIDE)
    assert tuple(titles(window)) == moved[0]


def test_what_is_asked_about_a_column_that_has_just_gone_is_nothing(window: MainWindow) -> None:
    last = window.model.index(0, window.model.columnCount() - 1)
    window.model.set_columns([BY_NAME["time"]])
    assert window.model.headerData(last.column(), Qt.Orientation.Horizontal) is None
    assert window.model.data(last) is None


def test_a_title_sorts_by_its_own_column_whatever_is_missing_before_it(window: MainWindow) -> None:
    window.table.show_columns(("person", "place", "action"))
    window.model.set_columns([BY_NAME["place"], ACTION])
    window.table.horizontalHeader().sectionClicked.emit(0)
    assert window.model.is_sorted_by(BY_NAME["place"])
    assert window.model.headerData(0, Qt.Orientation.Horizontal).startswith("Place")
