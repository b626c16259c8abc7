"""What each platform expects: whose menu a line is in, title bars, text size, the tray."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.cli.command_line import WindowOptions
from core.computer.paths import APP_ID
from gui.looks.system_looks import SystemLooks
from gui.looks.theme import Appearance, Theme
from gui.start import app
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Role = QAction.MenuRole


class ByTheSystem(QCloseEvent):
    """Somebody pressed the window's own button."""

    def spontaneous(self) -> bool:
        return True


class FakeIcon:
    """In a tray that this screen doesn't have."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def isVisible(self) -> bool:  # noqa: N802
        return True

    def showMessage(self, _title: str, words: str, _icon: object) -> None:  # noqa: N802
        self.said.append(words)


@pytest.fixture(autouse=True)
def quits_as_before() -> Iterator[None]:
    yield
    QApplication.setQuitOnLastWindowClosed(True)


def test_only_what_says_so_goes_into_the_programs_own_menu(show: Show) -> None:
    window = show(FakeEngine()).window
    lines = [one for one in window.findChildren(QAction) if one.text()]
    told = {one.text().replace("&", ""): one.menuRole() for one in lines}
    moved = {text: role for text, role in told.items() if role is not Role.NoRole}
    moved = {text: role for text, role in moved.items() if role is not Role.TextHeuristicRole}
    assert moved == {"Quit": Role.QuitRole, "About LibCal2PP": Role.AboutRole}
    guessed = [text for text, role in told.items() if role is Role.TextHeuristicRole]
    assert not [one for one in guessed if one.casefold().startswith(("quit", "about", "setting"))]


@pytest.mark.qt_log_ignore("propagateSizeHints", "raise")
def test_closing_with_an_icon_in_the_tray_goes_on_and_says_so_once(
    qtbot: QtBot, show: Show
) -> None:
    window = show(FakeEngine()).window
    icon = FakeIcon()
    window.tray._shown = icon  # type: ignore[assignment]
    for _ in range(2):
        window.show()
        event = ByTheSystem()
        window.closeEvent(event)
        assert not event.isAccepted()
        assert not window.isVisible()
    assert len(icon.said) == 1
    assert "goes on registering" in icon.said[0]
    assert not QApplication.quitOnLastWindowClosed()
    window.tray.pressed.emit()
    assert window.isVisible()
    window.tray._shown = None


def test_quit_ends_it_with_an_icon_in_the_tray_too(show: Show) -> None:
    window = show(FakeEngine()).window
    window.tray._shown = FakeIcon()  # type: ignore[assignment]
    window.close()
    assert not window.isVisible()
    assert QApplication.quitOnLastWindowClosed()
    window.tray._shown = None


def test_without_an_icon_closing_closes(show: Show) -> None:
    window = show(FakeEngine()).window
    event = ByTheSystem()
    window.closeEvent(event)
    assert event.isAccepted()


class LargeText(SystemLooks):
    """A system on which somebody has set large text."""

    frames: list[bool | None]

    def text_factor(self) -> float:
        return 1.5

    def dress_frames(self, *, dark: bool | None) -> None:
        self.frames = [*getattr(self, "frames", []), dark]


def test_the_systems_text_size_counts_and_ours_multiplies_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme = Theme(None, LargeText())
    theme.apply(window, Appearance.LIGHT, 100)
    assert theme.px(14) == 21
    theme.apply(window, Appearance.LIGHT, 200)
    assert theme.px(14) == 42
    QApplication.setFont(QFont())


def test_title_bars_follow_what_was_chosen(qtbot: QtBot) -> None:
    window, system = QWidget(), LargeText()
    qtbot.addWidget(window)
    theme = Theme(None, system)
    for appearance in (Appearance.SYSTEM, Appearance.DARK, Appearance.LIGHT):
        theme.apply(window, appearance, 100)
    assert system.frames == [None, True, False]
    QApplication.setFont(QFont())


@pytest.mark.parametrize(
    ("points", "platform", "factor"),
    [
        (9, "linux", 1.0),
        (11, "linux", 1.0),
        (16.5, "linux", 1.5),
        (9, "win32", 1.0),
        (18, "win32", 2),
    ],
)
def test_a_larger_text_of_the_system_is_seen(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, points: float, platform: str, factor: float
) -> None:
    font = QFont()
    font.setPointSizeF(points)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(QFontDatabase, "systemFont", lambda _kind: font)
    assert SystemLooks().text_factor() == pytest.approx(factor, abs=0.01)


@pytest.fixture
def practised(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QApplication]]:
    """The program, as far as the window; the tests' own application stays as it was."""
    native, started = Qt.ApplicationAttribute.AA_DontUseNativeDialogs, list[QApplication]()

    def run(made: QApplication) -> int:
        started.append(made)
        return 0

    before = qapp.applicationName(), qapp.desktopFileName(), qapp.testAttribute(native)
    monkeypatch.setattr(app, "QApplication", lambda _arguments: qapp)
    monkeypatch.setattr(app, "_run_practice", run)
    monkeypatch.setattr("sys.platform", "linux")
    assert app.run_window(WindowOptions(None, practice=True, log_level="")) == 0
    yield started
    qapp.setApplicationName(before[0])
    qapp.setDesktopFileName(before[1])
    qapp.setAttribute(native, before[2])


def test_the_desktop_is_told_which_of_its_entries_the_window_is(
    practised: list[QApplication],
) -> None:
    assert [one.desktopFileName() for one in practised] == [APP_ID]


def test_where_the_systems_dialogs_follow_nothing_they_are_qts(
    practised: list[QApplication],
) -> None:
    """GTK's file dialog was light in a dark window, whoever had chosen dark, and had its own size
    of text."""
    [started] = practised
    assert started.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
