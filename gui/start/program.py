"""The real program's windows: the assistant at first, then the desk, anew after each change."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from core import VERSION
from core.computer import paths
from core.computer.autostart import Autostart
from core.computer.heartbeat import write_heartbeat
from core.domain.clock import SystemClock
from core.domain.errors import AppError
from core.domain.models import SyncReport
from core.domain.service_status import Trouble
from core.engine.single_window import WindowPlace
from core.setup.session_store import SessionStore
from gui.looks.theme import Theme, program_icon
from gui.preferences.file import PreferencesFile
from gui.start.tidying import settle, show_desk
from gui.window.doorbell import Doorbell, bring_to_front
from gui.window.main_window import MainWindow
from gui.window.removing import Removing
from gui.work.background import Background, Stop
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.services.findings import Finding
    from core.setup.facade import Setup
    from core.setup.removal import Removed
    from gui.settings.window import SettingsWindow
    from gui.start.practice_run import PracticeRun

_DIALOG_OPEN_MS = 2000
OpenDesk = Callable[["Program"], tuple[MainWindow, SyncWorker]]
_STORE_SECONDS = 30
_SHOWN_FIRST = (
    "This is all that will be saved. It holds no secrets, names or university IDs: it is safe "
    "to send."
)


class Program(QObject):
    """Owns what outlives a window: the secrets kept until close, the background work."""

    def __init__(
        self,
        open_desk: OpenDesk,
        *,
        config_file: Path | None,
        store: SessionStore,
        preferences: PreferencesFile,
        autostart: Autostart,
        place: WindowPlace,
    ) -> None:
        super().__init__()
        self._open_desk = open_desk
        self.config_file = config_file
        self.store = store
        self.preferences = preferences
        self.autostart = autostart
        self._is_finished = False
        self.background = Background(self)
        self.window: MainWindow | None = None
        self.worker: SyncWorker | None = None
        self.settings: SettingsWindow | None = None
        self._clock = SystemClock()
        self._place = place
        self._doorbell = Doorbell(place, self)
        self._doorbell.rang.connect(self.come_to_front)

    def come_to_front(self) -> None:
        """The program was started once more: here it is."""
        window = self.window or self.settings
        if window is not None:
            bring_to_front(window)

    def start_desk(self) -> None:
        """Show the desk with the settings as they are now."""
        window, worker = self._open_desk(self)
        self.window, self.worker = window, worker
        worker.pass_ended.connect(self._on_pass_ended)
        show_desk(window, worker)

    def start_assistant(self) -> None:
        """The first morning on this computer."""
        from gui.settings.window import Around, SettingsWindow

        QApplication.setWindowIcon(program_icon())
        theme = Theme(self)
        liked = self.preferences

        def dress(shown: QWidget) -> None:
            theme.apply(shown, liked.current.appearance, liked.current.text_percent)

        around = Around(self.preferences, self.autostart, dress)
        self.settings = SettingsWindow(
            self._setup(), self.background, theme, around, first_time=True
        )
        self.settings.saved.connect(lambda _config: self.start_desk())
        self.settings.practice_pressed.connect(self.start_practice)
        self.settings.show()
        QTimer.singleShot(0, theme.load_icons)
        QTimer.singleShot(0, settle)

    def open_settings(self) -> None:
        """The same pages over the desk."""
        from gui.settings.mistakes_box import UnreadableFile
        from gui.settings.window import Around, SettingsWindow

        window = self.window
        if window is None:
            return
        around = Around(self.preferences, self.autostart, lambda _shown: window.dress())
        try:
            self.settings = SettingsWindow(
                self._setup(),
                self.background,
                window.theme,
                around,
                first_time=False,
                parent=window,
            )
        except AppError as error:
            UnreadableFile(window, self._setup().config_file, error).open()
            return
        self.settings.saved.connect(lambda _config: self._start_anew())
        if self.worker is not None:
            self.settings.state.proved.connect(self.worker.sync_now)
            removing = Removing(self.settings, self.worker, self.background, self._remove_all)
            self.settings.remove_pressed.connect(removing.ask)
        self.settings.open()

    def start_practice(self) -> None:
        """Practise in the place of the real window."""
        window = self.window or self.settings
        if window is not None:
            self.practice.start(window)

    @cached_property
    def practice(self) -> PracticeRun:
        """Made when it is first wanted; the first paint needn't wait for it."""
        from gui.start.command import start_command
        from gui.start.practice_run import PracticeRun

        return PracticeRun([*start_command(None), "--practice"], self)

    def check_connections(self) -> None:
        """Try everything that a pass needs; refused credentials may then be tried again."""
        from gui.dialogs.report import CheckList

        window, worker = self.window, self.worker
        if window is None or worker is None:
            return
        dialog = CheckList(window, window.theme)
        setup = self._setup()
        dialog.open()

        def show(results: list[Finding]) -> None:
            dialog.show_results(results)
            worker.sync_now()

        self.background.run(dialog, lambda stop: _results(setup, stop), show, dialog.show_failure)

    def save_diagnostics(self) -> None:
        """One file for whoever helps, shown before it is saved."""
        from gui.dialogs.report import SaveReport

        if self.window is None:
            return
        suggested = Path.home() / "LibCal2PP-diagnostics.txt"
        dialog = SaveReport(self.window, "Save diagnostics", _SHOWN_FIRST, suggested)
        setup = self._setup()
        dialog.open()
        self.background.run(
            dialog, lambda stop: self._diagnosed(setup, stop), dialog.show_report, dialog.show_error
        )

    def share_own_cache(self) -> None:
        """This account's cache of before becomes the one that all accounts share."""
        window, worker = self.window, self.worker
        if window is not None and worker is not None:
            setup = self._setup()
            self.background.run(
                window,
                lambda _stop: setup.share_own_cache(),
                lambda _done: worker.open_again(),
                worker.failed.emit,
            )

    def _setup(self) -> Setup:
        from core.setup.facade import Setup  # it brings the network, which the first paint needn't

        return Setup(self.store, config_file=self.config_file)

    def _diagnosed(self, setup: Setup, stop: Stop) -> str:
        from core.setup.diagnostics import diagnostics

        draft = setup.draft()
        return diagnostics(
            draft,
            _results(setup, stop),
            open_cache=lambda: setup.look_into_cache(draft),
            version=VERSION,
            now=self._clock.now(),
            log_folder=paths.log_folder(),
            home=Path.home(),
        )

    def _on_pass_ended(self, report: SyncReport | None) -> None:
        if report is None:
            return
        if self.worker is not None and any(
            status.trouble is Trouble.NO_STORE for status in report.services.values()
        ):
            self.worker.wake(_STORE_SECONDS)  # it may still be starting, as right after the login
        folder = paths.data_folder()
        self.background.run(
            self,
            lambda _stop: write_heartbeat(report, VERSION, self._clock, folder),
            lambda _nothing: None,
            lambda _error: None,
        )

    # Settings that changed

    def start_anew_soon(self) -> None:
        """Settings were changed on another computer; whoever answers a dialog isn't disturbed."""
        worker = self.worker

        def when_nobody_is_asked() -> None:
            if self.worker is not worker or self.window is None:
                return  # Save took them over meanwhile
            if _has_dialog(self.window):
                QTimer.singleShot(_DIALOG_OPEN_MS, self, when_nobody_is_asked)
            else:
                self._start_anew()

        when_nobody_is_asked()

    def _start_anew(self) -> None:
        """End the pass in its own time, then open the desk anew: once, however many ask for it."""
        if self.window is None or self.worker is None or not self.window.isEnabled():
            return
        self.window.setEnabled(False)
        self.window.setWindowTitle("LibCal2PP – the settings are taken over…")
        self.worker.stopped.connect(self._replace_desk)
        self.worker.begin_stop()

    def _replace_desk(self) -> None:
        if self._is_finished:  # the program was closed while the settings were taken over
            return
        old = self.window
        self.start_desk()
        if old is not None and self.window is not None:
            self.window.restoreGeometry(old.saveGeometry())
            old.hide()
            old.deleteLater()

    def _remove_all(self) -> Removed:
        """Only when the worker has stopped, and outside the window's thread."""
        from core.computer.logs import close_log_files
        from core.setup.removal import plan_removal

        self._place.leave()
        self.preferences.stop_saving()
        setup = self._setup()
        draft = setup.draft()
        entries = setup.secret_entries(draft)
        plan = plan_removal(draft, setup.config_file, entries, paths.log_folder())
        close_log_files()  # Windows removes no open file
        return plan.carry_out(self.store, self.autostart)

    def finish(self) -> bool:
        """The program ends; False where the background work hangs."""
        self._is_finished = True
        if "practice" in vars(self):
            self.practice.stop()
        if self.window is not None:
            self.window.hide()
        well = self.worker is None or self.worker.stop()
        self._place.leave()
        return well


def _has_dialog(window: QWidget) -> bool:
    """Whether somebody is asked something in this window."""
    dialogs = window.findChildren(QDialog)
    return any(dialog.isModal() and dialog.isVisible() for dialog in dialogs)


def _results(setup: Setup, stop: Stop) -> list[Finding]:
    return list(takewhile(lambda _finding: not stop(), setup.check()))
