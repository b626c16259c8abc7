"""Card readers as they are out there, in a whole window."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow
from core.settings.desk_sections import ScannerSettings
from gui.dialogs.base import Dialog, Question
from gui.table.same_reader import others_of
from gui.table.scanner import ScanDetector, ScanFilter
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.card_reader import type_as_reader
from tests.gui.conftest import A_DESK, Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "does not support grabbing"
)

CARD = "22820000004711"
ANA: dict[str, Any] = {"name": "Ana Ruiz", "primary_id": "G1", "email": "a@example.edu"}
WEI: dict[str, Any] = {"name": "Wei Nguyen", "primary_id": "G2", "email": ""}
TOM: dict[str, Any] = {"name": "Tom O'Brien", "primary_id": "G10377841", "email": ""}
ROWS = [
    a_troubled_row("a", barcode=None, **ANA),
    a_waiting_row("b", barcode=CARD, **WEI),
    a_row("c", barcode="1", **TOM),
]


@pytest.fixture
def shown(show: Show) -> Shown:
    return show(FakeEngine(ROWS))


def is_found(shown: Shown, row_id: str = "b") -> bool:
    """The reader was found, and nothing at all was pressed or sent."""
    untouched = shown.engine.requests + shown.engine.done == [] and shown.engine.passes == 1
    return untouched and shown.window.table.selected_ids() == [row_id]


READERS = {
    "plain": f"{CARD}\r",
    "Tab behind": f"{CARD}\t",
    "Codabar letters": f"A{CARD}B\r",
    "Codabar letters, small": f"d{CARD}d\r",
    "second track": f";{CARD}?\r",
    "second track with more": f";{CARD}=4912?\r",
    "first track": f"%{CARD}?\r",
    "both tracks": f"%B0000^NGUYEN/WEI^49?;{CARD}?\r",
    "AIM": f"]C0{CARD}\r",
    "asterisks": f"*{CARD}*\r",
    "STX in front": f"\x02{CARD}\r",
    "STX, ETX": f"\x02{CARD}\x03\r",
    "Escape in front": f"\x1b{CARD}\r",
    "STX, AIM, Codabar": f"\x02]F0A{CARD}A\t",
}


@pytest.mark.parametrize("typed", READERS.values(), ids=READERS)
@pytest.mark.parametrize("gap_ms", [0, 5, 40])
def test_whatever_a_reader_adds_the_person_is_found(shown: Shown, typed: str, gap_ms: int) -> None:
    shown.window.header.sync.setFocus()
    type_as_reader(shown.window, typed, gap_ms=gap_ms)
    assert is_found(shown)


def test_a_reader_that_adds_nothing_is_done_after_a_pause(qtbot: QtBot, shown: Shown) -> None:
    shown.window.header.sync.setFocus()
    type_as_reader(shown.window, CARD)
    qtbot.waitUntil(lambda: is_found(shown))


def test_caps_lock_does_not_matter(shown: Shown) -> None:
    type_as_reader(shown.window, "g10377841\r")
    assert is_found(shown, "c")


def test_prefix_and_suffix_of_the_settings_go_away(show: Show) -> None:
    scanner = ScannerSettings(prefix="\x1bLIB", suffix="#")
    shown = show(FakeEngine(ROWS), desk=replace(A_DESK, scanner=scanner))
    shown.window.header.sync.setFocus()
    type_as_reader(shown.window, f"\x1blib{CARD}#\r")
    assert is_found(shown)


def test_a_slow_reader_is_told_in_the_settings(show: Show) -> None:
    slow = show(FakeEngine(ROWS), desk=replace(A_DESK, scanner=ScannerSettings(slowest_ms=90)))
    type_as_reader(slow.window, f"{CARD}\r", gap_ms=85)
    assert is_found(slow)


def test_two_scans_in_a_row_find_the_second(shown: Shown) -> None:
    type_as_reader(shown.window, f"{CARD}\r")
    type_as_reader(shown.window, "G10377841\r")
    assert is_found(shown, "c")


def test_what_was_half_typed_before_is_no_part_of_the_scan(shown: Shown) -> None:
    search = shown.window.header.search
    QTest.keyClicks(search, "mill")
    type_as_reader(shown.window, f"{CARD}\r")
    assert search.text() == CARD
    assert is_found(shown)


def by_table(window: MainWindow) -> None:
    window.table.setFocus()


def by_search(window: MainWindow) -> None:
    window.header.search.setFocus()


def by_button(window: MainWindow) -> None:
    window.header.sync.setFocus()


def by_menu(window: MainWindow) -> None:
    first_menu(window).popup(window.mapToGlobal(window.rect().topLeft()))


def first_menu(window: MainWindow) -> QMenu:
    menu = window.menuBar().actions()[1].menu()
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize("focus", [by_table, by_search, by_button, by_menu])
@pytest.mark.parametrize("typed", [f"{CARD}\r", f"s{CARD[1:]} \r"])
def test_a_scan_presses_nothing_wherever_the_focus_is(
    shown: Shown, focus: Callable[[MainWindow], None], typed: str
) -> None:
    focus(shown.window)
    type_as_reader(shown.window, typed)
    assert QApplication.activePopupWidget() is None
    assert shown.engine.passes == 1
    assert shown.window.header.search.text() == typed.strip()


def test_a_blank_in_a_scan_presses_no_button(shown: Shown) -> None:
    shown.window.header.sync.setFocus()
    type_as_reader(shown.window, "ABC 123 456\r")
    assert shown.engine.passes == 1


def test_a_blank_typed_as_fast_stays_in_the_search(shown: Shown) -> None:
    shown.window.table.setFocus()
    type_as_reader(shown.window, "wei ng", gap_ms=40)  # a fast typist, or a text expander
    assert shown.window.header.search.text() == "wei ng"
    assert shown.window.model.rowCount() == 1


def test_a_letter_in_a_menu_still_chooses(qtbot: QtBot, shown: Shown) -> None:
    menu = first_menu(shown.window)
    chosen: list[str] = []
    menu.triggered.connect(lambda action: chosen.append(action.text()))
    action = menu.addAction("&Jump")
    menu.popup(shown.window.mapToGlobal(shown.window.rect().topLeft()))
    type_as_reader(shown.window, "j")
    qtbot.waitUntil(lambda: chosen == [action.text()])


def test_a_scan_while_a_list_is_open_chooses_nothing(qtbot: QtBot, shown: Shown) -> None:
    box = QComboBox(shown.window)
    box.addItems(["Main", "2 Annex"])
    box.show()
    box.showPopup()
    type_as_reader(shown.window, f"{CARD}\r")
    assert box.currentText() == "Main"
    assert is_found(shown)


def test_a_scan_into_the_id_field_stays_there_and_is_all_there_is(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.window.table.select("a")
    shown.window.view.ask_for_id("a")
    field = shown.window.view.detail.buttons.field
    assert field is not None
    field.setFocus()
    QTest.keyClicks(field, "G104")
    type_as_reader(shown.window, f"]C0{CARD}\r")
    assert field.text() == CARD
    assert shown.engine.requests + shown.engine.done == []


@pytest.mark.parametrize(("end", "stays"), [("\r", True), ("\t", False)])
def test_another_field_keeps_what_is_typed_as_fast(shown: Shown, end: str, stays: bool) -> None:
    dialog = Dialog(shown.window, "Note")
    field, after = QLineEdit(), QLineEdit()
    dialog.column.addWidget(field)
    dialog.column.addWidget(after)
    dialog.open()
    field.setFocus()
    type_as_reader(dialog, f";{CARD}?{end}")  # or a password, by a password manager
    assert field.text() == f";{CARD}?"
    assert (dialog.focusWidget() is field) is stays
    assert dialog.isVisible()
    assert shown.window.header.search.text() == ""


def test_a_scan_answers_no_dialog(shown: Shown) -> None:
    scanner = ScannerSettings(prefix="\x1b")
    shown.window.scans.settings = scanner
    dialog = Question(shown.window, "Sure?", "", {"yes": "Yes"})
    answers: list[str] = []
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.choices["yes"].setFocus()
    type_as_reader(dialog, f"\x1b{CARD} 1\r")
    assert dialog.isVisible()
    assert answers == []


def test_enter_typed_by_hand_still_presses(shown: Shown) -> None:
    dialog = Question(shown.window, "Sure?", "", {"yes": "Yes"})
    answers: list[str] = []
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.choices["yes"].setFocus()
    type_as_reader(dialog, "123456\r", gap_ms=120)
    assert answers == ["yes"]


def test_space_typed_by_hand_still_presses(qtbot: QtBot, shown: Shown) -> None:
    shown.window.header.sync.setFocus()
    type_as_reader(shown.window, " ", gap_ms=120)
    qtbot.waitUntil(lambda: shown.engine.passes == 2)


# Time, where the events bring none


class HandClock:
    """Milliseconds that go on by so many with each key."""

    def __init__(self, step: int) -> None:
        self.at, self.step = 0, step

    def __call__(self) -> int:
        self.at += self.step
        return self.at


@pytest.mark.parametrize(("gap_ms", "is_scan"), [(5, True), (40, True), (120, False)])
def test_with_a_screen_reader_the_computers_clock_counts(
    qtbot: QtBot, gap_ms: int, is_scan: bool
) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    scans = ScanFilter(field, clock=HandClock(gap_ms))
    handle = field.windowHandle()
    assert handle is not None
    handle.installEventFilter(scans)
    found: list[object] = []
    pressed: list[bool] = []
    scans.came.connect(found.append)
    field.returnPressed.connect(lambda: pressed.append(True))
    type_as_reader(field, f"{CARD}\r", has_time=False)
    assert (len(found), len(pressed)) == ((1, 0) if is_scan else (0, 1))


@pytest.mark.parametrize(
    ("text", "gap", "is_scan"), [("123456", 45, True), ("12345", 5, False), ("123456", 46, False)]
)
def test_six_fast_characters_are_a_scan(text: str, gap: int, is_scan: bool) -> None:
    detector, at = ScanDetector(), 0
    for char in text:
        at += gap
        detector.key(char, at)
    scan = detector.end("Enter", at + gap)
    assert (scan is not None) is is_scan
    assert scan is None or scan == (text, gap, "Enter")


def test_a_word_typed_fast_that_nothing_ends_is_no_scan() -> None:
    detector = ScanDetector()
    for at, char in enumerate("winterbourne"):
        detector.key(char, at)
    assert detector.pause() is None


def test_a_key_that_is_held_down_is_no_scan(shown: Shown) -> None:
    shown.window.header.search.setFocus()
    type_as_reader(shown.window, "1111111\r", repeats=True)
    assert shown.window.header.search.text() == "1111111"


# The reader's other bookings


def two_bookings() -> list[BookingRow]:
    """A good one, and a later one without an ID; and somebody else's."""
    good = a_row("good", NOON, barcode=CARD, label="Registered 10:42")
    faulty = a_troubled_row(
        "faulty", NOON + timedelta(hours=2), primary_id=None, id_answer=None, barcode=None
    )
    return [good, faulty, a_row("x", barcode="1", primary_id="G1", email="x@example.edu", name="X")]


