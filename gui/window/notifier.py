"""Tells what newly needs a person: once a pass, all of it together, and in numbers only."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.models import ActionDone
from core.domain.status import Group
from gui.looks.tray import Tray
from gui.preferences.file import PreferencesFile
from gui.table.booking_model import BookingModel
from gui.top.strip_rules import words_for
from gui.work.sync_worker import SyncWorker


class Notifier(QObject):
    """What a day begins with is no news, nor is what the desk itself just did."""

    news_changed = Signal(int)
    """How many bookings are told of and not looked at; 0: none any more."""

    def __init__(
        self,
        window: QWidget,
        model: BookingModel,
        worker: SyncWorker,
        preferences: PreferencesFile,
        tray: Tray,
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._tray = window, model, tray
        self._preferences = preferences
        self._known: set[str] | None = None
        self._own: set[str] = set()
        """What the desk did something with since the last pass ended. The next one may end before
        the row says what came of it, so it is no news at the end of the one after that either."""
        self._news: set[str] = set()
        worker.opened.connect(self.begin_anew)
        worker.pass_ended.connect(self._look)
        model.counted.connect(self._drop_what_is_done)

    def begin_anew(self) -> None:
        """Another day, or another session's cache: its first pass tells no news."""
        self._known = None

    def expect(self, done: ActionDone) -> None:
        """The desk did something with this row, and was told what came of it."""
        self._own.add(done.row_id)

    def note_seen(self, row_ids: Iterable[str]) -> None:
        """These are being looked at."""
        self._keep(self._news - set(row_ids))

    def note_all_seen(self) -> None:
        """Staff look at all that is to do."""
        self._keep(set())

    def _look(self) -> None:
        todo, known, own = self._todo(), self._known, self._own
        self._known, self._own = todo | own, set()
        fresh = todo - known - own if known is not None else set()
        if fresh and self._preferences.current.notifies:
            self._keep(self._news | fresh)
            QApplication.alert(self._window)  # the task bar, unless this is the active window
            if not self._window.isActiveWindow():
                self._tray.tell(words_for(len(fresh)))

    def _drop_what_is_done(self) -> None:
        if self._news:
            self._keep(self._news & self._todo())

    def _todo(self) -> set[str]:
        return {row.row_id for row in self._model.day_rows() if row.group is Group.NEEDS_PERSON}

    def _keep(self, news: set[str]) -> None:
        if news != self._news:
            self._news = news
            self.news_changed.emit(len(news))
