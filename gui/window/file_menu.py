"""The File menu: what leaves the window, as a file or on paper.

The dialogs are imported when they are opened: no first paint waits for printing and PDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from core.domain.status import Action
from gui.desk.in_hand import hold_files
from gui.desk.wanted import Wanted
from gui.dialogs.saving import ExportFolder
from gui.looks.words import Times
from gui.window.menus import add_action

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow


class FileMenu(QObject):
    """Made once with the window."""

    def __init__(self, window: MainWindow, times: Times, folder: ExportFolder) -> None:
        super().__init__(window)
        self._window, self._times, self._folder = window, times, folder
        menu = window.titles["File"]
        add_action(window, menu, "&Export day as CSV…", self.export, "Ctrl+E")
        add_action(window, menu, "Export for PassagePoint &import…", self.export_for_import)
        add_action(window, menu, "&Print or save as PDF…", self.print, "Ctrl+P")
        menu.addSeparator()
        add_action(window, menu, "&Quit", window.close, "Ctrl+Q", role=QAction.MenuRole.QuitRole)

    def export(self) -> None:
        """The rows as they are filtered and hidden."""
        from gui.dialogs.export import ExportDay

        window = self._window
        rows, today = window.model.shown_rows(), window.minute_clock.today()
        ExportDay(window, rows, today, self._times, self._folder).open()

    def export_for_import(self) -> None:
        """What waits although it is known, for when PassagePoint can't be reached from here."""
        from gui.dialogs.import_files import ExportForImport
        from gui.files.import_files import import_files

        window = self._window
        files = import_files(window.model.day_rows())
        dialog = ExportForImport(window, files, self._times, self._folder)
        for said, action in (
            (dialog.uploaded, Action.BY_FILE),
            (dialog.not_uploaded, Action.NOT_UPLOADED),
        ):
            said.connect(lambda row_ids, action=action: window.acts.start(Wanted(action, row_ids)))
        dialog.open()
        hold_files(dialog, window.acts.submit)

    def print(self) -> None:
        """The rows as they are filtered and hidden, on paper or into a PDF."""
        from gui.dialogs.printing import PrintDay
        from gui.files.printing import PrintedDay

        window, today = self._window, self._window.minute_clock.today()
        about = f"{window.sync.asked_words().rstrip('.')} · {window.finder.words()}"
        day = PrintedDay(self._times.day_and_year(today), about, window.model.shown_rows())
        PrintDay(window, day, today, self._times, self._folder).open()
