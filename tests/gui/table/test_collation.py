"""Names are sorted as people sort them, in the system's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from gui.table.collation import _collator, collated
from gui.table.columns import BY_NAME
from tests.builders import NOON
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NAMES = ["Zoë", "Åberg", "Łukasz", "Lucas", "Ñandú", "Nadia", "öz", "Olga", "Δήμος", "山田"]
ENGLISH = ["Åberg", "Lucas", "Łukasz", "Nadia", "Ñandú", "Olga", "öz", "Zoë", "Δήμος", "山田"]
SWEDISH = ["Lucas", "Łukasz", "Nadia", "Ñandú", "Olga", "Zoë", "Åberg", "öz", "Δήμος", "山田"]
GREEK = ["Δήμος", "Åberg", "Lucas", "Łukasz", "Nadia", "Ñandú", "Olga", "öz", "Zoë", "山田"]


@pytest.fixture
def language() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)
    _forget()


def _forget() -> None:
    _collator.cache_clear()
    collated.cache_clear()


@pytest.mark.parametrize(
    ("name", "order"), [("en_US", ENGLISH), ("sv_SE", SWEDISH), ("el_GR", GREEK)]
)
def test_people_are_in_the_order_of_the_systems_language(
    qtbot: QtBot, show: Show, language: None, name: str, order: list[str]
) -> None:
    QLocale.setDefault(QLocale(name))
    _forget()
    window = show(FakeEngine([a_row(one, NOON, sort_name=one) for one in NAMES])).window
    window.model.sort_by(BY_NAME["person"])
    assert [row.sort_name for row in window.model.shown_rows()] == order


def test_seats_are_in_the_order_of_their_numbers(qtbot: QtBot, show: Show) -> None:
    seats = ["Seat 5", "Seat 58", "Seat 12", "Room B"]
    window = show(FakeEngine([a_row(one, NOON, seats=one) for one in seats])).window
    window.model.sort_by(BY_NAME["place"])
    assert [row.seats for row in window.model.shown_rows()] == [
        "Room B",
        "Seat 5",
        "Seat 12",
        "Seat 58",
    ]


def test_one_person_s_bookings_are_in_the_order_of_their_times(qtbot: QtBot, show: Show) -> None:
    hours = [2, 0, 1]
    rows = [a_row(str(at), NOON + timedelta(hours=at), sort_name="Lee, Ann") for at in hours]
    window = show(FakeEngine(rows)).window
    window.model.sort_by(BY_NAME["person"])
    assert [row.row_id for row in window.model.shown_rows()] == ["0", "1", "2"]
