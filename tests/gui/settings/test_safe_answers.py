"""Each question of the settings has its focus on the answer that changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.errors import ConfigError
from core.settings.config import load_config
from core.setup.config_file import write_config
from core.setup.draft import Draft
from gui.dialogs.base import Dialog, Question
from gui.settings.mistakes_box import UnreadableFile
from tests.core.setup.test_secrets import LockedStore
from tests.gui.settings.conftest import Open, Opened
from tests.gui.settings.test_settings import alma, libcal, type_into

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


def newest(qtbot: QtBot, window: QWidget, words: str) -> Question:
    def shown() -> list[Question]:
        asked = [one for one in window.findChildren(Question) if one.isVisible()]
        return [one for one in asked if words in one.windowTitle()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[-1]


def focused(dialog: Dialog) -> str:
    button = dialog.focusWidget()
    assert isinstance(button, QPushButton)
    return button.text()


def save_anyway(qtbot: QtBot, opened: Opened) -> None:
    opened.window.save.click()
    newest(qtbot, opened.window, "although").choices["save"].click()


def something_missing(qtbot: QtBot, opened: Opened) -> Question:
    opened.window.save.click()
    return newest(qtbot, opened.window, "although")


def closing(qtbot: QtBot, opened: Opened) -> Question:
    opened.window.state.set("Sync", "every_seconds", 240)
    opened.window.reject()
    return newest(qtbot, opened.window, "Close without saving")


def same_key(qtbot: QtBot, opened: Opened) -> Question:
    for field in alma(opened.window).keys.values():
        type_into(field.edit, "l7xx")
    save_anyway(qtbot, opened)
    return newest(qtbot, opened.window, "same key")


def hand_edit(qtbot: QtBot, opened: Opened) -> Question:
    theirs = Draft.of(load_config(opened.setup.config_file))
    theirs.set("Sync", "every_seconds", 600)
    write_config(theirs, opened.setup.config_file)
    opened.window.state.set("Sync", "every_seconds", 240)
    save_anyway(qtbot, opened)
    return newest(qtbot, opened.window, "meanwhile")


def store_fails(qtbot: QtBot, opened: Opened) -> Question:
    type_into(libcal(opened.window).secret.edit, "s3cret")
    save_anyway(qtbot, opened)
    return newest(qtbot, opened.window, "didn't keep")


@pytest.mark.parametrize(
    ("ask", "safe"),
    [
        (something_missing, "Go back"),
        (closing, "Keep editing"),
        (same_key, "Go back"),
        (hand_edit, "Go back"),
        (store_fails, "Cancel"),
    ],
)
def test_enter_in_haste_changes_nothing(
    qtbot: QtBot, open_settings: Open, ask: Callable[[QtBot, Opened], Question], safe: str
) -> None:
    opened = open_settings(store=LockedStore() if ask is store_fails else None)
    asked = ask(qtbot, opened)
    before = opened.setup.config_file.read_text()
    assert focused(asked) == safe
    QTest.keyClick(asked, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not opened.window.state.background.is_busy)
    assert opened.window.isVisible()
    assert opened.setup.config_file.read_text() == before


def test_a_file_that_cant_be_read_is_opened_by_nobody_in_haste(
    qtbot: QtBot, tmp_path: Path
) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    dialog = UnreadableFile(around, tmp_path / "config.yml", ConfigError("It isn't YAML."))
    dialog.show()
    assert focused(dialog) == "Close"
