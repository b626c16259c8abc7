"""The table goes with the day: afresh each morning, and along with "now" while nobody is here."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.table.booking_table import BookingTable
from gui.window.finding import Finder
from gui.window.privacy_switch import PrivacySwitch
from gui.work.minutes import MinuteClock

_FOLLOWS_AFTER_SECONDS = 600


class Following(QObject):
    """Whoever comes back after a while wants to see who comes next, not who came then."""

    def __init__(
        self, table: BookingTable, finder: Finder, privacy: PrivacySwitch, minute_clock: MinuteClock
    ) -> None:
        super().__init__(table)
        self._table, self._finder, self._privacy = table, finder, privacy
        minute_clock.minute.connect(self._follow)
        minute_clock.day_changed.connect(self._begin_day)

    def _follow(self) -> None:
        """Once nobody has touched anything for so long, nobody is disturbed by it."""
        is_left_alone = self._privacy.idle_seconds() >= _FOLLOWS_AFTER_SECONDS
        if is_left_alone and not self._finder.typed:
            self._table.show_now()

    def _begin_day(self) -> None:
        """Nothing that was chosen yesterday hides anything of today."""
        self._table.clearSelection()
        self._finder.begin_day()
        self._table.show_now()
