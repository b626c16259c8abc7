"""PySide may mistake a window's handle for what lay at its address before."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.looks.window_handle import handle_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_handle_that_is_taken_for_a_layout_item_is_asked_for_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert handle_of(window) is None
    column = QVBoxLayout(window)
    column.addWidget(QLabel("x"))
    window.show()
    real = window.windowHandle()
    answers: list[object] = [column.itemAt(0), real]
    monkeypatch.setattr(QWidget, "windowHandle", lambda _window: answers.pop(0))
    assert handle_of(window) is real
