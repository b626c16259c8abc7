"""Texts that are 40 % longer, as in another language: nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from core.domain.status import Action
from gui.dialogs.base import Dialog
from gui.window.main_window import MainWindow
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.longer import cut, lengthen, settle
from tests.gui.made_up_day import made_up_day

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")


def the_day() -> FakeEngine:
    return FakeEngine(made_up_day())


def lengthened(window: QWidget) -> list[str]:
    lengthen(window)
    settle(window)
    return list(cut(window))


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", [(960, 600), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("row_id", ["s1", "s2", "s3", "s4", "s5", "s6"])
def test_the_window_has_room_for_longer_texts(
    show: Show, size: tuple[int, int], row_id: str, percent: int
) -> None:
    window = show(the_day(), size=size).window
    window.menus._set_text_size(percent)
    window.view.open_detail(row_id)
    lengthen(window)
    settle(window)
    window.view._arrange()  # as each resize and each other row does
    lengthen(window.status)  # a count that came meanwhile has its own words
    settle(window)
    assert list(cut(window)) == []
    assert window.width() == size[0]


def test_a_long_name_makes_the_detail_no_wider(show: Show) -> None:
    engine = the_day()
    long = next(row for row in engine.day if row.sort_name.startswith("Papadopoulou"))
    offers = (*long.offers, Action.CHECK_IN)
    engine.day = [replace(r, offers=offers) if r is long else r for r in engine.day]
    window = show(engine).window
    before = window.view.detail.width()
    window.view.open_detail(long.row_id)
    settle(window)
    assert window.view.detail.width() == before
    assert list(cut(window)) == []
    [button] = [
        one
        for one in window.view.detail.findChildren(QWidget)
        if long.name in one.accessibleName() and one.accessibleName().startswith("Check in")
    ]
    assert long.name in button.toolTip()


OPENERS: dict[str, Callable[[MainWindow], object]] = {
    "clean up": lambda window: window.menus.cache.clean_up(),
    "forget": lambda window: window.menus.cache.forget(),
    "held": lambda window: window.menus.cache.held_about(),
    "export": lambda window: window.menus.file.export(),
    "import": lambda window: window.menus.file.export_for_import(),
    "print": lambda window: window.menus.file.print(),
    "visit": lambda window: window.menus.visits.begin(),
    "activity": lambda window: window.menus.activity(),
    "columns": lambda window: window.menus.choose_columns(),
    "help": lambda window: window.menus.help(),
    "initials": lambda window: window.menus.ask_initials(),
    "elsewhere": lambda window: window.menus.look_elsewhere(),
}


@pytest.mark.parametrize("name", OPENERS)
def test_dialogs_have_room_for_longer_texts(show: Show, name: str) -> None:
    window = show(the_day()).window
    OPENERS[name](window)
    settle(window)
    [dialog] = window.findChildren(Dialog)
    assert lengthened(dialog) == []
