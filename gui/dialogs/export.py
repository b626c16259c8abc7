"""Export the day as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.files.csv_export import day_as_csv
from gui.looks.words import Times, counted


class ExportDay(Dialog):
    """University IDs and barcodes leave the program only if that is ticked."""

    def __init__(
        self, parent: QWidget, rows: Sequence[BookingRow], times: Times, folder: Path
    ) -> None:
        super().__init__(
            parent,
            "Export day as CSV",
            f"{counted(len(rows), 'booking')}, as filtered. The file holds personal data: "
            "delete it when it is no longer needed.",
        )
        self._rows, self._times, self._folder = rows, times, folder
        self.with_ids = QCheckBox("With university IDs and card barcodes")
        self.column.addWidget(self.with_ids)
        self.cancel = self.add_cancel()
        self.save = self.add_button("Save…", "primary")
        self.save.clicked.connect(self._ask_for_file)

    def _ask_for_file(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, "Export day as CSV", str(self._folder / "bookings.csv"), "CSV (*.csv)"
        )
        if name:
            self.write(Path(name))

    def write(self, file: Path) -> None:
        """Write the file; the byte order mark tells spreadsheets that it is UTF-8."""
        text = day_as_csv(self._rows, self._times, with_ids=self.with_ids.isChecked())
        try:
            file.write_text(text, encoding="utf-8-sig", newline="")
        except OSError as error:
            self.say(f"The file can't be written: {error.strerror}.")
            return
        self.say(f"Saved: {file.name}")
        self.save.hide()
        self.cancel.setText("Close")
