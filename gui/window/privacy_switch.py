"""Personal data hidden or shown: by a key, and by itself when nobody works here for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QDialog, QMainWindow

from core.domain.clock import Clock
from gui.dialogs.base import Dialog
from gui.looks.clipboard import forget_copied
from gui.looks.window_handle import handle_of
from gui.preferences.file import PreferencesFile
from gui.table.booking_model import BookingModel

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
_PRESSES = _SIGNS_OF_LIFE - {QEvent.Type.MouseMove, QEvent.Type.Wheel}


class PrivacySwitch(QObject):
    """Names become initials, IDs their last four, until somebody shows them again."""

    changed = Signal(bool)
    pressed = Signal()
    """A key or a click: more than a mouse that somebody brushed."""
    typed_goes = Signal()
    """Personal data is being hidden, and what was typed to search is some of it."""

    def __init__(
        self, window: QMainWindow, model: BookingModel, preferences: PreferencesFile, clock: Clock
    ) -> None:
        super().__init__(window)
        self._window, self._model = window, model
        self._preferences, self._clock = preferences, clock
        self._used_at = clock.monotonic()

    def switch(self, hides: bool) -> None:
        """Hide personal data, in open dialogs too, or show it again."""
        if hides == self._model.hides:
            return
        self._model.set_hiding(hides=hides)
        if hides:
            self.typed_goes.emit()
            forget_copied()
            for dialog in self._window.findChildren(Dialog):
                if dialog.shows_person:
                    dialog.reject()
        self.changed.emit(hides)

    def idle_seconds(self) -> float:
        """How long nobody has worked here."""
        return self._clock.monotonic() - self._used_at

    def look_at_time(self) -> None:
        """A minute went by: did anybody work here?"""
        minutes = self._preferences.current.hide_after_minutes
        if minutes and self.idle_seconds() >= minutes * 60:
            self._leave()

    def wake(self) -> None:
        """The computer slept, and whoever wakes it may be somebody else."""
        if self._preferences.current.hide_after_minutes:
            self._leave()

    def watch(self) -> None:
        """See what is pressed in the window, and in the dialogs that are open over it."""
        for window in (self._window, *self._window.findChildren(QDialog)):
            if (handle := handle_of(window)) is not None:
                handle.installEventFilter(self)

    def _leave(self) -> None:
        self.typed_goes.emit()
        self.switch(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._used_at = self._clock.monotonic()
        if event.type() in _PRESSES:
            self.pressed.emit()
        return False
