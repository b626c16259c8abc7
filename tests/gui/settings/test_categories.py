"""Categories can be named before any user group was seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.settings.config import load_config
from tests.gui.settings.conftest import Open
from tests.gui.settings.test_settings import passagepoint, question

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


def test_a_category_is_typed_before_its_group_was_seen(qtbot: QtBot, open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    window.show_page("PassagePoint")
    window.activateWindow()
    fields = passagepoint(window).categories
    assert not fields.groups
    for group, category in (("gw und", "Student"), ("gw fac", "Faculty")):
        fields.group.setFocus()
        QTest.keyClicks(fields.group, group)
        QTest.keyClick(fields.group, Qt.Key.Key_Tab)
        assert fields.category.hasFocus()
        QTest.keyClicks(fields.category, category)
        QTest.keyClick(fields.category, Qt.Key.Key_Tab)
    assert {group: edit.text() for group, edit in fields.groups.items()} == {
        "gw und": "Student",
        "gw fac": "Faculty",
    }
    assert window.state.draft.value("PassagePoint", "categories") == {
        "gw und": "Student",
        "gw fac": "Faculty",
    }
    qtbot.waitUntil(lambda: not window.state.background.is_busy)


def test_what_stands_in_the_row_is_saved_although_the_field_was_not_left(
    qtbot: QtBot, open_settings: Open
) -> None:
    opened = open_settings()
    window = opened.window
    fields = passagepoint(window).categories
    QTest.keyClicks(fields.group, "staff")
    QTest.keyClicks(fields.category, "Employee")
    window.save.click()
    with qtbot.waitSignal(window.saved):
        question(qtbot, window).choices["save"].click()
    assert load_config(opened.setup.config_file).passagepoint.category_of("Staff") == "Employee"


def test_a_group_that_is_typed_again_is_the_same_one(open_settings: Open) -> None:
    window = open_settings(first_time=True).window
    fields = passagepoint(window).categories
    for category in ("Student", "Learner"):
        QTest.keyClicks(fields.group, "gw und")
        QTest.keyClicks(fields.category, category)
        fields.category.editingFinished.emit()
    assert window.state.draft.value("PassagePoint", "categories") == {"gw und": "Learner"}
    assert fields.groups["gw und"].text() == "Learner"
