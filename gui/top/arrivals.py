"""Arrivals by half hour: past grey, trouble hatched, now marked, a click filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip

from core.domain.models import BookingRow
from core.domain.status import Group, Tone
from gui.looks.announcing import announce
from gui.looks.theme import Theme
from gui.looks.words import Times, counted
from gui.table.row_filter import HALF_HOUR, Stretch, half_hour_of

_SCALE_HEIGHT = 14
_MOST_BARS = 48
_BAR = 24
_LEAST_WIDTH, _NARROWEST = 342, 300


class Bar(NamedTuple):
    """So many arrivals in the half hour from ``start``; ``trouble`` of them need a person."""

    start: datetime
    arrivals: int = 0
    trouble: int = 0


def bars_of(rows: Iterable[BookingRow], today: date) -> tuple[Bar, ...]:
    """One bar for each half hour from the first arrival of the day to the last."""
    counts: dict[datetime, list[int]] = {}
    for (start, is_trouble), number in _starts_of(rows, today).items():
        count = counts.setdefault(half_hour_of(start), [0, 0])
        count[0] += number
        count[1] += number * is_trouble
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    number = min(int((last - first) / HALF_HOUR) + 1, _MOST_BARS)
    starts = (first + at * HALF_HOUR for at in range(number))
    return tuple(Bar(start, *counts.get(start, [0, 0])) for start in starts)


def _starts_of(rows: Iterable[BookingRow], today: date) -> Counter[tuple[datetime, bool]]:
    """How many arrive at each moment without and with trouble: most moments are shared by many."""
    return Counter(
        (row.starts_at, row.group is Group.NEEDS_PERSON)
        for row in rows
        if row.day == today and (row.is_live or row.group is Group.NEEDS_PERSON)
    )


class Arrivals(QSlider):
    """Left, Right, Home and End move between the half hours, Space filters by one; so does a
    click, or by as many as are wide enough to hit.

    To a screen reader it is a slider, whose value is the half hour.
    """

    chosen = Signal(object)
    """``Stretch | None``: what to filter by."""

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._times = times
        self._bars: tuple[Bar, ...] = ()
        self._now: datetime | None = None
        self._chosen: Stretch | None = None
        self._under_mouse: Stretch | None = None
        self._room = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys in the table
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Arrivals by half hour")
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def show_bars(self, bars: tuple[Bar, ...], now: datetime) -> None:
        self._bars, self._now = bars, now
        self.setRange(0, max(0, len(bars) - 1))
        self._describe()
        self.updateGeometry()
        self.update()

    def show_chosen(self, stretch: Stretch | None) -> None:
        """Show by what the table is filtered."""
        self._chosen = stretch
        self.update()

    def has_enough(self, width: int) -> bool:
        """Whether its bars can be told apart in this width."""
        return width >= self._theme.px(_NARROWEST)

    def give_room(self, width: int) -> None:
        """As wide as this it may be: each half hour should be wide enough to hit."""
        if width != self._room:
            self._room = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        wanted = max(px(_LEAST_WIDTH), px(_BAR) * len(self._bars))
        return QSize(min(wanted, max(self._room, px(_NARROWEST))), px(62))

    def words_for(self, stretch: Stretch) -> str:
        """``10:30–11:00: 12 arrivals, 1 to do``"""
        bars = [bar for bar in self._bars if stretch.holds(bar.start)]
        arrivals, trouble = sum(bar.arrivals for bar in bars), sum(bar.trouble for bar in bars)
        words = f"{self._times.span(*stretch)}: {counted(arrivals, 'arrival')}"
        return words + (f", {trouble} to do" if trouble else "")

    def half_hour(self) -> Stretch:
        """Where the keys are."""
        start = self._bars[self.value()].start
        return Stretch(start, start + HALF_HOUR)

    def stretch_at(self, x: float) -> Stretch | None:
        """What a click there filters by: where half hours are narrow, one or two whole hours."""
        at = int(self._x(x) / self._width())
        if not 0 <= at < len(self._bars):
            return None
        together = next((one for one in (1, 2) if one * self._width() >= self._theme.px(_BAR)), 4)
        whole = together * HALF_HOUR
        start = self._bars[at].start
        start -= (start - start.replace(hour=0, minute=0)) % whole
        return Stretch(start, start + whole)

    def _describe(self) -> None:
        words = self.words_for(self.half_hour()) if self._bars else ""
        if words != self.accessibleDescription():  # else it would be said each minute
            self.setAccessibleDescription(words)

    # Painting

    def _width(self) -> float:
        return self.width() / max(12, len(self._bars))

    def _bar_rect(self, at: int, part: float) -> QRectF:
        """The lowest ``part`` of the room for bar ``at``."""
        room = self.height() - self._theme.px(_SCALE_HEIGHT)
        height = max(2.0, part * (room - 4)) if part else 0.0
        left = self._x(at * self._width() + 1, self._width() - 3)
        return QRectF(left, room - height, self._width() - 3, height)

    def _x(self, x: float, width: float = 0.0) -> float:
        """Where something so wide begins; the day goes as people read."""
        return self.width() - x - width if self.isRightToLeft() else x

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        most = max((bar.arrivals for bar in self._bars), default=0) or 1
        for at, bar in enumerate(self._bars):
            self._paint_bar(painter, at, bar, most)
        self._paint_scale(painter)
        self._paint_now(painter)
        if self.hasFocus() and self._bars:
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 2))
            painter.drawRect(self._bar_rect(self.value(), 1.0).adjusted(0, -1, 1, 1))
        if self._under_mouse is not None:
            self._paint_under_mouse(painter, self._under_mouse)
        painter.end()

    def _paint_bar(self, painter: QPainter, at: int, bar: Bar, most: int) -> None:
        tokens = self._theme.tokens
        past = self._now is not None and bar.start + HALF_HOUR <= self._now
        faded = self._chosen is not None and not self._chosen.holds(bar.start)
        color = QColor(tokens.control_border if past or faded else tokens.accent)
        whole = self._bar_rect(at, bar.arrivals / most)
        painter.fillRect(whole, color)
        if not bar.trouble:
            return
        trouble = QRectF(whole)
        trouble.setHeight(max(whole.height() * bar.trouble / bar.arrivals, 6.0))
        bad = QColor(self._theme.tone(Tone.BAD))
        painter.fillRect(trouble, QColor(tokens.surface))
        painter.setPen(QPen(bad, 1))
        painter.setBrush(QBrush(bad, Qt.BrushStyle.BDiagPattern))
        painter.drawRect(trouble.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_under_mouse(self, painter: QPainter, stretch: Stretch) -> None:
        """A frame around all that a click would filter by."""
        held = [at for at, bar in enumerate(self._bars) if stretch.holds(bar.start)]
        if not held:
            return  # another day has come meanwhile
        around = self._bar_rect(held[0], 1.0).united(self._bar_rect(held[-1], 1.0))
        painter.setPen(QPen(QColor(self._theme.tokens.control_border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(around.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_scale(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.tokens.muted))
        painter.setFont(self._theme.font(11))
        top = self.height() - self._theme.px(_SCALE_HEIGHT)
        free_from = 0.0
        for at, bar in enumerate(self._bars):
            if bar.start.minute or bar.start.hour % 2:
                continue
            hour = self._times.hour(bar.start)
            width = painter.fontMetrics().horizontalAdvance(hour)
            left = max(at * self._width(), 0.0)
            if left >= free_from and left + width <= self.width():
                place = QRectF(self._x(left, width + 2), top, width + 2, self._theme.px(14))
                painter.drawText(place, hour)
                free_from = left + width + self._theme.px(12)

    def _paint_now(self, painter: QPainter) -> None:
        if not self._bars or self._now is None:
            return
        x = (self._now - self._bars[0].start) / HALF_HOUR * self._width()
        if 0 <= x <= len(self._bars) * self._width():
            bottom = self.height() - self._theme.px(_SCALE_HEIGHT)
            painter.setPen(QPen(QColor(self._theme.tokens.text), 2))
            painter.drawLine(round(self._x(x)), 0, round(self._x(x)), bottom)

    # Keys and clicks

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a slider would begin to be drawn

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()
        self._point_at(self.stretch_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, stretch: Stretch | None) -> None:
        if stretch != self._under_mouse:
            self._under_mouse = stretch
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        stretch = self.stretch_at(event.position().x())
        if stretch is not None:
            held = (at for at, bar in enumerate(self._bars) if stretch.holds(bar.start))
            self.setValue(next(held))
            self._choose(stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back, on = Qt.Key.Key_Left, Qt.Key.Key_Right
        if self.isRightToLeft():
            back, on = on, back
        steps = {
            back: self.value() - 1,
            on: self.value() + 1,
            Qt.Key.Key_Home: self.minimum(),
            Qt.Key.Key_End: self.maximum(),
        }
        if event.key() in steps and self._bars:
            self.setValue(steps[Qt.Key(event.key())])
            self._describe()
            announce(self, self.accessibleDescription())
            self.update()
        elif event.key() == Qt.Key.Key_Space and self._bars:
            self._choose(self.half_hour())
        else:
            event.ignore()  # it belongs to the window, not to a slider

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            stretch = self.stretch_at(event.pos().x())
            words = self.words_for(stretch) if stretch is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()

    def _choose(self, stretch: Stretch) -> None:
        self.chosen.emit(None if stretch == self._chosen else stretch)
