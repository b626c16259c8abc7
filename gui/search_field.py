"""The search: typing from anywhere begins anew, and so does typing after a while."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from core.status import Tone
from gui.parts import IconMark
from gui.theme import Theme

_NEXT_READER_MS = 15_000
"""So long after the last key the next one is about the next reader."""


class SearchField(QLineEdit):
    """What was typed for the last reader must not stand before the name of the next."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setPlaceholderText("Name, ID, barcode or seat")
        self.setAccessibleName("Search by name, ID, barcode or seat")
        self.setToolTip("Name, ID, barcode or seat; typing anywhere comes here (Ctrl+F)")
        self.setClearButtonEnabled(True)
        self.setText(" ")
        self.clear()  # else Qt shows the button that clears an empty field
        glass = QHBoxLayout(self)
        glass.setContentsMargins(theme.px(10), 0, 0, 0)
        glass.addWidget(IconMark(theme, Tone.NEUTRAL, "magnify", 18))
        glass.addStretch(1)
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.setInterval(_NEXT_READER_MS)
        self.idle.timeout.connect(self.selectAll)
        self.textEdited.connect(lambda _text: self.idle.start())
        theme.changed.connect(self._look_again)
        self._look_again()

    def begin(self, typed: str = "") -> None:
        """Search for this and what is typed next; with nothing the next key replaces the text."""
        self.setFocus()
        if typed:
            self.setText(typed)
            self.idle.start()
        else:
            self.selectAll()

    def _look_again(self) -> None:
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if isinstance(clear, QAction):
            # Qt's own cross is black, in the dark too.
            clear.setIcon(self._theme.icon("close-circle", self._theme.tokens.muted))
            clear.setText("Clear the search")
        self.setTextMargins(self._theme.px(25), 0, 0, 0)
        self.setMaximumWidth(self._theme.px(330))
        self.setMinimumWidth(self._theme.px(100))
