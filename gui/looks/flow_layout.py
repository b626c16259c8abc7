"""Lays widgets side by side and goes to the next line where there is no room."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from gui.looks.mirroring import placed


class FlowLayout(QLayout):
    """For chips: at 200 % text they need more than one line."""

    def __init__(
        self, parent: QWidget | None = None, gap: int = 8, *, centered: bool = False
    ) -> None:
        super().__init__(parent)
        self._centered = centered
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Place everything; the height that was needed."""
        top, below = rect.top(), min(self.spacing(), self.spacing() // 2 + 4)
        for line in self._lines(rect.width()):
            width = sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)
            left = rect.left() + (max(0, rect.width() - width) // 2 if self._centered else 0)
            for item in line:
                if moves:
                    place = QRect(QPoint(left, top), item.sizeHint())
                    item.setGeometry(self._placed(place, rect))
                left += item.sizeHint().width() + self.spacing()
            top += max(item.sizeHint().height() for item in line) + below
        return max(0, top - below - rect.top())

    def _placed(self, part: QRect, rect: QRect) -> QRect:
        widget = self.parentWidget()
        return placed(part, rect, widget) if widget is not None else part

    def _lines(self, width: int) -> Iterator[list[QLayoutItem]]:
        """What is shown, cut where there is no room for the next."""
        line: list[QLayoutItem] = []
        taken = 0
        for item in self._items:
            if item.isEmpty():
                continue
            needed = item.sizeHint().width()
            if line and taken + needed > width:
                yield line
                line, taken = [], 0
            line.append(item)
            taken += needed + self.spacing()
        if line:
            yield line
