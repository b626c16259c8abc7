"""The activity log, with a filter and a copy button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from core.domain.models import HistoryEntry
from core.domain.text import fold
from gui.dialogs.base import Dialog
from gui.looks.parts import label
from gui.looks.words import Times
from gui.work.sync_worker import SyncWorker

_MOST = 2000


class ActivityDialog(Dialog):
    """Who did what and when, newest first."""

    def __init__(self, parent: QWidget, worker: SyncWorker, times: Times) -> None:
        super().__init__(parent, "Activity log")
        self._times = times
        self._lines: list[str] = []
        self.filter = QLineEdit()
        self.filter.setAccessibleName("Show only lines with")
        self.filter.textChanged.connect(self._show_lines)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName("Activity log")
        name = label("Show only lines with", "section")
        name.setBuddy(self.filter)
        self.column.addWidget(name)
        self.column.addWidget(self.filter)
        self.add_large(self.log, 680, 480)
        copy = self.add_button("Copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.log.toPlainText()))
        self.add_cancel("Close")
        worker.ask(self, lambda engine: engine.activity(_MOST), self._take, self.show_error)

    def _take(self, entries: Sequence[HistoryEntry]) -> None:
        self._lines = [self._line(entry) for entry in entries]
        self._show_lines()

    def _line(self, entry: HistoryEntry) -> str:
        local = self._times.local(entry.at)
        when = f"{self._times.short_day(local.date())} {self._times.clock(entry.at)}"
        by = " · ".join(part for part in (entry.who, entry.computer) if part)
        return f"{when}  {self._times.written(entry.text)}" + (f"  ({by})" if by else "")

    def _show_lines(self) -> None:
        words = fold(self.filter.text()).split()
        fitting = [line for line in self._lines if all(word in fold(line) for word in words)]
        self.log.setPlainText("\n".join(fitting))
