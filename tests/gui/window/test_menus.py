"""Every line of the menus does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gui.desk.register_visit import RegisterVisit
from gui.dialogs.about import About
from gui.dialogs.activity import ActivityDialog
from gui.dialogs.base import Dialog, Question
from gui.dialogs.cache import CleanUp, ForgetPerson, HeldAbout
from gui.dialogs.columns import ChooseColumns
from gui.dialogs.ended import EndedUnregistered
from gui.dialogs.export import ExportDay
from gui.dialogs.import_files import ExportForImport
from gui.dialogs.notices import ShortHelp
from gui.dialogs.printing import PrintDay
from gui.looks.theme import Appearance
from gui.table.columns import COLUMNS
from gui.window.main_window import MainWindow
from tests.gui.conftest import A_DESK, Show, Shown
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")

DIALOGS: dict[str, type[Dialog]] = {
    "Export day as CSV…": ExportDay,
    "Export for PassagePoint import…": ExportForImport,
    "Clean up past bookings…": CleanUp,
    "Ended without registration…": EndedUnregistered,
    "What is held about this person…": HeldAbout,
    "Forget this person…": ForgetPerson,
    "Columns…": ChooseColumns,
    "Activity log…": ActivityDialog,
    "Register a visit…": RegisterVisit,
    "Help": ShortHelp,
    "About LibCal2PP": About,
    "Practice mode…": Question,
    "Quit": Question,
}


class Tools:
    """Notes what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def open_settings(self) -> None:
        self.asked.append("Settings…")

    def check_connections(self) -> None:
        self.asked.append("Check connections…")

    def save_diagnostics(self) -> None:
        self.asked.append("Save diagnostics…")

    def start_practice(self) -> None:
        self.asked.append("Practice mode")

    def share_own_cache(self) -> None:
        self.asked.append("Copy it")


@pytest.fixture
def tools() -> Tools:
    return Tools()


@pytest.fixture
def shown(show: Show, tools: Tools, tmp_path: Path) -> Shown:
    rows = [a_row("r1"), a_troubled_row("r2"), a_waiting_row("r3")]
    return show(FakeEngine(rows), desk=replace(A_DESK, tools=tools, data_folder=tmp_path))


def leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        if isinstance(inner := action.menu(), QMenu):
            yield from leaves(inner)
        elif not action.isSeparator():
            yield action


def lines(window: MainWindow) -> dict[str, QAction]:
    menus = [action.menu() for action in window.menuBar().actions()]
    found = [action for menu in menus if isinstance(menu, QMenu) for action in leaves(menu)]
    return {action.text().replace("&", ""): action for action in found}


@pytest.mark.parametrize("text", DIALOGS)
def test_what_has_a_dialog_opens_it(qtbot: QtBot, shown: Shown, text: str) -> None:
    lines(shown.window)[text].trigger()
    qtbot.waitUntil(lambda: bool(shown.window.findChildren(DIALOGS[text])))
    [dialog] = shown.window.findChildren(DIALOGS[text])
    assert dialog.isVisible()
    dialog.reject()


def test_what_the_program_offers_is_asked_of_it(shown: Shown, tools: Tools) -> None:
    texts = ["Settings…", "Check connections…", "Save diagnostics…"]
    for text in texts:
        lines(shown.window)[text].trigger()
    assert tools.asked == texts


def test_practice_says_first_that_the_real_window_goes_on(shown: Shown, tools: Tools) -> None:
    lines(shown.window)["Practice mode…"].trigger()
    question = next(one for one in shown.window.findChildren(Question) if one.isVisible())
    assert "goes on working unseen" in question.text.text()
    assert tools.asked == []
    question.choices["start"].click()
    assert tools.asked == ["Practice mode"]


def test_practice_has_a_way_back(show: Show) -> None:
    window = show(FakeEngine(), desk=replace(A_DESK, practice=True)).window
    [end] = [one for one in window.strips.findChildren(QPushButton) if one.text() == "End practice"]
    end.click()
    assert not window.isVisible()


