"""The day on paper or as PDF: large enough to read, each page with its header and its number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen

from core.domain.models import BookingRow
from gui.looks.words import Times, name_or_none

TEXT_POINTS, TITLE_POINTS = 9.0, 14.0
"""Nobody reads smaller letters at arm's length."""
_TITLES = ("Time", "Person", "University ID", "Place · seat", "LibCal", "Alma", "PassagePoint")
_MAY_WRAP = {1: 0.22, 3: 0.25, 6: 0.2}
"""By column: its most part of the page, beyond which it takes another line."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_WRAPPED = _LEFT | Qt.TextFlag.TextWordWrap
_NAME = 1
_WORDS = re.compile("(?<=[ -])")
_BREAK = "\u200b"
"""A line may end here, and nothing is seen of it."""
_PARAGRAPH = 0.4
"""Of a line's height, above and below each booking."""


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """What is on paper: ``about`` says as of when, which place and which filter."""

    title: str
    about: str
    rows: Sequence[BookingRow]


def print_day(device: QPagedPaintDevice, day: PrintedDay, times: Times) -> int:
    """Paint ``day`` on ``device``; how many pages it took."""
    painter = QPainter(device)
    pages = _Sheets(painter, device.width(), device.height(), day, times)
    for number in range(1, pages.number + 1):
        if number > 1:
            device.newPage()
        pages.paint(number)
    painter.end()
    return pages.number


class _Line(NamedTuple):
    cells: tuple[str, ...]
    height: float


class _Sheets:
    """Measured once, so that each page knows of how many it is one."""

    def __init__(
        self, painter: QPainter, width: int, height: int, day: PrintedDay, times: Times
    ) -> None:
        self._painter, self._day = painter, day
        self._width, self._height = float(width), float(height)
        self._text, self._bold = _font(TEXT_POINTS), _font(TEXT_POINTS, QFont.Weight.DemiBold)
        self._title = _font(TITLE_POINTS, QFont.Weight.DemiBold)
        plain, bold = (QFontMetricsF(one, painter.device()) for one in (self._text, self._bold))
        self._metrics = [bold if at == _NAME else plain for at in range(len(_TITLES))]
        self._one = bold.height()
        self._gap = self._one
        cells = [_cells(row, times) for row in day.rows]
        self._columns = self._shared_out(cells, bold)
        cells = [tuple(map(self._broken, range(len(one)), one)) for one in cells]
        self._pages = list(self._divided([_Line(one, self._height_of(one)) for one in cells]))
        self.number = len(self._pages)

    def paint(self, number: int) -> None:
        """One page; the first is 1."""
        top = self._paint_head()
        for line in self._pages[number - 1]:
            self._paint_line(line, top, self._text)
            top += line.height
        self._paint_foot(number)

    # Measuring

    def _shared_out(self, lines: Sequence[tuple[str, ...]], titles: QFontMetricsF) -> list[float]:
        """As wide as their texts; where that is too much, what may wrap gives way alike."""
        wanted = []
        for at, (title, metrics) in enumerate(zip(_TITLES, self._metrics, strict=True)):
            texts = (metrics.horizontalAdvance(line[at]) for line in lines)
            widest = max((titles.horizontalAdvance(title), *texts))
            wanted.append(min(widest + self._gap, _MAY_WRAP.get(at, 1) * self._width))
        lacking = sum(wanted) - self._width
        if lacking <= 0:
            return [width - lacking / len(wanted) for width in wanted]
        wrapping = sum(wanted[at] for at in _MAY_WRAP)
        share = max(0.3, 1 - lacking / wrapping)
        return [w * share if at in _MAY_WRAP else w for at, w in enumerate(wanted)]

    def _broken(self, at: int, text: str) -> str:
        """A word that is wider than its column goes on in the next line: nothing is cut."""
        return "".join(self._in_parts(at, word) for word in _WORDS.split(text))

    def _in_parts(self, at: int, word: str) -> str:
        parts, room = [""], self._columns[at] - self._gap
        for letter in word:
            if self._metrics[at].horizontalAdvance((parts[-1] + letter).rstrip()) > room:
                parts.append("")
            parts[-1] += letter
        return _BREAK.join(parts)

    def _height_of(self, cells: tuple[str, ...]) -> float:
        heights = [
            metrics.boundingRect(QRectF(0, 0, width - self._gap, 1e6), _WRAPPED, text).height()
            for metrics, text, width in zip(self._metrics, cells, self._columns, strict=True)
        ]
        return max(self._one, *heights) + 2 * _PARAGRAPH * self._one

    def _divided(self, lines: Sequence[_Line]) -> Iterator[list[_Line]]:
        room = self._height - self._head_height() - 2 * self._one
        page: list[_Line] = []
        left = room
        for line in lines:
            if page and line.height > left:
                yield page
                page, left = [], room
            page.append(line)
            left -= line.height
        yield page

    def _head_height(self) -> float:
        title = QFontMetricsF(self._title, self._painter.device()).height()
        return title + self._one * (2 + 2 * _PARAGRAPH) + self._one / 2

    # Painting

    def _paint_head(self) -> float:
        """Title, what is on these pages, and the names of the columns; where the rows begin."""
        metrics = QFontMetricsF(self._title, self._painter.device())
        self._write(QRectF(0, 0, self._width, metrics.height()), self._day.title, self._title)
        about = QRectF(0, metrics.height(), self._width, self._one)
        self._write(about, self._day.about, self._text)
        top = metrics.height() + self._one * 1.5
        line = _Line(_TITLES, self._one * (1 + 2 * _PARAGRAPH))
        self._paint_line(line, top, self._bold)
        return top + line.height

    def _paint_line(self, line: _Line, top: float, font: QFont) -> None:
        left = 0.0
        for at, (text, width) in enumerate(zip(line.cells, self._columns, strict=True)):
            place = QRectF(left, top + _PARAGRAPH * self._one, width - self._gap, line.height)
            self._write(place, text, self._bold if at == _NAME else font)
            left += width
        bottom = top + line.height
        self._painter.setPen(QPen(QColor("#9AA3AE"), self._one / 24))
        self._painter.drawLine(0, round(bottom), round(self._width), round(bottom))

    def _paint_foot(self, number: int) -> None:
        place = QRectF(0, self._height - self._one, self._width, self._one)
        self._write(place, "Personal data: destroy it when it is no longer needed.", self._text)
        words = f"Page {number} of {self.number}"
        self._painter.drawText(
            place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words
        )

    def _write(self, place: QRectF, text: str, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor("#000000"))
        self._painter.drawText(place, _WRAPPED, text)


def _font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    font.setWeight(weight)
    return font


def _cells(row: BookingRow, times: Times) -> tuple[str, ...]:
    return (
        times.span(row.starts_at, row.ends_at),
        name_or_none(row.sort_name),
        row.primary_id or row.id_answer or "–",
        " · ".join(part for part in (row.location, row.seats) if part),
        row.libcal_label,
        row.patron.label,
        times.written(row.label),
    )
