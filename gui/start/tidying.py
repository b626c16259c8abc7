"""The first second of a window, and who looks for garbage then and after.

Garbage is looked for in the window's thread only. Python looks for it in whichever thread happens
to need memory; where that destroys a Qt object while the window's thread destroys another, each
waits for what the other holds: the window hangs.
"""

from __future__ import annotations

import builtins
import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow
    from gui.work.sync_worker import SyncWorker

_EACH_MS = 1000
_WHOLE_EACH = 60
"""Mostly only what is new is looked through: all of it takes longer than a frame."""
_TURN_SECONDS = 0.001
"""How long a busy thread keeps the window waiting for its turn; Python's own 5 ms, taken several
times in one paint, is seen."""
_AFTER_PAINT_MS = 250
"""The paint itself takes a tenth of it, and what was clicked meanwhile comes first."""
_PAINTED_MS = 10
_FRAMED_MS = 300
"""The system has put its frame around the window by then."""
_NO_LONGER_MS = 1000
"""A cache that opens slowly isn't waited for."""


def hurry() -> None:
    """Before the window is imported: nothing of it becomes garbage, and the search takes 50 ms.
    So this file itself imports none of it.

    PySide also reads the source of every module that is imported after it, to see whether it asks
    for PySide's snake_case names. None does, and reading takes another 50 ms.
    """
    sys.setswitchinterval(_TURN_SECONDS)
    gc.disable()
    own = vars(builtins)
    own["__import__"] = own.get("__orig_import__", builtins.__import__)


def settle() -> None:
    """All is there: what is, stays, and a search through it would stop the window for 50 ms."""
    gc.freeze()
    app = QCoreApplication.instance()
    if app is not None and app.findChild(Tidying) is None:
        Tidying(app)


def show_desk(window: MainWindow, worker: SyncWorker) -> None:
    """Open the window and begin its work.

    QtAwesome takes a quarter of a second to import: the icons come right after the day's rows.
    """
    from gui.preferences.geometry import keep_on_screen

    later = QTimer(window, singleShot=True)

    def finish() -> None:
        for known in (worker.opened, worker.failed):
            known.disconnect(soon)
        window.theme.load_icons()
        settle()

    def soon(_opening: object) -> None:
        later.start(_AFTER_PAINT_MS)

    for known in (worker.opened, worker.failed):
        known.connect(soon)
    later.timeout.connect(finish)
    window.show()
    QTimer.singleShot(_FRAMED_MS, window, lambda: keep_on_screen(window))
    window.minute_clock.start()
    QTimer.singleShot(_PAINTED_MS, worker.start)  # what it imports would hold up the first paint
    later.start(_NO_LONGER_MS)


class Tidying(QObject):
    """Takes the place of Python's own looking, which must be off."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self, interval=_EACH_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        gc.collect(2 if self._looks % _WHOLE_EACH == 0 else 1)
