"""What changes on the screen by itself, said to those who don't see it change."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.domain.models import ActionDone, Counts
from core.domain.status import Group
from gui.looks.announcing import announce
from gui.looks.words import counted
from gui.table.booking_model import BookingModel
from gui.table.empty_message import EmptyMessage
from gui.top.header import Header
from gui.top.strips import Strips
from gui.window.finding import Finder

_PAUSE_MS = 700
"""After the last key: nobody wants to hear a number for each letter."""
_MORE_MS = 2000
"""After the last row that came to need a person: a pass finds them one by one."""


class Spoken(QObject):
    """New strips, how many bookings a search or filter leaves, and more to do than before.

    What an action did is said by the toast, what a dialog says by the dialog: a row with which the
    desk did something and that is to do again makes no more than before.
    """

    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        model: BookingModel,
        empty: EmptyMessage,
        header: Header,
        finder: Finder,
        strips: Strips,
    ) -> None:
        super().__init__(window)
        self._model, self._empty, self._header = model, empty, header
        self._told_todo: int | None = None
        self._now_todo = 0
        self._own: set[str] = set()
        """What the desk did something with just now."""
        self._is_asked = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._say_found)
        self._more = QTimer(self, singleShot=True, interval=_MORE_MS)
        self._more.timeout.connect(self._say_more)
        self.said.connect(lambda words: announce(window, words))
        strips.appeared.connect(self.said)
        finder.counted.connect(self._on_counted)
        header.sync_pressed.connect(self._expect_answer)
        finder.filtered.connect(self._wait)

    def expect(self, done: ActionDone) -> None:
        """The desk did something with this row, and was told what came of it."""
        self._own.add(done.row_id)

    def _expect_answer(self) -> None:
        self._is_asked = True

    def say_synced(self) -> None:
        """A pass ended: how fresh all is now is said to who asked for it, and to nobody else."""
        if not self._more.isActive():
            self._own.clear()
        if self._is_asked:
            self._is_asked = False
            self.said.emit(self._header.services.words())

    def _wait(self) -> None:
        self._pause.start()

    def _say_found(self) -> None:
        number = self._model.rowCount()
        if number:
            self.said.emit(counted(number, "booking"))
        else:
            self.said.emit(f"{self._empty.title.text()}. {self._empty.text.text()}".strip())

    def _on_counted(self, counts: Counts) -> None:
        self._now_todo = counts.needs_person
        if self._told_todo is None or self._now_todo <= self._told_todo:
            self._told_todo = self._now_todo
        else:
            self._more.start()

    def _say_more(self) -> None:
        rows = [row for row in map(self._model.row, self._own) if row is not None]
        own = sum(row.group is Group.NEEDS_PERSON for row in rows)
        more = self._now_todo - (self._told_todo or 0)
        self._told_todo = self._now_todo
        self._own.clear()
        if more > own:
            self.said.emit(self._header.pinned.text())
