"""The first morning on a new PC, by keyboard alone: from no settings to a registered booking."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.computer import paths
from core.domain.models import BookingRow
from core.domain.status import PassState
from core.engine.single_window import WindowPlace
from core.practice.day import PracticeDay, make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from core.settings.config import find_config, load_config
from core.settings.credentials import Credentials, MemoryStore
from core.setup.config_file import OLD_NAME, is_old
from core.setup.session_store import SessionStore
from gui.dialogs.base import Notice, Question
from gui.preferences.file import PreferencesFile
from gui.settings.passagepoint_page import PassagePointPage
from gui.settings.sync_page import SyncPage
from gui.settings.welcome_page import WelcomePage
from gui.settings.window import SettingsWindow
from gui.start.app import _open_desk
from gui.start.program import Program
from tests.core.setup.test_facade import FakeAutostart
from tests.packaging.another_library import another_library

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


Make = Callable[[datetime, ZoneInfo], PracticeDay]


@pytest.fixture(params=[partial(make_day, bookings=12)], ids=["practice"])
def services(request: pytest.FixtureRequest) -> Iterator[PracticeServices]:
    """The library's computer is in the library's zone: elsewhere midnight may be near."""
    make: Make = request.param
    now = datetime.now(UTC)
    zone = practice_zone(now)
    with pytest.MonkeyPatch.context() as own:
        own.setenv("TZ", str(zone))
        time.tzset()
        with PracticeServices(make(now, zone)) as services:
            yield services
    time.tzset()


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
        on = self._window.next if self._window.next.isVisible() else self._window.save
        key = Qt.Key.Key_N if on is self._window.next else Qt.Key.Key_S
        QTest.keyClick(self._at, key, Qt.KeyboardModifier.AltModifier)
        self._qtbot.waitUntil(lambda: not on.isDown())  # it looks pressed before it does anything
        QApplication.processEvents()


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
    hands.next_page()  # it tries the keys, and goes on where they work
    hands.wait()
    hands.write(services.url, config.passagepoint.username, secrets["PassagePoint"])
    hands.press(space)  # Test connection: it brings the destinations
    hands.wait()
    for location in config.libcal.locations:
        hands.press(tab)
        hands.press(*([Qt.Key(ord(location.destination[0]))] if location.destination else []))
    hands.press(tab, Qt.Key.Key_A)  # the visit begins at the booking's start
    hands.press(tab, Qt.Key.Key_N)  # from when a card works isn't known
    hands.next_page()
    hands.press(tab, Qt.Key.Key_Down, space)  # nothing has registered today's bookings,
    hands.press(tab, space)  # and no other computer does
    for _ in range(4):  # what is kept, this desk, appearance, start
        hands.next_page()
    hands.wait()


@pytest.mark.parametrize(
    "services",
    [partial(make_day, bookings=12), another_library],
    ids=["practice", "other names"],
    indirect=True,
)
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
    qtbot.waitUntil(lambda: bool(window.findChildren(Question)), timeout=15_000)
    asked = window.findChildren(Question)[-1]
    [no_gate] = [one.name for one in services.config().libcal.locations if not one.destination]
    assert f"{no_gate} has no destination" in asked.text.text()
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
    assert Credentials(config, program.store).secret("Alma", config.alma.zones[-1])
    assert config.alma.zones == services.day.alma_zones


def old_scripts_files(folder: Path, services: PracticeServices, book_id: str) -> None:
    """What the replaced script left in our own place: it registered one booking today."""
    config, secrets = services.config(), dict(services.secrets())
    places = config.libcal.locations
    content = {
        "LCPP": {"interval": 60},
        "LibCal": {
            "client_id": config.libcal.client_id,
            "client_secret": secrets["LibCal"],
            "locations": [{"name": one.name, "id": int(one.id)} for one in places],
            "credentials_endpt": f"{services.url}/1.1/oauth/token",
            "bookings_endpt": f"{services.url}/1.1/space/bookings",
            "primary_id_field": config.libcal.primary_id_question,
        },
        "Alma": {
            "apikeys": [secrets[f"Alma {zone}"] for zone in config.alma.zones],
            "users_endpt": f"{services.url}/almaws/v1/users",
        },
        "PassagePoint": {
            "username": config.passagepoint.username,
            "password": secrets["PassagePoint"],
            "pp_api_root": f"{services.url}/pp/api/v2",
            "location_mapping": {int(one.id): one.destination for one in places if one.destination},
        },
    }
    folder.mkdir()
    (folder / "config.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute(
            "CREATE TABLE users (primary_id text PRIMARY KEY, barcode text, visitor_id text)"
        )
        database.execute("CREATE TABLE appts (appt_id text PRIMARY KEY, prereg_id text)")
        database.execute("INSERT INTO appts VALUES (?, '9')", [book_id])


def test_from_the_old_script_to_our_own_desk_and_nobody_registered_twice(
    qtbot: QtBot, program: Program, services: PracticeServices
) -> None:
    soon, approved = datetime.now(UTC) + timedelta(minutes=5), "Mediated Approved"
    ours = services.add_booking(soon, status=approved)
    theirs = services.add_booking(soon, status=approved)
    place = paths.program_folder()
    old_scripts_files(place, services, theirs.book_id)
    found = find_config(None)
    assert found is not None
    assert is_old(found)
    program.config_file = found
    program.start_assistant()
    window = program.settings
    assert window is not None
    welcome = window.pages["Welcome"]
    assert isinstance(welcome, WelcomePage)
    qtbot.waitUntil(lambda: welcome.old is not None)
    welcome.take.click()
    sync = window.pages["Sync"]
    assert isinstance(sync, SyncPage)
    sync.answers["none"].click()
    sync.nobody_else.click()
    gate = window.pages["PassagePoint"]
    assert isinstance(gate, PassagePointPage)
    gate.gate.early.chosen.emit("0")
    gate.gate.card.chosen.emit("not known")
    window.show_page("Appearance")
    window.save.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(Question)), timeout=15_000)
    window.findChildren(Question)[-1].choices["save"].click()
    qtbot.waitUntil(lambda: bool(window.findChildren(Notice)), timeout=15_000)
    notice = window.findChildren(Notice)[-1]
    assert "Keep its files until the first pass went well" in notice.text.text()
    notice.reject()
    desk = program.window
    assert desk is not None

    def says_what_to_delete() -> bool:
        told = [one.text.text() for one in desk.findChildren(Notice)]
        return any(str(place / OLD_NAME) in one for one in told)

    def row(book_id: str) -> BookingRow | None:
        return next((one for one in desk.model.day_rows() if one.book_id == book_id), None)

    def is_registered(book_id: str) -> bool:
        found = row(book_id)
        return found is not None and found.passagepoint is PassState.REGISTERED

    qtbot.waitUntil(lambda: is_registered(ours.book_id), timeout=20_000)
    taken_over = row(theirs.book_id)
    assert taken_over is not None
    assert taken_over.prereg_id == "9"
    assert is_registered(theirs.book_id)
    qtbot.waitUntil(says_what_to_delete, timeout=20_000)
    assert not is_old(place / "config.yml")
    assert is_old(place / OLD_NAME)
