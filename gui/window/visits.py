"""The ways to a visit without a booking: the menu, from somebody whom Alma knows, and from the
booking that somebody comes with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.domain.models import BookingRow
from core.domain.status import Action
from gui.desk.register_visit import Begun, RegisterVisit
from gui.desk.wanted import Wanted
from gui.dialogs.elsewhere import WhoIsThis
from gui.looks.words import Times
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow


class Visits:
    """Opens the dialog with what the window knows already."""

    def __init__(
        self,
        window: MainWindow,
        worker: SyncWorker,
        times: Times,
        keep_initials: Callable[[str], None],
    ) -> None:
        self._window, self._worker, self._times = window, worker, times
        self._keep_initials = keep_initials
        window.acts.asks[Action.ADD_COMPANION] = self._add_companion

    def begin(self, typed: str = "") -> None:
        """``typed``: an ID or barcode that was scanned or typed before."""
        window = self._window
        begun = Begun(
            typed, window.finder.place, window.model.hides, keep_initials=self._keep_initials
        )
        RegisterVisit(window, self._worker, window.acts, self._times, begun).open()

    def _add_companion(self, _wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        """Somebody comes with this booking."""
        window = self._window
        shown = window.model.shown_row(rows[0].row_id) or rows[0]
        begun = Begun("", "", window.model.hides, shown, self._keep_initials)
        RegisterVisit(window, self._worker, window.acts, self._times, begun).open()

    def ask_alma(self) -> None:
        """Whose ID or barcode is typed; who has no booking today may be let in without one."""
        typed, hides = self._window.finder.typed, self._window.model.hides
        who = WhoIsThis(self._window, self._worker, typed, hides=hides)
        who.visit_wanted.connect(self.begin)
        who.open()
