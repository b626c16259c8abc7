"""A real Secret Service that takes its time: the settings stay usable meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import secretstorage
from jeepney import DBusAddress, new_method_call
from pytestqt.qtbot import QtBot

from core.computer import paths
from core.settings.credentials import Credentials, KeyringStore
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.facade import Setup
from core.setup.session_store import SessionStore
from gui.looks.theme import Theme
from gui.preferences.file import PreferencesFile
from gui.settings.libcal_page import LibCalPage
from gui.settings.window import Around, SettingsWindow
from gui.work.background import Background
from tests.builders import a_config
from tests.core.setup.test_facade import FakeAutostart

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints"),
    pytest.mark.skipif(
        "LIBCAL2PP_TEST_KEYRING" not in os.environ, reason="needs .ci/with-keyring, as in make test"
    ),
]
_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


@contextmanager
def standing_still() -> Iterator[None]:
    """The store's process is stopped, as by a disk that wakes up: calls to it hang."""
    with secretstorage.dbus_init() as bus:
        ask = new_method_call(_BUS, "GetConnectionUnixProcessID", "s", ("org.freedesktop.secrets",))
        [pid] = bus.send_and_get_reply(ask).body
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """Settings with LibCal's secret in the real store."""
    for name in ("config_folder", "data_folder", "log_folder", "program_folder"):
        monkeypatch.setattr(paths, name, partial(tmp_path.joinpath, name))
    config = a_config()
    Credentials(config, KeyringStore()).set_secret("LibCal", "s3cret")
    write_config(Draft.of(config), paths.config_folder() / "config.yml")
    return Setup(SessionStore(KeyringStore()))


def test_a_store_that_hangs_hangs_no_window(qtbot: QtBot, setup: Setup) -> None:
    background, theme = Background(), Theme()
    around = Around(PreferencesFile(None), FakeAutostart(), lambda _window: None)
    with standing_still():
        window = SettingsWindow(setup, background, theme, around, first_time=False)
        theme.setParent(window)
        window.show()
        page = window.pages["LibCal"]
        assert isinstance(page, LibCalPage)
        assert page.secret.known.text().startswith("Asking this computer's password store")
        page.trial.start.click()
        assert page.trial.is_running
        page.trial.stop.click()
        assert page.trial.words.text().startswith("Cancelled")
        window.show_page("Desk")
    qtbot.waitUntil(lambda: page.secret.known.text().startswith("Set"))
    qtbot.waitUntil(lambda: not background.is_busy)
    window.close()
