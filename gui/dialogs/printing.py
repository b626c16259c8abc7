"""Print the day, or save it as PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QWidget

from gui.dialogs.base import Dialog
from gui.dialogs.saving import ExportFolder
from gui.files.pdf import page_layout, save_pdf
from gui.files.printing import PrintedDay, print_day
from gui.looks.words import Times


class PrintDay(Dialog):
    """The rows as they are filtered and hidden; what is saved is for its owner only."""

    def __init__(
        self, parent: QWidget, day: PrintedDay, on: date, times: Times, folder: ExportFolder
    ) -> None:
        super().__init__(parent, "Print or save as PDF", f"{day.title}\n{day.about}")
        self._day, self._on, self._times, self._folder = day, on, times, folder
        self.cancel = self.add_cancel()
        self.to_paper = self.add_button("Print…")
        self.to_paper.clicked.connect(self._print)
        self.save = self.add_button("Save as PDF…", "primary")
        self.save.clicked.connect(self._ask_for_file)

    def _ask_for_file(self) -> None:
        name = f"LibCal2PP {self._on.isoformat()}.pdf"
        file = self._folder.ask_for_file(self, "Save as PDF", name, "PDF (*.pdf)")
        if file is not None:
            self.write(file)

    def write(self, file: Path) -> None:
        """Write the PDF, and say where it is."""
        said = self._folder.save(
            file, lambda: save_pdf(file, self._day, self._times, QPageSize(_paper()))
        )
        self.say(said)
        self.cancel.setText("Close")

    def _print(self) -> None:
        # The printing module is loaded only when it is asked for.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(f"LibCal2PP {self._on.isoformat()}")
        printer.setPageLayout(page_layout(printer.pageLayout().pageSize()))
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            print_day(printer, self._day, self._times)
            self.accept()


def _paper() -> QPageSize.PageSizeId:
    """What lies in the printers around here."""
    imperial = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return QPageSize.PageSizeId.Letter if imperial else QPageSize.PageSizeId.A4
