"""The window at every size and text size: what gives way, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.day.asked import DayAsked
from core.domain.models import BookingRow
from core.domain.status import Group
from gui.looks.scrolling import Scrolling
from gui.preferences.file import PreferencesFile
from gui.table.column_widths import Shares, share_out
from gui.table.columns import BY_NAME, COLUMNS
from gui.table.over_rows import Side, TableLine
from gui.table.row_filter import Span
from gui.window.main_window import MainWindow
from tests.builders import NOON
from tests.gui.conftest import A_DESK, Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SIZES = [(960, 600), (1366, 768), (1920, 1080), (2560, 1440)]
_NEAR = 8
FIRST = [at for at, column in enumerate(COLUMNS) if column.at_first]


def some_rows() -> list[BookingRow]:
    minutes = (-60, -30, 10, 20, 40, 50, 60, 70, 80, 90)
    rows = [a_row(f"r{at}", NOON + timedelta(minutes=at)) for at in minutes]
    rows = [replace(row, location="Main Library", seats="Seat 12") for row in rows]
    return [a_troubled_row("t1", NOON + timedelta(minutes=5)), *rows]


def a_sized_window(show: Show, size: tuple[int, int], percent: int) -> MainWindow:
    window = show(FakeEngine(some_rows()), size=size).window
    window.menus._set_text_size(percent)
    QApplication.processEvents()
    return window


def shown_columns(window: MainWindow) -> set[str]:
    return {COLUMNS[at].name for at in window.model.columns}


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", SIZES)
def test_the_table_never_scrolls_sideways(
    qtbot: QtBot, show: Show, size: tuple[int, int], percent: int
) -> None:
    window = a_sized_window(show, size, percent)
    qtbot.waitUntil(lambda: window.table.horizontalScrollBar().maximum() == 0)
    assert {"time", "person", "passagepoint", "action"} <= shown_columns(window)


def cut_off(whole: QWidget) -> list[str]:
    """What reaches beyond the widget that it stands in."""
    return [
        one.accessibleName() or str(one)
        for one in whole.findChildren(QWidget)
        if one.isVisible()
        and not whole.rect().contains(one.rect().translated(one.mapTo(whole, QPoint(0, 0))))
    ]


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_in_the_upper_part_is_cut_off(
    qtbot: QtBot, show: Show, size: tuple[int, int], percent: int
) -> None:
    header = a_sized_window(show, size, percent).header
    qtbot.waitUntil(lambda: cut_off(header) == [])


def measures(window: MainWindow) -> list[tuple[str, QRect]]:
    """Where everything is that is seen, the detail from its top."""
    window.view.detail.findChildren(Scrolling)[0].area.verticalScrollBar().setValue(0)
    shown = [one for one in window.findChildren(QWidget) if one.isVisible()]
    return [(type(one).__name__, one.geometry()) for one in shown]


def nearly(some: list[tuple[str, QRect]], others: list[tuple[str, QRect]]) -> bool:
    """The same parts in the same places, but for the few gaps that Qt's style chooses."""
    if [name for name, _ in some] != [name for name, _ in others]:
        return False
    moved = (
        (here.topLeft() - there.topLeft(), here.bottomRight() - there.bottomRight())
        for (_, here), (_, there) in zip(some, others, strict=True)
    )
    return all(max(abs(one.x()), abs(one.y())) <= _NEAR for two in moved for one in two)


@pytest.mark.parametrize("size", SIZES)
def test_larger_text_in_an_open_window_is_as_if_it_had_been_opened_so(
    qtbot: QtBot, show: Show, tmp_path: Path, size: tuple[int, int]
) -> None:
    window = show(FakeEngine(some_rows()), size=size).window
    for percent in (150, 115, 200):
        window.menus._set_text_size(percent)
    PreferencesFile(tmp_path / "window.json").change(text_percent=200)
    born_so = show(FakeEngine(some_rows()), size=size, preferences=tmp_path / "window.json").window
    for one in (window, born_so):
        one.view.open_detail("t1")
    qtbot.waitUntil(lambda: nearly(measures(window), measures(born_so)))


