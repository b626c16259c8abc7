"""The search: typing from anywhere begins anew, and so does typing after a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from core.domain.status import Tone
from gui.looks.parts import IconButton, IconMark, button
from gui.looks.theme import Theme
from gui.looks.words import number
from gui.table.scanner import SEARCHES

_CROSS = 24
_WIDTH_FOR_FOUND = 240
_NEXT_READER_MS = 15_000
"""So long after the last key the next one is about the next reader."""


class SearchField(QLineEdit):
    """What was typed for the last reader must not stand before the name of the next."""

    all_wanted = Signal()
    """What the other filters hide of what was found is to be shown too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty(SEARCHES, True)
        self.setPlaceholderText("Name, ID, barcode or seat")
        self.setAccessibleName("Search by name, ID, barcode or seat")
        self.setToolTip("Name, ID, barcode or seat; typing anywhere comes here (Ctrl+F)")
        # Qt's own cross is black in the dark too, and stays small where the text is large.
        self.cross = IconButton(theme, "", "close-circle", "muted")
        self.cross.setProperty("bare", True)
        self.cross.setAccessibleName("Clear the search")
        self.cross.setToolTip("Clear the search (Escape)")
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.setCursor(Qt.CursorShape.ArrowCursor)
        self.cross.clicked.connect(self.clear)
        self._inside = QHBoxLayout(self)
        self._inside.addWidget(IconMark(theme, Tone.NEUTRAL, "magnify", 18))
        self._inside.addStretch(1)
        self.found = button("", "quiet")
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Enter does the same
        self.found.setCursor(Qt.CursorShape.ArrowCursor)
        self.found.clicked.connect(self.all_wanted)
        self._inside.addWidget(self.found)
        self._inside.addWidget(self.cross)
        self.idle = QTimer(self, singleShot=True, interval=_NEXT_READER_MS)
        self.idle.timeout.connect(self._expect_next_reader)
        self._is_for_next = False
        self.textEdited.connect(self._go_on)
        self.textChanged.connect(lambda text: self.cross.setVisible(bool(text)))
        theme.changed.connect(self._look_again)
        self._look_again()

    def begin(self, typed: str = "") -> None:
        """Search for this and what is typed next; with nothing the next key replaces the text."""
        self.setFocus()
        if typed:
            self.setText(typed)
            self._go_on()
        else:
            self.selectAll()

    def correct(self) -> None:
        """Take the last letter away, wherever the keys were."""
        self.setFocus()
        self.deselect()
        self.end(False)
        self.backspace()

    def compose(self, event: QInputMethodEvent) -> None:
        """What an input method types while the keys are elsewhere.

        They come here only with the finished letters: an input method gives up what it is about
        when the focus goes.
        """
        self._is_for_next = True
        self.inputMethodEvent(event)
        if event.commitString():
            self.setFocus()

    def _expect_next_reader(self) -> None:
        # Not selected at once: a screen reader would read the last reader's name aloud.
        self._is_for_next = True

    def _go_on(self) -> None:
        self._is_for_next = False
        self.idle.start()

    def _begin_anew(self) -> None:
        if self._is_for_next:
            self._is_for_next = False
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isprintable() and event.text():
            self._begin_anew()
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.preeditString() or event.commitString():
            self._begin_anew()
        super().inputMethodEvent(event)

    def show_found(self, shown: int, of: int, *, is_searching: bool) -> None:
        """So many rows are shown of those that the search alone would find."""
        hides = of > shown
        all_of_them = f" of {number(of)} · show all" if hides else " found"
        self.found.setText(f"{number(shown)}{all_of_them}")
        self.found.setEnabled(hides)
        self.found.setVisible(is_searching and self.width() >= self._theme.px(_WIDTH_FOR_FOUND))
        self._keep_clear()

    def _keep_clear(self) -> None:
        px, taken = self._theme.px, self._theme.px(_CROSS)
        if not self.found.isHidden():
            taken += self.found.sizeHint().width() + px(4)
        self.setTextMargins(px(25), 0, taken, 0)

    def _look_again(self) -> None:
        px = self._theme.px
        self.cross.setFixedSize(px(_CROSS), px(_CROSS))
        self.cross.setVisible(bool(self.text()))
        self._inside.setContentsMargins(px(10), 0, px(5), 0)
        self.found.setVisible(False)
        self._keep_clear()
        self.setMaximumWidth(px(330))
        self.setMinimumWidth(px(100))
