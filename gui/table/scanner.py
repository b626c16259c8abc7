"""A card scanner types like a person, only faster; what ends its text must never press a button."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from core.domain.card_text import card_number
from core.settings.desk_sections import ScannerSettings

TAKES_CARD = "takesCard"
"""A property of a field that holds one number and nothing else: a scan replaces what is in it."""
SEARCHES = "searches"
"""A property of a field in which the window itself looks for what was scanned."""
_LEAST_CHARACTERS = 6
_LEAST_DIGITS = 4
"""In a scan that nothing ends: a word may be typed as fast, a number isn't."""
_SILENCE = 4
"""So many of the slowest pauses after the last character a scan is over."""
_ENDS = {Qt.Key.Key_Return: "Enter", Qt.Key.Key_Enter: "Enter", Qt.Key.Key_Tab: "Tab"}
_NOT_TYPED = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ESCAPE = "\x1b"


def own_milliseconds() -> int:
    """This computer's own clock, for events that carry no time."""
    return time.monotonic_ns() // 1_000_000


class Scan(NamedTuple):
    """Something came as fast as only a reader types."""

    text: str
    """Everything, control characters too."""
    slowest_ms: int
    """The longest pause between two characters."""
    end: str
    """``Enter``, ``Tab``, or empty where nothing ended it."""


class ScanDetector:
    """Six or more printable characters, each within ``slowest_ms`` of the one before."""

    def __init__(self, slowest_ms: int = ScannerSettings().slowest_ms) -> None:
        self._slowest_ms = slowest_ms
        self._typed = ""
        self._last = 0
        self._longest = 0

    @property
    def is_scan(self) -> bool:
        return sum(map(str.isprintable, self._typed)) >= _LEAST_CHARACTERS

    def key(self, text: str, at_ms: int) -> bool:
        """A character was typed at this moment, in milliseconds of any clock.

        Returns whether it came as fast upon another one as only a reader types.
        """
        gap = at_ms - self._last
        goes_on = bool(self._typed) and 0 <= gap <= self._slowest_ms
        if goes_on:
            self._longest = max(self._longest, gap)
        else:
            self.forget()
        self._typed += text
        self._last = at_ms
        return goes_on

    def end(self, key: str, at_ms: int) -> Scan | None:
        """Enter or Tab was pressed: the scan, or None where a person typed."""
        is_late = at_ms - self._last > 2 * self._slowest_ms  # some readers wait before it
        return self._finished(key, is_scan=self.is_scan and not is_late)

    def pause(self) -> Scan | None:
        """Nothing has come for a while: a reader that adds nothing at the end is done."""
        has_number = sum(map(str.isdigit, self._typed)) >= _LEAST_DIGITS
        return self._finished("", is_scan=self.is_scan and has_number)

    def forget(self) -> None:
        """What comes next begins anew."""
        self._typed, self._longest = "", 0

    def _finished(self, end: str, *, is_scan: bool) -> Scan | None:
        scan = Scan(self._typed, self._longest, end) if is_scan else None
        self.forget()
        return scan


class ScanFilter(QObject):
    """Watches the keys of a window, wherever in it the focus is.

    A key is seen here before any widget. In an open menu or list a letter chooses at once, so there
    it is held back for as long as it may be a scan's.
    """

    scanned = Signal(str)
    """The card's number, where no field has the focus that it belongs into."""
    came = Signal(object)
    """``Scan``: every one, as it came."""

    def __init__(
        self,
        window: QWidget,
        settings: ScannerSettings | None = None,
        clock: Callable[[], int] = own_milliseconds,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.settings = settings or ScannerSettings()
        self._clock = clock
        self._has_own_time = False
        self._last = self._last_seen = 0
        """The last character's moment, by its own time and by this computer's."""
        self._detector = ScanDetector(self.settings.slowest_ms)
        self._held: list[QKeyEvent] = []
        self._is_letting_go = False
        self._silence = QTimer(self, singleShot=True, interval=_SILENCE * self.settings.slowest_ms)
        self._silence.timeout.connect(self._on_silence)

    @classmethod
    def of_dialog(cls, dialog: QWidget, opener: QWidget | None) -> ScanFilter:
        """One for a dialog, with the settings of the window that it was opened from."""
        around = opener.window().findChild(cls) if opener is not None else None
        return cls(dialog, around.settings if isinstance(around, cls) else None)

    def took_tab(self) -> bool:
        """A shortcut came that some readers send for Tab; True where it ended a scan."""
        return self._on_end("Tab", self._last + self._clock() - self._last_seen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window sees each key first; the widgets below get the same event again.
        if (
            event.type() is not QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            or not watched.isWindowType()
            or self._is_letting_go
        ):
            return False
        end = _ENDS.get(Qt.Key(event.key()))
        return self._on_key(event) if end is None else self._on_end(end, self._moment_of(event))

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the key goes no further."""
        at, text = self._moment_of(event), event.text()
        if event.isAutoRepeat() or event.modifiers() & _NOT_TYPED:
            self._detector.forget()
            return False
        if not text:
            return False
        self._last, self._last_seen = at, self._clock() if self._has_own_time else at
        goes_on = self._detector.key(text, at)
        self._silence.start()
        is_prefix = text == _ESCAPE and self.settings.prefix.startswith(_ESCAPE)
        if is_prefix or (text.isprintable() and QApplication.activePopupWidget() is not None):
            self._held.append(event.clone())
            return True
        # A blank in the middle of a scan would press the button that has the focus.
        return text == " " and goes_on and not self._is_typed_into()

    def _on_end(self, key: str, at_ms: int) -> bool:
        scan = self._detector.end(key, at_ms)
        if key == "Tab" and (field := self._field()) is not None and not field.property(TAKES_CARD):
            scan = None  # a password manager types as fast, and Tab presses nothing
        if scan is None:
            self._let_go()
            return False
        self._take(scan)
        return True

    def _on_silence(self) -> None:
        scan = self._detector.pause()
        if scan is None:
            self._let_go()
        else:
            self._take(scan)

    def _take(self, scan: Scan) -> None:
        self._silence.stop()
        self._held.clear()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self.came.emit(scan)
        number = card_number(scan.text, self.settings.prefix, self.settings.suffix)
        field = self._field()
        if number and field is None:
            self.scanned.emit(number)
        elif number and isinstance(field, QLineEdit) and field.property(TAKES_CARD):
            field.selectAll()
            field.insert(number)

    def _let_go(self) -> None:
        """It was no scan: what was held back goes where it was meant to."""
        self._silence.stop()
        held, self._held = self._held, []
        self._is_letting_go = True
        try:
            for event in held:
                to = QApplication.activePopupWidget() or self._window.focusWidget()
                if to is not None:
                    QApplication.sendEvent(to, event)
        finally:
            self._is_letting_go = False

    def _field(self) -> QWidget | None:
        """Into which field typing goes; the search is none, it shows what the window looks for."""
        focus = self._window.focusWidget()
        is_field = self._is_typed_into() and focus is not None and not focus.property(SEARCHES)
        return focus if is_field else None

    def _is_typed_into(self) -> bool:
        focus = self._window.focusWidget()
        return isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit)

    def _moment_of(self, event: QKeyEvent) -> int:
        """The event's own time; this computer's where it has none, as with a screen reader.

        The one is never held against the other.
        """
        has_own_time = event.timestamp() > 0
        if has_own_time is not self._has_own_time:
            self._detector.forget()
            self._has_own_time = has_own_time
        return event.timestamp() if has_own_time else self._clock()
