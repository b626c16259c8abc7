"""A pseudo-language: every text in a window becomes 40 % longer, and what is cut is found."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QGroupBox,
    QLabel,
    QToolButton,
    QWidget,
)

from gui.table.now_button import NowButton

_MORE = "ŵöřďş ťĥàţ áŗê ľøňğëŗ "


def lengthen(window: QWidget) -> None:
    """As a translation may be; what shows data of the day becomes longer as well."""
    for part in _with_text(window):
        part.setText(_longer(part.text()))
    for box in window.findChildren(QGroupBox):
        if box.title():
            box.setTitle(_longer(box.title()))


def settle(window: QWidget) -> None:
    """Let the window find its new places, as after any change of a text."""
    for _ in range(3):
        QApplication.processEvents()
    least = window.minimumSizeHint()
    window.resize(max(window.width(), least.width()), max(window.height(), least.height()))
    for _ in range(3):
        QApplication.processEvents()


def cut(window: QWidget) -> Iterator[str]:
    """What isn't whole, or lies outside of what is seen or can be scrolled to."""
    for part in _with_text(window):
        if part.isVisible() and _is_narrow(part):
            yield f"narrow ({part.width()} of {part.sizeHint().width()}): {part.text()}"
        elif part.isVisible() and _is_outside(part, window):
            yield f"outside: {part.text()}"


def _with_text(window: QWidget) -> Iterator[QLabel | QAbstractButton]:
    """But what is as wide as its words whenever it gets them, and icons whose words are spoken."""
    for part in window.findChildren(QWidget):
        if isinstance(part, NowButton | QToolButton):
            continue
        if isinstance(part, QLabel | QAbstractButton) and part.text().strip():
            yield part


def _longer(text: str) -> str:
    more = ceil(len(text) * 0.4)
    return f"{text} {(_MORE * (more // len(_MORE) + 1))[: max(more - 1, 1)]}".rstrip()


def _is_narrow(part: QLabel | QAbstractButton) -> bool:
    if isinstance(part, QLabel) and part.wordWrap():
        return part.height() + 1 < part.heightForWidth(part.width())
    return part.width() + 1 < part.sizeHint().width()


def _is_outside(part: QWidget, window: QWidget) -> bool:
    """Downwards it may be scrolled to; sideways nothing scrolls."""
    area = part.parentWidget()
    while area is not None and area is not window and not isinstance(area, QAbstractScrollArea):
        area = area.parentWidget()
    frame = area or window
    left = part.mapTo(frame, QPoint(0, 0)).x()
    return left < 0 or left + part.width() > frame.width() + 1
