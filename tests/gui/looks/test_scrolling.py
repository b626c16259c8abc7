"""What is too high for its room scrolls by keys, and is a panel to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.looks.scrolling import Scrolling


class Around(QWidget):
    """The window around it: what keys come to it."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.keys: list[int] = []
        QVBoxLayout(self).addWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        self.keys.append(event.key())


def test_arrows_and_pages_scroll_and_other_keys_are_the_windows(qtbot: QtBot) -> None:
    scrolling = Scrolling(QLabel("\n".join(map(str, range(200)))), "Detail")
    window = Around(scrolling)
    qtbot.addWidget(window)
    window.resize(200, 200)
    window.show()
    scrolling.setFocus()
    bar, seen = scrolling.area.verticalScrollBar(), [0]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
        QTest.keyClick(scrolling, key)
        seen.append(bar.value())
    down, page, up, back = seen[1:]
    assert 0 < down < page
    assert 0 <= back < up < page
    assert window.keys == []
    QTest.keyClick(scrolling, Qt.Key.Key_A)
    QTest.keyClick(scrolling, Qt.Key.Key_Escape)
    assert window.keys == [Qt.Key.Key_A, Qt.Key.Key_Escape]


def test_it_is_a_panel_with_a_name_where_tab_stops(qtbot: QtBot) -> None:
    scrolling = Scrolling(QLabel("short"), "Detail")
    qtbot.addWidget(scrolling)
    part = QAccessible.queryAccessibleInterface(scrolling)
    assert part.role() is QAccessible.Role.Grouping
    assert part.text(QAccessible.Text.Name) == "Detail"
    assert scrolling.focusPolicy() is Qt.FocusPolicy.StrongFocus
    assert scrolling.area.focusPolicy() is Qt.FocusPolicy.NoFocus
