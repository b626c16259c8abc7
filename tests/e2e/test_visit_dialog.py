"""Register a visit…, by keyboard, in a real window with the engine and the practice services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.domain.status import Group
from core.practice.records import Card, Person
from gui.desk.register_visit import RegisterVisit
from gui.dialogs.elsewhere import WhoIsThis
from gui.preferences.file import PreferencesFile
from gui.table.row_filter import NO_BOOKING
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.e2e.library import Library
from tests.e2e.test_window import A_DESK, TIMES, Morning

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def door(qtbot: QtBot, library: Library) -> Iterator[Morning]:
    """A window of a library that lets readers in without a booking."""
    library.settings["PassagePoint"] = {"walk_in_hours": 3}
    worker = SyncWorker(library.make, seconds=300, clock=library.clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), library.clock, TIMES)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield Morning(qtbot, library, window, worker)
    assert worker.stop()


def opened(door: Morning) -> RegisterVisit:
    door.start()
    QTest.keyClick(door.window, Qt.Key.Key_N, CTRL)
    [dialog] = door.window.findChildren(RegisterVisit)
    door.qtbot.waitUntil(lambda: dialog.until.count() > 0)
    return dialog


def asked(door: Morning, dialog: RegisterVisit, typed: str) -> None:
    dialog.who.setFocus()
    QTest.keyClicks(dialog.who, typed)
    QTest.keyClick(dialog.who, Qt.Key.Key_Return)
    door.qtbot.waitUntil(lambda: "\n" in dialog.answer.text() or "nobody" in dialog.answer.text())


def test_a_reader_without_a_booking_is_let_in_by_keyboard(door: Morning) -> None:
    reader = door.library.services.add_person()
    dialog = opened(door)
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    said = dialog.answer.text()
    assert all(
        one in said for one in (reader.last_name, reader.primary_id, "Active", reader.user_group)
    )
    assert (dialog.place.currentText(), dialog.register.isEnabled()) == ("Main Library", True)
    door.qtbot.waitUntil(lambda: dialog.focusWidget() is dialog.register)
    QTest.keyClick(dialog.register, Qt.Key.Key_Space)
    door.qtbot.waitUntil(lambda: len(door.window.model.day_rows()) == 1)
    [row] = door.window.model.day_rows()
    door.wait_for(row.book_id, Group.REGISTERED)
    assert door.row(row.book_id).libcal_label == "No booking"
    assert door.library.visits == 1
    assert door.window.acts.initials == "AB"


def test_enter_in_a_field_asks_alma_and_registers_nobody(door: Morning) -> None:
    reader = door.library.services.add_person()
    dialog = opened(door)
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    dialog.who.setFocus()
    QTest.keyClick(dialog.who, Qt.Key.Key_Return)
    QTest.keyClick(dialog.initials, Qt.Key.Key_Return)
    door.qtbot.waitUntil(lambda: reader.primary_id in dialog.answer.text())
    assert door.library.visits == 0


@pytest.mark.parametrize(
    ("fields", "words"), [({"block": "Fines"}, "Fines"), ({"status": "INACTIVE"}, "nactive")]
)
def test_who_may_not_come_in_has_no_button(
    door: Morning, fields: dict[str, str], words: str
) -> None:
    reader = replace(Person("G44444444", "Ana", "Ruiz", cards=(Card("2282444"),)), **fields)  # type: ignore[arg-type]
    door.library.services.add_person(reader)
    dialog = opened(door)
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    assert words in dialog.answer.text()
    assert not dialog.register.isEnabled()


def test_another_id_needs_another_answer(door: Morning) -> None:
    reader = door.library.services.add_person()
    dialog = opened(door)
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    assert dialog.register.isEnabled()
    QTest.keyClicks(dialog.who, "1")
    assert not dialog.register.isEnabled()
    assert reader.last_name not in dialog.answer.text()


def test_without_initials_there_is_no_button(door: Morning) -> None:
    reader = door.library.services.add_person()
    dialog = opened(door)
    asked(door, dialog, reader.primary_id)
    assert not dialog.register.isEnabled()
    QTest.keyClicks(dialog.initials, "AB")
    assert dialog.register.isEnabled()


def test_why_it_could_not_be_registered_stands_in_the_dialog(door: Morning) -> None:
    reader = door.library.services.add_person()
    door.library.book(person=reader)
    dialog = opened(door)
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    dialog.register.click()
    door.qtbot.waitUntil(lambda: "has a booking from" in dialog.text.text())
    assert door.library.visits == 1


def test_where_none_are_made_it_says_so(door: Morning) -> None:
    door.library.settings["PassagePoint"] = {"walk_in_hours": None}
    door.start()
    QTest.keyClick(door.window, Qt.Key.Key_N, CTRL)
    [dialog] = door.window.findChildren(RegisterVisit)
    door.qtbot.waitUntil(lambda: "switched off" in dialog.text.text())
    assert not dialog.register.isEnabled()


@pytest.mark.parametrize("hours", [3, None])
def test_somebody_whom_alma_knows_and_who_has_no_booking_leads_there(
    door: Morning, hours: int | None
) -> None:
    door.library.settings["PassagePoint"] = {"walk_in_hours": hours}
    reader = door.library.services.add_person()
    door.start()
    door.window.header.search.setText(str(reader.barcode))
    door.qtbot.waitUntil(lambda: door.window.view.empty.alma.isVisible())
    door.window.view.empty.alma.click()
    [who] = door.window.findChildren(WhoIsThis)
    door.qtbot.waitUntil(lambda: reader.primary_id in who.text.text())
    assert who.register.isVisible() == (hours is not None)
    if hours is None:
        return
    who.register.click()
    [dialog] = door.window.findChildren(RegisterVisit)
    door.qtbot.waitUntil(lambda: reader.primary_id in dialog.answer.text())


def test_visits_without_a_booking_can_be_chosen_like_a_place(door: Morning) -> None:
    reader = door.library.services.add_person()
    door.library.books(2)
    dialog = opened(door)
    places = door.window.finder
    QTest.keyClicks(dialog.initials, "AB")
    asked(door, dialog, reader.primary_id)
    dialog.register.click()
    door.qtbot.waitUntil(lambda: len(door.window.model.day_rows()) == 3)
    door.qtbot.waitUntil(lambda: len(places.here()) == 3)
    door.window.header.place_chosen.emit(NO_BOOKING)
    assert places.place == "No booking"
    assert [row.primary_id for row in places.here()] == [reader.primary_id]
    assert door.window.model.rowCount() == 1
    door.window.header.place_chosen.emit(places.here()[0].location_id)
    assert door.window.model.rowCount() == 3
