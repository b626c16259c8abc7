"""A line between two rows with a word at its end: "now", "Tomorrow"."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.looks.mirroring import placed
from gui.looks.theme import Theme

_WORD = 18


class Side(Enum):
    """Where the word lies: on the line, or on the side where no button is."""

    ON = 0.5
    ABOVE = 1.0
    BELOW = 0.0


class TableLine:
    """Painted by the view after its rows."""

    def __init__(self, theme: Theme, viewport: QWidget) -> None:
        self._theme = theme
        self._viewport = viewport
        self.painted: list[tuple[object, ...]] = []
        """Where lines and their words have come to lie since this was last cleared."""

    def paint(
        self, painter: QPainter, y: int, text: str, color: str, right: int, side: Side
    ) -> None:
        """``right``: where the word ends, so that it covers no button."""
        px, width = self._theme.px, self._viewport.width()
        if not -px(_WORD) < y <= self._viewport.height() + px(_WORD):
            return
        self.painted.append((y, text, right, side))
        painter.setPen(QPen(QColor(color), 2))
        painter.drawLine(0, y, width, y)
        if not text:
            return
        font = self._theme.font(11, QFont.Weight.DemiBold)
        wide = QFontMetrics(font).horizontalAdvance(text) + px(16)
        top = round(y - side.value * px(_WORD))
        label = QRect(right - wide - px(12), top, wide, px(_WORD))
        label = placed(label, self._viewport.rect(), self._viewport)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(label, px(9), px(9))
        painter.setPen(QColor(self._theme.tokens.on_accent))
        painter.setFont(font)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
