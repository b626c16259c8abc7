"""From right to left (``-reverse``): what is painted or placed by hand changes sides, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from core.domain.status import Group
from gui.table.columns import ACTION, BY_NAME
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.cells import cell_at
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def a_day() -> FakeEngine:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=10 * (at - 20))) for at in range(60)]
    return FakeEngine([*rows, a_troubled_row("t1", NOON + timedelta(minutes=5))])


class Painter:
    """Notes where words are written; takes all else."""

    def __init__(self) -> None:
        self.words: dict[str, QRect] = {}

    def drawText(self, place: QRect, _flags: object, text: str) -> None:  # noqa: N802
        self.words[text] = QRect(place)

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None


def painted(window: MainWindow, row_id: str, column: str) -> tuple[dict[str, QRect], QRect]:
    table, painter = window.table, Painter()
    place = window.model.place_of(row_id)
    assert place is not None
    index = cell_at(window, place, BY_NAME[column])
    option = QStyleOptionViewItem()
    option.rect = table.visualRect(index)
    table.itemDelegate().paint(painter, option, index)  # type: ignore[arg-type]
    return painter.words, QRect(option.rect)


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize(("column", "parts"), [("time", 2), ("place", 2), ("person", 1)])
def test_the_parts_of_a_cell_lie_side_by_side_and_begin_at_its_right(
    show: Show, column: str, parts: int
) -> None:
    window = show(a_day()).window
    window.table.select("r20")
    words, cell = painted(window, "r20", column)
    assert len(words) == parts
    first, *others = words.values()
    assert cell.right() - first.right() < 20
    metrics = window.table.fontMetrics()
    for clear, faint in zip(list(words), others, strict=False):
        assert faint.right() <= first.right() - metrics.horizontalAdvance(clear) // 2
        assert faint.left() >= cell.left()


@pytest.mark.usefixtures("mirrored")
def test_the_button_is_pressed_where_it_is_painted(qtbot: QtBot, show: Show) -> None:
    shown = show(a_day())
    window, table = shown.window, shown.window.table
    place = window.model.place_of("t1")
    assert place is not None
    cell = table.visualRect(cell_at(window, place, ACTION))
    words, _ = painted(window, "t1", "action")
    [button] = words.values()
    assert button.left() - cell.left() < 20
    table.scrollTo(cell_at(window, place, ACTION))
    cell = table.visualRect(cell_at(window, place, ACTION))
    at = QPoint(cell.left() + 30, cell.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: window.view.detail.buttons.field is not None)


@pytest.mark.usefixtures("mirrored")
def test_detail_now_and_the_bar_of_the_selection_are_on_the_other_side(show: Show) -> None:
    window = show(a_day()).window
    table, detail = window.table, window.view.detail
    assert detail.geometry().left() == 0
    assert table.geometry().left() == detail.geometry().right() + 1
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    assert table._now.geometry().center().x() < table.width() // 3
    table.select("r59")
    image = table.viewport().grab().toImage()
    place = window.model.place_of("r59")
    assert place is not None
    y = table.rowViewportPosition(place) + 10
    accent = window.theme.color(window.theme.tokens.accent)
    assert image.pixelColor(image.width() - 2, y) == accent
    assert image.pixelColor(1, y) != accent


@pytest.mark.usefixtures("mirrored")
def test_arrivals_go_from_right_to_left_by_mouse_and_by_key(show: Show) -> None:
    window = show(a_day()).window
    arrivals = window.header.arrivals
    first, second = arrivals._bar_rect(0, 1.0), arrivals._bar_rect(1, 1.0)
    assert first.left() > second.left()
    QTest.mouseClick(arrivals, Qt.MouseButton.LeftButton, pos=QPointF(second.center()).toPoint())
    assert arrivals.value() == 1
    QTest.keyClick(arrivals, Qt.Key.Key_Left)
    assert arrivals.value() == 2
    QTest.keyClick(arrivals, Qt.Key.Key_Right)
    assert arrivals.value() == 1


@pytest.mark.usefixtures("mirrored")
def test_the_chips_begin_at_the_right(show: Show) -> None:
    chips = show(a_day()).window.header.chips
    todo, waiting = chips._groups[Group.NEEDS_PERSON], chips._groups[Group.WAITING]
    assert todo.geometry().left() > waiting.geometry().right()


@pytest.mark.parametrize("name", ["Levi, Dana", "לוי, דנה"])
def test_a_name_begins_at_the_left_of_a_table_from_left_to_right(show: Show, name: str) -> None:
    window = show(FakeEngine([a_row("r1", NOON, name=name)])).window
    index = cell_at(window, 0, BY_NAME["person"])
    place = window.table.visualRect(index)
    picture = window.table.viewport().grab(place).toImage()
    ground = picture.pixelColor(picture.width() - 2, picture.height() // 2)
    middle = range(picture.height() // 4, 3 * picture.height() // 4)
    columns = range(picture.width())
    ink = [x for x in columns if any(picture.pixelColor(x, y) != ground for y in middle)]
    assert min(ink) < picture.width() // 8


@pytest.mark.usefixtures("mirrored")
def test_titles_stand_above_what_stands_below_them(show: Show) -> None:
    window = show(a_day()).window
    header = window.table.horizontalHeader()
    section = window.model.columns.index(BY_NAME["person"])
    place = QRect(header.sectionViewportPosition(section), 0, header.sectionSize(section), 20)
    seen = header.grab(place).toImage()
    ground = seen.pixel(0, 10)
    inked = [x for x in range(seen.width()) if any(seen.pixel(x, y) != ground for y in range(20))]
    assert seen.width() - 1 - inked[-1] in range(12, 17), "14 pixels from the right, as names are"
