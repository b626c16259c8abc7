"""Paints the table's cells: words, icons beside words, and the action as a button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QTableView

from core.domain.models import BookingRow
from core.domain.status import Group, Tone
from gui.looks.mirroring import placed
from gui.looks.theme import Theme
from gui.table.booking_model import BookingModel
from gui.table.columns import ACTION, BY_NAME, COLUMNS, Cell, sorted_title

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

_MARGIN = 14
_ICON = 16
_ICON_GAP = 7
_BUTTON_HEIGHT = 26
_BUTTON_PADDING = 9
_WITH_ICON = frozenset(BY_NAME[name] for name in ("libcal", "alma", "passagepoint"))
_FEW_LETTERS = 4
_DOT = " · "
_BOLD = ("person", "passagepoint")
_PLACE = BY_NAME["place"]
_GIVES_WAY = frozenset({BY_NAME["libcal"], BY_NAME["alma"]})
_MOST_FITS = 5000
"""Some hundred different texts are in sight at a time."""
_Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """One delegate for all columns: the ``Cell`` says what is special."""

    def __init__(self, theme: Theme, rows: BookingModel, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._rows, self._table = theme, rows, table
        self.levels: Mapping[int, int] = {}
        """How brief each column is."""
        self._fits: dict[tuple[object, ...], tuple[str, str, int]] = {}
        theme.changed.connect(self._fits.clear)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(36))

    def width_of(self, sample: str, column: int) -> int:
        """How wide a column must be for ``sample``."""
        if column == ACTION:
            font = self._theme.font(12, QFont.Weight.DemiBold)
            extra = 2 * _BUTTON_PADDING + _MARGIN + 8
        else:
            bold = COLUMNS[column].name in _BOLD
            font = self._theme.font(14, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            extra = _MARGIN + 6 + (_ICON + _ICON_GAP if column in _WITH_ICON else 0)
        title = QFontMetrics(self._theme.font(12, QFont.Weight.DemiBold))
        words = QFontMetrics(font).horizontalAdvance(sample) + self._theme.px(extra)
        sorted_by = title.horizontalAdvance(sorted_title(column, descending=False))
        return max(words, sorted_by + self._theme.px(_MARGIN + 3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        column = self._rows.columns[index.column()]
        painted = self._rows.painted_at(index.row(), column)
        if painted is None:
            return
        row, cell = painted
        rect: QRect = option.rect
        # The option says it too, but QStyle's many names take 5 ms, before the first paint.
        focused = self._table.hasFocus() and self._table.currentIndex() == index
        painter.save()
        if self._table.selectionModel().isSelected(index):
            painter.fillRect(rect, self._theme.color(self._theme.tokens.selection))
        if column == ACTION and cell.text:
            self._paint_button(painter, rect, self.button_words(cell), focused=focused)
        else:
            if cell.text:
                level = None if self._icon_says_it(cell, column) else self._brevity(column)
                self._paint_cell(painter, rect, cell, row, level)
            if focused:
                self._paint_focus(painter, rect)
        painter.restore()

    def button_words(self, cell: Cell) -> str:
        """What stands on the button of this cell, in the room that the column has."""
        return cell.short if self.levels.get(ACTION) else cell.text

    def _icon_says_it(self, cell: Cell, column: int) -> bool:
        level = self.levels.get(column, 0) if column in _GIVES_WAY else 0
        return level > 1 or (level == 1 and cell.icon_says_it)

    def button_rect(self, rect: QRect, text: str) -> QRect:
        """Where the button stands in its cell; also what a click must hit."""
        px = self._theme.px
        metrics = QFontMetrics(self._theme.font(12, QFont.Weight.DemiBold))
        width = min(metrics.horizontalAdvance(text) + 2 * px(_BUTTON_PADDING), rect.width() - px(8))
        height = px(_BUTTON_HEIGHT)
        left = rect.right() - px(_MARGIN) - width + 1
        button = QRect(left, rect.top() + (rect.height() - height) // 2, width, height)
        return placed(button, rect, self._table)

    def _brevity(self, column: int) -> int:
        """How brief the words of a column are, the same in each of its rows."""
        level = self.levels.get(column, 0)
        return level if column == _PLACE else max(0, level - 1)

    def _paint_cell(
        self, painter: QPainter, rect: QRect, cell: Cell, row: BookingRow, level: int | None
    ) -> None:
        """``level``: of brevity; None: the icon says it."""
        px = self._theme.px
        left = rect.left() + px(_MARGIN)
        if cell.icon is not None:
            self._paint_icon(painter, rect, left, cell, row)
            left += px(_ICON + _ICON_GAP)
        if level is None:
            return
        font = self._theme.font(14, _weight(cell))
        if cell.struck:  # even False would make it another font, which Qt looks up anew
            font.setStrikeOut(True)
        painter.setFont(font)
        room = QRect(left, rect.top(), rect.right() - left - px(4), rect.height())
        clear, faint, faint_at = self._fit(cell, font, room.width(), level)
        painter.setPen(self._color(cell, row))
        painter.drawText(placed(room, rect, self._table), _LEFT, clear)
        if faint:
            room.setLeft(left + faint_at)
            painter.setPen(self._theme.color(self._theme.tokens.muted))
            painter.drawText(placed(room, rect, self._table), _LEFT, faint)

    def _fit(self, cell: Cell, font: QFont, width: int, level: int) -> tuple[str, str, int]:
        """The clear words, the faint ones, and where those begin; measured once for each text."""
        key = (cell.text, cell.faint_from, cell.short, cell.bold, width, level)
        if key not in self._fits:
            if len(self._fits) > _MOST_FITS:
                self._fits.clear()
            metrics = QFontMetrics(font)
            words, faint_from = fitted(cell, metrics, width, level)
            clear = words[:faint_from]
            self._fits[key] = clear, words[faint_from:], metrics.horizontalAdvance(clear)
        return self._fits[key]

    def _paint_icon(
        self, painter: QPainter, rect: QRect, left: int, cell: Cell, row: BookingRow
    ) -> None:
        size = self._theme.px(_ICON)
        tone = cell.tone or Tone.NEUTRAL
        color = self._theme.tokens.muted if _is_past(row) else self._theme.tone(tone)
        place = QRect(left, rect.top() + (rect.height() - size) // 2, size, size)
        self._theme.paint_icon(painter, placed(place, rect, self._table), cell.icon or "", color)

    def _color(self, cell: Cell, row: BookingRow) -> QColor:
        color, tokens = self._theme.color, self._theme.tokens
        if _is_past(row):
            return color(tokens.muted)
        if cell.tone is None or cell.tone is Tone.GOOD:
            return color(tokens.text)
        return color(self._theme.tone(cell.tone))

    def _paint_button(self, painter: QPainter, rect: QRect, text: str, *, focused: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, px = self._theme.tokens, self._theme.px
        button = self.button_rect(rect, text)
        edge = tokens.text if focused else tokens.control_border
        painter.setPen(QPen(QColor(edge), 2 if focused else 1))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(button.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
        painter.setPen(QColor(tokens.accent))
        font = self._theme.font(12, QFont.Weight.DemiBold)
        painter.setFont(font)
        words = QFontMetrics(font).elidedText(
            text, Qt.TextElideMode.ElideRight, button.width() - px(6)
        )
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_focus(self, painter: QPainter, rect: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.text), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.toRectF().adjusted(3.5, 3.5, -3.5, -4.5), 4, 4)


def fitted(cell: Cell, metrics: QFontMetrics, width: int, level: int = 0) -> tuple[str, int]:
    """The text for this width, and where its quiet part begins.

    Of place and seat, the place is shortened: the seat is what tells bookings apart. Where a few
    letters of the place are left the seat stands alone, and of a long one the end: "…Room 118".
    The tooltip has all of it. ``level``: how brief the whole column is, so that not one row says
    its place and the next one doesn't.
    """

    def wide(text: str) -> int:
        return metrics.horizontalAdvance(text)

    if wide(cell.text) <= width and not (level and cell.short):
        return cell.text, len(cell.text) if cell.faint_from is None else cell.faint_from
    short = cell.short or cell.text
    dot = -1 if cell.faint_from is None else short.find(_DOT)
    if wide(short) > width and dot < 0:
        short = metrics.elidedText(short, Qt.TextElideMode.ElideRight, width)
    if dot < 0 or (wide(short) <= width and level < 2):
        return short, len(short) if dot < 0 else dot
    place, seat = short[:dot], short[dot:]
    room = width - wide(seat)
    if level < 2 and room >= wide(place[:_FEW_LETTERS] + "…"):
        place = metrics.elidedText(place, Qt.TextElideMode.ElideRight, room)
        return place + seat, len(place)
    seat = seat.removeprefix(_DOT)
    if wide(seat) > width:
        seat = metrics.elidedText(seat, Qt.TextElideMode.ElideLeft, width)
    return seat, len(seat)


def _weight(cell: Cell) -> QFont.Weight:
    return QFont.Weight.DemiBold if cell.bold else QFont.Weight.Normal


def _is_past(row: BookingRow) -> bool:
    """Past rows are quieter, unless they still need a person."""
    return row.is_over and row.group is not Group.NEEDS_PERSON
