"""Something high that scrolls, by keyboard too."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QFrame, QGroupBox, QScrollArea, QWidget

from gui.looks.parts import column_in

_AROUND = 12
_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


class Scrolling(QGroupBox):
    """Tab stops here whether there is something to scroll or not: its way is always the same.

    It is a group, which to a screen reader is a panel: a scroll area with the keys would be filler.
    """

    def __init__(self, body: QWidget, spoken: str, *, keeps_room: bool = False) -> None:
        """``keeps_room``: for its bar, which then moves nothing when it comes or goes."""
        super().__init__()
        area = self.area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if keeps_room:
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(body)
        body.setAutoFillBackground(False)
        self.area.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column_in(self, 0).addWidget(area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and pages scroll; what doesn't belongs to the window."""
        if event.key() in _SCROLLS:
            self.area.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
        else:
            event.ignore()

    def show_focused(self) -> None:
        """Bring into view what has the keyboard, once it has found its place."""
        QTimer.singleShot(0, self._show_focused)

    def _show_focused(self) -> None:
        focused, body = self.window().focusWidget(), self.area.widget()
        if focused is None or body is None or not body.isAncestorOf(focused):
            return
        # Of a field Qt's own ensureWidgetVisible shows the cursor alone.
        for corner in (focused.rect().topLeft(), focused.rect().bottomLeft()):
            place = focused.mapTo(body, corner)
            self.area.ensureVisible(place.x(), place.y(), 0, _AROUND)

    def _on_range(self, _least: int, most: int) -> None:
        self.area.verticalScrollBar().setEnabled(bool(most))  # else nothing is painted of it