def test_sync_pause_and_go_on(qtbot: QtBot, shown: Shown) -> None:
    found = lines(shown.window)
    with qtbot.waitSignal(shown.worker.question_changed):
        found["Sync now"].trigger()
    assert not found["Resume"].isEnabled()
    found["Pause for 15 minutes"].trigger()
    assert not found["Pause for 15 minutes"].isEnabled()
    with qtbot.waitSignal(shown.worker.question_changed):
        found["Resume"].trigger()
    assert shown.engine.passes == 3
    assert not found["Resume"].isEnabled()


def test_register_selected_registers_what_can_be_and_never_twice(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.window.table.selectAll()
    with qtbot.waitSignal(shown.worker.action_done):
        lines(shown.window)["Register selected now"].trigger()
        lines(shown.window)["Register selected now"].trigger()
    assert [request.row_id for request in shown.engine.done] == ["r3"]


def test_view_changes_and_is_remembered(shown: Shown) -> None:
    window, found = shown.window, lines(shown.window)
    liked = window._preferences
    for text in ("150 %", "Dark", "After 5 minutes"):
        found[text].trigger()
    for text in ("Typing searches", "Notify when a booking needs a person"):
        found[text].trigger()
    assert (liked.current.text_percent, liked.current.appearance) == (150, Appearance.DARK)
    assert liked.current.hide_after_minutes == 5
    assert not liked.current.typing_searches
    assert not liked.current.notifies
    found["Larger text"].trigger()
    assert liked.current.text_percent == 175
    found["Smaller text"].trigger()
    assert liked.current.text_percent == 150
    found["Hide personal data"].trigger()
    assert window.model.hides
    window.privacy.switch(False)
    assert not found["Hide personal data"].isChecked()


def test_filters_and_search(shown: Shown) -> None:
    window, found = shown.window, lines(shown.window)
    found["To do"].trigger()
    assert [row.row_id for row in window.model.shown_rows()] == ["r2"]
    found["Whole day"].trigger()
    assert window.model.rowCount() == 3
    found["Search"].trigger()
    assert window.header.search.hasFocus()


def test_the_data_folder_is_opened(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    lines(shown.window)["Open data folder"].trigger()
    assert [Path(one.toLocalFile()) for one in opened] == [tmp_path]


def test_the_day_is_printed_as_pdf(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "day.pdf"

    titles: list[str] = []

    def accept(dialog: QPrintDialog) -> QDialog.DialogCode:
        dialog.printer().setOutputFileName(str(file))
        titles.append(dialog.printer().docName())
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    lines(shown.window)["Print or save as PDF…"].trigger()
    [dialog] = shown.window.findChildren(PrintDay)
    dialog.to_paper.click()
    assert file.read_bytes().startswith(b"%PDF")
    assert [title.split()[0] for title in titles] == ["LibCal2PP"]


def test_no_line_is_left_untried(shown: Shown) -> None:
    tried = {
        *DIALOGS,
        *("Settings…", "Check connections…", "Save diagnostics…"),
        *("Sync now", "Pause for 15 minutes", "Resume", "Register selected now"),
        *("Typing searches", "Notify when a booking needs a person", "Hide personal data"),
        *("Larger text", "Smaller text", "To do", "Whole day", "Search", "Go to now"),
        *("Open data folder", "Print or save as PDF…", "Register what is waiting…"),
    }
    rest = {
        text
        for text, action in lines(shown.window).items()
        if action.actionGroup() is None and text not in tried
    }
    assert rest == {column.title for column in COLUMNS if column.title}


def test_escape_leaves_a_dialog_without_doing_anything(qtbot: QtBot, shown: Shown) -> None:
    lines(shown.window)["Clean up past bookings…"].trigger()
    [dialog] = shown.window.findChildren(CleanUp)
    qtbot.waitUntil(dialog.remove.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert shown.engine.plan.bookings == 3
