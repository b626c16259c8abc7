"""Who stands at the desk without a booking of their own: who it is, where, until when, and one
button. A companion's place and end are those of the booking that they come with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from core.domain.models import ActionDone, BookingRow, Patron
from core.domain.new_id import new_id
from core.domain.old_card import old_card
from core.domain.status import Action, PatronState
from core.domain.text import initials, last_four
from core.settings.config import Config
from gui.desk.asking import DeskActions
from gui.desk.press_outcome import ActionOutcome
from gui.desk.wanted import Wanted
from gui.dialogs.base import Dialog
from gui.looks.parts import button, label, named
from gui.looks.words import Times, name_or_none
from gui.table.scanner import TAKES_CARD
from gui.work.sync_worker import SyncWorker

_STEP = timedelta(minutes=30)
_OFF = "Visits without a booking are switched off in Settings (PassagePoint)."
_NO_COMPANIONS = "Companions are switched off in Settings (PassagePoint)."
_NOBODY = "Scan the card or type the university ID, then press Enter."


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of it before anything is asked."""

    typed: str = ""
    place: str = ""
    """The chosen place's name; empty: all are shown."""
    hides: bool = False
    """Personal data are to be hidden."""
    parent: BookingRow | None = None
    """The booking that somebody comes with, as it is shown."""
    keep_initials: Callable[[str], None] = field(default=lambda _initials: None)


class RegisterVisit(Dialog):
    """Alma's answer of now stands on it; what was typed since then is asked for anew."""

    shows_person = True

    def __init__(
        self,
        parent: QWidget,
        worker: SyncWorker,
        acts: DeskActions,
        times: Times,
        begun: Begun,
    ) -> None:
        super().__init__(parent, *_titles(begun.parent, times))
        self._worker, self._acts, self._times, self._begun = worker, acts, times, begun
        self._row_id, self._asked = new_id(), ""
        self._is_closed = False
        self._allowed = self._is_let_in = self._is_sent = False
        self.who = QLineEdit(begun.typed)
        self.who.setProperty(TAKES_CARD, True)
        self.who.setMaxLength(100)
        self.look = button("Ask Alma")
        self.answer = label(_NOBODY, wrap=True)
        self.place, self.until = QComboBox(), QComboBox()
        self.initials = QLineEdit(acts.initials)
        self.initials.setMaxLength(20)
        self._lay_out()
        self.add_cancel()
        what = "visit" if begun.parent is None else "companion"
        self.register = self.add_button(f"Register this {what}", "primary")
        self.register.clicked.connect(self._submit)
        self.look.clicked.connect(self.ask)
        self.who.returnPressed.connect(self.ask)
        self.who.textChanged.connect(self._on_typed)
        self.initials.textChanged.connect(self._on_typed)
        self._fit_buttons()
        self.who.setFocus()
        worker.ask(self, lambda engine: engine.config, self._offer, self.show_error)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        typed = QHBoxLayout()
        grid.addWidget(self._named("University ID or card", self.who), 0, 0)
        grid.addLayout(typed, 0, 1)
        typed.addWidget(self.who, 1)
        typed.addWidget(self.look)
        grid.addWidget(self.answer, 1, 1)
        rows: dict[str, QWidget] = {
            "Place": self.place,
            "Until": self.until,
            "Your initials": self.initials,
        }
        if (booking := self._begun.parent) is not None:
            place, until = _place_of(booking), self._times.clock(booking.ends_at)
            rows |= {"Place": label(place, wrap=True), "Until": label(until)}
            # Neither takes the keyboard, so they are said where it begins.
            self.who.setAccessibleDescription(f"{self.text.text()} {place}, until {until}.")
        for line, (title, widget) in enumerate(rows.items(), 2):
            grid.addWidget(self._named(title, widget), line, 0)
            grid.addWidget(widget, line, 1)

    def _named(self, title: str, widget: QWidget) -> QWidget:
        return label(title, "section") if isinstance(widget, QLabel) else named(title, widget)

    # Where, and until when

    def _offer(self, config: Config) -> None:
        known, booking = config.passagepoint, self._begun.parent
        number = known.walk_in_hours if booking is None else known.companions_per_booking
        self._allowed = number is not None
        if not self._allowed:
            self.say(_OFF if booking is None else _NO_COMPANIONS)
        elif booking is not None:
            self.place.addItem(booking.location, booking.location_id)
            self.until.addItem(self._times.clock(booking.ends_at), booking.ends_at.isoformat())
        else:
            self._offer_choices(config, known.walk_in_hours or 0)
        if self._allowed and self._begun.typed:
            self.ask()
        self._fit_buttons()

    def _offer_choices(self, config: Config, hours: int) -> None:
        for place in config.libcal.locations:
            if place.destination is not None:
                self.place.addItem(place.name, place.id)
        self.place.setCurrentIndex(max(self.place.findText(self._begun.place), 0))
        for end in _ends(self._times.local(self._acts.clock.now()), hours):
            self.until.addItem(self._times.clock(end), end.isoformat())
        self.until.setCurrentIndex(min(3, self.until.count() - 1))

    # Who

    def ask(self) -> None:
        """Ask Alma who it is."""
        typed = self.who.text().strip()
        if not typed or not self._allowed:
            return
        self._asked, self._is_let_in = typed, False
        self.answer.setText("Alma is being asked…")
        self._fit_buttons()
        self._worker.ask(
            self,
            lambda engine: engine.ask_alma(typed, self._worker.is_stopping),
            lambda patron: self._show(typed, patron),
            self.show_error,
        )

    def _show(self, typed: str, patron: Patron) -> None:
        if typed != self.who.text().strip():
            return  # about somebody else, who was typed before
        self._is_let_in = _may_come(patron)
        self.answer.setText(_words(patron, hides=self._begun.hides))
        self._fit_buttons()
        if self.register.isEnabled():
            self.register.setFocus()

    def _on_typed(self) -> None:
        if self.who.text().strip() != self._asked:
            self._asked, self._is_let_in = "", False
            self.answer.setText(_NOBODY)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        ready = self._allowed and not self._is_sent
        self.look.setEnabled(ready and bool(self.who.text().strip()))
        has_place = self.place.count() > 0 and self.until.count() > 0
        signed = bool(self.initials.text().strip())
        self.register.setEnabled(ready and self._is_let_in and has_place and signed)

    # One button

    def _submit(self) -> None:
        if self._is_sent:
            return
        self._is_sent = True
        self._fit_buttons()
        signed = self.initials.text().strip()
        if signed != self._acts.initials:
            self._begun.keep_initials(signed)
        detail = {
            "id": self._asked,
            "location_id": str(self.place.currentData()),
            "ends_at": str(self.until.currentData()),
            "initials": signed,
        }
        if self._begun.parent is not None:
            detail["parent_row_id"] = self._begun.parent.row_id
        self.say("The visit is being registered…")
        self._acts.submit(Wanted(Action.REGISTER_VISIT, (self._row_id,), detail), self._heard)

    def _heard(self, done: ActionDone) -> None:
        """Done, or why not: the same press never makes a second visit."""
        if self._is_closed or (done.error is None and not done.queued):
            self._acts.finished.emit(done)
            self._acts.told.emit(ActionOutcome((done,)))
            if not self._is_closed:
                self.accept()
            return
        self.say(self._times.written(done.error or done.text))
        if done.error is not None:
            self._row_id, self._is_sent = new_id(), False
        self._fit_buttons()

    def done(self, result: int) -> None:
        self._is_closed = True
        super().done(result)


