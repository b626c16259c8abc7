"""Starts the window: the one place of the GUI that knows how the core is put together."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from core import VERSION
from core.cli.command_line import WindowOptions
from core.computer import paths
from core.computer.environment import keep_memory_private
from core.computer.identity import account, computer
from core.computer.taskbar import show_as_one_program
from core.domain.clock import SystemClock
from core.domain.errors import ConfigError, ExitCode
from core.domain.models import Event
from core.engine.single_window import WindowPlace
from core.settings.config import Config, find_config, load_config
from core.settings.config_watch import ConfigWatch
from core.settings.desk_sections import ScannerSettings
from core.setup.config_file import is_old
from core.setup.left_behind import LeftBehind
from gui.desk.this_desk import Desk
from gui.looks.words import Times
from gui.preferences.file import FILE_NAME, PreferencesFile
from gui.preferences.geometry import restore_geometry
from gui.start.old_files import OldFiles
from gui.start.orderly_end import OrderlyEnd
from gui.start.tidying import show_desk
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.engine.base import Engine, EngineFactory
    from core.practice.setting import PracticeSetting
    from core.settings.credentials import CredentialStore
    from gui.start.program import Program

logger = logging.getLogger(__name__)
_PORTAL_MS = 2000
"""Until then the desktop has told its colours, which a private process can't ask for."""
_LOOK_AT_CONFIG_MS = 3000


def run_window(options: WindowOptions) -> int:
    """Show the window until it is closed; the program's exit code."""
    told = ["-platform", options.platform] if options.platform else []
    app = QApplication([*sys.argv[:1], *told])
    app.setApplicationName(paths.APP_NAME)
    app.setDesktopFileName(paths.APP_ID)
    if sys.platform.startswith("linux"):  # GTK's knows neither dark nor the text size chosen here
        app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    show_as_one_program(paths.APP_ID)
    if options.practice:
        return _run_practice(app)
    place = WindowPlace(paths.data_folder(), who=account(), computer=computer())
    if not place.take() and place.ring():
        print("LibCal2PP is open already: its window is in front now.", file=sys.stderr)  # noqa: T201
        return ExitCode.DONE
    return _run_real(app, options.config_path, place)


def _run_real(app: QApplication, given: Path | None, place: WindowPlace) -> int:
    """The assistant where nothing is set up yet, or only the replaced script was; else the desk."""
    from core.computer.autostart import this_computers_autostart
    from core.settings.credentials import default_store
    from core.setup.session_store import SessionStore
    from gui.start.command import start_command
    from gui.start.program import Program

    try:
        found = find_config(given)
    except ConfigError:
        found = given
    program = Program(
        _open_desk,
        config_file=found,
        store=SessionStore(default_store()),
        preferences=PreferencesFile(paths.config_folder() / FILE_NAME),
        autostart=this_computers_autostart(start_command(given)),
        place=place,
    )
    if found is None or is_old(found):
        program.start_assistant()
    else:
        program.start_desk()
    return _ended(_until_closed(app), well=program.finish())


def _open_desk(program: Program) -> tuple[MainWindow, SyncWorker]:
    """The window with the settings as they are now."""
    config, make = _real_engine(program.config_file, program.store)
    desk = replace(_desk(config, practice=False), tools=program)
    clock = SystemClock()
    worker = SyncWorker(make, seconds=_seconds(config), clock=clock, parent=program)

    def follow(changed: Config) -> None:
        """Another computer edited what this window was made with."""
        if _shown_of(changed) != _shown_of(config):
            program.start_anew_soon()

    worker.settings_changed.connect(follow)
    file = program.config_file or find_config(None)
    if file is not None:
        watch = ConfigWatch(file, config)

        def look() -> None:
            """Somebody changed the file by hand."""
            if watch.has_changed():
                program.start_anew_soon()

        looking = QTimer(worker, interval=_LOOK_AT_CONFIG_MS)
        looking.timeout.connect(look)
        worker.stopped.connect(looking.stop)  # the next desk has a watch of its own
        looking.start()
    window = MainWindow(worker, desk, program.preferences, clock, Times(desk.zone))
    restore_geometry(window, program.preferences)
    OldFiles(window, worker, program.background, LeftBehind(paths.config_folder()))
    return window, worker


def _run(
    app: QApplication, make: EngineFactory, desk: Desk, preferences: PreferencesFile, seconds: int
) -> int:
    clock = SystemClock()
    worker = SyncWorker(make, seconds=seconds, clock=clock)
    window = MainWindow(worker, desk, preferences, clock, Times(desk.zone))
    restore_geometry(window, preferences)
    show_desk(window, worker)
    code = _until_closed(app)
    window.hide()
    return _ended(code, well=worker.stop())


