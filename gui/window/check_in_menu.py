"""Check in, for the selected bookings: its line in the menu, and Ctrl+I."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from core.domain.check_in_state import CheckInState
from core.domain.models import BookingRow
from core.domain.status import Action
from gui.desk.this_desk import Desk
from gui.desk.wanted import Wanted
from gui.looks.words import name_or_none
from gui.window.menus import add_action

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow

_NOBODY = "Choose a booking first: Check in is about whoever is selected."
_NOBODY_OF_THEM = "Nobody can be checked in for what is selected."


def add_check_in(window: MainWindow, menu: QMenu, desk: Desk) -> None:
    """Only where the settings allow it; what still waits is counted in any case."""

    def count() -> None:
        waits = [row.check_in is CheckInState.WAITS for row in window.model.day_rows()]
        window.sync.show_untold(sum(waits))

    window.model.counted.connect(count)
    if not desk.checks_in:
        return
    action = add_action(window, menu, "Check &in selected…", lambda: _begin(window), "Ctrl+I")
    action.setAutoRepeat(False)


def _begin(window: MainWindow) -> None:
    """Some readers of cards send Ctrl+I for the Tab that ends a number: that asks for nothing."""
    if window.scans.took_tab():
        return
    selected = window.table.selected_ids()
    rows = [row for row in map(window.model.shown_row, selected) if row is not None]
    offering = tuple(row.row_id for row in rows if _can_be_checked_in(row))
    if offering:
        window.view.wanted.emit(Wanted(Action.CHECK_IN, offering))
    else:
        window.view.toast.say(_why_not(rows))


def _can_be_checked_in(row: BookingRow) -> bool:
    return Action.CHECK_IN in (row.action, *row.offers)


def _why_not(rows: list[BookingRow]) -> str:
    if not rows:
        return _NOBODY
    if len(rows) == 1:
        who = name_or_none(rows[0].name, "This reader")
        return f"{who} can't be checked in: {rows[0].libcal_label}."
    return _NOBODY_OF_THEM
