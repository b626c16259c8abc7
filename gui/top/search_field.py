"""The search: typing from anywhere begins anew, and so does typing after a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from core.domain.status import Tone
from gui.looks.parts import IconButton, IconMark
from gui.looks.theme import Theme
from gui.table.scanner import SEARCHES

_CROSS = 24
_NEXT_READER_MS = 15_000
"""So long after the last key the next one is about the next reader."""


class SearchField(QLineEdit):
    """What was typed for the last reader must not stand before the name of the next."""

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
        self._inside.addWidget(self.cross)
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.setInterval(_NEXT_READER_MS)
        self.idle.timeout.connect(self.selectAll)
        self.textEdited.connect(lambda _text: self.idle.start())
        self.textChanged.connect(lambda text: self.cross.setVisible(bool(text)))
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
        px = self._theme.px
        self.cross.setFixedSize(px(_CROSS), px(_CROSS))
        self.cross.setVisible(bool(self.text()))
        self._inside.setContentsMargins(px(10), 0, px(5), 0)
        self.setTextMargins(px(25), 0, px(_CROSS), 0)
        self.setMaximumWidth(px(330))
        self.setMinimumWidth(px(100))
