"""A fault of our own: said once, calmly, and the program goes on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.start.crash import CrashDialogs, details_of
from tests.builders import FakeClock

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def crashes(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashDialogs]:
    monkeypatch.setattr(sys, "excepthook", lambda *_args: None)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialogs = CrashDialogs(FakeClock(), "1.2.3", window)
    dialogs.install()
    yield dialogs
    dialogs.uninstall()


def fault(name: str = "Priya Patel") -> ValueError:
    try:
        raise ValueError(name)
    except ValueError as error:
        return error


def crash(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_a_fault_is_said_and_its_details_can_be_copied(crashes: CrashDialogs) -> None:
    crash(fault())
    assert crashes.dialog is not None
    assert crashes.dialog.isVisible()
    crashes.dialog.choices["copy"].click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "1.2.3" in copied


def test_details_quote_no_values() -> None:
    assert "Patel" not in details_of(fault(), "1")


def test_many_faults_are_said_once_in_ten_seconds(crashes: CrashDialogs) -> None:
    crash(fault())
    first = crashes.dialog
    crash(fault())
    assert crashes.dialog is first
    clock = crashes._clock
    assert isinstance(clock, FakeClock)
    clock.advance(seconds=11)
    crash(fault())
    assert crashes.dialog is not first


def test_a_fault_in_a_thread_is_said_in_the_windows_thread(
    qtbot: QtBot, crashes: CrashDialogs
) -> None:
    def fail() -> None:
        raise fault()

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: crashes.dialog is not None)
