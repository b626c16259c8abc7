"""A text to read, copy, save and print; what it says is personal, so a file is its owner's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.dialogs.base import Dialog
from gui.dialogs.saving import ExportFolder
from gui.files.printing import TEXT_POINTS
from gui.files.private import write_private
from gui.looks.clipboard import copy_for_a_minute

_WIDTH, _HEIGHT = 720, 520


class TextDialog(Dialog):
    """Whoever derives from it fills ``body``."""

    def __init__(
        self, parent: QWidget, title: str, text: str, folder: ExportFolder, file_name: str
    ) -> None:
        super().__init__(parent, title, text)
        self._folder, self._file_name = folder, file_name
        self.body = QPlainTextEdit()
        self.body.setReadOnly(True)
        self.body.setAccessibleName(title)

    def add_body(self) -> None:
        """The text, and below it what can be done with it."""
        self.add_large(self.body, _WIDTH, _HEIGHT)
        self.copy = self.add_button("Copy")
        self.copy.clicked.connect(self._copy)
        self.save = self.add_button("Save…")
        self.save.clicked.connect(self._ask_for_file)
        self.to_paper = self.add_button("Print…")
        self.to_paper.clicked.connect(self._print)
        self.cancel = self.add_cancel("Close")

    def write(self, file: Path) -> None:
        """Write what is shown, and say where it is."""
        text = self.body.toPlainText() + "\n"
        self.say(self._folder.save(file, lambda: write_private(file, text.encode())))

    def _copy(self) -> None:
        copy_for_a_minute(self.body.toPlainText())

    def _ask_for_file(self) -> None:
        file = self._folder.ask_for_file(self, self.windowTitle(), self._file_name, "Text (*.txt)")
        if file is not None:
            self.write(file)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # loaded only when asked for

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.windowTitle())
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            document = QTextDocument()
            font = QFont()
            font.setPointSizeF(TEXT_POINTS + 1)  # a text's lines are longer than a table's
            document.setDefaultFont(font)
            document.setPlainText(f"{self.windowTitle()}\n\n{self.body.toPlainText()}")
            document.print_(printer)