def _titles(booking: BookingRow | None, times: Times) -> tuple[str, str]:
    if booking is None:
        return "Register a visit", "For a reader without a booking."
    name = name_or_none(booking.name)
    span = times.span(booking.starts_at, booking.ends_at)
    return "Add a companion", f"Comes with the booking of {name}, {span}."


def _place_of(booking: BookingRow) -> str:
    return " · ".join(part for part in (booking.location, booking.seats) if part)


def _ends(now: datetime, hours: int) -> list[datetime]:
    """Each half hour that the setting and the day allow; late in the evening the day's end."""
    latest = min(now + timedelta(hours=hours), now.replace(hour=23, minute=59, second=0))
    first = now.replace(minute=0, second=0, microsecond=0)
    steps = (first + _STEP * number for number in range(1, 2 * hours + 3))
    ends = [end for end in steps if now + timedelta(minutes=10) <= end <= latest]
    return ends or [latest]


def _may_come(patron: Patron) -> bool:
    """As far as it is known here; whoever registers it asks Alma again, and decides."""
    is_known = patron.state is PatronState.FOUND and not patron.is_old and not patron.deleted
    return is_known and patron.active_block is None


def _words(patron: Patron, *, hides: bool) -> str:
    if patron.state is PatronState.NOT_IN_ALMA:
        return "Alma knows nobody with this ID or card."
    if patron.primary_id is None:
        return patron.reason
    name, number = f"{patron.first_name} {patron.last_name}".strip(), patron.primary_id
    if hides:
        name, number = initials(name), last_four(number)
    standing = "Active" if patron.state is PatronState.FOUND else patron.reason
    if patron.active_block is not None:
        standing = f"Blocked in Alma: {patron.active_block}"
    if patron.is_old:
        standing = "Alma can't be asked now, so no visit can be registered without a booking."
    group = patron.user_group or patron.group_code or "no group"
    return "\n".join(
        part
        for part in (f"{name_or_none(name)}, {number}", standing, group, old_card(patron))
        if part
    )
