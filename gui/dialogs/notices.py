"""Things to read, and the initials."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gui.dialogs.base import Dialog, Notice
from gui.looks.parts import label

_KEYS = {
    "Typing, scanning": "searches; Escape goes back to where it began",
    "Arrows, Enter": "choose a booking and open it; Enter never registers",
    "Space on a button": "presses it, in the table too",
    "Ctrl+Return": "registers the selected bookings now",
    "Ctrl+R, F5": "syncs now",
    "Backspace": "corrects the search",
    "Ctrl+T, Ctrl+D": "what is to do, the whole day",
    "Ctrl+F": "search",
    "Ctrl+N": "goes to now",
    "Ctrl++, Ctrl+-": "larger and smaller text",
    "F8": "hides personal data",
}


def keys(parent: QWidget) -> Notice:
    notice = Notice(parent, "Keys", "")
    grid = QGridLayout()
    notice.column.addLayout(grid)
    grid.setHorizontalSpacing(notice.px(16))
    grid.setColumnStretch(1, 1)
    for line, (key, does) in enumerate(_KEYS.items()):
        grid.addWidget(label(key, "heading"), line, 0)
        grid.addWidget(label(does, wrap=True), line, 1)
    return notice


class Initials(Dialog):
    """Who is at the desk: noted with every decision."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, current: str) -> None:
        super().__init__(parent, "Who is at the desk?", "Noted with what you decide.")
        name = label("Initials", "section")
        self.field = QLineEdit(current)
        self.field.setMaxLength(4)
        self.field.setAccessibleName("Initials")
        self.field.returnPressed.connect(self._choose)
        name.setBuddy(self.field)
        self.column.addWidget(name)
        self.column.addWidget(self.field)
        self.add_cancel()
        self.add_button("Save", "primary").clicked.connect(self._choose)

    def _choose(self) -> None:
        self.chosen.emit(self.field.text().strip().upper())
        self.accept()
