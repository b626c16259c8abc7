"""Why the table is empty, and what can be done about it."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from core.domain.status import Tone
from gui.looks.flow_layout import FlowLayout
from gui.looks.parts import IconMark, button, label
from gui.looks.theme import Theme


class Help(Enum):
    """What helps against an empty table."""

    CLEAR = auto()
    """Show the whole day."""
    SHOW_FOUND = auto()
    """Show what the search found, without the other filters."""
    SYNC = auto()
    ELSEWHERE = auto()
    """Ask LibCal for every place and the next seven days."""
    ALMA = auto()
    """Ask Alma whose ID or barcode was typed."""


_HEIGHT_FOR_MARK = 220


class EmptyMessage(QWidget):
    """Lies over the table where it has no rows."""

    clear_pressed = Signal()
    found_pressed = Signal()
    sync_pressed = Signal()
    elsewhere_pressed = Signal()
    alma_pressed = Signal()

    def __init__(self, table: QTableView, theme: Theme) -> None:
        super().__init__(table)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._table, self._theme = table, theme
        self.setObjectName("empty")
        self._mark = IconMark(theme, Tone.NEUTRAL, "calendar-blank-outline", 40)
        self.title = label("", "title", wrap=True)
        self.text = label("", "muted", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear = button("Show the whole day")
        self.clear.clicked.connect(self.clear_pressed)
        self.found = button("Show it", "primary")
        self.found.clicked.connect(self.found_pressed)
        self.sync = button("Sync now")
        self.sync.clicked.connect(self.sync_pressed)
        self.elsewhere = button("Ask LibCal now", "primary")
        self.elsewhere.setToolTip("Every place that LibCal has, today and the next seven days")
        self.elsewhere.clicked.connect(self.elsewhere_pressed)
        self.alma = button("Ask Alma who this is")
        self.alma.clicked.connect(self.alma_pressed)
        column = self._column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for part in (self.title, self.text):
            column.addWidget(part)
        buttons = FlowLayout(gap=theme.px(6), centered=True)
        column.addLayout(buttons)
        for one in (self.found, self.elsewhere, self.alma, self.sync, self.clear):
            buttons.addWidget(one)
        column.addStretch(3)
        self.hide()

    def explain(self, title: str, text: str, *, helps: frozenset[Help]) -> None:
        """Show why the table is empty, with the buttons that help."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        by_help = {
            Help.CLEAR: self.clear,
            Help.SHOW_FOUND: self.found,
            Help.SYNC: self.sync,
            Help.ELSEWHERE: self.elsewhere,
            Help.ALMA: self.alma,
        }
        for help_, one in by_help.items():
            one.setVisible(help_ in helps)
        self.fit()
        self.show()
        self.raise_()

    def fit(self) -> None:
        """Over the rows; where the table is low over its header too, and without the picture."""
        px, below_header = self._theme.px, self._table.viewport().geometry()
        low = below_header.height() < px(_HEIGHT_FOR_MARK)
        self.setGeometry(self._table.rect() if low else below_header)
        self._mark.setVisible(not low)
        self._column.setContentsMargins(px(20), px(6 if low else 20), px(20), px(6 if low else 20))
        self._column.setSpacing(px(4 if low else 10))
