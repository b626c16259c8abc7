"""Check in, the whole way: a real window, its real thread, the real engine, LibCal over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.domain.check_in_state import CheckInState
from core.domain.status import Group
from core.practice.records import LibCalRow
from gui.desk.checking_in import CheckInQuestion
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.e2e.library import Library
from tests.e2e.test_window import A_DESK, TIMES, Morning

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def library(library: Library) -> Library:
    library.settings["LibCal"] = {"check_in": True}
    return library


@pytest.fixture
def morning(qtbot: QtBot, library: Library) -> Iterator[Morning]:
    worker = SyncWorker(library.make, seconds=300, clock=library.clock)
    desk = replace(A_DESK, checks_in=True)
    window = MainWindow(worker, desk, PreferencesFile(None), library.clock, TIMES)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield Morning(qtbot, library, window, worker)
    assert worker.stop()


def a_reader(morning: Morning) -> LibCalRow:
    booking = morning.library.book(start=timedelta(minutes=10))
    morning.start()
    morning.wait_for(booking.book_id, Group.REGISTERED)
    return booking


def check_in(morning: Morning, booking: LibCalRow) -> None:
    morning.window.table.select(morning.row(booking.book_id).row_id)
    QTest.keyClick(morning.window.table, Qt.Key.Key_I, CTRL)
    [question] = morning.window.findChildren(CheckInQuestion)
    question.choices["check_in"].click()


def said(morning: Morning) -> str:
    buttons, toast = morning.window.view.detail.buttons, morning.window.view.toast
    problem = buttons.problem
    if problem is not None and not problem.isHidden():
        return problem.text()
    return toast.words.text() if toast.isVisible() else ""


def test_from_the_key_to_libcal_and_back_into_its_column(morning: Morning) -> None:
    booking = a_reader(morning)
    check_in(morning, booking)
    morning.qtbot.waitUntil(lambda: morning.row(booking.book_id).libcal_label == "Arrived")
    morning.qtbot.waitUntil(lambda: said(morning) == "Checked in in LibCal.")
    [row] = [
        one for one in morning.library.services.running.rows() if one.book_id == booking.book_id
    ]
    assert row.check_in == "in"
    shown = morning.window.model.shown_row(morning.row(booking.book_id).row_id)
    assert shown is not None
    assert shown.libcal_label == "Arrived"


def test_too_early_is_said_where_it_was_asked(morning: Morning) -> None:
    booking = morning.library.book(start=timedelta(hours=2))
    morning.start()
    morning.wait_for(booking.book_id, Group.REGISTERED)
    check_in(morning, booking)
    opens = booking.starts_at - timedelta(minutes=30)
    words = f"Too early: check in from {opens:%H:%M}."
    morning.qtbot.waitUntil(lambda: said(morning) == words)
    shown = morning.window.model.shown_row(morning.row(booking.book_id).row_id)
    assert shown is not None
    assert shown.libcal_label == "Confirmed"


def test_without_libcal_it_waits_in_sight_and_goes_out_by_itself(morning: Morning) -> None:
    booking = a_reader(morning)
    morning.library.services.faults.add("LibCal", "cut_before")
    check_in(morning, booking)
    waits = CheckInState.WAITS
    morning.qtbot.waitUntil(lambda: morning.row(booking.book_id).check_in is waits)
    morning.qtbot.waitUntil(lambda: "check-in waits" in said(morning))
    shown = morning.window.model.shown_row(morning.row(booking.book_id).row_id)
    assert shown is not None
    assert shown.libcal_label == "Check-in waits"
    assert "The check-in waits since" in morning.window.view.detail._heading.text()
    morning.library.services.faults.clear()
    morning.sync()
    morning.qtbot.waitUntil(lambda: morning.row(booking.book_id).libcal_label == "Arrived")
