"""Why the table shows nothing: chosen here, painted in ``gui.table.empty_message``."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.looks.words import counted
from gui.table.booking_model import BookingModel
from gui.table.empty_message import EmptyMessage, Help
from gui.window.finding import Finder
from gui.window.sync_display import SyncDisplay

_SHORTEST_ID = 6


class WhyEmpty(QObject):
    """Never says that somebody has no booking while a filter hides it."""

    def __init__(
        self, empty: EmptyMessage, model: BookingModel, finder: Finder, sync: SyncDisplay
    ) -> None:
        super().__init__(empty)
        self._empty, self._model, self._finder, self._sync = empty, model, finder, sync
        empty.clear_pressed.connect(finder.show_all)
        empty.found_pressed.connect(finder.show_found)
        sync.changed.connect(self.explain)
        model.rearranged.connect(self.explain)
        self.explain()

    def explain(self) -> None:
        """Say it over the table, or go away."""
        if self._model.rowCount():
            self._empty.hide()
        elif not self._model.is_whole:
            self._explain_day()
        elif self._finder.typed:
            self._explain_search(self._finder.typed)
        elif not self._finder.is_open and self._model.day_rows():
            self._say("No booking fits these filters", "", Help.CLEAR)
        else:
            self._explain_day()

    def _explain_search(self, typed: str) -> None:
        hidden = self._finder.hidden_by_filters()
        if hidden:
            title = f"{counted(hidden, 'booking')} for {typed}, hidden by the filters"
            self._say(title, "", Help.SHOW_FOUND, Help.CLEAR)
        else:
            self._say(f"No booking today for {typed}", self._sync.asked_words(), *_helps_for(typed))

    def _explain_day(self) -> None:
        situation = self._sync.situation
        failed = situation.failure is not None
        if not situation.is_open and not failed:
            self._say("Reading today's bookings…", "")
        elif self._sync.is_syncing:
            self._say("Fetching today's bookings…", "")
        elif failed:
            self._say(
                "No bookings to show", "Nothing is known of today yet. What to do stands above."
            )
        elif self._sync.knows_today:
            self._say("No bookings today", self._sync.asked_words(), Help.SYNC)
        else:
            self._say("Today isn't known yet", self._sync.asked_words(), Help.SYNC)

    def _say(self, title: str, text: str, *helps: Help) -> None:
        self._empty.explain(title, text, helps=frozenset(helps))


def _helps_for(typed: str) -> frozenset[Help]:
    """What helps where nobody was found: what looks like an ID or barcode is offered to Alma."""
    helps = {Help.CLEAR, Help.ELSEWHERE}
    digits = sum(char.isdigit() for char in typed)
    if len(typed) >= _SHORTEST_ID and digits * 2 > len(typed) and " " not in typed:
        helps.add(Help.ALMA)
    return frozenset(helps)
