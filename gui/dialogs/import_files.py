"""Export for PassagePoint's import: save the files, upload them, say so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from gui.dialogs.base import Dialog
from gui.dialogs.saving import ExportFolder
from gui.files.import_files import ImportFile
from gui.files.private import write_private
from gui.looks.parts import hide_unless
from gui.looks.words import Times, counted

_NOT_HELD = (
    "One moment: it isn't sure yet that nothing of this is sent by itself. If this stays, the "
    "database can't be reached; look in PassagePoint before you enter anybody there."
)


class ExportForImport(Dialog):
    """Nothing counts as registered before staff say that they uploaded it."""

    uploaded = Signal(tuple)
    """The row ids of what was uploaded."""
    not_uploaded = Signal(tuple)
    """The row ids of what wasn't."""

    def __init__(
        self, parent: QWidget, files: Sequence[ImportFile], times: Times, folder: ExportFolder
    ) -> None:
        if files:
            text = (
                "One file for each place and start. Upload each in PassagePoint and enter the "
                "visit's place and time there. The files hold personal data: delete them after."
            )
        else:
            text = "Nobody waits whose card is known: there is nothing to export."
        super().__init__(parent, "Export for PassagePoint import", text)
        self._files, self._times, self._folder = list(files), times, folder
        self.is_saved = False
        self.list = QListWidget()
        self.list.setAccessibleName("Files")
        self.list.addItems([self._line(one) for one in files])
        hide_unless(files, self.list)
        self.column.addWidget(self.list)
        self.cancel = self.add_cancel("Cancel" if files else "Close")
        self.deny = self.add_button("I didn't")
        self.deny.setVisible(False)
        self.deny.clicked.connect(self._deny)
        self.confirm = self.add_button("I uploaded them")
        self.confirm.setEnabled(False)
        self.confirm.setVisible(bool(files))
        self.confirm.clicked.connect(self._confirm)
        self.save = self.add_button("Save files…", "primary")
        self.save.setVisible(bool(files))
        self.save.clicked.connect(self._ask_for_folder)

    def wait(self) -> None:
        """What is listed isn't held yet: it might go out while it is uploaded."""
        self._text = self.text.text()
        self.save.setEnabled(False)
        self.say(_NOT_HELD)

    def offer(self, without: Collection[str]) -> None:
        """All of it is held, but for the rows that were sent meanwhile."""
        kept = (one.without(without) for one in self._files)
        self._files = [one for one in kept if one.rows]
        self.list.clear()
        self.list.addItems([self._line(one) for one in self._files])
        self.save.setEnabled(bool(self._files))
        number = counted(len(without), "booking")
        left = f"{number} that went out meanwhile: in no file." if without else ""
        self.say(f"{self._text} {left}".strip())
        self.save.setFocus()

    def _line(self, one: ImportFile) -> str:
        people = counted(len(one.rows), "booking")
        return f"{self._times.clock(one.starts_at)}  {one.destination}: {people}"

    def _ask_for_folder(self) -> None:
        chosen = self._folder.ask_for_folder(self, "Save files")
        if chosen is not None:
            self.write(chosen)

    def write(self, folder: Path) -> None:
        """Write every file; PassagePoint takes UTF-8."""
        files = {folder / one.name(self._times): one.text() for one in self._files}

        def write() -> None:
            for file, text in files.items():
                write_private(file, text.encode())

        said = self._folder.save(next(iter(files)), write)
        if not all(file.is_file() for file in files):
            self.say(said)
            return
        self.is_saved = True
        self.say(
            f"Saved: {counted(len(files), 'file')} in {folder}. Upload them in PassagePoint, then "
            "press “I uploaded them”: the bookings count as registered by file. Until then, or "
            "until you press “I didn't”, nothing of them is sent by itself."
        )
        self.save.hide()
        self.cancel.setText("Later")
        self.deny.setVisible(True)
        self.confirm.setEnabled(True)
        self.cancel.setFocus()  # an Enter in haste uploads nothing

    @property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(row_id for one in self._files for row_id in one.row_ids)

    def _confirm(self) -> None:
        self.uploaded.emit(self.row_ids)
        self.accept()

    def _deny(self) -> None:
        self.not_uploaded.emit(self.row_ids)
        self.accept()
