"""Lines above the table: offline, practice, paused, an open question, refused credentials."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.looks.parts import IconMark, button, clear, column_in, label
from gui.looks.theme import Theme
from gui.top.strip_rules import Strip


class Strips(QWidget):
    """Rebuilt only when what they say changes, so that the focus isn't lost each second."""

    pressed = Signal(object)
    """``Press``"""
    appeared = Signal(str)
    """A strip says something that none said before."""

    def __init__(self, theme: Theme, after: QWidget) -> None:
        """``after``: Tab comes here from it."""
        super().__init__()
        self._after = after
        self._theme = theme
        self._shown: tuple[Strip, ...] = ()
        self._column = column_in(self, 0)
        self.hide()

    def show_strips(self, strips: tuple[Strip, ...]) -> None:
        if strips == self._shown:
            return
        before = self.texts()
        self._shown = strips
        clear(self._column)
        for strip in strips:
            self._column.addWidget(self._frame(strip))
        self._put_in_tab_order()
        self.setVisible(bool(strips))
        for text in self.texts():
            if text not in before:
                self.appeared.emit(text)

    def _put_in_tab_order(self) -> None:
        """From the header through the strips; Qt puts what is new at the end."""
        before = self._after
        for made in self.findChildren(QPushButton):
            if before.window() is made.window() and not made.isHidden():
                QWidget.setTabOrder(before, made)
                before = made

    def texts(self) -> tuple[str, ...]:
        """What is said, from top to bottom."""
        return tuple(strip.text for strip in self._shown)

    def _frame(self, strip: Strip) -> QFrame:
        frame = QFrame()
        frame.setProperty("strip", True)
        frame.setProperty("box", strip.tone.value)
        frame.setProperty("loud", strip.loud)
        frame.setAccessibleName(strip.text)
        row = QHBoxLayout(frame)
        px = self._theme.px
        row.setContentsMargins(px(16), px(5), px(16), px(5))
        row.setSpacing(px(10))
        row.addWidget(IconMark(self._theme, strip.tone, strip.icon, 18))
        text = label(strip.text, "heading", wrap=True)
        row.addWidget(text, 1)
        if strip.press is not None:
            row.addWidget(self._button(strip))
        return frame

    def _button(self, strip: Strip) -> QPushButton:
        made = button(strip.button, "small")
        made.setAccessibleName(f"{strip.button}: {strip.text}")
        made.clicked.connect(lambda: self.pressed.emit(strip.press))
        return made
