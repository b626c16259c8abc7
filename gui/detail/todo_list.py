"""What is to do next, where no booking is selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidgetItem,
    QStyledItemDelegate,
    QWidget,
)

from core.domain.models import BookingRow
from core.domain.status import Tone
from gui.looks.item_list import ItemList
from gui.looks.mirroring import placed
from gui.looks.parts import column_in, label, plain_tip
from gui.looks.theme import TONE_ICONS, Theme, icon_of_pass
from gui.looks.words import Times, name_or_none, number, trouble_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

_MOST = 30
_ROW = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _TodoDelegate(QStyledItemDelegate):
    """Two lines: when and who, and what is wrong in its tone."""

    def __init__(self, theme: Theme, times: Times, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._times, self._list = theme, times, parent

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(52))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        from PySide6.QtWidgets import QStyle  # its many names take 5 ms, before the first paint

        row: BookingRow = index.data(_ROW)
        theme, px = self._theme, self._theme.px
        rect, tokens = option.rect, self._theme.tokens
        painter.save()
        selected = option.state & QStyle.StateFlag.State_Selected
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            hovered = tokens.tones[Tone.NEUTRAL].ground
            painter.setBrush(QColor(tokens.selection if selected else hovered))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), px(5), px(5))
        half = rect.height() // 2
        first = QRect(rect.left() + px(8), rect.top() + px(3), rect.width() - px(16), half - px(2))
        clock = f"{self._times.clock(row.starts_at)}  "
        painter.setFont(theme.font())
        painter.setPen(QColor(tokens.muted))
        painter.drawText(placed(first, rect, self._list), _LEFT, clock)
        first.setLeft(first.left() + QFontMetrics(theme.font()).horizontalAdvance(clock))
        bold = theme.font(14, QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        name = name_or_none(row.sort_name)
        elided = QFontMetrics(bold).elidedText(name, Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(placed(first, rect, self._list), _LEFT, elided)
        self._paint_trouble(painter, rect, row)
        painter.restore()

    def _paint_trouble(self, painter: QPainter, rect: QRect, row: BookingRow) -> None:
        theme, px = self._theme, self._theme.px
        line = QRect(
            rect.left() + px(8),
            rect.top() + rect.height() // 2,
            rect.width() - px(16),
            rect.height() // 2 - px(3),
        )
        icon = QRect(line.left(), line.top() + (line.height() - px(15)) // 2, px(15), px(15))
        words, tone = trouble_of(row)
        of_pass = icon_of_pass(row) if tone is row.tone else TONE_ICONS[tone]
        theme.paint_icon(painter, placed(icon, rect, self._list), of_pass, theme.tone(tone))
        line.setLeft(icon.right() + px(8))
        painter.setFont(theme.font(13))
        painter.setPen(QColor(theme.tone(tone)))
        painter.drawText(placed(line, rect, self._list), _LEFT, self._times.written(words))


class TodoList(QWidget):
    """The soonest bookings that need a person; Enter or a click goes to one."""

    chosen = Signal(str)
    """A row's id."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self._times = times
        self._shown: tuple[BookingRow, ...] | None = None
        self._number = 0
        self._title = label("", "title", wrap=True)
        self._hint = label("", "muted", wrap=True)
        self._list = ItemList()
        self._list.setObjectName("todoList")
        self._list.setAccessibleName("To do")
        self._list.setItemDelegate(_TodoDelegate(theme, times, self))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._choose)
        self._list.itemActivated.connect(self._choose)
        theme.changed.connect(self._list.doItemsLayout)
        column = column_in(self, theme.px(8))
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addWidget(self._list, 1)
        column.addStretch(0)

    def show_rows(self, rows: Sequence[BookingRow], *, in_table: bool = False) -> None:
        """``rows`` need a person, the soonest first; ``in_table``: they stand there already."""
        shown = () if in_table else tuple(rows[:_MOST])
        if (shown, len(rows)) == (self._shown, self._number):
            return
        self._shown, self._number = shown, len(rows)
        self._title.setText("Next to do" if shown else f"{number(len(rows))} to do")
        if rows:
            self._hint.setText("Choose one to see what is wrong and what to do.")
        else:
            self._title.setText("Nothing to do")
            self._hint.setText("Nothing waits for a person right now.")
        self._list.setVisible(bool(shown))
        self._list.clear()
        for row in shown:
            when = self._times.clock(row.starts_at)
            trouble = self._times.written(trouble_of(row)[0])
            item = QListWidgetItem(f"{when} {name_or_none(row.sort_name)}: {trouble}")
            item.setToolTip(plain_tip(item.text()))
            item.setData(_ROW, row)
            self._list.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        row: BookingRow = item.data(_ROW)
        self.chosen.emit(row.row_id)
