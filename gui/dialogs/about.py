"""About: which version it is, and the licences of all that it brings along."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from core import VERSION
from core.setup.licences import licences
from gui.dialogs.base import Dialog
from gui.looks.parts import named

_ABOUT = (
    f"LibCal2PP {VERSION} registers today's LibCal space bookings as visits in PassagePoint, by "
    "the barcode that Alma knows.\n\nMIT licence. It brings along Python, Qt and PySide6 (LGPL), "
    "QtAwesome and others, each under its own licence:"
)


class About(Dialog):
    """The version, and one licence text at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "About LibCal2PP", _ABOUT)
        self._licences = licences()
        self.choice = QComboBox()
        self.choice.addItems([one.name for one in self._licences])
        self.text_shown = QPlainTextEdit()
        self.text_shown.setReadOnly(True)
        self.text_shown.setAccessibleName("Licence")
        self.column.addWidget(named("Licence of", self.choice))
        self.column.addWidget(self.choice)
        self.add_large(self.text_shown, 620, 320)
        self.choice.currentIndexChanged.connect(self._show)
        self._show(0)
        self.add_cancel("Close")

    def _show(self, index: int) -> None:
        self.text_shown.setPlainText(self._licences[index].text)
