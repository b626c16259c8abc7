"""Things to read, and the initials."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.dialogs.base import Dialog, Notice
from gui.parts import label

_KEYS = (
    "Type anywhere: search. Escape: back.\n"
    "Enter: open the detail. Space on a button of the table: press it.\n"
    "Ctrl+R: register the selected bookings now. F5: sync now.\n"
    "Ctrl+T: to do. Ctrl+D: the whole day. F8: hide personal data."
)
_ABOUT = (
    "LibCal2PP registers today's LibCal space bookings as visits in PassagePoint, by the "
    "barcode that Alma knows.\n\nMIT licence. With PySide6 (LGPL), QtAwesome, requests, "
    "pydantic and others; their licences come with them."
)


def keys(parent: QWidget) -> Notice:
    return Notice(parent, "Keys", _KEYS)


def about(parent: QWidget) -> Notice:
    return Notice(parent, "About LibCal2PP", _ABOUT)


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
        self.add_button("Use these", "primary").clicked.connect(self._choose)

    def _choose(self) -> None:
        self.chosen.emit(self.field.text().strip().upper())
        self.accept()
