"""Everything can be found, gone to and come back from, by mouse and by keyboard."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.domain.status import Action, Group, PassState
from gui.desk.wanted import Wanted
from gui.dialogs.elsewhere import LookElsewhere
from gui.dialogs.persons import ChoosePerson
from gui.looks.letters import with_letters
from gui.table.row_filter import Span
from gui.top.filter_chips import FilterChips
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def many_rows() -> FakeEngine:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=10 * (at - 50))) for at in range(100)]
    rows += [a_troubled_row(f"t{at}", NOON + timedelta(hours=at)) for at in range(3)]
    rows.append(a_row("z1", NOON, name="Bruno Zeller", sort_name="Zeller, Bruno"))
    rows.append(a_troubled_row("z2", NOON, name="Bruno Zeller", sort_name="Zeller, Bruno"))
    return FakeEngine(rows)


def place_of(window: MainWindow) -> tuple[list[str], int]:
    return window.table.selected_ids(), window.table.verticalScrollBar().value()


def test_escape_after_a_search_comes_back_to_where_it_began(qtbot: QtBot, show: Show) -> None:
    window = show(many_rows()).window
    window.table.select("r90")
    before = place_of(window)
    QTest.keyClicks(window.table, "zeller")
    QTest.keyClick(window.header.search, ENTER)
    assert place_of(window) != before
    QTest.keyClick(window, ESCAPE)
    assert place_of(window) == before
    assert window.table.hasFocus()


def test_several_readers_looked_for_one_after_the_other_end_where_the_first_began(
    show: Show,
) -> None:
    window = show(many_rows()).window
    window.table.select("r90")
    before = place_of(window)
    window.searching.find_scanned("zeller")
    window.searching.find_scanned("patel")
    QTest.keyClick(window, ESCAPE)
    assert place_of(window) == before


def test_a_key_and_a_click_go_to_now(qtbot: QtBot, show: Show) -> None:
    window = show(many_rows()).window
    table, bar = window.table, window.table.verticalScrollBar()
    at_now = bar.value()
    assert not table._now.isVisible()
    bar.setValue(bar.maximum())
    assert table._now.isVisible()
    assert table._now.text() == "↑ Now"
    assert table.rect().contains(table._now.geometry())
    table._now.click()
    assert bar.value() == at_now
    assert not table._now.isVisible()
    bar.setValue(0)
    assert table._now.text() == "↓ Now"
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert bar.value() == at_now


def test_a_search_says_how_many_it_found_and_how_many_the_chips_hide(show: Show) -> None:
    window = show(many_rows()).window
    found = window.header.search.found
    assert not found.isVisible()
    window.header.search.setText("zeller")
    assert (found.text(), found.isEnabled()) == ("2 found", False)
    window.finder.show_todo()
    assert (found.text(), found.isEnabled()) == ("1 of 2 · show all", True)
    found.click()
    assert window.model.rowCount() == 2
    assert window.header.search.text() == "zeller"
    window.header.search.clear()
    assert not found.isVisible()


def test_enter_on_nobody_found_asks_libcal(qtbot: QtBot, show: Show) -> None:
    shown = show(many_rows())
    window = shown.window
    QTest.keyClicks(window.header.search, "quill")
    QTest.keyClick(window.header.search, ENTER)
    [dialog] = window.findChildren(LookElsewhere)
    qtbot.waitUntil(lambda: shown.engine.looked_for == ["quill"])
    dialog.reject()


def test_enter_on_what_the_chips_hide_shows_it(show: Show) -> None:
    shown = show(FakeEngine([a_row("r1"), a_troubled_row("r2", sort_name="Ek", name="Bo Ek")]))
    window = shown.window
    window.finder.show_todo()
    QTest.keyClicks(window.header.search, "patel")
    assert window.model.rowCount() == 0 or window.model.rowCount() == 1
    window.header.chips.group_chosen.emit(Group.WAITING)
    QTest.keyClick(window.header.search, ENTER)
    assert window.model.rowCount() >= 1
    assert window.findChildren(LookElsewhere) == []


def test_nobody_is_chosen_by_itself(qtbot: QtBot, show: Show) -> None:
    row = a_pass_row(PassState.CHOOSE_PERSON, Action.CHOOSE, candidates=("11", "12"))
    window = show(FakeEngine([row])).window
    window.view.wanted.emit(Wanted(Action.CHOOSE, ("r1",)))
    qtbot.waitUntil(lambda: bool(window.findChildren(ChoosePerson)))
    [dialog] = window.findChildren(ChoosePerson)
    dialog.list.setFocus()
    QApplication.processEvents()
    assert dialog.number.text() == ""
    assert not dialog.take.isEnabled()
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.number.text() in ("11", "12")


def test_letters_typed_into_an_open_menu_stay_there(qtbot: QtBot, show: Show) -> None:
    window = show(many_rows()).window
    menu = window.titles["View"]
    menu.popup(window.mapToGlobal(QPoint(10, 10)))
    qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(window, Qt.Key.Key_Z)  # where Qt sends what the menu has no use for
    assert window.header.search.text() == ""
    menu.close()
    QTest.keyClick(window, Qt.Key.Key_Z)
    assert window.header.search.text() == "z"


def menus_in(menu: QMenu) -> list[QMenu]:
    inner = [one for action in menu.actions() if isinstance(one := action.menu(), QMenu)]
    return [menu, *(deeper for one in inner for deeper in menus_in(one))]


def test_every_line_of_every_menu_has_a_letter_of_its_own(show: Show) -> None:
    window = show(many_rows()).window
    for top in window.titles.values():
        for menu in menus_in(top):
            texts = [one.text() for one in menu.actions() if not one.isSeparator()]
            letters = [text[text.index("&") + 1].casefold() for text in texts if "&" in text]
            assert len(letters) == len(texts), texts
            assert len(set(letters)) == len(letters), texts


def test_letters_are_found_where_none_is_set() -> None:
    assert with_letters(["Light", "Dark", "As the system"]) == ["&Light", "&Dark", "&As the system"]
    assert with_letters(["100 %", "115 %", "150 %"]) == ["&100 %", "11&5 %", "15&0 %"]
    assert with_letters(["&Save", "Same"]) == ["&Save", "S&ame"]


def test_after_a_click_on_a_chip_the_arrows_reach_the_table(qtbot: QtBot, show: Show) -> None:
    window = show(many_rows()).window
    window.activateWindow()
    window.table.setFocus()
    chips: FilterChips = window.header.chips
    chip = chips._groups[Group.REGISTERED]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chip.isChecked()
    assert window.table.hasFocus()
    window.header.search.setFocus()
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.table.hasFocus()
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.hasFocus()


def test_next_to_do_does_not_repeat_a_table_that_shows_the_same(show: Show) -> None:
    window = show(many_rows()).window
    todo = window.view.detail._todo
    assert todo._list.isVisible()
    window.finder.show_todo()
    assert not todo._list.isVisible()
    assert todo._title.text() == "4 to do"
    window.finder.show_all()
    assert todo._list.isVisible()
    assert todo._title.text() == "Next to do"


def test_focus_hover_and_selection_look_different(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    chip = window.header.chips._spans[Span.NOW]
    window.table.setFocus()
    looks = {"plain": chip.grab().toImage()}
    chip.setFocus()
    looks["focus"] = chip.grab().toImage()
    window.table.setFocus()
    QTest.mouseMove(window.windowHandle(), chip.mapTo(window, chip.rect().center()))
    qtbot.waitUntil(lambda: chip.grab().toImage() != looks["plain"])
    looks["hover"] = chip.grab().toImage()
    QTest.mouseMove(window.windowHandle(), QPoint(1, 1))
    qtbot.waitUntil(lambda: chip.grab().toImage() == looks["plain"])
    chip.setChecked(True)
    looks["selection"] = chip.grab().toImage()
    same = [pair for pair in itertools.combinations(looks, 2) if looks[pair[0]] == looks[pair[1]]]
    assert same == []
