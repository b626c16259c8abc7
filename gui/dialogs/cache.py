"""Dialogs about what is kept: clean-up with its preview, what is held, forgetting a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.domain.models import CleanUpPlan
from core.domain.text import initials
from gui.dialogs.base import Dialog
from gui.dialogs.saving import ExportFolder
from gui.dialogs.text_dialog import TextDialog
from gui.looks.parts import button, named
from gui.looks.words import Times, counted, name_or_none
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.cache.person import ForgetPlan


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


class HeldAbout(TextDialog):
    """What is held about a person, for them: to read out, to print, to hand over."""

    shows_person = True

    def __init__(
        self,
        parent: QWidget,
        worker: SyncWorker,
        times: Times,
        folder: ExportFolder,
        typed: str = "",
    ) -> None:
        super().__init__(
            parent,
            "What is held about this person",
            "This computer's cache only; LibCal, Alma and PassagePoint hold more.",
            folder,
            "What is held.txt",
        )
        self._worker, self._times = worker, times
        self.person = QLineEdit(typed)
        self.go = button("Look up", "primary")
        self.go.setEnabled(bool(typed))
        self.person.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.person.returnPressed.connect(self._ask)
        self.go.clicked.connect(self._ask)
        row = QHBoxLayout()
        self.column.addWidget(named("Name, university ID or card barcode", self.person))
        self.column.addLayout(row)
        row.addWidget(self.person, 1)
        row.addWidget(self.go)
        self.add_body()
        self._offer(False)
        if typed:
            self._ask()

    def _offer(self, is_something: bool) -> None:
        for one in (self.copy, self.save, self.to_paper):
            one.setEnabled(is_something)

    def _ask(self) -> None:
        asked = self.person.text().strip()
        if asked:
            self._worker.ask(
                self, lambda engine: engine.held_about(asked), self._show_held, self.show_error
            )

    def _show_held(self, held: list[tuple[str, str]]) -> None:
        lines = [f"{what}: {self._times.moments(value)}" for what, value in held]
        self.body.setPlainText("\n".join(lines) or "Nothing is held.")
        self._offer(bool(held))


class ForgetPerson(Dialog):
    """Names the person and what goes, before anything does."""

    shows_person = True

    forgotten = Signal()

    def __init__(
        self, parent: QWidget, worker: SyncWorker, typed: str = "", *, hides: bool = False
    ) -> None:
        super().__init__(parent, "Forget this person", _ASK_WHOM)
        self._worker, self._hides = worker, hides
        self._asked = ""
        self.person = QLineEdit(typed)
        if hides:
            self.person.setEchoMode(QLineEdit.EchoMode.Password)
        self.column.addWidget(named("University ID or card barcode", self.person))
        self.column.addWidget(self.person)
        self.cancel = self.add_cancel()
        self.look = self.add_button("Look up")
        self.go = self.add_button("Forget", "primary")
        self.go.setEnabled(False)
        self.person.textChanged.connect(self._on_typed)
        self.person.returnPressed.connect(self._look_up)
        self.look.clicked.connect(self._look_up)
        self.go.clicked.connect(self._forget)
        self._on_typed(typed)
        if typed:
            self._look_up()

    def _on_typed(self, text: str) -> None:
        self.look.setEnabled(bool(text.strip()))
        if text.strip() != self._asked:
            self.go.setEnabled(False)  # it is about somebody else now
            self.go.setText("Forget")

    def _look_up(self) -> None:
        self._asked = self.person.text().strip()
        if self._asked:
            asked = self._asked
            self._worker.ask(
                self, lambda engine: engine.forget_plan(asked), self._show_plan, self.show_error
            )

    def _show_plan(self, plan: ForgetPlan) -> None:
        if plan.is_empty:
            self.say("Nothing is held about anybody with this ID or barcode.")
            return
        known = [name for name in plan.names if name_or_none(name, "")]
        names = [initials(name) if self._hides else name for name in known]
        who = " or ".join(names) or "this person"
        self.say(
            f"{who}. This will go: {_goes(plan)}. Nothing more is sent for them today. "
            "This can't be undone."
        )
        self.go.setText(f"Forget {who}" if len(names) == 1 else "Forget them")
        self.go.setEnabled(True)
        self.cancel.setFocus()

    def _forget(self) -> None:
        asked = self._asked
        self.go.setEnabled(False)
        self._worker.ask(
            self, lambda engine: engine.forget(asked), self._show_done, self._failed, waits=True
        )

    def _show_done(self, sentence: str) -> None:
        self.say(sentence)
        self.person.setEnabled(False)
        self.go.hide()
        self.look.hide()
        self.cancel.setText("Close")
        self.forgotten.emit()

    def _failed(self, error: object) -> None:
        self.say(str(error))
        self.go.setEnabled(True)


_ASK_WHOM = "Whose bookings, ID and barcode are to be removed from this cache?"


def _goes(plan: ForgetPlan) -> str:
    parts = (
        (plan.bookings, "booking", "bookings"),
        (plan.visits, "visit that was sent", "visits that were sent"),
        (plan.decisions, "decision", "decisions"),
        (plan.log_entries, "line of the log", "lines of the log"),
        (plan.people, "answer of Alma or PassagePoint", "answers of Alma or PassagePoint"),
    )
    return ", ".join(counted(*part) for part in parts if part[0])
