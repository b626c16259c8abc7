"""What stands in the window can be read: nothing that tells people or seats apart is cut."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow
from core.domain.status import Action, LibCalState, PassState, PatronState
from core.practice import maker
from gui.looks.scrolling import Scrolling
from gui.looks.theme import Theme
from gui.preferences.geometry import fits, keep_on_screen
from gui.table.booking_model import CELL_ROLE
from gui.table.cell_delegate import fitted
from gui.table.columns import BY_NAME, COLUMNS
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.cells import cell_at
from tests.gui.conftest import A_DESK, Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SEATS = ("Seat 12", "Study Room 131", "Seat 50 · Seat 51 · Seat 52")


def a_day() -> list[BookingRow]:
    """Everybody whom the practice day knows, at every kind of seat."""
    people = itertools.product(maker.LAST_NAMES, maker.FIRST_NAMES)
    rows = [
        a_row(
            f"r{at}",
            NOON + timedelta(minutes=at),
            sort_name=f"{last}, {first}",
            seats=SEATS[at % len(SEATS)],
            libcal_label="Checked out",
        )
        for at, (last, first) in enumerate(people)
    ]
    anew = a_pass_row(PassState.CHANGED, Action.REGISTER_ANEW, row_id="x1", seats=SEATS[0])
    return [
        *rows,
        anew,
        a_troubled_row("x2"),
        a_row("x3", sort_name="von Hohenzollern-Featherstonehaugh, Maximiliane"),
    ]


def words_at(window: MainWindow, place: int, name: str) -> str:
    """What is painted in a cell."""
    table, column = window.table, BY_NAME[name]
    if column not in window.model.columns:
        return ""
    index = cell_at(window, place, column)
    cell = index.data(CELL_ROLE)
    weight = QFont.Weight.DemiBold if cell.bold else QFont.Weight.Normal
    metrics = QFontMetrics(window.theme.font(14, weight))
    level = table._cells._brevity(column)
    return fitted(
        cell, metrics, table.columnWidth(index.column()) - window.theme.px(14 + 5), level
    )[0]


@pytest.mark.parametrize(
    ("size", "percent"), [((1366, 768), 100), ((1280, 720), 100), ((1920, 1080), 150)]
)
def test_every_name_up_to_24_characters_and_every_seat_is_whole(
    show: Show, size: tuple[int, int], percent: int
) -> None:
    window = show(FakeEngine(a_day()), size=size).window
    window.menus._set_text_size(percent)
    QApplication.processEvents()
    for place, row in enumerate(window.model.shown_rows()):
        if len(row.sort_name) <= 24:
            assert words_at(window, place, "person") == row.sort_name
        seat = words_at(window, place, "place")
        assert seat.endswith((row.seats, "Seat 50 · 51 · 52"))


@pytest.mark.parametrize("percent", [100, 125, 150, 200])
@pytest.mark.parametrize("width", [960, 1366, 1920])
def test_either_every_row_says_its_place_or_none(show: Show, width: int, percent: int) -> None:
    rows = [
        a_row(f"m{at}", NOON + timedelta(minutes=at), location="Main Library", seats=seat)
        for at, seat in enumerate(("Seat 5", "Seat 58", "Seat 117"))
    ]
    rows = [replace(row, place="Main") for row in rows]
    window = show(FakeEngine([*rows, *a_day()]), size=(width, 800)).window
    window.menus._set_text_size(percent)
    QApplication.processEvents()
    said = [words_at(window, place, "place") for place in range(window.model.rowCount())]
    words = [one for one in said if one.endswith(("Seat 5", "Seat 58", "Seat 117"))]
    assert len({one.partition("Seat")[0] for one in words}) <= 1  # none where the column has left


def test_the_way_to_now_covers_no_row(show: Show) -> None:
    rows = [a_row(f"r{at:02}", NOON + timedelta(minutes=10 * at)) for at in range(60)]
    for percent in (100, 200):
        window = show(FakeEngine(rows)).window
        window.menus._set_text_size(percent)
        table = window.table
        table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
        assert table._now.isVisible()
        assert not table._now.geometry().intersects(table.viewport().geometry())
        assert table.horizontalHeader().geometry().contains(table._now.geometry())


def test_good_news_is_an_icon_before_anything_that_matters_is_cut(show: Show) -> None:
    window = show(FakeEngine(a_day()), size=(1366, 768)).window
    QApplication.processEvents()
    levels = window.table._cells.levels
    assert {levels[BY_NAME["libcal"]], levels[BY_NAME["alma"]]} <= {1, 2}
    assert "university_id" in {COLUMNS[at].name for at in levels}


def test_the_places_short_name_stands_where_there_is_no_room_for_the_long_one(
    qtbot: QtBot,
) -> None:
    row = a_row(location="Main Library Study Spaces", place="Main", seats="Seat 12")
    column = COLUMNS[BY_NAME["place"]]
    assert column.texts is not None
    assert column.texts(row) == (
        "Main Library Study Spaces · Seat 12",
        "Main · Seat 12",
        "Seat 12",
    )


def test_a_scroll_bar_that_comes_or_goes_moves_nothing(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine(a_day()), size=(960, 600)).window
    QApplication.processEvents()
    before = [window.table.columnViewportPosition(at) for at in range(window.model.columnCount())]
    window.header.search.setText("hohenzollern")
    assert window.model.rowCount() == 1
    QApplication.processEvents()
    assert [
        window.table.columnViewportPosition(at) for at in range(window.model.columnCount())
    ] == before
    area = window.view.detail.findChildren(Scrolling)[0].area
    width = area.viewport().width()
    window.table.select("x3")
    QApplication.processEvents()
    assert area.viewport().width() == width


@pytest.mark.parametrize(
    ("screen", "scale", "stands"),
    [
        ((1920, 1080), 1.0, True),
        ((1366, 768), 1.0, False),
        ((1920, 1080), 1.25, True),
        ((1920, 1080), 1.5, False),
        ((2560, 1440), 1.5, True),
        ((1920, 1080), 2.0, False),
        ((1024, 600), 1.0, False),
    ],
)
def test_a_window_that_doesnt_fit_with_its_frame_and_the_task_bar_opens_maximised(
    screen: tuple[int, int], scale: float, stands: bool
) -> None:
    free = QRect(0, 0, int(screen[0] / scale), int(screen[1] / scale) - 40)
    assert fits(QSize(1366, 768), QMargins(8, 38, 8, 8), free) is stands


def test_on_a_screen_that_is_too_small_the_window_is_maximised(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    free = window.screen().availableGeometry()
    window.resize(free.size() + QSize(1, 1))
    keep_on_screen(window)
    assert window.isMaximized()


def test_a_window_that_the_systems_scale_makes_too_large_is_maximised(
    qtbot: QtBot, show: Show
) -> None:
    window = show(FakeEngine([a_row()])).window
    window.resize(window.screen().availableGeometry().size() + QSize(1, 1))
    QApplication.sendEvent(window, QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(window.isMaximized)


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_maximised_window_is_maximised_anew_only_where_the_systems_scale_made_it_too_large(
    qtbot: QtBot, show: Show, monkeypatch: pytest.MonkeyPatch, is_cut: bool
) -> None:
    """One that fits may have been moved to another screen, from which it would be taken back."""
    window = show(FakeEngine([a_row()])).window
    window.showMaximized()
    # Only a desktop lets a maximised window be larger than its screen.
    monkeypatch.setattr("gui.preferences.geometry.fits", lambda *_: not is_cut)
    states: list[Qt.WindowState] = []
    handle = window.windowHandle()
    assert handle is not None
    handle.windowStateChanged.connect(states.append)
    QApplication.sendEvent(window, QEvent(QEvent.Type.DevicePixelRatioChange))
    normal, whole = Qt.WindowState.WindowNoState, Qt.WindowState.WindowMaximized
    if is_cut:
        qtbot.waitUntil(lambda: states[:1] == [normal] and states[-1] == whole)
    else:
        QApplication.processEvents()
        assert states == []
    assert window.isMaximized()


def test_a_screen_of_1024_by_600_at_200_percent_holds_the_window_with_its_frame(
    show: Show,
) -> None:
    window = show(FakeEngine([a_row()])).window
    screen, frame = QRect(0, 0, 512, 300), QMargins(8, 38, 8, 8)
    assert fits(window.minimumSizeHint(), frame, screen)
    window.resize(496, 254)
    assert (window.width(), window.height()) == (496, 254)


def test_below_960_by_600_the_content_scrolls_instead_of_being_cut(
    qtbot: QtBot, show: Show
) -> None:
    window = show(FakeEngine([a_row()]), size=(700, 400)).window
    QApplication.processEvents()
    page = window.centralWidget()
    assert isinstance(page, QScrollArea)
    assert (window.width(), window.height()) == (700, 400)
    assert page.horizontalScrollBar().maximum() > 0
    assert page.verticalScrollBar().maximum() > 0
    window.resize(1366, 768)
    QApplication.processEvents()
    assert page.verticalScrollBar().maximum() == 0


def test_the_selection_reaches_from_edge_to_edge(show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    table = window.table
    for width in range(1360, 1370):
        window.resize(width, 768)
        QApplication.processEvents()
        widths = [table.columnWidth(at) for at in range(window.model.columnCount())]
        assert sum(widths) == table.viewport().width()


def test_no_sliver_of_a_row_stands_under_the_header(show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=at - 100)) for at in range(200)]
    window = show(FakeEngine(rows)).window
    table = window.table
    table.show_now()
    assert table.rowViewportPosition(table.rowAt(0)) == 0
    table.select("r13")
    assert table.rowViewportPosition(table.rowAt(0)) == 0
    assert table.verticalScrollBar().singleStep() == table.rowHeight(0)


def test_now_is_marked_once_after_a_row_beside_it_got_a_button(qtbot: QtBot, show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=30 * at - 75)) for at in range(9)]
    shown = show(FakeEngine(rows))
    window = shown.window
    qtbot.waitUntil(lambda: is_painted_as_it_is(window))
    for action in (Action.REGISTER_NOW, None):
        with qtbot.waitSignal(shown.worker.rows_changed):
            shown.engine.change("r2", action=action)
        qtbot.waitUntil(lambda: is_painted_as_it_is(window))


def is_painted_as_it_is(window: MainWindow) -> bool:
    """Whether what is on the screen is what a whole new painting would give."""
    viewport = window.table.viewport()
    place = QRect(viewport.mapTo(window, QPoint(0, 0)), viewport.size())
    whole, kind = window.grab().toImage(), QImage.Format.Format_RGB32
    seen = window.screen().grabWindow(window.winId()).toImage()
    return seen.copy(place).convertToFormat(kind) == whole.copy(place).convertToFormat(kind)


def test_the_next_hour_never_wraps(show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=30 * at - 240)) for at in range(24)]
    window = show(FakeEngine(rows)).window
    chips = window.header.chips
    for width in range(1100, 1400, 10):
        window.resize(width, 768)
        QApplication.processEvents()
        tops = {chip.y() for chip in chips._spans.values() if chip.isVisible()}
        assert len(tops) <= 1


def test_nothing_jumps_when_the_icons_come(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()])).window
    theme = Theme()
    assert not theme.icon("refresh", "#000000").isNull()
    before = window.header.sync.sizeHint()
    window.theme.load_icons()
    assert window.header.sync.sizeHint() == before


def test_a_button_with_the_keyboard_is_as_large_as_without(show: Show) -> None:
    window = show(FakeEngine([a_troubled_row()])).window
    sync = window.header.sync
    window.table.setFocus()
    without = sync.sizeHint()
    sync.setFocus()
    assert sync.sizeHint() == without


def test_the_history_is_in_sight_on_a_normal_desk_pc(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_troubled_row()]), size=(1366, 768)).window
    window.table.select("r1")
    assert first_line_of_history(qtbot, window) < scrolled(window).viewport().height()


ALL_THAT_IS_OFFERED = (Action.ADD_COMPANION, Action.CHECK_IN)
CALL_THEM = {"PassagePoint": "Security, 4-6111"}
NOT_THE_SAME = a_troubled_row(
    patron=PatronState.NAME_DIFFERS,
    seats="Study Room 125",
    reason="In Alma this ID belongs to Xiaoming Wang; the booking is for 小明 王, "
    "in another script.",
    alma_name="Xiaoming Wang",
    offers=(Action.SAME_PERSON, *ALL_THAT_IS_OFFERED),
)
UNCLEAR = a_pass_row(
    PassState.UNCLEAR,
    Action.RESOLVE,
    *(Action.IT_IS_THERE, Action.REGISTER_AGAIN, *ALL_THAT_IS_OFFERED),
    seats="Study Room 125",
    reason="PassagePoint's answer was lost: the connection was cut.",
)
REGISTERED = a_row(
    seats="Study Room 125",
    next_step="Opens Main Desk from 10:45 to 12:15 with card 22824485725530. If the gate stays "
    "shut, compare gate, time and card.",
    offers=(Action.CORRECT_ID, Action.REGISTER_AGAIN, *ALL_THAT_IS_OFFERED),
)


@pytest.mark.parametrize(
    "row", [NOT_THE_SAME, UNCLEAR, REGISTERED], ids=["name", "unclear", "registered"]
)
def test_the_history_is_in_sight_with_all_that_a_desk_can_do(
    qtbot: QtBot, show: Show, row: BookingRow
) -> None:
    desk = replace(A_DESK, practice=True, checks_in=True, contacts=CALL_THEM)
    window = show(FakeEngine([row]), desk=desk, size=(1366, 768)).window
    window.table.select("r1")
    assert first_line_of_history(qtbot, window) < scrolled(window).viewport().height()


def test_what_is_seldom_wanted_is_quiet_and_below_what_happened(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine([a_row()]), size=(1366, 768)).window
    window.table.select("r1")
    bottom = first_line_of_history(qtbot, window)
    copies = window.view.detail._copies.values()
    assert all(one.isVisible() and one.property("quiet") for one in copies)
    tops = [one.mapTo(scrolled(window).viewport(), QPoint(0, 0)).y() for one in copies]
    assert min(tops) > bottom


def scrolled(window: MainWindow) -> QScrollArea:
    return window.view.detail.findChildren(Scrolling)[0].area


def first_line_of_history(qtbot: QtBot, window: MainWindow) -> int:
    """Where it ends in the detail."""
    detail = window.view.detail
    qtbot.waitUntil(detail._history_title.isVisible)
    QApplication.processEvents()
    top = detail._history.mapTo(scrolled(window).viewport(), QPoint(0, 0)).y()
    return top + window.theme.font(14).pixelSize()


def test_a_quiet_cancellation_is_an_icon_too(qtbot: QtBot) -> None:
    cancelled = a_row(libcal_state=LibCalState.CANCELLED, libcal_label="Cancelled")
    texts = COLUMNS[BY_NAME["libcal"]].texts
    assert texts is not None
    assert texts(cancelled) == ("Cancelled", "", "")
