"""The way back to now, where staff have scrolled away from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QTableView

from gui.looks.mirroring import placed
from gui.looks.parts import Button
from gui.looks.theme import Theme

_AWAY = 12
_GAP = 3


class NowButton(Button):
    """Lies in the table's header, covering no row, as long as the line "now" is out of sight."""

    def __init__(self, table: QTableView, theme: Theme, now_at: Callable[[], int | None]) -> None:
        """``now_at``: how far below the uppermost seen pixel the line is; None: there is none."""
        super().__init__(table)
        self._table, self._theme, self._now_at = table, theme, now_at
        self.setProperty("small", True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard it is Ctrl+G
        self.setAccessibleName("Go to now")
        self.hide()

    def place(self) -> None:
        """Come, go, or stay where the table's edge is."""
        viewport, y = self._table.viewport(), self._now_at()
        is_away = y is not None and not 0 <= y <= viewport.height()
        self.setVisible(is_away)
        if y is None or not is_away:
            return
        self.setText("↑ Now" if y < 0 else "↓ Now")
        self.adjustSize()
        header, px = self._table.horizontalHeader().geometry(), self._theme.px
        self.setFixedHeight(header.height() - 2 * px(_GAP))
        left, top = header.right() - self.width() - px(_AWAY), header.top() + px(_GAP)
        place = QRect(left, top, self.width(), self.height())
        self.move(placed(place, header, self._table).topLeft())
        self.raise_()
