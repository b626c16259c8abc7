"""The real program's windows on the practice services: the first morning, changes, support."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.computer import paths
from core.computer.heartbeat import HEARTBEAT_NAME
from core.domain.errors import NoKeyring
from core.engine.single_window import WindowPlace
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from core.settings.config import load_config
from core.settings.credentials import Credentials, CredentialStore
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.left_behind import LeftBehind
from core.setup.session_store import SessionStore
from gui.dialogs.base import Notice, Question
from gui.dialogs.report import CheckList, SaveReport
from gui.preferences.file import FILE_NAME, PreferencesFile
from gui.settings.mistakes_box import UnreadableFile
from gui.settings.passagepoint_page import PassagePointPage
from gui.start.app import _open_desk
from gui.start.command import start_command
from gui.start.program import Program
from gui.window.main_window import MainWindow
from tests.core.setup.test_facade import FakeAutostart
from tests.e2e.test_password_store import UnreadyStore

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
Start = Callable[..., Program]


def a_place() -> WindowPlace:
    """The place of the window of this test's account."""
    return WindowPlace(paths.data_folder(), who="someone", computer="desk-1")


@pytest.fixture(scope="module")
def services() -> Iterator[PracticeServices]:
    now = datetime.now(UTC)
    with PracticeServices(make_day(now, practice_zone(now), bookings=20)) as services:
        yield services


@pytest.fixture
def start(
    qtbot: QtBot, tmp_path: Path, services: PracticeServices, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    """The program after its first pass, set up in a folder of its own."""
    for name in ("program_folder", "machine_config_folder", "config_folder", "data_folder"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    monkeypatch.setattr(paths, "log_folder", lambda: tmp_path / "log")
    programs: list[Program] = []

    def make(store: CredentialStore | None = None) -> Program:
        write_config(
            Draft.of(services.config(Alma={"calls_per_second": 25})),
            paths.config_folder() / "config.yml",
        )
        place = a_place()
        assert place.take()
        program = Program(
            _open_desk,
            config_file=None,
            store=SessionStore(store or services.store()),
            preferences=PreferencesFile(paths.config_folder() / FILE_NAME),
            autostart=FakeAutostart(),
            place=place,
        )
        programs.append(program)
        program.start_desk()
        qtbot.waitUntil((tmp_path / "data_folder" / HEARTBEAT_NAME).exists, timeout=15_000)
        return program

    yield make
    for program in programs:
        assert program.finish()
        qtbot.waitUntil(lambda: not programs[0].background.is_busy)


def found(qtbot: QtBot, program: Program, kind: type[QWidget]) -> QWidget:
    window = program.window
    assert window is not None
    qtbot.waitUntil(lambda: bool(window.findChildren(kind)))
    return window.findChildren(kind)[-1]


def test_start_at_login_goes_through_the_name_that_points_at_the_newest_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "version-1").mkdir()
    program = tmp_path / "version-1" / "LibCal2PP"
    program.touch(mode=0o755)
    (tmp_path / "newest").symlink_to("version-1")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "newest" / "LibCal2PP")])
    assert start_command(None) == [str(tmp_path / "newest" / "LibCal2PP")]
    own = tmp_path / "own.yml"
    assert start_command(own)[1:] == ["--config", str(own)]
    monkeypatch.setattr(sys, "argv", ["something else"])
    assert start_command(None) == [str(program)]


def test_each_pass_leaves_a_heartbeat(start: Start) -> None:
    start()
    heartbeat = json.loads((paths.data_folder() / HEARTBEAT_NAME).read_text())
    assert heartbeat["counts"]["total"] >= 20


