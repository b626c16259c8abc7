"""Nobody found in today's list: LibCal's other places and days, and whose ID Alma says it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.models import Booking, Patron
from core.domain.old_card import old_card
from core.domain.status import PatronState
from core.domain.text import initials, last_four
from gui.dialogs.base import Dialog
from gui.looks.item_list import ItemList
from gui.looks.words import Times, name_or_none
from gui.work.sync_worker import SyncWorker


class LookElsewhere(Dialog):
    """Every place that LibCal has, today and the next seven days."""

    shows_person = True

    def __init__(
        self,
        parent: QWidget,
        worker: SyncWorker,
        typed: str,
        times: Times,
        *,
        hides: bool = False,
    ) -> None:
        super().__init__(parent, f"Bookings of {typed}", "LibCal is being asked…")
        self._times, self._hides = times, hides
        self._typed = typed
        self.list = ItemList()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(f"Bookings of {typed}")
        self.list.hide()
        self.column.addWidget(self.list)
        self.add_cancel("Close")
        worker.ask(
            self,
            lambda engine: engine.look_everywhere(typed, worker.is_stopping),
            self._show,
            self.show_error,
        )

    def _show(self, found: list[Booking]) -> None:
        if not found:
            self.say(
                f"LibCal has no booking for {self._typed}, at any place, today or in the next "
                "seven days."
            )
            return
        self.list.addItems([self._line(booking) for booking in found])
        self.list.show()
        self.say("Found in LibCal, at every place, today and in the next seven days:")

    def _line(self, booking: Booking) -> str:
        day = self._times.day(self._times.local(booking.starts_at).date())
        span = self._times.span(booking.starts_at, booking.ends_at)
        place = " · ".join([booking.location_name, *booking.seats])
        name = name_or_none(initials(booking.name) if self._hides else booking.name)
        return f"{name}, {day}, {span}\n{place} · {booking.status}"


class WhoIsThis(Dialog):
    """Whose university ID or card barcode was typed or scanned."""

    shows_person = True
    visit_wanted = Signal(str)
    """What was typed: this person is here without a booking."""

    def __init__(
        self, parent: QWidget, worker: SyncWorker, typed: str, *, hides: bool = False
    ) -> None:
        self._typed = last_four(typed) if hides else typed
        super().__init__(parent, f"Who is {self._typed}?", "Alma is being asked…")
        self._hides, self._asked = hides, typed
        self.add_cancel("Close")
        self.register = self.add_button("Register a visit…", "primary")
        self.register.hide()
        self.register.clicked.connect(self._want_visit)
        worker.ask(
            self,
            lambda engine: (
                engine.ask_alma(typed, worker.is_stopping),
                engine.config.passagepoint.walk_in_hours is not None,
            ),
            self._show,
            self.show_error,
        )

    def _want_visit(self) -> None:
        self.accept()
        self.visit_wanted.emit(self._asked)

    def _show(self, answer: tuple[Patron, bool]) -> None:
        patron, allows_visits = answer
        if patron.state is PatronState.NOT_IN_ALMA:
            self.say(f"Alma knows nobody with {self._typed}.")
            return
        if patron.primary_id is None:
            self.say(patron.reason)
            return
        name, number = f"{patron.first_name} {patron.last_name}".strip(), patron.primary_id
        if self._hides:
            name, number = initials(name), last_four(number)
        said = [patron.reason, old_card(patron)]
        if patron.is_old:
            said.append("Alma can't be asked now; this is what it last said.")
        state = "".join(f" {one}" for one in said if one)
        self.say(f"{name_or_none(name)}, {number}.{state} There is no booking for this ID today.")
        self.register.setVisible(allows_visits and patron.state is PatronState.FOUND)
