"""Something high that scrolls, by keyboard too."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_AROUND = 12


class Scrolling(QScrollArea):
    """Tab stops here whether there is something to scroll or not: its way is always the same."""

    def __init__(self, body: QWidget, spoken: str, *, keeps_room: bool = False) -> None:
        """``keeps_room``: for its bar, which then moves nothing when it comes or goes."""
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if keeps_room:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def show_focused(self) -> None:
        """Bring into view what has the keyboard, once it has found its place."""
        QTimer.singleShot(0, self._show_focused)

    def _show_focused(self) -> None:
        focused, body = self.window().focusWidget(), self.widget()
        if focused is None or body is None or not body.isAncestorOf(focused):
            return
        # Of a field Qt's own ensureWidgetVisible shows the cursor alone.
        for corner in (focused.rect().topLeft(), focused.rect().bottomLeft()):
            place = focused.mapTo(body, corner)
            self.ensureVisible(place.x(), place.y(), 0, _AROUND)

    def _on_range(self, _least: int, most: int) -> None:
        self.verticalScrollBar().setEnabled(bool(most))  # else nothing is painted of it
