"""What a narrow cell still says."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from gui.table.cell_delegate import fitted
from gui.table.columns import Cell


@pytest.fixture
def metrics(qtbot: QtBot) -> QFontMetrics:
    return QFontMetrics(QFont())


def _cell(place: str, seat: str) -> Cell:
    return Cell(f"{place} · {seat}", faint_from=len(place))


def test_place_gives_way_to_its_seat(metrics: QFontMetrics) -> None:
    cell = _cell("Main Library", "Seat 12")
    width = metrics.horizontalAdvance("Main L… · Seat 12")

    words, faint_from = fitted(cell, metrics, width)

    assert words.endswith(" · Seat 12")
    assert words[:faint_from] + " · Seat 12" == words


def test_a_long_seat_stands_alone_where_its_place_has_no_room(metrics: QFontMetrics) -> None:
    cell = _cell("Main Library", "Study Room 118")
    width = metrics.horizontalAdvance("Study Room 118")

    assert fitted(cell, metrics, width) == ("Study Room 118", len("Study Room 118"))


def test_number_of_a_longer_seat_stays_in_sight(metrics: QFontMetrics) -> None:
    cell = _cell("Main Library", "Study Room 118")
    width = metrics.horizontalAdvance("…Room 118")

    words, _ = fitted(cell, metrics, width)

    assert words.startswith("…")
    assert words.endswith("118")


def test_text_without_a_quiet_part_loses_its_end(metrics: QFontMetrics) -> None:
    words, _ = fitted(
        Cell("Papadopoulou, Nikoletta"), metrics, metrics.horizontalAdvance("Papadop")
    )

    assert words.startswith("Papa")
    assert words.endswith("…")
