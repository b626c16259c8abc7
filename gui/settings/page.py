"""What the pages of the settings have in common."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QVBoxLayout, QWidget

from gui.looks.parts import label
from gui.looks.theme import Theme
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel


class SettingsPage(QWidget):
    """One page: a title, a sentence, then its fields from top to bottom."""

    name = ""
    """As gaps call it, such as ``LibCal``."""
    title = ""
    intro = ""
    is_extra = False
    """The assistant's Next passes it by: a library can begin without it."""

    rearranged = Signal()
    """Something came or went: what Tab goes to is another."""

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__()
        self.connection: TrialPanel | None = None
        """The trial of the service that the page is about; the assistant's Next runs it."""
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

    @property
    def unanswered(self) -> str:
        """What the assistant still has to be told here; "" where nothing is."""
        return ""

    def focus_first(self) -> None:
        """Let the keyboard begin at the top of the page."""
        for control in self.controls():
            if control.isVisibleTo(self) and control.isEnabled():
                control.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def event(self, event: QEvent) -> bool:
        """Let Tab go from top to bottom: Qt puts what is made later, such as offers, last."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.rearranged.emit()
        return super().event(event)

    def controls(self) -> list[QWidget]:
        """What Tab stops at, from top to bottom."""
        return list(_controls_in(self.layout()))

    @property
    def is_filled_in(self) -> bool:
        """Whether the page has nothing left that only a person can choose."""
        return True

    def on_shown(self) -> None:
        """The page comes into view: ask for what it offers."""


def _controls_in(layout: QLayout | None) -> Iterator[QWidget]:
    """What Tab stops at, in the order in which it stands in the layout.

    Not by ``itemAt``: PySide keeps what that returns for ever, and once Qt has deleted the item
    takes whatever comes to lie at its address for one.
    """
    for member in _members_of(layout) if layout is not None else ():
        if isinstance(member, QLayout):
            yield from _controls_in(member)
        elif member.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield member
        else:
            yield from _controls_in(member.layout())


def _members_of(layout: QLayout) -> list[QWidget | QLayout]:
    places: dict[int, QWidget | QLayout] = {}
    parent = layout.parentWidget()
    for one in parent.children() if parent is not None else ():
        if isinstance(one, QWidget):
            places[layout.indexOf(one)] = one
    for inner in layout.children():
        if isinstance(inner, QLayout):
            places[layout.indexOf(inner)] = inner
    places.pop(-1, None)  # it stands in another layout of the same widget
    return [places[at] for at in sorted(places)]
