"""A desk's window, with no secret on its computer, beside a registrar on the same database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.computer import paths
from core.domain.models import BookingRow, Event
from core.domain.status import Action, Group, PassState
from core.engine.single_window import WindowPlace
from core.settings.credentials import MemoryStore
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.session_store import SessionStore
from core.sharing.engine import SharedEngine
from gui.desk.this_desk import Desk
from gui.dialogs.persons import ByHand
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.start.app import _open_desk
from gui.start.program import Program
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import ZONE
from tests.core.setup.test_facade import FakeAutostart
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers

TIMES = Times(ZONE, QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
A_DESK = Desk(name="Annex", account="anna", computer="annex-1", zone=ZONE, only_asks=True)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


class DeskWindow:
    """What staff of the annex see; a second passes whenever somebody waits."""

    def __init__(self, qtbot: QtBot, computers: Computers) -> None:
        self._qtbot, self._computers = qtbot, computers
        clock = computers.library.clock
        self.worker = SyncWorker(self._make, seconds=300, clock=clock)
        self.window = MainWindow(self.worker, A_DESK, PreferencesFile(None), clock, TIMES)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.worker.start()

    @property
    def rows(self) -> list[BookingRow]:
        return self.window.model.day_rows()

    @property
    def strips(self) -> str:
        return " ".join(self.window.strips.texts())

    def shown(self, at: int) -> BookingRow:
        """As it is painted."""
        row = self.window.model.shown_row(self.rows[at].row_id)
        assert row is not None
        return row

    def buttons(self) -> list[QPushButton]:
        """What the detail offers for the selected booking."""
        found = self.window.view.detail.buttons.findChildren(QPushButton)
        return [one for one in found if one.isVisible()]

    def press_button_of(self, row: BookingRow) -> None:
        table = self.window.table
        table.select(row.row_id)
        last = table.model().columnCount() - 1
        table.setCurrentIndex(table.model().index(table.currentIndex().row(), last))
        QTest.keyClick(table, Qt.Key.Key_Space)

    def wait_until(self, happened: Callable[[], bool], *others: SharedEngine) -> None:
        def look() -> bool:
            self._computers.a_second_later(*others)
            return happened()

        self._qtbot.waitUntil(look, timeout=10_000)

    def _make(self, report: Callable[[Event], None]) -> SharedEngine:
        nothing = MemoryStore()
        return self._computers.make("annex", "desk", report=report, store=nothing)


@pytest.fixture
def open_desk(
    qtbot: QtBot, computers: Computers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], DeskWindow]]:
    monkeypatch.setattr(SharedEngine, "attends_each", 0.02)
    opened: list[DeskWindow] = []

    def make() -> DeskWindow:
        opened.append(DeskWindow(qtbot, computers))
        return opened[-1]

    yield make
    for desk in opened:
        assert desk.worker.stop()


def test_what_a_desk_presses_is_done_by_the_registrar(
    computers: Computers, library: Library, open_desk: Callable[[], DeskWindow]
) -> None:
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    library.book()
    registrar.log_new_bookings()
    desk = open_desk()
    desk.wait_until(lambda: bool(desk.rows), registrar)
    desk.press_button_of(desk.rows[0])
    desk.wait_until(lambda: desk.rows[0].group is Group.REGISTERED, registrar)
    assert library.visits == 1
    [entry] = [one for one in registrar.history(desk.rows[0].row_id) if "Registered" in one.text]
    assert entry.who.startswith("anna")


def test_a_desk_without_a_registrar_says_so_until_there_is_one(
    computers: Computers, open_desk: Callable[[], DeskWindow]
) -> None:
    desk = open_desk()
    desk.wait_until(lambda: "No computer registers just now" in desk.strips)
    registrar = computers.open("registrar")
    desk.wait_until(lambda: desk.strips == "", registrar)


@pytest.fixture
def left_alone(
    computers: Computers, library: Library, open_desk: Callable[[], DeskWindow]
) -> DeskWindow:
    """A desk with one booking that waits; the registrar has gone home, and the desk knows it."""
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    library.book()
    registrar.log_new_bookings()
    registrar.close()
    desk = open_desk()
    desk.wait_until(lambda: "No computer registers just now" in desk.strips)
    desk.wait_until(lambda: bool(desk.rows))
    return desk


def test_what_waits_for_a_registrar_is_withdrawn_by_keyboard(
    computers: Computers, library: Library, left_alone: DeskWindow
) -> None:
    desk = left_alone
    desk.press_button_of(desk.rows[0])
    desk.wait_until(lambda: "Waits since" in desk.shown(0).label)
    assert "Waits for a computer that registers, since 12:" in str(desk.shown(0).reason)
    desk.wait_until(lambda: [one.text() for one in desk.buttons()] == ["Withdraw", "By hand…"])
    assert desk.buttons()[0].accessibleDescription().startswith("Waits for a computer")
    desk.press_button_of(desk.rows[0])  # again, by mistake: that withdraws nothing
    desk.buttons()[0].setFocus()
    QTest.keyClick(desk.buttons()[0], Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.shown(0).action is Action.REGISTER_NOW)
    desk.wait_until(lambda: "Withdrawn" in desk.window.view.toast.words.text())
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    desk.wait_until(lambda: desk.strips == "", registrar)
    assert library.visits == 0


def test_what_waits_for_a_registrar_is_entered_by_hand(
    computers: Computers, library: Library, left_alone: DeskWindow
) -> None:
    desk = left_alone
    desk.press_button_of(desk.rows[0])
    desk.wait_until(lambda: "Waits since" in desk.shown(0).label)
    desk.wait_until(lambda: len(desk.buttons()) == 2)
    desk.buttons()[1].setFocus()
    QTest.keyClick(desk.buttons()[1], Qt.Key.Key_Space)
    desk.wait_until(lambda: bool(desk.window.findChildren(ByHand)))
    [dialog] = desk.window.findChildren(ByHand)
    desk.wait_until(lambda: "LibCal2PP will not send it" in dialog.text.text())
    desk.wait_until(lambda: Action.NOT_BY_HAND in desk.shown(0).offers)
    [confirm] = [one for one in dialog.findChildren(QPushButton) if "I registered" in one.text()]
    confirm.setFocus()
    QTest.keyClick(confirm, Qt.Key.Key_Space)
    desk.wait_until(lambda: desk.shown(0).next_step == "Nothing is sent for it.")
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    desk.wait_until(lambda: desk.rows[0].passagepoint is PassState.BY_HAND, registrar)
    assert library.visits == 0


def test_a_desk_shows_its_last_copy_while_the_server_is_away(
    computers: Computers,
    library: Library,
    cluster: Cluster,
    open_desk: Callable[[], DeskWindow],
) -> None:
    registrar = computers.open("registrar")
    library.book()
    registrar.log_new_bookings()
    desk = open_desk()
    desk.wait_until(lambda: bool(desk.rows), registrar)
    registrar.close()
    cluster.stop()
    try:
        desk.wait_until(lambda: "can't be reached since" in desk.strips)
        assert len(desk.rows) == 1
    finally:
        cluster.start()
    second = computers.open("second")
    desk.wait_until(lambda: desk.strips == "", second)


def test_the_window_follows_settings_that_another_computer_edits(
    qtbot: QtBot, computers: Computers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real program, from its config.yml to the strip that says who registers."""
    for name in ("program_folder", "machine_config_folder", "config_folder", "data_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    boss = computers.open("boss")
    sections = {"Cache": {"url": computers.url}, "Desk": {"role": "desk"}}
    write_config(Draft(sections), paths.config_folder() / "config.yml")
    place = WindowPlace(paths.data_folder(), who="anna", computer="annex-1")
    assert place.take()
    program = Program(
        _open_desk,
        config_file=None,
        store=SessionStore(MemoryStore()),
        preferences=PreferencesFile(None),
        autostart=FakeAutostart(),
        place=place,
    )

    def says() -> str:
        return " ".join(program.window.strips.texts()) if program.window is not None else ""

    try:
        program.start_desk()
        boss.close()
        computers.open("other").close()
        computers.open("other", Sync={"register_automatically": False})
        qtbot.waitUntil(lambda: "Nobody is registered by itself" in says(), timeout=15_000)
    finally:
        assert program.finish()
        qtbot.waitUntil(lambda: not program.background.is_busy)