def test_larger_text_keeps_the_rows_that_were_seen(show: Show) -> None:
    rows = [a_row(f"r{at:02}", NOON + timedelta(minutes=at)) for at in range(60)]
    window = show(FakeEngine(rows)).window
    table = window.table
    table.verticalScrollBar().setValue(20 * table.rowHeight(0))
    window.menus._set_text_size(200)
    assert table.rowAt(2) == 20


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", SIZES)
def test_each_title_has_room_for_the_mark_of_its_sorting(
    qtbot: QtBot, show: Show, size: tuple[int, int], percent: int
) -> None:
    window = a_sized_window(show, size, percent)
    header = window.table.horizontalHeader()
    for column in shown_columns(window) - {"action"}:
        section = window.model.columns.index(BY_NAME[column])
        window.table.sort_by(BY_NAME[column])
        assert window.model.headerData(section, Qt.Orientation.Horizontal)[-1] in "▲▼"
        seen = QRect(
            header.sectionPosition(section), 0, header.sectionSize(section), header.height()
        )
        painted = header.grab(seen).toImage()
        header.resizeSection(section, header.sectionSize(section) + 100)
        assert header.grab(seen).toImage() == painted, f"the mark of {column} is cut"


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["Main desk", "Entrance of the Law and Social Sciences Library"])
def test_nothing_in_the_lowest_line_is_cut(
    qtbot: QtBot, show: Show, size: tuple[int, int], percent: int, name: str
) -> None:
    shown = show(FakeEngine(some_rows()), size=size, desk=replace(A_DESK, name=name))
    shown.window.menus._set_text_size(percent)
    parts = shown.window.status.findChildren(QLabel)

    def is_whole() -> bool:
        return all(one.width() >= one.sizeHint().width() for one in parts if one.isVisible())

    qtbot.waitUntil(lambda: is_whole() and shown.window.status._sum.isVisible())


def test_what_has_the_keyboard_is_in_view_in_a_low_window(qtbot: QtBot, show: Show) -> None:
    window = a_sized_window(show, (960, 600), 200)
    window.view.open_detail("t1")
    field = window.view.detail.buttons.field
    assert field is not None
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect() == field.rect())


