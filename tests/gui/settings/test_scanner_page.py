"""The page that tries a card reader."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.settings.config import load_config
from gui.settings.scanner_page import ScannerPage
from tests.gui.card_reader import type_as_reader
from tests.gui.settings.conftest import Open, Opened
from tests.gui.settings.test_settings import question

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CARD = "22820000004711"


@pytest.fixture
def opened(open_settings: Open) -> Opened:
    opened = open_settings()
    opened.window.show_page("Scanner")
    page_of(opened).field.setFocus()
    return opened


def page_of(opened: Opened) -> ScannerPage:
    page = opened.window.page
    assert isinstance(page, ScannerPage)
    return page


def scan_twice(qtbot: QtBot, opened: Opened, typed: str, *, gap_ms: int = 5) -> ScannerPage:
    page = page_of(opened)
    type_as_reader(opened.window, typed, gap_ms=gap_ms)
    qtbot.waitUntil(lambda: "once more" in page.words.text())
    type_as_reader(opened.window, typed, gap_ms=gap_ms)
    qtbot.waitUntil(lambda: "once more" not in page.words.text())
    return page


def test_a_reader_that_works_as_it_is_needs_nothing(qtbot: QtBot, opened: Opened) -> None:
    page = scan_twice(qtbot, opened, f";{CARD}?\r")
    assert page.words.text() == f"The card's number is {CARD}. Pauses up to 45 ms."
    assert not page.take.isVisible()
    assert page.field.text() == CARD
    assert opened.window.isVisible()


def test_what_came_is_shown_with_its_pace_and_its_end(qtbot: QtBot, opened: Opened) -> None:
    page = scan_twice(qtbot, opened, f"\x02{CARD}\t", gap_ms=12)
    assert page.field.hasFocus()
    said = [one.text() for one in page.findChildren(QLabel) if f"‹STX›{CARD}" in one.text()]
    assert len(said) == 2
    assert "15 characters, at most 12 ms apart, Tab behind" in said[0]


def test_a_slow_reader_with_additions_is_set_by_a_click_and_saved(
    qtbot: QtBot, opened: Opened
) -> None:
    page = page_of(opened)
    page.printed.setText(CARD)
    scan_twice(qtbot, opened, f"LIB{CARD}#\r", gap_ms=80)
    assert "Removed: in front “LIB”, behind “#”" in page.words.text()
    page.take.click()
    assert opened.window.state.draft.value("Scanner", "prefix") == "LIB"
    assert (page.prefix.edit.text(), page.suffix.edit.text()) == ("LIB", "#")
    assert page.slowest.spin.value() == 120
    assert not page.take.isVisible()
    opened.window.save.click()
    with qtbot.waitSignal(opened.window.saved):
        question(qtbot, opened.window).choices["save"].click()
    scanner = load_config(opened.setup.config_file).scanner
    assert (scanner.prefix, scanner.suffix, scanner.slowest_ms) == ("LIB", "#", 120)


def test_another_cards_number_is_no_proposal(qtbot: QtBot, opened: Opened) -> None:
    page_of(opened).printed.setText("22829999")
    page = scan_twice(qtbot, opened, f"{CARD}\r")
    assert "isn't in what the reader typed" in page.words.text()
    assert not page.take.isVisible()


def test_the_first_morning_has_it_in_the_list_and_next_passes_by(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    assert {"Scanner", "Alerts"} < set(window.pages)
    window.show_page("Sync")
    seen = []
    while window.next.isVisible():
        window.next.click()
        seen.append(window.page.name)
    assert seen == ["Cache", "Desk", "Appearance"]
    window.back.click()
    assert window.page.name == "Desk"
    window.show_page("Alerts")
    window.next.click()
    assert window.page.name == "Appearance"