def test_a_store_that_isnt_ready_at_login_is_soon_asked_again(
    qtbot: QtBot, start: Start, services: PracticeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.start.program._STORE_SECONDS", 0)
    config = services.config()
    store = UnreadyStore(services.store(), {config.libcal.client_id}, NoKeyring("Not yet."))
    worker = start(store).worker
    assert worker is not None
    with qtbot.waitSignal(worker.pass_ended, timeout=15_000):
        pass
    store.closed_to = set()
    with qtbot.waitSignal(
        worker.pass_ended,
        timeout=15_000,
        check_params_cb=lambda report: report.services["LibCal"].ok,
    ):
        pass


def test_the_old_files_are_named_after_the_first_pass_that_went_well(
    qtbot: QtBot, start: Start, services: PracticeServices, tmp_path: Path
) -> None:
    left = tmp_path / "cache-of-the-script.db"
    left.write_text("")
    LeftBehind(tmp_path / "config_folder").note([left])
    services.faults.add("LibCal", "404")
    program = start()
    assert program.window is not None
    assert program.worker is not None
    assert not program.window.findChildren(Notice)
    services.faults.clear()
    program.worker.sync_now()
    notice = found(qtbot, program, Notice)
    assert isinstance(notice, Notice)
    assert str(left) in notice.text.text()
    assert "issued anew" in notice.text.text()
    notice.reject()
    assert LeftBehind(tmp_path / "config_folder").still_there() == []


def test_changed_settings_hold_without_a_restart(qtbot: QtBot, start: Start) -> None:
    program = start()
    before = program.window
    program.open_settings()
    settings = program.settings
    assert settings is not None
    settings.state.set("Desk", "name", "North desk")
    settings.save.click()
    qtbot.waitUntil(lambda: bool(settings.findChildren(Question)), timeout=10_000)
    settings.findChildren(Question)[0].choices["save"].click()
    qtbot.waitUntil(lambda: program.window is not before, timeout=15_000)
    assert program.window is not None
    assert program.window._desk.name == "North desk"
    assert program.worker is not None
    with qtbot.waitSignal(program.worker.pass_ended, timeout=15_000):
        pass


def test_settings_from_elsewhere_wait_for_who_answers_a_dialog(qtbot: QtBot, start: Start) -> None:
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    Notice(elsewhere, "Somebody else's", "").open()  # in another window: none of ours
    program = start()
    asked = program.window
    assert asked is not None
    mine = Notice(asked, "Not read yet", "")
    mine.open()

    program.start_anew_soon()
    assert asked.isEnabled()

    mine.close()
    qtbot.waitUntil(lambda: program.window is not asked, timeout=15_000)


def test_settings_that_are_taken_over_twice_open_one_desk(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.start.program._DIALOG_OPEN_MS", 10)
    program = start()
    before, opened = program.window, Counter[str]()
    real = program.start_desk

    def start_desk() -> None:
        opened["desk"] += 1
        real()

    monkeypatch.setattr(program, "start_desk", start_desk)
    assert before is not None
    Notice(before, "Settings are open", "").open()
    program.start_anew_soon()  # the file has changed
    program._start_anew()  # and Save says so
    program._start_anew()
    qtbot.waitUntil(lambda: program.window is not before, timeout=15_000)
    assert program.worker is not None
    with qtbot.waitSignal(program.worker.pass_ended, timeout=15_000):
        pass
    assert opened["desk"] == 1


def test_a_test_that_goes_well_frees_what_was_refused(qtbot: QtBot, start: Start) -> None:
    program = start()
    program.open_settings()
    settings, worker = program.settings, program.worker
    assert settings is not None
    assert worker is not None
    page = settings.pages["PassagePoint"]
    assert isinstance(page, PassagePointPage)
    with qtbot.waitSignal(worker.pass_ended, timeout=15_000):
        page.trial.start.click()
    settings.state.set("Desk", "name", "North desk")
    with qtbot.assertNotEmitted(worker.pass_ended), qtbot.waitSignal(page.trial.ended):
        page.trial.start.click()
    settings.saving.close_unsaved()


def with_broken_settings(qtbot: QtBot, program: Program, text: str) -> MainWindow:
    """The desk of a program whose config.yml is ``text`` from now on."""
    (paths.config_folder() / "config.yml").write_text(text)
    assert program.worker is not None
    assert program.worker.stop()
    program.start_desk()
    window = program.window
    assert window is not None
    qtbot.waitUntil(lambda: any("config.yml" in one for one in window.strips.texts()))
    return window


def strip_button(window: MainWindow) -> QPushButton:
    return next(one for one in window.strips.findChildren(QPushButton) if one.isVisible())


def test_settings_that_were_mended_in_the_file_are_taken_over_by_themselves(
    qtbot: QtBot, start: Start
) -> None:
    program = start()
    file = paths.config_folder() / "config.yml"
    good = file.read_text()
    broken = with_broken_settings(qtbot, program, "LibCal: 7\n")
    assert strip_button(broken).text() == "Open settings"
    file.write_text(good)
    qtbot.waitUntil(lambda: program.window is not broken, timeout=15_000)
    assert program.window is not None
    assert not any("config.yml" in text for text in program.window.strips.texts())


def test_each_mistake_is_a_line_and_settings_open_with_what_can_be_used(
    qtbot: QtBot, start: Start
) -> None:
    program = start()
    file = paths.config_folder() / "config.yml"
    good = file.read_text()
    text = (
        f"# from IT\n{good}\nSinc: {{every_seconds: 45}}\nDesk: {{colour: red, name: Main desk}}\n"
    )
    broken = with_broken_settings(qtbot, program, text)
    [strip] = [one for one in broken.strips.texts() if "config.yml" in one]
    assert strip.splitlines() == [
        f"{file} can't be used.",
        "• Desk.colour is not a known setting.",
        "• Sinc is not a known setting; do you mean Sync?",
    ]
    strip_button(broken).click()
    settings = program.settings
    assert settings is not None
    assert [f"• {one}" for one in settings.mistakes.texts] == strip.splitlines()[1:]
    assert settings.state.draft.text("Desk", "name") == "Main desk"
    qtbot.waitUntil(lambda: settings.state.review is not None)
    settings.save.click()
    qtbot.waitUntil(lambda: bool(visible_questions(settings)))
    with qtbot.waitSignal(settings.saved):
        visible_questions(settings)[0].choices["save"].click()
    assert load_config(file).desk.name == "Main desk"
    assert (file.with_name("config-before.yml")).read_text() == text
    qtbot.waitUntil(lambda: program.window is not broken, timeout=15_000)


def test_what_is_no_settings_file_at_all_is_opened_in_an_editor(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    file = paths.config_folder() / "config.yml"
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    with_broken_settings(qtbot, program, "LibCal: {url: 'https://a.b\n")
    program.open_settings()
    dialog = found(qtbot, program, UnreadableFile)
    assert isinstance(dialog, UnreadableFile)
    assert "The quote (') that opens in line 1 isn't closed." in dialog.text.text()
    dialog.open_file.click()
    assert opened == [str(file)]
    dialog.reject()


def visible_questions(window: QWidget) -> list[Question]:
    return [one for one in window.findChildren(Question) if one.isVisible()]


def test_a_program_that_is_closed_opens_no_desk_with_changed_settings(start: Start) -> None:
    program = start()
    worker = program.worker
    program._start_anew()
    assert program.finish()
    QApplication.processEvents()
    assert program.worker is worker


def test_check_connections_tells_each_result(qtbot: QtBot, start: Start) -> None:
    program = start()
    program.check_connections()
    dialog = found(qtbot, program, CheckList)
    assert isinstance(dialog, CheckList)
    qtbot.waitUntil(lambda: len(dialog.texts) > 5, timeout=15_000)
    assert dialog.text.text() == "Everything works."


def test_diagnostics_are_shown_before_they_are_saved(
    qtbot: QtBot, start: Start, tmp_path: Path, services: PracticeServices
) -> None:
    program = start()
    program.save_diagnostics()
    dialog = found(qtbot, program, SaveReport)
    assert isinstance(dialog, SaveReport)
    assert not dialog.save.isEnabled()
    qtbot.waitUntil(dialog.save.isEnabled, timeout=15_000)
    shown = dialog.report.toPlainText()
    assert "schema version" in shown
    assert not any(secret in shown for _, secret in services.secrets())
    dialog.save_to(tmp_path / "nowhere" / "x.txt")
    assert "can't be saved" in dialog.text.text()
    dialog.save_to(tmp_path / "x.txt")
    assert (tmp_path / "x.txt").read_text().rstrip() == shown.rstrip()


def test_remove_everything_leaves_nothing(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = start()
    config = load_config(paths.config_folder() / "config.yml")
    program.open_settings()
    settings = program.settings
    assert settings is not None
    settings.remove_pressed.emit()
    settings.findChildren(Question)[0].choices["remove"].click()
    qtbot.waitUntil(lambda: bool(settings.findChildren(Notice)), timeout=15_000)
    assert list(tmp_path.iterdir()) == []
    program.preferences.change(initials="AB")
    assert list(tmp_path.iterdir()) == []
    assert program.store.get(*Credentials(config, program.store).entry("LibCal")) is None


def test_the_assistant_opens_the_desk_when_it_is_done(qtbot: QtBot, start: Start) -> None:
    program = start()
    first = program.window
    program.start_assistant()
    assert program.settings is not None
    assert program.settings.first_time
    assert program.worker is not None
    assert program.worker.stop()
    program.settings.saved.emit(None)
    assert program.window is not first
    program.settings.reject()


def test_a_second_start_raises_the_first_window(qtbot: QtBot, start: Start) -> None:
    program = start()
    window = program.window
    assert window is not None
    window.showMinimized()
    second = a_place()
    assert not second.take()
    assert second.ring(sleep=lambda seconds: qtbot.wait(round(seconds * 1000)))
    assert not window.isMinimized()
    assert window.isVisible()


def test_practice_takes_the_place_of_the_window_until_it_is_closed(
    qtbot: QtBot, start: Start
) -> None:
    program = start()
    window = program.window
    assert window is not None
    program.practice._command = [sys.executable, "-c", "input()"]
    program.start_practice()
    program.start_practice()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: program.practice._process.processId() > 0)
    program.practice._process.closeWriteChannel()
    qtbot.waitUntil(window.isVisible)


def test_practice_that_cannot_be_started_leaves_the_window_there(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start()
    window = program.window
    assert window is not None
    program.practice._command = [str(tmp_path / "no such program")]
    program.start_practice()
    qtbot.waitUntil(window.isVisible)


def test_a_config_that_is_changed_by_hand_is_taken_over(qtbot: QtBot, start: Start) -> None:
    program = start()
    before, file = program.window, paths.config_folder() / "config.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\nDesk: {{name: Front desk}}\n", encoding="utf-8")

    def says_its_name() -> bool:
        window = program.window
        return window is not None and "Front desk" in window.status._desk.text()

    qtbot.waitUntil(says_its_name, timeout=20_000)
    assert program.window is not before
