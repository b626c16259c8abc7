"""Pictures of the window: ``python -m tests.pictures`` makes those that the README shows.

``python -m tests.pictures FOLDER`` makes one of every state, to look at them; ``--longer`` with
texts as long as another language's, ``-reverse`` from right to left.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from core.day.asked import DayAsked
from core.domain.models import CleanUpPlan, HistoryEntry, Progress, ServiceStatus
from core.domain.service_status import Trouble
from gui.desk.this_desk import Desk
from gui.dialogs.cache import CleanUp
from gui.looks.theme import Appearance
from gui.looks.words import Times
from gui.preferences.file import PreferencesFile
from gui.window.main_window import MainWindow
from gui.work.sync_worker import SyncWorker
from tests.builders import ZONE, FakeClock
from tests.gui.fake_engine import FakeEngine
from tests.gui.longer import lengthen
from tests.gui.longer import settle as fit_again
from tests.gui.made_up_day import NOW, made_up_day

Look = str | int | Appearance
Looks = dict[str, Look]
Prepare = Callable[[MainWindow], None]
README_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
_COLORS = 128
LONGER = "--longer"
IS_LONGER = LONGER in sys.argv
DESK = Desk(
    name="Main desk",
    account="desk",
    zone=ZONE,
    contacts={"PassagePoint": "Security, 4-6111", "Alma": "Circulation, 4-6047"},
)


def save(made: QPixmap, file: Path) -> None:
    """A window has few colours: with the most frequent ones alone the file is a third as large."""
    image = made.toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(image.constBits())
    opaque = 0xFF000000
    colors = [color | opaque for color, _ in Counter(pixels.cast("I")).most_common(_COLORS)]
    plain = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
    image.convertToFormat(QImage.Format.Format_Indexed8, colors, plain).save(str(file), "PNG", 0)  # type: ignore[call-overload]


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


def an_unclear_engine() -> FakeEngine:
    engine = an_engine()
    engine.log = [
        HistoryEntry(NOW - timedelta(minutes=5), "Sent; the connection was cut before the answer"),
        HistoryEntry(NOW - timedelta(minutes=6), "Found in Alma"),
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
    field = window.view.detail.buttons.field
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
        if IS_LONGER:
            lengthen(window)
            fit_again(window)
            window.view._arrange()
        settle(60)
        save(window.grab(), file)
        window.hide()


def failing(engine: FakeEngine, **changes: object) -> FakeEngine:
    for service, status in engine.services.items():
        engine.services[service] = replace(status, ok=False, **changes)  # type: ignore[arg-type]
    return engine


def offline() -> FakeEngine:
    return failing(
        an_engine(),
        error="This computer seems to be offline.",
        last_good_at=NOW - timedelta(minutes=2),
        asked_at=NOW - timedelta(minutes=1),
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
        trouble=Trouble.REFUSED,
    )
    return engine


def empty() -> FakeEngine:
    engine = an_engine()
    engine.day = []
    return engine


def not_asked() -> FakeEngine:
    """The first seconds of a computer that knows nothing yet."""
    engine = empty()
    engine.asked = DayAsked(is_known=False, at=None)
    engine.services = {name: ServiceStatus(name, ok=True) for name in engine.services}
    return engine


def dialog_picture(file: Path, open_it: Callable[[MainWindow], QWidget], looks: Looks) -> None:
    """The dialog over the middle of its window."""
    engine = an_engine()
    today = NOW.date()
    oldest, newest = today - timedelta(days=7), today - timedelta(days=4)
    engine.plan = CleanUpPlan(412, 7, 1203, kept_waiting=1, oldest=oldest, newest=newest)
    with a_window(engine, DESK, looks) as window:
        window.resize(*DESK_SIZE)
        window.show()
        settle()
        dialog = open_it(window)
        dialog.show()
        settle()
        if IS_LONGER:
            lengthen(dialog)
            fit_again(dialog)
        save(_one_over_the_other(window, dialog), file)
        dialog.close()
        window.hide()


def _one_over_the_other(window: QWidget, dialog: QWidget) -> QPixmap:
    both, upper = window.grab(), dialog.grab()
    place = QRect(QPoint(0, 0), upper.size())
    place.moveCenter(window.rect().center())
    painter = QPainter(both)
    painter.fillRect(both.rect(), QColor(0, 0, 0, 60))
    painter.drawPixmap(place, upper)
    painter.setPen(QColor("#7D8794"))
    painter.drawRect(place.adjusted(-1, -1, 0, 0))
    painter.end()
    return both


def clean_up(window: MainWindow) -> QWidget:
    return CleanUp(window, window.view._worker, Times(ZONE))


def first_load(window: MainWindow) -> None:
    window.sync._on_pass_started()
    window.status.show_progress(Progress(12, 140))


SMALL, DESK_SIZE, LARGE, HUGE = (960, 600), (1366, 768), (1920, 1080), (2560, 1440)
LOOKS: Mapping[str, Looks] = {
    "light": {"appearance": Appearance.LIGHT},
    "dark": {"appearance": Appearance.DARK},
}


def show_todo(window: MainWindow) -> None:
    window.finder.show_todo()


def take_for_readme(folder: Path) -> None:
    """What the README shows."""
    from tests.pictures_settings import take_first_start  # it imports from here

    folder.mkdir(parents=True, exist_ok=True)
    light, dark = LOOKS["light"], LOOKS["dark"]
    large = light | {"text_percent": 200}
    picture(folder / "desk-light.png", an_engine(), DESK_SIZE, type_id, looks=light)
    picture(folder / "desk-dark.png", an_engine(), DESK_SIZE, type_id, looks=dark)
    picture(folder / "offline.png", offline(), DESK_SIZE, select("s3"), looks=light)
    steps = show_todo, select("s4")
    picture(folder / "to-do.png", an_unclear_engine(), DESK_SIZE, *steps, looks=light)
    picture(folder / "small.png", an_engine(), SMALL, open_detail, looks=light)
    picture(folder / "text-200.png", an_engine(), DESK_SIZE, looks=large)
    dialog_picture(folder / "clean-up.png", clean_up, looks=light)
    take_first_start(folder / "first-start.png")


def take_all(folder: Path) -> None:
    """Every state, in light and dark where that matters."""
    take_for_readme(folder)
    for name, looks in LOOKS.items():
        _take_states(folder, name, looks)
        _take_troubles(folder, name, looks)
    light, practice = LOOKS["light"], replace(DESK, practice=True)
    picture(folder / "not-found.png", an_engine(), DESK_SIZE, not_found, looks=light)
    picture(folder / "practice.png", an_engine(), DESK_SIZE, several, desk=practice, looks=light)
    picture(folder / "hidden.png", an_engine(), DESK_SIZE, select("s1"), hide, looks=light)


def _take_states(folder: Path, name: str, looks: Looks) -> None:
    for width, height in (SMALL, DESK_SIZE, LARGE, HUGE):
        file = folder / f"{width}x{height}-{name}.png"
        picture(file, an_engine(), (width, height), looks=looks)
        for percent in (150, 200):
            file = folder / f"{width}x{height}-{percent}-{name}.png"
            picture(file, an_engine(), (width, height), looks=looks | {"text_percent": percent})


def _take_troubles(folder: Path, name: str, looks: Looks) -> None:
    for width, height in (DESK_SIZE, LARGE):
        where, size = f"{width}x{height}-{name}.png", (width, height)
        picture(folder / f"empty-{where}", empty(), size, looks=looks)
        picture(folder / f"first-load-{where}", not_asked(), size, first_load, looks=looks)
        picture(folder / f"offline-{where}", offline(), size, select("s3"), looks=looks)
        picture(folder / f"refused-{where}", refused(), size, select("s5"), looks=looks)


def not_found(window: MainWindow) -> None:
    window.finder.look_for("nobody")


def hide(window: MainWindow) -> None:
    window.model.set_hiding(hides=True)


def main() -> int:
    app = QApplication(sys.argv)
    if "Inter" in QFontDatabase.families():
        app.setFont(QFont("Inter"))
    folders = [one for one in app.arguments()[1:] if one != LONGER]
    if folders:
        take_all(Path(folders[0]))
    else:
        take_for_readme(README_FOLDER)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
