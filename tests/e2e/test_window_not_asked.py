"""A window on a day that LibCal hasn't told: no count, and no word that there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from core.domain.errors import CredentialsError, KeyringLocked, NoKeyring
from core.domain.status import Group
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.e2e.library import Library
from tests.e2e.test_password_store import UnreadyStore, users
from tests.e2e.test_window import A_DESK, TIMES, Morning

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def morning(qtbot: QtBot, library: Library) -> Iterator[Morning]:
    worker = SyncWorker(library.make, seconds=300, clock=library.clock)
    window = MainWindow(worker, A_DESK, PreferencesFile(None), library.clock, TIMES)
    qtbot.addWidget(window)
    window.show()
    yield Morning(qtbot, library, window, worker)
    assert worker.stop()


def _counts_nothing(morning: Morning) -> None:
    window = morning.window
    assert all(window.header.chips.chip(group).number is None for group in Group)
    assert window.status._total.text() == "–"
    assert window.windowTitle() == "LibCal2PP"
    assert window.header.pinned.text() == ""
    assert window.header.arrivals.maximum() == 0


def test_a_laptop_that_wakes_up_without_network_doesnt_say_that_there_are_no_bookings(
    morning: Morning,
) -> None:
    library = morning.library
    library.book()
    morning.start()
    library.services.add_booking(library.clock.now() + timedelta(hours=21))
    library.services.faults.add("LibCal", "cut_before")
    library.clock.advance(hours=19)
    morning.window.minute_clock.day_changed.emit(False)
    morning.sync()
    morning.qtbot.waitUntil(lambda: not morning.window.sync.knows_today)
    _counts_nothing(morning)
    assert morning.window.view.empty.title.text() == "Today isn't known yet"
    library.services.faults.clear()
    morning.sync()
    morning.qtbot.waitUntil(lambda: morning.window.status._total.text() == "1")


@pytest.mark.parametrize("trouble", [NoKeyring("No store."), KeyringLocked("It is locked.")])
def test_without_a_password_store_a_day_is_not_known(
    morning: Morning, trouble: CredentialsError
) -> None:
    morning.library.book()
    store = UnreadyStore(morning.library.store, users(morning.library, "LibCal"), trouble)
    morning.library.store = store
    morning.start()
    _counts_nothing(morning)
