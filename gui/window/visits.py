"""The ways to a visit without a booking: the menu, and from somebody whom Alma knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gui.desk.register_visit import Begun, RegisterVisit
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

    def begin(self, typed: str = "") -> None:
        """``typed``: an ID or barcode that was scanned or typed before."""
        window = self._window
        begun = Begun(typed, window.finder.place, window.model.hides, self._keep_initials)
        RegisterVisit(window, self._worker, window.acts, self._times, begun).open()

    def ask_alma(self) -> None:
        """Whose ID or barcode is typed; who has no booking today may be let in without one."""
        typed, hides = self._window.finder.typed, self._window.model.hides
        who = WhoIsThis(self._window, self._worker, typed, hides=hides)
        who.visit_wanted.connect(self.begin)
        who.open()
