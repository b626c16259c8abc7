"""The window is closed while bookings wait: is that meant?"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.domain.status import Group
from gui.desk.this_desk import Desk
from gui.looks.words import counted
from gui.table.booking_model import BookingModel
from gui.window.sync_display import SyncDisplay


class Leaving:
    """Asks where nobody else would register what waits."""

    def __init__(self, window: QWidget, model: BookingModel, desk: Desk, sync: SyncDisplay) -> None:
        self._window, self._model, self._desk, self._sync = window, model, desk, sync
        self._is_meant = False

    def may_close(self) -> bool:
        """Whether the window may close now; where not, staff are asked, and it closes then."""
        waiting = self._not_yet_registered()
        if self._is_meant or not waiting:
            return True
        from gui.dialogs.base import Question

        words = f"{counted(waiting, 'booking')} until the evening will not be registered."
        question = Question(self._window, "Quit?", words, {"quit": "Quit"}, "Stay open")
        question.answered.connect(self._close_for_good)
        question.open()
        return False

    def _not_yet_registered(self) -> int:
        looks_on = self._sync.situation.looks_on is not None
        desk = self._desk
        if desk.practice or looks_on or desk.only_asks or not desk.registers_automatically:
            return 0
        rows = self._model.day_rows()
        return sum(row.group is Group.WAITING and not row.is_over for row in rows)

    def _close_for_good(self) -> None:
        self._is_meant = True
        self._window.close()
