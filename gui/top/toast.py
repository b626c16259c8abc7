"""What just happened, for some seconds, with Undo where it can be undone."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.desk.press_outcome import ActionOutcome
from gui.looks.announcing import announce
from gui.looks.parts import button, label
from gui.looks.theme import Theme

_SECONDS = 8
_WIDEST = 640
"""A longer line is harder to read than two."""


class Toast(QFrame):
    """Lies over the lower edge of the table; also announced to screen readers."""

    undo_pressed = Signal(object)
    """``ActionOutcome``"""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._parent = parent
        self._theme = theme
        self._outcome: ActionOutcome | None = None
        self.words = label("", wrap=True)
        self.undo = button("Undo", "small")
        self.undo.clicked.connect(self._undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(7), theme.px(10), theme.px(7))
        row.addWidget(self.words)
        row.addWidget(self.undo)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go)
        self.hide()

    def say(self, words: str, outcome: ActionOutcome | None = None) -> None:
        """Show ``words``; ``outcome`` makes it possible to undo."""
        self._outcome = outcome
        self.words.setText(words)
        number = len(outcome.dones) if outcome is not None else 0
        self.undo.setText(f"Undo all {number}" if number > 1 else "Undo")
        self.undo.setVisible(outcome is not None and outcome.can_be_undone)
        self.place()
        self.show()
        self.raise_()
        self._timer.start(_SECONDS * 1000)
        announce(self, words)

    def place(self) -> None:
        """Keep to the lower middle of the parent; a long sentence takes more lines."""
        parent, px = self._parent, self._theme.px
        self.ensurePolished()
        self.words.ensurePolished()
        beside = px(30)
        if self.undo.isVisibleTo(self):
            beside += self.undo.sizeHint().width() + px(16)
        most = min(px(_WIDEST), parent.width() - 2 * px(16) - beside)
        width = self._width_of_words(most) + beside
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else self.height()
        self.setGeometry(
            (parent.width() - width) // 2, parent.height() - height - px(16), width, height
        )

    def _width_of_words(self, most: int) -> int:
        """As few lines as there can be, and all of about the same length: no word alone."""
        whole = self.words.fontMetrics().horizontalAdvance(self.words.text())
        if whole <= most:
            return whole
        lines = self.words.heightForWidth(most)
        widths = range(whole // (whole // most + 1), most, 8)
        return next((one for one in widths if self.words.heightForWidth(one) <= lines), most)

    def _go(self) -> None:
        if self.undo.hasFocus() or self.underMouse():
            self._timer.start()  # somebody is about to press Undo
        else:
            self.hide()

    def _undo(self) -> None:
        self.hide()
        if self._outcome is not None:
            self.undo_pressed.emit(self._outcome)
