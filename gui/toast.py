"""What just happened, for some seconds, with Undo where it can be undone."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from core.models import ActionDone
from gui.parts import announce, button, label
from gui.theme import Theme

_SECONDS = 8


class Toast(QFrame):
    """Lies over the lower edge of the table; also announced to screen readers."""

    undo_pressed = Signal(object)
    """``ActionDone``"""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._parent = parent
        self._theme = theme
        self._done: ActionDone | None = None
        self.words = label("")
        self.undo = button("Undo", "small")
        self.undo.clicked.connect(self._undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(7), theme.px(10), theme.px(7))
        row.addWidget(self.words)
        row.addWidget(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str, done: ActionDone | None = None) -> None:
        """Show ``words``; ``done`` makes it possible to undo."""
        self._done = done
        self.words.setText(words)
        self.undo.setVisible(done is not None and done.decision_id is not None)
        self.place()
        self.show()
        self.raise_()
        self._timer.start(_SECONDS * 1000)
        announce(self, words)

    def place(self) -> None:
        """Keep to the lower middle of the parent."""
        self.adjustSize()
        parent = self._parent
        gap = self._theme.px(16)
        width = min(self.width(), parent.width() - 2 * gap)
        self.resize(width, self.height())
        self.move((parent.width() - width) // 2, parent.height() - self.height() - gap)

    def _undo(self) -> None:
        self.hide()
        if self._done is not None:
            self.undo_pressed.emit(self._done)
