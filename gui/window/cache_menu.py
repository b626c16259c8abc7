"""The Cache menu: cleaning up, what is held about a person, forgetting one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from gui.desk.this_desk import Desk
from gui.dialogs.base import Notice
from gui.dialogs.cache import CleanUp, ForgetPerson, HeldAbout
from gui.dialogs.ended import EndedUnregistered
from gui.dialogs.saving import ExportFolder
from gui.looks.words import Times
from gui.table.hidden_rows import hidden
from gui.window.menus import add_action
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.day.ended import EndedUnseen
    from gui.window.main_window import MainWindow

_HIDDEN = "Personal data is hidden: show it first, with F8."


class CacheMenu(QObject):
    """Made once with the window."""

    def __init__(
        self,
        window: MainWindow,
        worker: SyncWorker,
        desk: Desk,
        times: Times,
        folder: ExportFolder,
    ) -> None:
        super().__init__(window)
        self._window, self._worker, self._desk, self._times = window, worker, desk, times
        self._folder = folder
        menu = window.titles["Cache"]
        add_action(window, menu, "&Clean up past bookings…", self.clean_up)
        add_action(window, menu, "&Ended without registration…", self.look_at_ended)
        add_action(window, menu, "What is &held about this person…", self.held_about)
        add_action(window, menu, "&Forget this person…", self.forget)
        if desk.data_folder is not None:
            menu.addSeparator()
            add_action(window, menu, "&Open data folder", self._open_data_folder)

    def clean_up(self) -> None:
        CleanUp(self._window, self._worker, self._times).open()

    def look_at_ended(self) -> None:
        """What ended on earlier days, until somebody says that they have seen it."""
        self._worker.ask(self, lambda engine: engine.ended_unseen(), self._show_ended)

    def _show_ended(self, ended: EndedUnseen) -> None:
        rows = ended.rows
        shown = [hidden(row) for row in rows] if self._window.model.hides else rows
        dialog = EndedUnregistered(self._window, shown, ended.days, self._times)
        dialog.seen.connect(self._mark_seen)
        dialog.open()

    def _mark_seen(self, row_ids: tuple[str, ...], days: tuple[date, ...]) -> None:
        self._worker.ask(
            self,
            lambda engine: engine.mark_seen(row_ids, days),
            lambda _done: self._window.sync.count_ended(),
        )

    def held_about(self) -> None:
        """About the selected reader, or whose ID is typed."""
        if self._window.model.hides:
            Notice(self._window, "What is held about this person", _HIDDEN).open()
        else:
            times, folder, typed = self._times, self._folder, self._selected_id()
            HeldAbout(self._window, self._worker, times, folder, typed).open()

    def forget(self) -> None:
        """The selected reader, or whose ID is typed."""
        hides = self._window.model.hides
        ForgetPerson(self._window, self._worker, self._selected_id(), hides=hides).open()

    def _selected_id(self) -> str:
        selected = self._window.table.selected_ids()
        row = self._window.model.row(selected[0]) if len(selected) == 1 else None
        return (row.primary_id or "") if row is not None else ""

    def _open_data_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.data_folder)))