def test_a_scan_that_finds_a_good_and_a_faulty_one_shows_both(show: Show) -> None:
    window = show(FakeEngine(two_bookings())).window
    type_as_reader(window, f"{CARD}\r")
    assert {window.model.row_id_at(place) for place in range(2)} == {"good", "faulty"}
    assert window.model.rowCount() == 2
    assert window.table.selected_ids() == ["faulty"]
    [line] = window.view.detail.others.lines.values()
    assert line == "12:00 Registered 10:42 · Main Library"


def test_the_others_change_with_what_becomes_of_them(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine(two_bookings()))
    shown.window.table.select("good")
    others = shown.window.view.detail.others
    assert list(others.lines) == ["faulty"]
    by_hand = dataclasses.replace(two_bookings()[1], label="By hand 11:05")
    shown.window.model.upsert([by_hand])
    assert others.lines["faulty"] == "14:00 By hand 11:05 · Main Library"
    QTest.mouseClick(others.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert shown.window.table.selected_ids() == ["faulty"]


def test_two_ids_are_two_readers_whatever_their_address() -> None:
    one, other = a_row("a", primary_id="G1"), a_row("b", primary_id="G2")
    assert others_of(one, [one, other]) == []
    assert others_of(one, [one, dataclasses.replace(other, primary_id="g1", email="")]) != []


def test_typing_after_a_scan_leaves_nothing_beside(show: Show) -> None:
    window = show(FakeEngine(two_bookings())).window
    type_as_reader(window, f"{CARD}\r")
    window.header.search.setText("X")
    assert [window.model.row_id_at(at) for at in range(window.model.rowCount())] == ["x"]
