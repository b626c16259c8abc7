"""What the table paints over its rows: the bar of the selection, "now" and "Tomorrow"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QTableView, QWidget

from gui.looks.mirroring import placed
from gui.looks.theme import Theme
from gui.looks.words import Times
from gui.table.booking_model import BookingModel
from gui.table.columns import ACTION, TIME

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


class OverRows:
    """Painted after the rows: a delegate's line across a border is erased by its neighbour."""

    def __init__(
        self,
        table: QTableView,
        rows: BookingModel,
        theme: Theme,
        times: Times,
        now: Callable[[], datetime],
    ) -> None:
        self._table, self._rows, self._theme = table, rows, theme
        self._times, self._now = times, now
        self._lines = TableLine(theme, table.viewport())
        self._painted: tuple[object, ...] = ()
        self.ahead_until: datetime | None = None
        """Tomorrow's bookings are listed up to then."""

    def paint(self) -> None:
        painter = QPainter(self._table.viewport())
        self._paint_borders(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_selection(painter)
        self._lines.painted.clear()
        if self._rows.is_sorted_by(TIME) and self._rows.rowCount():
            self._paint_lines(painter)
        painter.end()
        self._clean_up_after(tuple(self._lines.painted))

    def _clean_up_after(self, painted: tuple[object, ...]) -> None:
        """Often a few rows are painted alone: a line that moved still stands where it was."""
        if painted != self._painted:
            self._painted = painted
            self._table.viewport().update()

    def show_ahead_until(self, until: datetime | None) -> None:
        """Tomorrow's bookings are listed up to ``until``."""
        if until != self.ahead_until:
            self.ahead_until = until
            self._table.viewport().update()

    def now_at(self) -> int | None:
        """Where "now" lies, in pixels of the viewport; None where there is no such line."""
        if not self._rows.is_sorted_by(TIME) or not self._rows.rowCount():
            return None
        return self.now_place() * self._row_height() - self._table.verticalScrollBar().value()

    def now_place(self) -> int:
        """Before which line "now" lies, where they are sorted by time."""
        now = self._now()
        return self._rows.first_place(lambda row: row.starts_at > now)

    def _paint_borders(self, painter: QPainter) -> None:
        """Below each row that is seen."""
        painter.setPen(self._theme.color(self._theme.tokens.line))
        width, height = self._table.viewport().width(), self._row_height()
        scrolled = self._table.verticalScrollBar().value()
        last = min(
            self._rows.rowCount(), (scrolled + self._table.viewport().height()) // height + 1
        )
        for place in range(scrolled // height, last):
            bottom = (place + 1) * height - scrolled - 1
            painter.drawLine(0, bottom, width - 1, bottom)

    def _paint_selection(self, painter: QPainter) -> None:
        tokens, px, table = self._theme.tokens, self._theme.px, self._table
        for index in table.selectionModel().selectedRows():
            top, height = table.rowViewportPosition(index.row()), self._row_height() - 1
            bar = placed(QRect(0, top, px(3), height), table.viewport().rect(), table)
            painter.fillRect(bar, QColor(tokens.accent))
            if tokens.selection == tokens.surface:  # a contrast theme has no ground of its own
                painter.setPen(QColor(tokens.accent))
                painter.drawRect(QRect(1, top, table.viewport().width() - 2, height))

    def _paint_lines(self, painter: QPainter) -> None:
        tokens, now = self._theme.tokens, self._now()
        today = self._times.local(now).date()
        tomorrow = self._rows.first_place(lambda row: row.day > today)
        if tomorrow < self._rows.rowCount():
            self._paint_line(painter, tomorrow, self._tomorrow(), tokens.muted)
        if (place := self.now_place()) != tomorrow or place == self._rows.rowCount():
            self._paint_line(painter, place, f"now {self._times.clock(now)}", tokens.accent)

    def _tomorrow(self) -> str:
        """Part of tomorrow doesn't pass for all of it."""
        until = self.ahead_until
        return f"Tomorrow, until {self._times.clock(until)}" if until is not None else "Tomorrow"

    def _paint_line(self, painter: QPainter, place: int, text: str, color: str) -> None:
        """A line before the row at ``place``; its word covers no button and no other word."""
        y = place * self._row_height() - self._table.verticalScrollBar().value()
        at_top = y < self._row_height() // 4
        above = not at_top and self._has_button(place - 1)
        below = self._has_button(place)
        side, right = Side.ON, self._table.viewport().width()
        if above and below:
            right = self._left_of_buttons()
        elif above or at_top:
            side = Side.BELOW
        elif below:
            side = Side.ABOVE
        self._lines.paint(painter, y, "" if at_top and below else text, color, right, side)

    def _has_button(self, place: int) -> bool:
        if not 0 <= place < self._rows.rowCount():
            return False
        row = self._rows.shown_row(self._rows.row_id_at(place))
        return row is not None and row.action is not None

    def _left_of_buttons(self) -> int:
        """Where they stand at the right as they usually do; else the table's edge."""
        table, width = self._table, self._table.viewport().width()
        section = self._rows.section(ACTION)
        if section is None:
            return width
        edge = table.columnViewportPosition(section)
        if table.isRightToLeft():
            edge = width - edge - table.columnWidth(section)
        return edge if edge > width // 2 else width

    def _row_height(self) -> int:
        return self._table.verticalHeader().defaultSectionSize()
