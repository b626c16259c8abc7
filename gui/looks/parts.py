"""Small pieces that many parts of the window are made of; text is always plain."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.domain.status import Tone
from gui.looks.theme import TONE_ICONS, Theme


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A plain text; ``role`` is its look in the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


NEVER_ENTER = "neverEnter"
"""A property of a button that only Space or the mouse presses: nothing takes back what it does."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A button as large with the keyboard as without."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.property(NEVER_ENTER):
            event.ignore()  # on some desktops Enter presses what has the focus
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus() or not self.property("primary"):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QApplication.palette().color(QPalette.ColorRole.HighlightedText), 2))
        painter.drawRoundedRect(self.rect().adjusted(4, 4, -4, -4), 4, 4)
        painter.end()


def named(title: str, field: QWidget) -> QLabel:
    """The name to stand beside ``field``, which is spoken with it, too."""
    made = label(title, "section")
    made.setBuddy(field)
    field.setAccessibleName(title)
    return made


def button(text: str, *looks: str) -> QPushButton:
    """A button; ``looks`` are style sheet properties such as ``primary``."""
    made = Button(text)
    made.setAutoDefault(False)
    for look in looks:
        made.setProperty(look, True)
    return made


def plain_tip(words: str) -> str:
    """A tooltip's text: escaped and wrapped, so that Qt has nothing to guess."""
    import html

    return f"<span style='white-space: pre-wrap'>{html.escape(words)}</span>" if words else ""


def set_look(widget: QWidget, name: str, value: str | bool) -> None:
    """Change a property that the style sheet looks at; unset, it is False or empty."""
    if (widget.property(name) or "") != (value or ""):
        widget.setProperty(name, value)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it comes of itself
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def hide_unless(wanted: object, widget: QWidget) -> None:
    """For a part that has no parent yet: to show it would open a window of its own."""
    if not wanted:
        widget.hide()


def column_in(widget: QWidget, spacing: int) -> QVBoxLayout:
    """A layout from top to bottom that fills ``widget`` to its edges."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    return column


def rule(*, vertical: bool = False) -> QFrame:
    """A thin line."""
    made = QFrame()
    made.setProperty("rule", True)
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class Space(QWidget):
    """Room between two parts, which grows with the text."""

    def __init__(self, theme: Theme, size: int) -> None:
        super().__init__()
        self._theme, self._size = theme, size
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedSize(self._theme.px(self._size), self._theme.px(self._size))


class IconMark(QWidget):
    """An icon in the colour of a tone; the word beside it says the same."""

    def __init__(self, theme: Theme, tone: Tone, name: str = "", size: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self.set(tone, name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._look_again)

    def set(self, tone: Tone, name: str = "") -> None:
        self._tone, self._name = tone, name or TONE_ICONS[tone]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icon(self._name, self._theme.tone(self._tone)).paint(painter, self.rect())
        painter.end()

    def _look_again(self) -> None:
        self.updateGeometry()
        self.update()


class IconButton(Button):
    """A button with one of the theme's icons; ``token`` names its colour."""

    def __init__(self, theme: Theme, text: str, icon: str, token: str = "text") -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self._theme = theme
        self._icon = icon
        self._token = token
        theme.changed.connect(self.look_again)
        self.look_again()

    def look_again(self) -> None:
        size = self._theme.px(16)
        self.setIconSize(QSize(size, size))
        self.setIcon(self._theme.icon(self._icon, self._theme.tokens.by_name()[self._token]))


class TonedLine(QWidget):
    """An icon and a line of text."""

    def __init__(self, theme: Theme, text: str, tone: Tone, role: str = "") -> None:
        super().__init__()
        self.mark = IconMark(theme, tone)
        self.text = label(text, role)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.mark)
        row.addWidget(self.text)
        row.addStretch(1)
