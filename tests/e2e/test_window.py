"""The whole way: a real window, its real thread, the real engine, the practice services."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.domain.errors import CredentialsError, KeyringLocked, NoKeyring
from core.domain.models import BookingRow
from core.domain.status import Action, Group, PassState
from gui.desk.this_desk import Desk
from gui.dialogs.base import Question
from gui.dialogs.cache import CleanUp
from gui.dialogs.elsewhere import WhoIsThis
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import ZONE
from tests.e2e.library import Library
from tests.e2e.test_password_store import UnreadyStore, users

TIMES = Times(ZONE, QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
A_DESK = Desk(name="Main desk", account="someone", computer="desk-1", zone=ZONE)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@dataclass
class Morning:
    """A window on one library, as staff start it."""

    qtbot: QtBot
    library: Library
    window: MainWindow
    worker: SyncWorker

    def start(self) -> None:
        with self.qtbot.waitSignal(self.worker.question_changed):
            self.worker.start()

    def sync(self) -> None:
        """Press Sync now, and wait for the pass to end."""
        with self.qtbot.waitSignal(self.worker.question_changed):
            self.window.header.sync_pressed.emit()

    def row(self, book_id: str) -> BookingRow:
        rows = [row for row in self.window.model.day_rows() if row.book_id == book_id]
        assert len(rows) == 1
        return rows[0]

    def wait_for(self, book_id: str, group: Group) -> None:
        self.qtbot.waitUntil(lambda: self.row(book_id).group is group)

    def press_action(self, book_id: str) -> None:
        """Space on the row's one button."""
        table = self.window.table
        table.select(self.row(book_id).row_id)
        model = table.model()
        table.setCurrentIndex(model.index(table.currentIndex().row(), model.columnCount() - 1))
        QTest.keyClick(table, Qt.Key.Key_Space)


@pytest.fixture
def morning(qtbot: QtBot, library: Library) -> Iterator[Morning]:
    worker = SyncWorker(library.make, seconds=300, clock=library.clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), library.clock, TIMES)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield Morning(qtbot, library, window, worker)
    assert worker.stop()


def test_from_an_empty_cache_to_registered(morning: Morning) -> None:
    booking = morning.library.book()
    morning.start()
    row = morning.row(booking.book_id)
    assert (row.group, row.label) == (Group.REGISTERED, "Registered 12:00")
    assert morning.library.visits == 1
    assert morning.window.windowTitle() == "LibCal2PP"


def test_a_wrong_id_is_corrected_by_scanning_the_card(morning: Morning) -> None:
    reader = morning.library.services.add_person()
    booking = morning.library.book(person=reader, answer="G12")
    morning.start()
    morning.press_action(booking.book_id)
    field = morning.window.view.detail.buttons.field
    assert field is not None
    QTest.keyClicks(field, str(reader.barcode))
    QTest.keyClick(field, Qt.Key.Key_Return)
    morning.wait_for(booking.book_id, Group.REGISTERED)
    assert morning.row(booking.book_id).primary_id == reader.primary_id


def test_the_network_is_lost_and_comes_back(morning: Morning) -> None:
    known = morning.library.book()
    morning.start()
    for service in ("LibCal", "Alma", "PassagePoint"):
        morning.library.services.faults.add(service, "cut_before")
    morning.sync()
    said = morning.window.strips.texts()[0]
    assert said.startswith("LibCal hasn't answered since 12:00, showing 12:00.")
    assert morning.row(known.book_id).group is Group.REGISTERED
    morning.library.services.faults.clear()
    new = morning.library.book(start=timedelta(hours=3))
    morning.sync()
    assert morning.window.strips.texts() == ()
    assert morning.row(new.book_id).group is Group.REGISTERED


def test_an_unclear_visit_is_resolved_at_the_desk(morning: Morning) -> None:
    booking = morning.library.book()
    morning.library.services.faults.add("createPreReg", "cut_before", times=1, processed=True)
    morning.start()
    assert morning.row(booking.book_id).passagepoint is PassState.UNCLEAR
    morning.press_action(booking.book_id)
    [question] = morning.window.findChildren(Question)
    question.choices[Action.IT_IS_THERE.code].click()
    morning.wait_for(booking.book_id, Group.REGISTERED)
    assert morning.library.visits == 1


