"""The first morning on a new PC, by keyboard alone: from no settings to a registered booking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core import paths
from core.config import load_config
from core.credentials import Credentials, MemoryStore
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from core.setup.session_store import SessionStore
from core.status import PassState
from core.window_place import WindowPlace
from gui.app import _open_desk
from gui.dialogs.base import Question
from gui.preferences import PreferencesFile
from gui.program import Program
from gui.settings.window import SettingsWindow
from tests.core.setup.test_facade import FakeAutostart

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def services() -> Iterator[PracticeServices]:
    now = datetime.now(UTC)
    with PracticeServices(make_day(now, practice_zone(now), bookings=12)) as services:
        yield services


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A new account's program: no settings, no secrets, no cache."""
    for name in ("program_folder", "machine_config_folder", "config_folder", "data_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    monkeypatch.setattr(paths, "log_folder", lambda: tmp_path / "log")
    monkeypatch.chdir(tmp_path)
    program = Program(
        _open_desk,
        config_file=None,
        store=SessionStore(MemoryStore()),
        preferences=PreferencesFile(None),
        autostart=FakeAutostart(),
        place=WindowPlace(paths.data_folder(), who="someone", computer="desk-1"),
    )
    yield program
    assert program.finish()
    qtbot.waitUntil(lambda: not program.background.is_busy)


class Hands:
    """Somebody with a keyboard and no mouse, before the assistant."""

    def __init__(self, qtbot: QtBot, window: SettingsWindow) -> None:
        self._qtbot, self._window = qtbot, window

    @property
    def _at(self) -> QWidget:
        at = QApplication.focusWidget()
        assert at is not None
        return at

    def write(self, *texts: str) -> None:
        """Fill in one field after the other."""
        for text in texts:
            QTest.keyClicks(self._at, text)
            self.press(Qt.Key.Key_Tab)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self._at, key)
            QApplication.processEvents()

    def wait(self) -> None:
        """Until what was asked for has come."""
        self._qtbot.waitUntil(lambda: not self._window.state.background.is_busy, timeout=15_000)
        QApplication.processEvents()

    def next_page(self) -> None:
        self.press(Qt.Key.Key_Return)


def set_up(hands: Hands, services: PracticeServices) -> None:
    config, secrets = services.config(), dict(services.secrets())
    space, tab = Qt.Key.Key_Space, Qt.Key.Key_Tab
    hands.next_page()
    hands.write(services.url, config.libcal.client_id, secrets["LibCal"])
    hands.press(space)  # Test connection: it brings the locations
    hands.wait()
    for _ in config.libcal.locations:
        hands.press(tab, space)
    hands.wait()
    hands.next_page()
    hands.press(tab)  # past the region
    keys = [secrets[f"Alma {zone}"] for zone in config.alma.zones]
    hands.write(services.url, ", ".join(config.alma.zones), *keys)
    hands.next_page()
    hands.write(services.url, config.passagepoint.username, secrets["PassagePoint"])
    hands.press(space)  # Test connection: it brings the destinations
    hands.wait()
    for location in config.libcal.locations:
        hands.press(tab)
        hands.press(*([Qt.Key(ord(location.destination[0]))] if location.destination else []))
    hands.next_page()
    hands.press(tab, space)  # nothing has registered today's bookings already
    for _ in range(4):  # what is kept, this desk, appearance, start
        hands.next_page()
    hands.wait()


def test_from_no_settings_to_a_registered_booking_by_keyboard(
    qtbot: QtBot, program: Program, services: PracticeServices
) -> None:
    program.start_assistant()
    window = program.settings
    assert window is not None
    window.activateWindow()
    QApplication.processEvents()
    hands = Hands(qtbot, window)
    window.next.setFocus()
    set_up(hands, services)
    asked = window.findChildren(Question)[-1]
    assert "Study Hall has no destination" in asked.text.text()
    with qtbot.waitSignal(window.saved, timeout=15_000):
        QTest.keyClick(asked.choices["save"], Qt.Key.Key_Space)
    desk = program.window
    assert desk is not None
    qtbot.waitUntil(
        lambda: any(row.passagepoint is PassState.REGISTERED for row in desk.model.day_rows()),
        timeout=20_000,
    )
    assert services.visits
    config = load_config(paths.config_folder() / "config.yml")
    assert config.libcal.primary_id_question == services.config().libcal.primary_id_question
    assert Credentials(config, program.store).secret("Alma", "Law")
