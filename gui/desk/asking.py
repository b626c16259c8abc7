"""From a pressed button to a request in the engine's hands; some are asked about in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.domain.clock import Clock
from core.domain.models import ActionDone, BookingRow, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState
from gui.desk.checking_in import check_in_asker
from gui.desk.in_hand import Heard, hold_while_open
from gui.desk.press_outcome import ActionOutcome
from gui.desk.this_desk import Desk
from gui.desk.wanted import Wanted, other_days
from gui.dialogs.base import Dialog, Question
from gui.dialogs.cache import ForgetPerson
from gui.dialogs.persons import ByHand, ChoosePerson
from gui.looks.words import Times, counted, whom, words_of_action
from gui.table.booking_model import BookingModel
from gui.table.day_rows import asked_after, asked_of
from gui.table.hidden_rows import hidden
from gui.work.sync_worker import SyncWorker

_SENT_TWICE = (
    "If the first visit did arrive, there will be two in PassagePoint, and one has to be removed "
    "there by hand."
)


@dataclass(slots=True)
class _Press:
    """One press, on so many rows, and what has come of it so far."""

    number: int
    dones: list[ActionDone] = field(default_factory=list)


class DeskActions(QObject):
    """Asks what has to be asked, submits, and keeps a row from being pressed twice."""

    id_wanted = Signal(str)
    """A row's id: the detail has to ask for its university ID."""
    finished = Signal(object)
    """``ActionDone`` of something that was asked for in this window, row by row."""
    told = Signal(object)
    """``ActionOutcome``: all of one press is done."""

    def __init__(
        self,
        window: QWidget,
        worker: SyncWorker,
        model: BookingModel,
        desk: Desk,
        times: Times,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window, self._worker, self._model = window, worker, model
        self._desk, self._times, self.clock = desk, times, clock
        self._decisions: dict[str, str] = {}
        self._submitted: set[str] = set()
        self._presses: dict[str, _Press] = {}
        self._heard: dict[str, Heard] = {}
        self.initials = ""
        self._sending_stopped = False
        self.asks: dict[Action, Callable[[Wanted, Sequence[BookingRow]], None]] = {
            Action.REGISTER_NOW: self._register_now,
            Action.CORRECT_ID: self._correct_id,
            Action.CHOOSE: self._choose,
            Action.RESOLVE: self._resolve,
            Action.BY_HAND: self._by_hand,
            Action.REGISTER_ANEW: self._register_anew,
            Action.REGISTER_AGAIN: self._register_again,
            Action.FORGET: self._forget,
            Action.CHECK_IN: check_in_asker(window, self._seen, self.submit),
        }
        worker.action_done.connect(self._on_action_done)

    def start(self, wanted: Wanted, *, sending_stopped: bool = False) -> None:
        """Do it, or ask first; Register now after a doubtful answer always asks."""
        self._sending_stopped = sending_stopped
        found = [self._model.row(row_id) for row_id in wanted.row_ids]
        rows = [row for row in found if row is not None]
        if not rows:
            return
        ask = self.asks.get(wanted.action)
        if ask is None or wanted.detail:
            self.submit(wanted)
        else:
            ask(wanted, rows)

    def register_all(self, row_ids: tuple[str, ...]) -> None:
        """Register what waits, after a question: it is many at once."""
        if row_ids:
            number = counted(len(row_ids), "waiting booking")
            title = f"Register {number} now?"
            words = "What waits is registered by itself, too, the soonest first."
            wanted = Wanted(Action.REGISTER_NOW, row_ids)
            self._ask(title, words, wanted, {Action.REGISTER_NOW: "Register all"})

    def undo(self, outcome: ActionOutcome) -> None:
        """Take all the decisions back that ``outcome`` tells of, at once."""
        row_ids = []
        for done in outcome.dones:
            if done.decision_id is not None:
                self._decisions[done.row_id] = done.decision_id
                row_ids.append(done.row_id)
        self.submit(Wanted(Action.UNDO, tuple(row_ids)))

    def submit(self, wanted: Wanted, heard: Heard | None = None) -> dict[str, str]:
        """``heard`` is told what came of each row, instead of the window; each row's request."""
        requests = {row_id: new_id() for row_id in wanted.row_ids}
        press = _Press(len(wanted.row_ids))
        for row_id, request_id in requests.items():
            detail = dict(wanted.detail)
            if wanted.action is Action.UNDO and row_id in self._decisions:
                detail.setdefault("decision_id", self._decisions[row_id])
            if heard is not None:
                self._heard[request_id] = heard
            else:
                self._model.set_asked(row_id, asked_of(wanted.action))
                self._submitted.add(request_id)
                self._presses[request_id] = press
            self._worker.submit(
                DeskRequest(
                    request_id=request_id,
                    action=wanted.action,
                    row_id=row_id,
                    who=" ".join(part for part in (self._desk.account, self.initials) if part),
                    at=self.clock.now(),
                    computer=self._desk.computer,
                    detail=detail,
                )
            )
        return requests

    def _on_action_done(self, done: ActionDone) -> None:
        heard = self._heard.get(done.request_id)
        if heard is not None:
            if not done.queued:
                del self._heard[done.request_id]
            heard(done)
            return
        self._model.set_asked(done.row_id, asked_after(done))
        if done.decision_id is not None:
            self._decisions[done.row_id] = done.decision_id
        if done.request_id in self._submitted:
            if not done.queued:
                self._submitted.discard(done.request_id)
            self.finished.emit(done)
            self._tell_when_all_is_done(done)
            if done.action is Action.CORRECT_ID and done.error is None and not done.queued:
                self._offer_other_days(done.row_id)

    def _tell_when_all_is_done(self, done: ActionDone) -> None:
        press = self._presses.pop(done.request_id, None)
        if press is None:  # it was queued, and has gone out since
            self.told.emit(ActionOutcome((done,)))
            return
        press.dones.append(done)
        if len(press.dones) == press.number:
            self.told.emit(ActionOutcome(tuple(press.dones)))

    # What is asked first

    def _register_now(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        doubtful = [row for row in rows if row.passagepoint is PassState.UNCLEAR]
        unusual = [row for row in rows if row.group is Group.EXCLUDED]
        if doubtful or self._sending_stopped:
            words = (
                "PassagePoint gave a doubtful answer a moment ago. If this visit is registered "
                "twice, it has to be removed there by hand."
            )
        elif self._desk.is_beside_others:
            words = (
                "Another computer may have registered this already; this one doesn't know. "
                f"{self._what_the_card_says(rows)}\n{_SENT_TWICE}"
            )
        elif unusual:
            words = f"LibCal says: {unusual[0].libcal}. Register the visit all the same?"
        else:
            self.submit(wanted)
            return
        self._ask("Register now?", words, wanted, {Action.REGISTER_NOW: "Register now"})

    def _correct_id(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        self.id_wanted.emit(rows[0].row_id)

    def _resolve(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        answers = (Action.IT_IS_THERE, Action.REGISTER_AGAIN, Action.IT_IS_NOT)
        offered = [one for one in answers if all(one in row.offers for row in rows)]
        who = whom(list(map(self._seen, rows)), "booking")
        choices = {action: action.label for action in offered}
        title = f"Is the visit in PassagePoint? ({who})"
        self._ask(title, self._what_the_card_says(rows), wanted, choices)

    def _register_again(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        who = whom(list(map(self._seen, rows)), "booking")
        title = f"Send a second time? ({who})"
        words = f"{self._what_the_card_says(rows)}\n{_SENT_TWICE}".strip()
        self._ask(title, words, wanted, {Action.REGISTER_AGAIN: "Send a second time"})

    def _what_the_card_says(self, rows: Sequence[BookingRow]) -> str:
        """Of each of these visits; nearly always it is the same."""
        steps = [self._seen(row).next_step for row in rows]
        return "\n".join(dict.fromkeys(step for step in steps if step))

    def _offer_other_days(self, row_id: str) -> None:
        """A booking that repeats has the same answer on each of its days."""
        row = self._model.row(row_id)
        others = other_days(row, self._model.day_rows()) if row is not None else []
        if row is None or row.primary_id is None or not others:
            return
        today = self._times.local(self.clock.now()).date()
        starts = ", ".join(self._times.clock_or_day(one.starts_at, today) for one in others)
        wanted = Wanted(
            Action.CORRECT_ID, tuple(one.row_id for one in others), {"id": row.primary_id}
        )
        question = Question(
            self._window,
            "Correct the other days too?",
            f"This booking repeats, and its ID is wrong there as well: {starts}.",
            {"correct": "Correct them too"},
            "Leave them",
        )
        question.answered.connect(lambda _code: self.submit(wanted))
        question.open()

    def _register_anew(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        row = self._seen(rows[0])
        words = self._times.written(f"{row.reason or ''} {row.next_step}".strip())
        words += "\nThe old visit stays in PassagePoint until it is removed there."
        title = words_of_action(Action.REGISTER_ANEW, row).rstrip("…")
        choices = {Action.REGISTER_ANEW: title}
        if all(Action.LEAVE in row.offers for row in rows):
            choices[Action.LEAVE] = Action.LEAVE.label
        self._ask(f"{title}?", words, wanted, choices)

    def _by_hand(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        dialog: Dialog
        if len(rows) > 1:
            words = "Register these visits in PassagePoint itself, then say so here."
            dialog = Question(
                self._window, "By hand", words, {Action.BY_HAND.code: "I registered them"}
            )
            dialog.answered.connect(lambda _code: self.submit(wanted))
        else:
            dialog = ByHand(self._window, rows[0], self._times, shown=self._seen(rows[0]))
            dialog.confirmed.connect(lambda: self.submit(wanted))
        dialog.open()
        hold_while_open(dialog, rows, self.submit)

    def _choose(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        row = rows[0]

        def open_dialog(known: dict[str, str]) -> None:
            people = [(one, known.get(one, "")) for one in row.candidates]
            dialog = ChoosePerson(self._window, self._seen(row), people)
            dialog.chosen.connect(
                lambda visitor: self.submit(
                    Wanted(Action.CHOOSE, (row.row_id,), {"visitor_id": visitor})
                )
            )
            dialog.open()

        self._worker.ask(
            self,
            lambda engine: engine.known_of(row.candidates),
            open_dialog,
            lambda _error: open_dialog({}),
        )

    def _forget(self, wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        typed, hides = rows[0].primary_id or "", self._model.hides
        ForgetPerson(self._window, self._worker, typed, hides=hides).open()

    def _seen(self, row: BookingRow) -> BookingRow:
        """With its personal data hidden where it is to be."""
        return hidden(row) if self._model.hides else row

    def _answer(self, action: Action, wanted: Wanted) -> None:
        chosen = Wanted(action, wanted.row_ids)
        if action is Action.REGISTER_AGAIN and wanted.action is not action:
            self.start(chosen)  # which asks first: it is the answer that can't be taken back
        else:
            self.submit(chosen)

    def _ask(self, title: str, text: str, wanted: Wanted, choices: dict[Action, str]) -> None:
        if not choices:
            return
        by_code = {action.code: action for action in choices}
        answers = {action.code: words for action, words in choices.items()}
        question = Question(self._window, title, text, answers)
        question.answered.connect(lambda code: self._answer(by_code[code], wanted))
        question.open()