def test_without_any_network_the_window_is_offline_and_all_is_searchable(
    morning: Morning,
) -> None:
    booking = morning.library.book(first_name="Zoe", last_name="Quill")
    morning.start()
    morning.library.clock.advance(minutes=2)
    morning.library.services.close()
    morning.sync()
    assert morning.window.strips.texts()[0].startswith("Offline since 12:02, showing 12:00.")
    morning.window.header.search.setText("quill zoe")
    assert [row.book_id for row in morning.window.model.shown_rows()] == [booking.book_id]


def test_register_now_without_a_network_is_queued_and_goes_out_by_itself(
    morning: Morning,
) -> None:
    library = morning.library
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book(start=timedelta(hours=3))
    morning.start()
    library.services.faults.add("login", "503")
    morning.press_action(booking.book_id)

    def label() -> str:
        row = morning.window.model.shown_row(morning.row(booking.book_id).row_id)
        return row.label if row is not None else ""

    morning.qtbot.waitUntil(lambda: label() == "Queued")
    library.services.faults.clear()
    morning.sync()
    morning.wait_for(booking.book_id, Group.REGISTERED)
    morning.qtbot.waitUntil(lambda: label() == "Registered 12:00")
    assert library.visits == 1


@pytest.mark.parametrize("paused", [False, True])
def test_at_the_librarys_midnight_the_page_turns(morning: Morning, *, paused: bool) -> None:
    today, tomorrow = morning.library.book(), morning.library.book(start=timedelta(hours=26))
    morning.start()
    window, clock = morning.window, morning.library.clock
    clock.advance(hours=11, minutes=59, seconds=59)
    window.minute_clock.tick()
    assert morning.row(today.book_id).label == "Registered 12:00"
    if paused:
        window.sync.pause()
    clock.advance(seconds=2)
    window.minute_clock.tick()
    left = [] if paused else [tomorrow.book_id]
    morning.qtbot.waitUntil(lambda: [row.book_id for row in window.model.day_rows()] == left)
    assert window.header.date.text() == "Tuesday, 24 November"


def test_past_bookings_are_cleaned_up_after_a_look_at_what_goes(morning: Morning) -> None:
    morning.library.book()
    morning.start()
    morning.library.clock.advance(days=5)
    morning.window.menus.cache.clean_up()
    [dialog] = morning.window.findChildren(CleanUp)
    morning.qtbot.waitUntil(lambda: "past booking" in dialog.text.text())
    assert "1 past booking" in dialog.text.text()
    dialog.remove.click()
    morning.qtbot.waitUntil(lambda: dialog.text.text().startswith("Removed: 1 past booking"))


@pytest.fixture
def long_pass(morning: Morning) -> Iterator[Morning]:
    """A morning whose first pass hangs at one booking's visit."""
    morning.library.settings["PassagePoint"] = {"parallel_calls": 1}
    morning.library.book()
    morning.library.services.faults.add("createPreReg", "hang", times=1)
    morning.worker.start()
    morning.qtbot.waitUntil(lambda: morning.library.calls("createPreReg") == 1)
    morning.qtbot.waitUntil(lambda: morning.window.model.rowCount() == 1)
    yield morning
    morning.library.services.faults.release()


@pytest.mark.parametrize(
    "trouble", [NoKeyring("There is no password store."), KeyringLocked("The store is locked.")]
)
def test_without_a_password_store_the_window_opens_and_says_so(
    morning: Morning, trouble: CredentialsError
) -> None:
    booking = morning.library.book()
    morning.start()
    morning.library.clock.advance(hours=1)
    assert morning.worker.stop()
    store = UnreadyStore(morning.library.store, users(morning.library, "LibCal"), trouble)
    morning.library.store = store
    worker = SyncWorker(morning.library.make, seconds=300, clock=morning.library.clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), morning.library.clock, TIMES)
    morning.qtbot.addWidget(window)
    window.show()
    with morning.qtbot.waitSignal(worker.question_changed):
        worker.start()
    assert [row.book_id for row in window.model.day_rows()] == [booking.book_id]
    assert window.strips.texts()[0].startswith(trouble.message)
    assert worker.stop()


