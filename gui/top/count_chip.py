"""A chip with a word and a number, the number bolder: the eye looks for it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from core.domain.status import Tone
from gui.looks.mirroring import placed
from gui.looks.theme import Theme
from gui.looks.words import number as written

_PADDING = 13
_GAP = 7
_ICON = 15


class CountChip(QPushButton):
    """Loud, with a warning triangle, only where its number needs a person."""

    def __init__(self, theme: Theme, word: str, *, warns: bool) -> None:
        super().__init__()
        self._theme = theme
        self._word = word
        self._number: int | None = None
        self._warns = warns
        self.setAccessibleName(word)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("chip", True)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    @property
    def number(self) -> int | None:
        """None where it isn't known yet."""
        return self._number

    def show_number(self, number: int | None) -> None:
        if number != self._number:
            self._number = number
            told = "not known" if number is None else written(number)
            self.setAccessibleName(f"{self._word}: {told}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        icon = px(_ICON + _GAP) if self._warns else 0
        words = self._width(self._word, QFont.Weight.Medium)
        number = self._width(self._digits(), QFont.Weight.Bold)
        width = 2 * px(_PADDING) + icon + words + px(_GAP) + number
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)  # it has no text of its own
        painter = QPainter(self)
        px, left = self._theme.px, self._theme.px(_PADDING)
        color = self._color()
        if self._warns:
            top = (self.height() - px(_ICON)) // 2
            icon = self._theme.icon("alert-outline", color)
            icon.paint(painter, placed(QRect(left, top, px(_ICON), px(_ICON)), self.rect(), self))
            left += px(_ICON + _GAP)
        painter.setPen(QColor(color))
        left = self._paint_word(painter, left, self._word, QFont.Weight.Medium) + px(_GAP)
        self._paint_word(painter, left, self._digits(), QFont.Weight.Bold)
        painter.end()

    def _digits(self) -> str:
        return "–" if self._number is None else written(self._number)

    def _color(self) -> str:
        if self._warns and self._number:
            return self._theme.tone(Tone.BAD)
        return self._theme.tokens.text

    def _paint_word(self, painter: QPainter, left: int, text: str, weight: QFont.Weight) -> int:
        painter.setFont(self._theme.font(14, weight))
        width = self._width(text, weight)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        room = QRect(left, 0, width + 2, self.height())
        painter.drawText(placed(room, self.rect(), self), flags, text)
        return left + width

    def _width(self, text: str, weight: QFont.Weight) -> int:
        return QFontMetrics(self._theme.font(14, weight)).horizontalAdvance(text)
