"""Export for PassagePoint's import: save the files, upload them, say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QListWidget, QWidget

from gui.dialogs.base import Dialog
from gui.files.import_files import ImportFile
from gui.looks.parts import hide_unless
from gui.looks.words import Times, counted


class ExportForImport(Dialog):
    """Nothing counts as registered before staff say that they uploaded it."""

    uploaded = Signal(tuple)
    """The row ids of what was uploaded."""

    def __init__(
        self, parent: QWidget, files: Sequence[ImportFile], times: Times, folder: Path
    ) -> None:
        if files:
            text = (
                "One file for each place and start. Upload each in PassagePoint and enter the "
                "visit's place and time there. The files hold personal data: delete them after."
            )
        else:
            text = "Nobody waits whose card is known: there is nothing to export."
        super().__init__(parent, "Export for PassagePoint import", text)
        self._files, self._times, self._folder = files, times, folder
        self.list = QListWidget()
        self.list.setAccessibleName("Files")
        self.list.addItems([self._line(one) for one in files])
        hide_unless(files, self.list)
        self.column.addWidget(self.list)
        self.cancel = self.add_cancel("Cancel" if files else "Close")
        self.confirm = self.add_button("I uploaded them")
        self.confirm.setEnabled(False)
        self.confirm.setVisible(bool(files))
        self.confirm.clicked.connect(self._confirm)
        self.save = self.add_button("Save files…", "primary")
        self.save.setVisible(bool(files))
        self.save.clicked.connect(self._ask_for_folder)

    def _line(self, one: ImportFile) -> str:
        people = counted(len(one.rows), "booking")
        return f"{self._times.clock(one.starts_at)}  {one.destination}: {people}"

    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Save files", str(self._folder))
        if name:
            self.write(Path(name))

    def write(self, folder: Path) -> None:
        """Write every file; PassagePoint takes UTF-8."""
        try:
            for one in self._files:
                file = folder / one.name(self._times)
                file.write_text(one.text(), encoding="utf-8", newline="")
        except OSError as error:
            self.say(f"The files can't be written: {error.strerror}.")
            return
        self.say(
            f"Saved: {counted(len(self._files), 'file')}. Upload them in PassagePoint, then press "
            "“I uploaded them”: the bookings count as registered by file."
        )
        self.save.hide()
        self.confirm.setEnabled(True)
        self.confirm.setFocus()

    def _confirm(self) -> None:
        self.uploaded.emit(tuple(row_id for one in self._files for row_id in one.row_ids))
        self.accept()
