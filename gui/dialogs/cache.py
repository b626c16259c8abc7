"""Dialogs about what is kept: clean-up with its preview, what is held, forgetting a person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from core.domain.models import CleanUpPlan
from gui.dialogs.base import Dialog
from gui.looks.parts import clear, label
from gui.looks.words import Times, counted
from gui.work.sync_worker import SyncWorker


class CleanUp(Dialog):
    """Shows first what will go, then says what was removed."""

    def __init__(self, parent: QWidget, worker: SyncWorker, times: Times) -> None:
        super().__init__(parent, "Clean up past bookings", "Counting…")
        self._worker, self._times = worker, times
        self._cancel = self.add_cancel()
        self.remove = self.add_button("Remove", "primary")
        self.remove.setEnabled(False)
        self.remove.clicked.connect(self._clean)
        worker.ask(self, lambda engine: engine.clean_up_plan(), self._show_plan, self.show_error)

    def _show_plan(self, plan: CleanUpPlan) -> None:
        empty = not (plan.bookings or plan.people or plan.log_entries)
        goes = "There is nothing to remove." if empty else f"This will go: {self._goes(plan)}."
        stays = "Today's bookings stay."
        if plan.kept_waiting:
            kept = counted(plan.kept_waiting, "past booking")
            stays = (
                f"Today's bookings stay, and {kept} that wait, are unclear or were not looked at."
            )
        self.say(f"{goes}\n\n{stays}")
        self.remove.setEnabled(not empty)

    def _goes(self, plan: CleanUpPlan) -> str:
        return _what(plan, self._days(plan))

    def _days(self, plan: CleanUpPlan) -> str:
        if plan.oldest is None or plan.newest is None:
            return ""
        if plan.oldest == plan.newest:
            return f" of {self._times.day(plan.oldest)}"
        return f" from {self._times.day(plan.oldest)} to {self._times.day(plan.newest)}"

    def _clean(self) -> None:
        self.remove.setEnabled(False)
        self.say("Removing…")
        self._worker.ask(
            self, lambda engine: engine.clean_up(), self._show_done, self.show_error, waits=True
        )

    def _show_done(self, plan: CleanUpPlan) -> None:
        self.say(f"Removed: {_what(plan)}.")
        self.remove.hide()
        self._cancel.setText("Close")


def _what(plan: CleanUpPlan, days: str = "") -> str:
    """``3 past bookings of Monday 16 November, 2 people and 40 log entries``"""
    parts = (
        (plan.bookings, "past booking", "past bookings", days),
        (plan.people, "person not seen for long", "people not seen for long", ""),
        (plan.log_entries, "log entry", "log entries", ""),
    )
    *first, last = [counted(*one[:3]) + one[3] for one in parts if one[0]]
    return f"{', '.join(first)} and {last}" if first else last


class _AboutPerson(Dialog):
    """Asks for a person by ID or barcode."""

    def __init__(self, parent: QWidget, title: str, text: str, *, typed: str, go: str) -> None:
        super().__init__(parent, title, text)
        name = label("University ID or card barcode", "section")
        self.person = QLineEdit(typed)
        self.person.setAccessibleName("University ID or card barcode")
        name.setBuddy(self.person)
        self.column.addWidget(name)
        self.column.addWidget(self.person)
        self.cancel = self.add_cancel()
        self.go = self.add_button(go, "primary")
        self.go.setEnabled(bool(typed))
        self.person.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))

    def asked(self) -> str:
        return self.person.text().strip()


class HeldAbout(_AboutPerson):
    """What is held about a person, to read out to them."""

    shows_person = True

    def __init__(self, parent: QWidget, worker: SyncWorker, typed: str = "") -> None:
        super().__init__(
            parent,
            "What is held about this person",
            "This computer's cache only; LibCal, Alma and PassagePoint hold more.",
            typed=typed,
            go="Look up",
        )
        self._worker = worker
        self.cancel.setText("Close")
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)
        self.person.returnPressed.connect(self._ask)
        self.go.clicked.connect(self._ask)

    def _ask(self) -> None:
        asked = self.asked()
        if asked:
            self._worker.ask(
                self, lambda engine: engine.held_about(asked), self._show_held, self.show_error
            )

    def _show_held(self, held: list[tuple[str, str]]) -> None:
        clear(self._grid)
        for line, (what, value) in enumerate(held or [("Nothing is held.", "")]):
            self._grid.addWidget(label(what, "section", wrap=True), line, 0)
            self._grid.addWidget(label(value, wrap=True), line, 1)


class ForgetPerson(_AboutPerson):
    """Removes a person, after saying what that means."""

    shows_person = True

    forgotten = Signal()

    def __init__(
        self, parent: QWidget, worker: SyncWorker, typed: str = "", *, hides: bool = False
    ) -> None:
        super().__init__(
            parent,
            "Forget this person",
            "Their bookings, ID and barcode are removed from this cache, and nothing more is "
            "sent for them today. This can't be undone.",
            typed=typed,
            go="Forget",
        )
        if hides:
            self.person.setEchoMode(QLineEdit.EchoMode.Password)
        self._worker = worker
        self.go.clicked.connect(self._forget)

    def _forget(self) -> None:
        asked = self.asked()
        self.go.setEnabled(False)
        self._worker.ask(
            self, lambda engine: engine.forget(asked), self._show_done, self._failed, waits=True
        )

    def _show_done(self, sentence: str) -> None:
        self.say(sentence)
        self.person.setEnabled(False)
        self.go.hide()
        self.cancel.setText("Close")
        self.forgotten.emit()

    def _failed(self, error: object) -> None:
        self.say(str(error))
        self.go.setEnabled(True)
