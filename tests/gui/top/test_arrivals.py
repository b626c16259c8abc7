"""The arrivals picture: what a click chooses, what the keys choose, and that both are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.table.row_filter import Stretch
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")
HALF = timedelta(minutes=30)
SMALLEST_TARGET = 24
FIRST = NOON - 24 * HALF  # midnight


def a_window(show: Show, half_hours: int, size: tuple[int, int]) -> MainWindow:
    rows = [a_row(f"r{at}", FIRST + at * HALF) for at in range(half_hours)]
    window = show(FakeEngine(rows), size=size).window
    QApplication.processEvents()
    assert window.header.arrivals.isVisible()
    return window


def middle(window: MainWindow, moment: datetime) -> QPoint:
    arrivals = window.header.arrivals
    at = round((moment - FIRST) / HALF)
    return arrivals._bar_rect(at, 1.0).center().toPoint()


def click(window: MainWindow, moment: datetime) -> list[str]:
    """What the table shows after a click on this half hour."""
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(window.header.arrivals, left, pos=middle(window, moment))
    return [row.row_id for row in window.model.shown_rows()]


@pytest.mark.parametrize("half_hours", [6, 12, 20, 28, 36, 48])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_all_that_a_click_chooses_is_wide_enough_to_hit(
    show: Show, half_hours: int, size: tuple[int, int]
) -> None:
    arrivals = a_window(show, half_hours, size).header.arrivals
    targets: dict[Stretch, int] = {}
    for x in range(arrivals.width()):
        if (stretch := arrivals.stretch_at(x)) is not None:
            targets[stretch] = targets.get(stretch, 0) + 1
    inner = list(targets.values())[1:-1]  # the day may begin or end within a whole hour
    assert min(inner) >= SMALLEST_TARGET - 1  # a target's edge lies within a pixel
    assert sum(targets.values()) == pytest.approx(half_hours * arrivals._width(), abs=1)


def test_where_there_is_room_a_click_chooses_a_half_hour(show: Show) -> None:
    window = a_window(show, 12, (1920, 1080))
    assert click(window, FIRST + 3 * HALF) == ["r3"]
    assert window.header.chips._span_choice.accessibleName() == "Time: 01:30–02:00"
    assert len(click(window, FIRST + 3 * HALF)) == 12


def test_on_a_long_day_in_a_narrow_window_it_chooses_a_whole_hour(show: Show) -> None:
    window = a_window(show, 28, (1366, 768))
    for half in (NOON, NOON + HALF):
        assert click(window, half) == ["r24", "r25"]
        assert window.header.chips._span_choice.accessibleName() == "Time: 12:00–13:00"
        assert len(click(window, half)) == 28


def test_a_whole_day_by_the_clock_has_two_hours_together(show: Show) -> None:
    window = a_window(show, 48, (1280, 720))
    assert click(window, NOON + 3 * HALF) == ["r24", "r25", "r26", "r27"]


def test_the_keys_choose_each_half_hour_in_any_width(show: Show) -> None:
    window = a_window(show, 28, (1366, 768))
    arrivals = window.header.arrivals
    arrivals.setFocus()
    for at in range(28):
        arrivals.setValue(at)
        QTest.keyClick(arrivals, Qt.Key.Key_Space)
        assert [row.row_id for row in window.model.shown_rows()] == [f"r{at}"]


def test_the_frame_goes_with_the_bars_under_the_mouse(show: Show) -> None:
    """A new day may come while the mouse rests there."""
    window = a_window(show, 28, (1366, 768))
    arrivals = window.header.arrivals
    arrivals._point_at(arrivals.stretch_at(middle(window, NOON).x()))
    arrivals.show_bars((), NOON)
    bare = arrivals.grab().toImage()
    arrivals._point_at(None)
    assert arrivals.grab().toImage() == bare


def test_what_a_click_would_choose_is_framed_and_told(show: Show) -> None:
    window = a_window(show, 28, (1366, 768))
    arrivals = window.header.arrivals
    before = arrivals.grab().toImage()
    point = middle(window, NOON)
    QTest.mouseMove(arrivals, point)
    assert arrivals.grab().toImage() != before
    shown = QHelpEvent(QHelpEvent.Type.ToolTip, point, arrivals.mapToGlobal(point))
    QApplication.sendEvent(arrivals, shown)
    assert QToolTip.text() == "12:00–13:00: 2 arrivals"
    QTest.mouseMove(window.table, QPoint(5, 5))
    QApplication.sendEvent(arrivals, QHelpEvent(QHelpEvent.Type.Leave, point, point))
    assert arrivals.grab().toImage() == before
