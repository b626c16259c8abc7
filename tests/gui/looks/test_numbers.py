"""Numbers of a large library's day, as the system writes them, everywhere the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel

from core.domain.status import Group
from gui.looks.words import counted, number
from tests.builders import NOON
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_a_thousand_has_the_systems_mark() -> None:
    assert number(999) == "999"
    assert counted(1200, "booking") == "1.200 bookings"
    assert counted(1, "booking") == "1 booking"
    assert counted(2, "person", "people") == "2 people"


@pytest.mark.usefixtures("german")
def test_every_count_of_the_window_has_it(show: Show) -> None:
    rows = [a_row(f"r{at}", NOON + timedelta(seconds=at)) for at in range(1100)]
    rows += [a_troubled_row(f"t{at}", NOON + timedelta(minutes=1)) for at in range(1001)]
    window = show(FakeEngine(rows), size=(1920, 1080)).window
    assert window.header.chips._groups[Group.NEEDS_PERSON].accessibleName() == "To do: 1.001"
    assert window.header.chips._groups[Group.REGISTERED].accessibleName() == "Registered: 1.100"
    written = [one.text() for one in window.findChildren(QLabel)]
    assert "2.101" in written
    assert "bookings today: 1.001 + 0 + 1.100 + 0" in written
    assert window.finder.words() == "All places · All day · 2.101 bookings"
    window.finder.show_todo()
    assert window.finder.words().endswith("1.001 of 2.101 bookings")
    window.header.search.show_found(1001, 2101, is_searching=True)
    assert window.header.search.found.text() == "1.001 of 2.101 · show all"
