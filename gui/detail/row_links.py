"""Other rows of the day under a title, each a line that leads there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.looks.parts import button, clear, label, plain_tip
from gui.looks.theme import Theme


class RowLinks(QWidget):
    """One line a row; pressed, it is the one in the detail."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lines: dict[str, str] = {}
        """What is said of each, by its row's id."""
        self.title = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(2))

    def show_lines(self, title: str, lines: Mapping[str, str], most: int) -> None:
        """The first ``most`` of them, and how many more; made anew only where something changed:
        the keyboard may be on one of them."""
        shown = dict(list(lines.items())[:most])
        if (title, shown) != (self.title, self.lines):
            self.title, self.lines = title, shown
            clear(self._column)
            self._column.addWidget(label(title, "section"))
            for row_id, words in shown.items():
                made = button(words.replace("&", "&&"), "quiet")
                # Larger text must not make the whole detail wider than its place.
                made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                made.setToolTip(plain_tip(words))
                made.clicked.connect(lambda _on=False, row_id=row_id: self.chosen.emit(row_id))
                self._column.addWidget(made)
            if len(lines) > most:
                self._column.addWidget(label(f"and {len(lines) - most} more", "muted"))
