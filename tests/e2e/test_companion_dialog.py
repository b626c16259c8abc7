"""Add a companion…, from a booking's detail, in a real window with the practice services."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow
from core.domain.status import Group
from core.domain.text import initials
from gui.desk.register_visit import RegisterVisit
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.e2e.library import Library
from tests.e2e.test_window import A_DESK, TIMES, Morning

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def door(qtbot: QtBot, library: Library) -> Iterator[Morning]:
    """A window of a library where two may come with a booking."""
    library.settings["PassagePoint"] = {"companions_per_booking": 2}
    worker = SyncWorker(library.make, seconds=300, clock=library.clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), library.clock, TIMES)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield Morning(qtbot, library, window, worker)
    assert worker.stop()


def registered(door: Morning) -> BookingRow:
    """A booking that is registered, and chosen in the table."""
    booking = door.library.book(minutes=120)
    door.start()
    door.qtbot.waitUntil(lambda: len(door.window.model.day_rows()) == 1)
    door.wait_for(booking.book_id, Group.REGISTERED)
    row = door.row(booking.book_id)
    door.window.table.select(row.row_id)
    return row


def ways_to_add(door: Morning) -> list[QAction]:
    """In the menu of the detail's buttons: there are many."""
    made = door.window.view.detail.buttons.findChildren(QPushButton)
    menus = [one.menu() for one in made if one.isVisible() and one.menu() is not None]
    entries = [entry for menu in menus for entry in menu.actions()]
    return [one for one in entries if one.text().replace("&", "") == "Add a companion…"]


def dialogs(door: Morning) -> list[RegisterVisit]:
    return [one for one in door.window.findChildren(RegisterVisit) if one.isVisible()]


def opened(door: Morning) -> RegisterVisit:
    door.qtbot.waitUntil(lambda: len(ways_to_add(door)) == 1)
    [add] = ways_to_add(door)
    add.trigger()
    [dialog] = dialogs(door)
    door.qtbot.waitUntil(lambda: dialog.until.count() > 0)
    return dialog


def add(door: Morning) -> str:
    """Type somebody's ID, and register them; who it was."""
    reader = door.library.services.add_person()
    before = len(door.window.model.day_rows())
    dialog = opened(door)
    dialog.initials.setText("AB")
    QTest.keyClicks(dialog.who, reader.primary_id)
    QTest.keyClick(dialog.who, Qt.Key.Key_Return)
    door.qtbot.waitUntil(lambda: dialog.register.isEnabled())
    QTest.keyClick(dialog.register, Qt.Key.Key_Space)
    door.qtbot.waitUntil(lambda: len(door.window.model.day_rows()) == before + 1)
    [row] = [one for one in door.window.model.day_rows() if one.primary_id == reader.primary_id]
    door.wait_for(row.book_id, Group.REGISTERED)
    door.qtbot.waitUntil(lambda: dialogs(door) == [])  # it closes once it is told, too
    return row.row_id


def test_a_companion_is_added_from_the_booking(door: Morning) -> None:
    row = registered(door)
    party = door.window.view.detail.party
    assert not party.isVisible()
    added = add(door)
    door.qtbot.waitUntil(lambda: party.title == "Companions: 1 of 2")
    [line] = party.lines.values()
    companion = door.window.model.row(added)
    assert companion is not None
    assert line == f"{companion.name} · {companion.label}"
    assert companion.parent_row_id == row.row_id
    assert door.library.visits == 2


def test_the_place_and_the_end_are_the_bookings_and_stand_there(door: Morning) -> None:
    row = registered(door)
    dialog = opened(door)
    texts = [one.text() for one in dialog.findChildren(QLabel)]
    assert dialog.windowTitle() == "Add a companion"
    assert f"{row.location} · {row.seats}" in texts
    assert TIMES.clock(row.ends_at) in texts
    assert not dialog.place.isVisible()
    assert row.name in dialog.text.text()
    assert dialog.who.accessibleDescription() == (
        f"{dialog.text.text()} {row.location} · {row.seats}, until {TIMES.clock(row.ends_at)}."
    )


def test_when_all_have_come_nothing_more_is_offered(door: Morning) -> None:
    registered(door)
    add(door)
    add(door)
    party = door.window.view.detail.party
    door.qtbot.waitUntil(lambda: party.title == "Companions: 2 of 2")
    door.qtbot.waitUntil(lambda: ways_to_add(door) == [])


def test_a_companion_names_the_booking_and_leads_there(door: Morning) -> None:
    row = registered(door)
    added = add(door)
    door.window.table.select(added)
    party = door.window.view.detail.party
    assert party.title == "Came with"
    assert list(party.lines.values()) == [f"{row.name} · {TIMES.clock(row.starts_at)}"]
    door.qtbot.waitUntil(lambda: ways_to_add(door) == [])
    [words] = party.lines.values()
    [line] = [one for one in party.findChildren(QPushButton) if one.text() == words]
    line.click()
    assert door.window.table.selected_ids() == [row.row_id]


def test_hidden_they_are_initials(door: Morning) -> None:
    row = registered(door)
    added = add(door)
    door.window.privacy.switch(True)
    companion = door.window.model.row(added)
    assert companion is not None
    [line] = door.window.view.detail.party.lines.values()
    assert line.startswith(f"{initials(companion.name)} · ")
    dialog = opened(door)
    assert row.name not in dialog.text.text()
    assert initials(row.name) in dialog.text.text()


def test_it_stands_right_below_its_booking_and_in_the_menu_of_the_row(door: Morning) -> None:
    row = registered(door)
    for _ in range(4):
        door.library.book(minutes=120)
    door.sync()
    door.qtbot.waitUntil(lambda: len(door.window.model.day_rows()) == 5)
    added = add(door)
    model = door.window.model
    place, below = model.place_of(row.row_id), model.place_of(added)
    assert (place is not None, below) == (True, (place or 0) + 1)
    door.window.table.customContextMenuRequested.emit(QPoint(10, 10))
    [menu] = door.window.table.findChildren(QMenu)
    assert "Add a companion…" in [one.text().replace("&", "") for one in menu.actions()]
    menu.close()


def test_where_none_are_allowed_the_detail_says_nothing_of_them(door: Morning) -> None:
    door.library.settings["PassagePoint"] = {"companions_per_booking": None}
    registered(door)
    assert ways_to_add(door) == []
    assert not door.window.view.detail.party.isVisible()
