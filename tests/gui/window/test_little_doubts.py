"""Where somebody new stopped and wondered: what the window says and does there now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from core.domain.status import Action, PassState
from gui.desk.checking_in import CheckInQuestion
from gui.dialogs.notices import PracticeSettings
from gui.table.booking_model import CELL_ROLE
from gui.table.columns import BY_NAME
from tests.gui.cells import cell_at
from tests.gui.conftest import A_DESK, Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")
_LONG = (
    "Registered in PassagePoint: Maximiliana Konstantina Papadopoulou, from 11:30 to 13:30, with "
    "the card that Alma has had since this morning; another visit of hers stands already."
)


def test_what_was_searched_for_goes_when_personal_data_is_hidden(show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    window.header.search.setText("patel")
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert window.header.search.text() == ""


def test_what_waits_isnt_said_to_be_registered() -> None:
    """A strip may say that nothing goes out just now, and that is no contradiction."""
    said = PassState.WAITING.next_step
    assert said == "The program registers it as soon as it can."


def test_after_a_scan_into_the_id_field_the_next_key_is_named(show: Show) -> None:
    window = show(FakeEngine([a_troubled_row()])).window
    window.table.select("r1")
    buttons = window.view.detail.buttons

    def shown() -> list[str]:
        return [one.text() for one in buttons.findChildren(QLabel) if one.isVisible()]

    assert "Now press Enter." not in shown()
    assert buttons.field is not None
    buttons.field.setText("22827343504531")
    assert "Now press Enter." in shown()


def test_practice_says_where_the_settings_are(show: Show) -> None:
    window = show(FakeEngine([a_row()]), desk=replace(A_DESK, practice=True)).window
    lines = {one.text().replace("&", ""): one for one in window.titles["Tools"].actions()}
    lines["Settings…"].trigger()
    [notice] = window.findChildren(PracticeSettings)
    assert "press End practice" in notice.text.text()
    notice.reject()


@pytest.mark.parametrize("hides", [False, True])
@pytest.mark.parametrize("name", ["- -", "-", ""])
def test_a_booking_without_a_name_says_so_wherever_its_reader_is_named(
    show: Show, name: str, hides: bool
) -> None:
    offers = (Action.CORRECT_ID, Action.CHECK_IN)
    row = a_row(name=name, sort_name=name.replace(" ", ", "), offers=offers, next_step="At 10-11.")
    shown = show(FakeEngine([row]), desk=replace(A_DESK, checks_in=True))
    window = shown.window
    window.privacy.switch(hides)
    assert cell_at(window, 0, BY_NAME["person"]).data(CELL_ROLE).text == "(no name)"
    window.table.select("r1")
    QApplication.processEvents()
    panel = window.view.detail
    buttons = [one for one in panel.buttons.findChildren(QPushButton) if one.isVisible()]
    assert [one.accessibleName() for one in buttons] == [
        "Correct ID…, (no name)",
        "Check in (no name)…",
    ]
    assert panel.accessibleName() == "Detail of (no name)"
    assert panel.accessibleDescription() == "At 10-11."
    buttons[1].click()
    [question] = window.findChildren(CheckInQuestion)
    assert question.windowTitle() == "Check in this reader?"
    question.reject()


def test_who_cant_be_checked_in_is_named_by_more_than_a_dash(show: Show) -> None:
    window = show(FakeEngine([a_row(name="- -")]), desk=replace(A_DESK, checks_in=True)).window
    window.table.select("r1")
    QTest.keyClick(window.table, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert window.view.toast.words.text() == "This reader can't be checked in: Confirmed."


@pytest.mark.parametrize("width", [960, 1366, 1920])
@pytest.mark.parametrize("percent", [100, 200])
def test_a_long_message_has_lines_of_about_the_same_length(
    show: Show, width: int, percent: int
) -> None:
    window = show(FakeEngine([a_row()]), size=(width, 768)).window
    window.menus._set_text_size(percent)
    QApplication.processEvents()
    toast = window.view.toast
    toast.say(_LONG)
    QApplication.processEvents()
    words, metrics = toast.words, toast.words.fontMetrics()
    lines = words.heightForWidth(words.width()) / metrics.lineSpacing()
    assert words.height() >= words.heightForWidth(words.width())
    assert metrics.horizontalAdvance(_LONG) >= 0.7 * round(lines) * words.width()
    assert toast.geometry().right() < window.width()
