"""What the pages of the settings have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QVBoxLayout, QWidget

from gui.parts import label
from gui.settings.state import SettingsState
from gui.theme import Theme


class Page(QWidget):
    """One page: a title, a sentence, then its fields from top to bottom."""

    name = ""
    """As gaps call it, such as ``LibCal``."""
    title = ""
    intro = ""

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__()
        self.state, self.theme = state, theme
        self.setObjectName("settingsPage")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(24))
        self.column.setSpacing(theme.px(14))
        self.column.addWidget(label(self.title, "name"))
        if self.intro:
            self.column.addWidget(label(self.intro, "muted", wrap=True))

    def add(self, *widgets: QWidget) -> None:
        """Put these below what is there."""
        for widget in widgets:
            if isinstance(widget, QPushButton):
                self.column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self.column.addWidget(widget)

    def add_heading(self, text: str, note: str = "") -> None:
        """Begin another part of the page."""
        self.column.addSpacing(self.theme.px(6))
        self.column.addWidget(label(text, "title"))
        if note:
            self.column.addWidget(label(note, "small", wrap=True))

    def add_box(self, tone: str) -> QVBoxLayout:
        """A box in the colour of a tone, and the column inside."""
        box = QFrame()
        box.setProperty("box", tone)
        inside = QVBoxLayout(box)
        px = self.theme.px
        inside.setContentsMargins(px(14), px(12), px(14), px(12))
        self.column.addWidget(box)
        return inside

    def finish(self) -> None:
        """Keep everything at the top."""
        self.column.addStretch(1)

    def focus_first(self) -> None:
        """Let the keyboard begin at the top of the page."""
        for control in _controls_in(self.layout()):
            if control.isVisibleTo(self) and control.isEnabled():
                control.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def event(self, event: QEvent) -> bool:
        """Let Tab go from top to bottom: Qt puts what is made later, such as offers, last."""
        if event.type() == QEvent.Type.LayoutRequest:
            for before, after in pairwise(_controls_in(self.layout())):
                QWidget.setTabOrder(before, after)
        return super().event(event)

    def on_shown(self) -> None:
        """The page comes into view: ask for what it offers."""


def _controls_in(layout: QLayout | None) -> Iterator[QWidget]:
    """What Tab stops at, in the order in which it stands in the layout."""
    for at in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(at) if layout is not None else None
        widget = item.widget() if item is not None else None
        if widget is None:
            yield from _controls_in(item.layout() if item is not None else None)
        elif widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget
        else:
            yield from _controls_in(widget.layout())