def test_five_rows_are_left_at_200_percent_on_a_normal_desk_pc(qtbot: QtBot, show: Show) -> None:
    table = a_sized_window(show, (1366, 768), 200).table
    qtbot.waitUntil(lambda: table.viewport().height() // table.rowHeight(0) >= 5)


def shares_of(room: int, *names: str) -> Shares:
    """Of columns as wide as ten pixels a character."""

    def wide(_at: int, sample: str) -> int:
        return 10 * len(sample)

    def wanted(at: int, level: int) -> int:
        samples = COLUMNS[at].samples
        return wide(at, samples[min(level, len(samples) - 1)]) + 40

    chosen = [BY_NAME[name] for name in names] or FIRST
    return share_out(chosen, room, wanted, wide)


def names_of(shares: Shares) -> list[str]:
    return [COLUMNS[at].name for at in shares.shown]


def test_where_room_is_short_good_news_shrinks_first_and_then_what_stands_elsewhere_leaves() -> (
    None
):
    everything = sum(10 * len(COLUMNS[at].samples[0]) + 40 for at in FIRST)
    whole = shares_of(everything)
    assert (whole.shown, set(whole.levels.values())) == (FIRST, {0})
    brief = shares_of(everything - 1)
    assert brief.shown == FIRST
    assert [COLUMNS[at].name for at, level in brief.levels.items() if level] == ["alma"]
    assert "alma" not in names_of(shares_of(everything - 250))
    assert names_of(shares_of(0)) == ["time", "person", "passagepoint", "action"]


def test_room_that_is_left_is_shared_and_not_a_pixel_is_lost() -> None:
    for room in range(1900, 1920):
        assert sum(shares_of(room).widths) == room


def test_names_keep_their_room_longest() -> None:
    names = ("time", "person", "university_id", "passagepoint", "action")
    whole = dict(
        zip(names_of(shares_of(2000, *names)), shares_of(2000, *names).widths, strict=True)
    )
    wanted = 10 * len("Papadopoulou") + 40
    assert whole["person"] > wanted
    short = shares_of(680, *names)
    assert "university_id" not in names_of(short)
    assert short.widths[1] >= wanted


def test_a_column_without_room_is_still_a_chosen_one(show: Show) -> None:
    window = a_sized_window(show, (1366, 768), 200)
    assert "alma" not in shown_columns(window)
    assert "alma" in window.table.columns()
    window.menus._set_text_size(100)
    assert "alma" in shown_columns(window)


def test_at_last_a_time_loses_its_end_before_the_button_is_out_of_sight() -> None:
    names = ("time", "person", "passagepoint", "action")
    least = 10 * (len("00:00") + len("Papado") + len("RegisteredRegister now")) + 80
    shares = shares_of(least, *names)
    assert sum(shares.widths) == least
    assert shares.widths[0] == 10 * len("00:00")


def test_a_place_comes_back_where_what_left_after_it_made_room() -> None:
    everything = sum(10 * len(COLUMNS[at].samples[0]) + 40 for at in FIRST)
    for room in range(everything - 500, everything, 7):
        shares = shares_of(room)
        used = sum(shares.widths)
        assert used == max(used, room)
        place = BY_NAME["place"]
        if shares.levels.get(place) == 2:  # else it says where, too
            seat, both = (10 * len(COLUMNS[place].samples[at]) + 40 for at in (2, 1))
            wanted = [
                10 * len(COLUMNS[at].samples[min(level, len(COLUMNS[at].samples) - 1)]) + 40
                for at, level in shares.levels.items()
            ]
            assert sum(wanted) - seat + both > room


def test_at_last_a_time_loses_its_end_before_a_name_does() -> None:
    names = ("time", "person", "passagepoint", "action")
    least = 10 * (len("00:00") + len("Papado") + len("RegisteredRegister now")) + 80
    for more in range(0, 60, 10):
        shares = shares_of(least + more, *names)
        assert shares.widths[:2] == [10 * len("00:00"), 10 * len("Papado") + min(more, 30)] or (
            more > 30
        )


def test_spans_and_groups_become_one_button_each_where_room_is_short(show: Show) -> None:
    window = a_sized_window(show, (960, 600), 200)
    chips = window.header.chips
    assert [one for one, chip in chips._groups.items() if chip.isVisible()] == [Group.NEEDS_PERSON]
    assert chips._group_choice.accessibleName() == "Group: All 11"
    chips._group_choice.menu().actions()[1].trigger()
    assert window.model.rowCount() == 1
    chips._group_choice.menu().actions()[0].trigger()
    chips._span_choice.menu().actions()[2].trigger()
    assert window.model.rowCount() < 11
    assert chips._span_choice.accessibleName() == f"Time: {Span.NEXT_HOUR.value}"


@pytest.mark.parametrize("size", SIZES)
def test_a_window_that_nobody_touches_is_not_laid_out_again(
    show: Show, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    header = a_sized_window(show, size, 100).header
    for _ in range(20):
        QApplication.processEvents()
    fitted: list[int] = []
    monkeypatch.setattr(header, "_fit", lambda: fitted.append(1))
    for _ in range(20):
        QApplication.processEvents()
    assert fitted == []


@pytest.mark.parametrize(("size", "percent"), [((1366, 768), 100), ((960, 600), 100)])
def test_what_is_to_do_soon_stays_pinned(show: Show, size: tuple[int, int], percent: int) -> None:
    window = a_sized_window(show, size, percent)
    assert window.header.pinned.isVisible()
    assert window.header.pinned.text() == "1 to do, 1 starts within 30 min"


Painted = list[tuple[str, Side]]


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Painted:
    """What the line "now" was painted with."""
    seen: Painted = []

    def paint(_self: object, _painter: object, _y: int, *how: object) -> None:
        text, _color, _right, side = how
        assert isinstance(text, str)
        assert isinstance(side, Side)
        seen.append((text, side))

    monkeypatch.setattr(TableLine, "paint", paint)
    return seen


BEFORE, AFTER = NOON - timedelta(minutes=5), NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("rows", "text", "side"),
    [
        ([a_row("a", BEFORE), a_row("b", AFTER)], "now 12:00", Side.ON),
        ([a_troubled_row("a", BEFORE), a_row("b", AFTER)], "now 12:00", Side.BELOW),
        ([a_row("a", BEFORE), a_troubled_row("b", AFTER)], "now 12:00", Side.ABOVE),
        ([a_row("b", AFTER)], "now 12:00", Side.BELOW),
        ([a_troubled_row("b", AFTER)], "", Side.BELOW),
    ],
    ids=["none", "above", "below", "at the top", "at the top beside a button"],
)
def test_the_word_now_covers_no_button_and_no_word(
    show: Show, painted: Painted, rows: list[BookingRow], text: str, side: Side
) -> None:
    window = show(FakeEngine(rows)).window
    window.table.viewport().repaint()
    assert painted[-1] == (text, side)


@pytest.mark.parametrize(
    ("until", "text"),
    [(None, "Tomorrow"), (NOON + timedelta(hours=14), "Tomorrow, until 02:00")],
)
def test_part_of_tomorrow_does_not_pass_for_all_of_it(
    show: Show, painted: Painted, until: datetime | None, text: str
) -> None:
    tomorrow = NOON + timedelta(hours=13)
    engine = FakeEngine([a_row("a"), a_row("b", tomorrow, day=tomorrow.date())])
    engine.asked = DayAsked(True, NOON, until)
    window = show(engine).window
    window.table.viewport().repaint()
    assert text in [words for words, _side in painted]