def _until_closed(app: QApplication) -> int:
    """Run the window; a fault of our own is told calmly meanwhile."""
    from gui.start.crash import CrashDialogs

    crashes = CrashDialogs(SystemClock(), VERSION, app)
    crashes.install()
    QTimer.singleShot(_PORTAL_MS, app, keep_memory_private)
    end = OrderlyEnd(app, app.exit)
    try:
        return app.exec()
    finally:
        end.stop()
        crashes.uninstall()


def _ended(code: int, *, well: bool) -> int:
    if not well:
        # A thread that hangs would hold the program for ever; the intents are in the cache.
        logging.shutdown()
        os._exit(ExitCode.BUG)
    return code


# The real day


def _real_engine(given: Path | None, store: CredentialStore) -> tuple[Config | None, EngineFactory]:
    """The settings if they can be read; where not, the factory says in the window what is wrong,
    each time that it is tried again."""
    config = None
    try:
        config_file = find_config(given)
        config = _last_known(load_config(config_file)) if config_file is not None else None
    except ConfigError:
        logger.warning("config.yml can't be used")

    def make(report: Callable[[Event], None]) -> Engine:
        from core.settings.credentials import Credentials
        from core.sharing.opening import open_or_look_on

        found = find_config(given)
        if found is None:
            raise ConfigError(
                "LibCal2PP has not been set up on this computer.",
                "Start it anew: an assistant helps. To look around first: Help, Practice mode.",
            )
        current = load_config(found)
        return open_or_look_on(current, credentials=Credentials(current, store), report=report)

    return config, make


def _last_known(config: Config) -> Config:
    """With what several computers share, as this one saw it last."""
    if config.cache.url is None:
        return config
    from core.sharing.settings import SettingsNote, last_known, note_file

    return last_known(config, SettingsNote(note_file()))


# The practice day


def _run_practice(app: QApplication) -> int:
    """The same window on invented services; real settings, keyring and cache stay untouched."""
    from tempfile import TemporaryDirectory

    from core.practice.setting import practice_setting

    with practice_setting(SystemClock().now()) as setting, TemporaryDirectory() as kept_by_qt:
        keep_qt_in(kept_by_qt)

        def make(report: Callable[[Event], None]) -> Engine:
            return _practice_engine(setting, report)

        desk = _desk(setting.config, practice=True)
        return _run(app, make, desk, PreferencesFile(None), _seconds(setting.config))


def keep_qt_in(folder: str) -> None:
    """What Qt itself notes, such as a file dialog's last folder, goes with the practice."""
    from PySide6.QtCore import QSettings

    user, native = QSettings.Scope.UserScope, QSettings.Format.NativeFormat
    QSettings.setPath(native, user, folder)


def _practice_engine(setting: PracticeSetting, report: Callable[[Event], None]) -> Engine:
    from core.engine.own import LibCal2PP
    from core.settings.credentials import Credentials

    credentials = Credentials(setting.config, setting.store)
    return LibCal2PP(
        setting.config, credentials=credentials, report=report, cache=setting.open_cache()
    )


# Facts about this desk


def _desk(config: Config | None, *, practice: bool) -> Desk:
    shared = config is not None and config.cache.url is not None
    from core.cache.own_cache import cache_file, folder_for

    folder = cache_file(config).parent if config is not None else folder_for(None)
    return Desk(
        name=(config.desk.name or "") if config is not None else "",
        account=account(),
        computer=computer(),
        zone=_zone(config),
        sync_seconds=_seconds(config),
        registers_automatically=config is None or config.sync.register_automatically,
        is_beside_others=config is not None and config.is_beside_others,
        only_asks=config is not None and config.only_asks,
        checks_in=config is not None and config.libcal.check_in,
        practice=practice,
        contacts=_contacts(config),
        scanner=config.scanner if config is not None else ScannerSettings(),
        data_folder=None if practice or shared else folder,
    )


def _zone(config: Config | None) -> tzinfo | None:
    name = config.libcal.time_zone if config is not None else None
    return ZoneInfo(name) if name else None


def _shown_of(config: Config | None) -> tuple[object, ...]:
    """Shared settings that the window itself goes by."""
    sync = config.sync if config is not None else None
    checks_in = config is not None and config.libcal.check_in
    by_itself = sync is None or sync.register_automatically
    return (_zone(config), _seconds(config), by_itself, checks_in)


def _seconds(config: Config | None) -> int:
    return config.sync.every_seconds if config is not None else 300


def _contacts(config: Config | None) -> Mapping[str, str]:
    if config is None:
        return {}
    contacts = config.desk.contacts
    known = {"PassagePoint": contacts.passagepoint, "Alma": contacts.alma, "IT": contacts.it}
    return {office: contact for office, contact in known.items() if contact}
