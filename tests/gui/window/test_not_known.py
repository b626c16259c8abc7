"""A day that LibCal wasn't asked about is neither counted nor denied."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from core.day.asked import DayAsked
from core.domain.status import Group
from tests.builders import NOON
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_troubled_row

YESTERDAY = NOON - timedelta(days=1)


def test_a_day_that_is_not_known_says_so_and_counts_nothing(show: Show) -> None:
    engine = FakeEngine()
    engine.asked = DayAsked(False, YESTERDAY)
    shown = show(engine)
    empty = shown.window.view.empty
    assert empty.title.text() == "Today isn't known yet"
    assert "LibCal was" in empty.text.text()
    assert shown.window.header.chips.chip(Group.NEEDS_PERSON).number is None
    assert shown.window.status._total.text() == "–"


def test_it_is_counted_as_soon_as_libcal_has_told_it(show: Show, qtbot: QtBot) -> None:
    engine = FakeEngine()
    engine.asked = DayAsked(False, None)
    shown = show(engine)
    engine.asked = DayAsked(True, NOON)
    shown.worker.sync_now()
    qtbot.waitUntil(lambda: shown.window.view.empty.title.text() == "No bookings today")


def test_the_title_counts_nothing_of_a_day_that_is_not_known(show: Show, qtbot: QtBot) -> None:
    engine = FakeEngine([a_troubled_row("a")])
    engine.asked = DayAsked(False, YESTERDAY)
    shown = show(engine)
    assert shown.window.windowTitle() == "LibCal2PP"
    engine.asked = DayAsked(True, NOON)
    shown.worker.sync_now()
    qtbot.waitUntil(lambda: shown.window.windowTitle() == "LibCal2PP – 1 to do")
