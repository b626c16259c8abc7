"""Export the day as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.dialogs.saving import ExportFolder
from gui.files.csv_export import day_as_csv
from gui.files.private import write_private
from gui.looks.words import Times, counted


class ExportDay(Dialog):
    """University IDs and barcodes leave the program only if that is ticked."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[BookingRow],
        on: date,
        times: Times,
        folder: ExportFolder,
    ) -> None:
        super().__init__(
            parent,
            "Export day as CSV",
            f"{counted(len(rows), 'booking')}, as filtered. The file holds personal data: "
            "delete it when it is no longer needed.",
        )
        self._rows, self._on, self._times, self._folder = rows, on, times, folder
        self.with_ids = QCheckBox("With university IDs and card barcodes")
        self.column.addWidget(self.with_ids)
        self.cancel = self.add_cancel()
        self.save = self.add_button("Save…", "primary")
        self.save.clicked.connect(self._ask_for_file)

    def _ask_for_file(self) -> None:
        name = f"LibCal2PP {self._on.isoformat()}.csv"
        file = self._folder.ask_for_file(self, "Export day as CSV", name, "CSV (*.csv)")
        if file is not None:
            self.write(file)

    def write(self, file: Path) -> None:
        """Write the file; the byte order mark tells spreadsheets that it is UTF-8."""
        text = day_as_csv(self._rows, self._times, with_ids=self.with_ids.isChecked())
        said = self._folder.save(file, lambda: write_private(file, text.encode("utf-8-sig")))
        self.say(said)
        self.save.setVisible(not file.is_file())
        self.cancel.setText("Close")
