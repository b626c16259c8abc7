"""Pictures of the settings and the assistant: ``python -m tests.pictures_settings FOLDER``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.settings.credentials import MemoryStore
from core.setup.config_file import write_config
from core.setup.draft import Draft
from core.setup.facade import Setup
from core.setup.session_store import SessionStore
from gui.looks.theme import Appearance, Theme
from gui.preferences.file import PreferencesFile
from gui.settings.trial_panel import TrialPanel
from gui.settings.welcome_page import WelcomePage
from gui.settings.window import Around, SettingsWindow
from gui.work.background import Background
from tests.builders import NOON, ZONE, FakeClock
from tests.core.setup.test_facade import FakeAutostart, old_files
from tests.pictures import save, settle

# What a desk PC of 1366×768 leaves beside its task bar.
_SCREEN = QSize(1366, 728)
LOOKS = {"light": Appearance.LIGHT, "dark": Appearance.DARK}


def a_setup(folder: Path, services: PracticeServices, *, typed: bool) -> Setup:
    store: MemoryStore = services.store() if typed else MemoryStore()
    file = folder / "config.yml"
    if typed:
        sections = {"Desk": {"name": "Main desk"}, "Cache": {"path": str(folder / "cache.db")}}
        write_config(Draft.of(services.config(**sections)), file)
    dates = folder / "dates.json"
    return Setup(SessionStore(store), config_file=file, clock=FakeClock(), dates_file=dates)


def a_window(setup: Setup, look: Appearance, percent: int, *, first_time: bool) -> SettingsWindow:
    theme = Theme()
    autostart = FakeAutostart()
    autostart.switch(on=False)
    around = Around(
        PreferencesFile(None), autostart, lambda shown: theme.apply(shown, look, percent)
    )
    window = SettingsWindow(setup, Background(), theme, around, first_time=first_time)
    theme.setParent(window)
    theme.load_icons()
    window.resize(min(theme.px(880), _SCREEN.width()), min(theme.px(640), _SCREEN.height()))
    window.show()
    settle(300)
    return window


def take_pages(folder: Path, window: SettingsWindow, look: str) -> None:
    for name, page in window.pages.items():
        window.show_page(name)
        trial = getattr(page, "trial", None)
        if isinstance(trial, TrialPanel):
            trial.run()
            settle(900)
        settle(200)
        window.grab().save(str(folder / f"settings-{name.lower()}-{look}.png"))
        if name not in ("Welcome", "Appearance"):
            page.grab().save(str(folder / f"settings-{name.lower()}-whole-{look}.png"))


def take_assistant(folder: Path, services: PracticeServices, look: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        setup = a_setup(Path(place), services, typed=False)
        window = a_window(setup, LOOKS[look], 100, first_time=True)
        welcome = window.pages["Welcome"]
        assert isinstance(welcome, WelcomePage)
        settle(200)
        window.grab().save(str(folder / f"assistant-{look}.png"))
        welcome.read(old_files(Path(place) / "script"))
        settle(300)
        window.grab().save(str(folder / f"assistant-old-{look}.png"))
        window.show_page("PassagePoint")
        settle(200)
        window.grab().save(str(folder / f"assistant-empty-{look}.png"))
        window.close()


def take_first_start(file: Path) -> None:
    """The assistant as it greets on the first morning."""
    with tempfile.TemporaryDirectory() as place:
        services = PracticeServices(make_day(NOON, ZONE), clock=FakeClock())
        setup = a_setup(Path(place), services, typed=False)
        window = a_window(setup, LOOKS["light"], 100, first_time=True)
        save(window.grab(), file)
        window.close()


def main() -> int:
    if len(sys.argv) != 2:
        print("python -m tests.pictures_settings FOLDER")
        return 2
    app = QApplication([])
    if "Inter" in QFontDatabase.families():
        app.setFont(QFont("Inter"))
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        PracticeServices(make_day(NOON, ZONE), clock=FakeClock()) as services,
        tempfile.TemporaryDirectory() as place,
    ):
        for look, appearance in LOOKS.items():
            setup = a_setup(Path(place), services, typed=True)
            window = a_window(setup, appearance, 100, first_time=False)
            take_pages(folder, window, look)
            window.close()
            take_assistant(folder, services, look)
        window = a_window(setup, LOOKS["light"], 200, first_time=False)
        settle(300)
        window.grab().save(str(folder / "settings-text-200.png"))
        window.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