def test_a_refused_login_is_said_and_the_desk_goes_on(morning: Morning) -> None:
    booking = morning.library.book(start=timedelta(hours=3))
    morning.library.services.faults.add("login", "401")
    morning.start()
    assert any("PassagePoint" in text for text in morning.window.strips.texts())
    assert morning.row(booking.book_id).group is Group.WAITING
    morning.library.services.faults.clear()
    morning.sync()
    assert morning.row(booking.book_id).group is Group.REGISTERED


def test_history_can_be_read_during_a_long_pass(long_pass: Morning) -> None:
    window = long_pass.window
    window.table.select(window.model.row_id_at(0))
    long_pass.qtbot.waitUntil(lambda: window.view.detail._history_title.isVisible())
    assert window.sync.is_syncing


def test_alma_is_asked_during_a_long_pass(long_pass: Morning) -> None:
    reader = long_pass.library.services.add_person()
    dialog = WhoIsThis(long_pass.window, long_pass.worker, str(reader.barcode))
    dialog.open()
    long_pass.qtbot.waitUntil(lambda: reader.primary_id in dialog.text.text())
    assert long_pass.window.sync.is_syncing


def test_register_now_waits_for_no_pass_that_hangs(morning: Morning) -> None:
    """How many milliseconds that takes is no matter of a timed test."""
    library = morning.library
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    library.services.faults.add("createPreReg", "hang", times=1)
    library.book()
    later = library.book(start=timedelta(hours=2))
    morning.worker.start()
    morning.qtbot.waitUntil(lambda: library.calls("createPreReg") == 1)
    morning.wait_for(later.book_id, Group.WAITING)
    morning.press_action(later.book_id)
    morning.qtbot.waitUntil(lambda: library.calls("createPreReg") == 2)
    morning.wait_for(later.book_id, Group.REGISTERED)
    assert morning.window.sync.is_syncing
    library.services.faults.release()


def test_the_program_closes_in_time_while_alma_hangs(morning: Morning) -> None:
    morning.start()
    morning.library.services.faults.add("Alma", "hang")
    WhoIsThis(morning.window, morning.worker, "22829999").open()
    morning.qtbot.waitUntil(lambda: morning.library.calls("user") == 1)
    before = time.monotonic()
    assert morning.worker.stop()
    assert time.monotonic() - before < 5
    morning.library.services.faults.release()


def test_closing_in_the_middle_of_a_pass_leaves_nothing_half_recorded(morning: Morning) -> None:
    booking = morning.library.book()
    morning.library.services.faults.add("createPreReg", "hang", processed=True)
    morning.worker.start()
    morning.qtbot.waitUntil(lambda: morning.library.calls("createPreReg") == 1)
    before = time.monotonic()
    assert morning.worker.stop()
    assert time.monotonic() - before < 5
    morning.library.services.faults.release()
    program = morning.library.open()
    [row] = program.rows()
    assert (row.book_id, row.passagepoint) == (booking.book_id, PassState.UNCLEAR)


def test_who_booked_before_the_closed_gate_is_found_by_the_card(morning: Morning) -> None:
    morning.start()
    morning.library.clock.advance(minutes=1)
    person = morning.library.services.add_person()
    row = morning.library.book(person=person, start=timedelta(minutes=5))
    assert person.barcode is not None
    window = morning.window
    window.scans.scanned.emit(person.barcode)
    morning.qtbot.waitUntil(lambda: bool(window.table.selected_ids()))
    assert window.table.selected_ids() == [morning.row(row.book_id).row_id]
    morning.wait_for(row.book_id, Group.REGISTERED)
    assert morning.library.calls("updates") > 0
