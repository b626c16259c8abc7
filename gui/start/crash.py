"""A fault of our own: one calm dialog, at most one in ten seconds; the program goes on.

Hooks are called in any thread, so what they note is handed to the GUI thread by a signal.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from core.computer.logs import BugFormatter
from core.domain.clock import Clock
from gui.dialogs.base import Question

_PAUSE_SECONDS = 10.0
_TEXT = (
    "LibCal2PP goes on where it can. What was registered is safe. If this comes again, copy the "
    "details and send them to IT: they hold no names."
)


class CrashDialogs(QObject):
    """Shows faults from ``install`` on; what logs them before still does."""

    _happened = Signal(str)

    def __init__(self, clock: Clock, version: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock, self._version = clock, version
        self._last: float | None = None
        self.dialog: Question | None = None
        self._happened.connect(self._show)
        self._before = sys.excepthook, threading.excepthook

    def install(self) -> None:
        """Hear of every exception that nobody caught."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_uncaught_in_thread

    def uninstall(self) -> None:
        """As it was before ``install``."""
        sys.excepthook, threading.excepthook = self._before

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        self._before[0](kind, error, where)
        if not isinstance(error, KeyboardInterrupt):
            self._happened.emit(details_of(error, self._version))

    def _on_uncaught_in_thread(self, uncaught: threading.ExceptHookArgs) -> None:
        self._before[1](uncaught)
        if uncaught.exc_value is not None:
            self._happened.emit(details_of(uncaught.exc_value, self._version))

    @Slot(str)
    def _show(self, details: str) -> None:
        now = self._clock.monotonic()
        window = QApplication.activeWindow() or _any_window()
        too_soon = self._last is not None and now - self._last < _PAUSE_SECONDS
        if too_soon or window is None:
            return
        self._last = now
        dialog = Question(
            window, "Something went wrong", _TEXT, {"copy": "Copy details"}, cancel="Close"
        )
        dialog.answered.connect(_copying(details))
        dialog.open()
        self.dialog = dialog


def details_of(error: BaseException, version: str) -> str:
    """Where it happened, without what it says: that may quote a name."""
    where = BugFormatter().formatException((type(error), error, error.__traceback__))
    return f"LibCal2PP {version}\n{where}"


def _copying(details: str) -> Callable[[str], None]:
    return lambda _answer: QGuiApplication.clipboard().setText(details)


def _any_window() -> QWidget | None:
    return next((one for one in QApplication.topLevelWidgets() if one.isVisible()), None)
