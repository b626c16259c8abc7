"""A settings window on the practice services, with a password store in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from core.computer import paths
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.settings.credentials import CredentialStore, MemoryStore
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.facade import Setup
from core.setup.session_store import SessionStore
from gui.looks.theme import Theme
from gui.preferences.file import PreferencesFile
from gui.settings.window import Around, SettingsWindow
from gui.work.background import Background
from tests.builders import NOON, ZONE, FakeClock
from tests.core.setup.test_facade import FakeAutostart


@dataclass
class Opened:
    """A window, and what it works on."""

    window: SettingsWindow
    setup: Setup
    session: SessionStore
    preferences: PreferencesFile
    autostart: FakeAutostart


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def quiet_services() -> Iterator[PracticeServices]:
    with PracticeServices(make_day(NOON, ZONE), clock=FakeClock()) as services:
        yield services


@pytest.fixture
def services(quiet_services: PracticeServices) -> Iterator[PracticeServices]:
    yield quiet_services
    quiet_services.faults.clear()


@pytest.fixture
def open_settings(
    qtbot: QtBot, tmp_path: Path, services: PracticeServices, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """``open_settings()``: the dialog; with ``first_time`` the assistant, with nothing set up."""
    for name in ("config_folder", "data_folder", "log_folder", "program_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    backgrounds: list[Background] = []
    windows: list[SettingsWindow] = []

    def make(
        *, first_time: bool = False, store: CredentialStore | None = None, keep_file: bool = False
    ) -> Opened:
        session = SessionStore(store or (MemoryStore() if first_time else services.store()))
        setup = Setup(session, clock=FakeClock())
        if not first_time and not keep_file:
            write_config(Draft.of(services.config()), setup.config_file)
        theme, background = Theme(), Background()
        backgrounds.append(background)
        preferences, autostart = PreferencesFile(None), FakeAutostart()
        around = Around(preferences, autostart, lambda _window: None)
        window = SettingsWindow(setup, background, theme, around, first_time=first_time)
        theme.setParent(window)
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: window.state.review is not None)
        return Opened(window, setup, session, preferences, autostart)

    yield make
    services.faults.clear()
    for background in backgrounds:
        qtbot.waitUntil(partial(_is_idle, background))
    for window in filter(isValid, windows):
        window.state.draft = window.state.before.copy()
        window.close()


def _is_idle(background: Background) -> bool:
    return not background.is_busy
