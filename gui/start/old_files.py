"""After the first good pass: which of the replaced script's files are to be deleted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from core.domain.errors import AppError
from core.domain.models import SyncReport
from core.setup.left_behind import LeftBehind, went_well
from gui.dialogs.base import Notice
from gui.work.background import Background
from gui.work.sync_worker import SyncWorker

_TEXT = (
    "LibCal2PP has taken over: its first whole pass went well. Make sure that the old script no "
    "longer runs, then delete these; they hold secrets and personal data."
)
_ANEW = (
    "Have LibCal's secret, Alma's keys and PassagePoint's password issued anew: they stood in a "
    "plain file."
)


class OldFiles(QObject):
    """Names them once; not while somebody answers something else."""

    def __init__(
        self, window: QWidget, worker: SyncWorker, background: Background, left: LeftBehind
    ) -> None:
        super().__init__(window)
        self._window, self._background, self._left = window, background, left
        self._is_done = False
        worker.pass_ended.connect(self._on_pass_ended)

    def _on_pass_ended(self, report: SyncReport | None) -> None:
        if self._is_done or not went_well(report):
            return
        self._is_done = True
        self._background.run(
            self, lambda _stop: self._left.still_there(), self._tell, self._tell_nothing
        )

    def _tell(self, files: list[Path]) -> None:
        if not files:
            return
        if any(one.isVisible() for one in self._window.findChildren(QDialog)):
            self._is_done = False  # after the next pass
            return
        listed = "\n".join(map(str, files))
        text = f"{_TEXT}\n\n{listed}\n\n{_ANEW}"
        notice = Notice(self._window, "The old files can be deleted now", text)
        notice.finished.connect(lambda _code: self._left.forget())
        notice.open()

    def _tell_nothing(self, _error: AppError) -> None:
        """Another pass, another day."""
