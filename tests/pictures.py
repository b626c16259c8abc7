"""Pictures of the window in many states: ``python -m tests.pictures FOLDER``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from core.models import HistoryEntry, Progress, ServiceStatus
from gui.desk import Desk
from gui.dialogs.cache import CleanUp
from gui.main_window import MainWindow
from gui.preferences import PreferencesFile
from gui.sync_worker import SyncWorker
from gui.theme import Appearance
from gui.words import Times
from tests.builders import ZONE, FakeClock
from tests.gui.fake_engine import FakeEngine
from tests.gui.made_up_day import NOW, made_up_day

Look = str | int | Appearance
Looks = dict[str, Look]
Prepare = Callable[[MainWindow], None]
DESK = Desk(
    name="Main desk",
    account="desk",
    zone=ZONE,
    contacts={"PassagePoint": "Security, 4-6111", "Alma": "Circulation, 4-6047"},
)


def settle(milliseconds: int = 150) -> None:
    """Let the window work for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def an_engine() -> FakeEngine:
    engine = FakeEngine(made_up_day())
    good = NOW - timedelta(minutes=2)
    for service, status in engine.services.items():
        engine.services[service] = replace(status, last_good_at=good, asked_at=good)
    engine.log = [
        HistoryEntry(NOW - timedelta(minutes=2), "ID checked: not valid"),
        HistoryEntry(NOW - timedelta(minutes=45), "Booking first seen"),
    ]
    return engine


@contextmanager
def a_window(engine: FakeEngine, desk: Desk, looks: Looks) -> Iterator[MainWindow]:
    preferences = PreferencesFile(None)
    preferences.change(initials="AS", **looks)
    clock = FakeClock(NOW)
    worker = SyncWorker(engine.make, seconds=300, clock=clock)
    window = MainWindow(worker, desk, preferences, clock, Times(ZONE))
    window.theme.load_icons()
    worker.start()
    try:
        yield window
    finally:
        worker.stop()
        window.deleteLater()


def select(row_id: str) -> Prepare:
    def prepare(window: MainWindow) -> None:
        window.table.select(row_id)

    return prepare


def type_id(window: MainWindow) -> None:
    window.table.select("s1")
    settle()
    field = window.detail.buttons.field
    if field is not None:
        field.setText("G10157911")
        field.setFocus()


def several(window: MainWindow) -> None:
    window.table.selectAll()


def open_detail(window: MainWindow) -> None:
    window.view.open_detail("s1")


def picture(
    file: Path,
    engine: FakeEngine,
    size: tuple[int, int],
    *prepare: Prepare,
    looks: Looks,
    desk: Desk = DESK,
) -> None:
    with a_window(engine, desk, looks) as window:
        window.resize(*size)
        window.show()
        settle()
        for step in prepare:
            step(window)
            settle()
        settle(60)
        window.grab().save(str(file))
        window.hide()


def failing(engine: FakeEngine, **changes: object) -> FakeEngine:
    for service, status in engine.services.items():
        engine.services[service] = replace(status, ok=False, **changes)  # type: ignore[arg-type]
    return engine


def offline() -> FakeEngine:
    return failing(
        an_engine(),
        error="This computer seems to be offline.",
        last_good_at=NOW - timedelta(minutes=94),
        asked_at=NOW - timedelta(minutes=92),
    )


def refused() -> FakeEngine:
    engine = an_engine()
    engine.services["PassagePoint"] = ServiceStatus(
        "PassagePoint",
        ok=False,
        error="PassagePoint refuses the user name or the password.",
        hint="Ask IT for the password of the account libcal, then enter it in the settings.",
        last_good_at=NOW - timedelta(hours=2),
        asked_at=NOW - timedelta(minutes=5),
        needs_credentials=True,
    )
    return engine


def empty() -> FakeEngine:
    engine = an_engine()
    engine.day = []
    return engine


def dialog_picture(file: Path, open_it: Callable[[MainWindow], QWidget], looks: Looks) -> None:
    with a_window(an_engine(), DESK, looks) as window:
        window.resize(1366, 768)
        window.show()
        settle()
        dialog = open_it(window)
        dialog.show()
        settle()
        dialog.grab().save(str(file))
        dialog.close()
        window.hide()


def clean_up(window: MainWindow) -> QWidget:
    return CleanUp(window, window.view._worker, Times(ZONE))


def first_load(window: MainWindow) -> None:
    window.sync._on_pass_started()
    window.status.show_progress(Progress(12, 140))


SMALL, DESK_SIZE, LARGE = (960, 600), (1366, 768), (1920, 1080)
LOOKS: Mapping[str, Looks] = {
    "light": {"appearance": Appearance.LIGHT},
    "dark": {"appearance": Appearance.DARK},
}


def take_all(folder: Path) -> None:
    """Every picture, in light and dark where that matters."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, looks in LOOKS.items():
        picture(folder / f"desk-{name}.png", an_engine(), DESK_SIZE, type_id, looks=looks)
        picture(folder / f"large-{name}.png", an_engine(), LARGE, select("s4"), looks=looks)
        picture(folder / f"start-{name}.png", an_engine(), DESK_SIZE, looks=looks)
        picture(
            folder / f"to-do-{name}.png",
            an_engine(),
            DESK_SIZE,
            lambda window: window.finder.show_todo(),
            select("s4"),
            looks=looks,
        )
    light = LOOKS["light"]
    picture(folder / "offline.png", offline(), DESK_SIZE, select("s3"), looks=light)
    picture(folder / "refused.png", refused(), DESK_SIZE, select("s5"), looks=light)
    picture(folder / "empty.png", empty(), DESK_SIZE, looks=light)
    picture(folder / "first-load.png", empty(), DESK_SIZE, first_load, looks=light)
    picture(folder / "small.png", an_engine(), SMALL, looks=light)
    picture(folder / "small-detail.png", an_engine(), SMALL, open_detail, looks=light)
    picture(folder / "text-200.png", an_engine(), DESK_SIZE, looks=light | {"text_percent": 200})
    picture(
        folder / "text-200-large.png",
        an_engine(),
        LARGE,
        open_detail,
        looks=LOOKS["dark"] | {"text_percent": 200},
    )
    picture(
        folder / "not-found.png",
        an_engine(),
        DESK_SIZE,
        lambda window: window.finder.look_for("nobody"),
        looks=light,
    )
    picture(
        folder / "practice.png",
        an_engine(),
        DESK_SIZE,
        several,
        desk=replace(DESK, practice=True),
        looks=light,
    )
    picture(
        folder / "hidden.png",
        an_engine(),
        DESK_SIZE,
        select("s1"),
        lambda window: window.model.set_hiding(hides=True),
        looks=light,
    )
    dialog_picture(folder / "clean-up.png", clean_up, looks=light)


def main() -> int:
    if len(sys.argv) != 2:
        print("python -m tests.pictures FOLDER")
        return 2
    app = QApplication([])
    if "Inter" in QFontDatabase.families():
        app.setFont(QFont("Inter"))
    take_all(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
