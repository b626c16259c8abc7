"""Sync: how often, by itself or by hand, and at first what was registered already."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout

from core.day.new_ledger import LedgerAnswer
from gui.dialogs.ledger_question import NOBODY_ELSE
from gui.looks.parts import label
from gui.looks.theme import Theme
from gui.settings.fields import CheckField, NumberField
from gui.settings.page import SettingsPage
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel

_EARLIER = "Has anything registered today's bookings already?"
_ANSWERS: dict[LedgerAnswer, str] = {
    "each": "Some, or we don't know: we go through them one by one",
    "none": "No, nothing",
    "all": "Yes, all of them",
}
_EARLIER_ELSE = "What has registered today's bookings, beside the old script?"
_ANSWERS_ELSE: dict[LedgerAnswer, str] = {
    "each": "We don't know: we go through the others one by one",
    "none": "Nothing else: what the script hasn't registered isn't registered",
    "all": "Something else: all others are registered as well",
}
_FOR_ONE = (
    "Is this the only computer that registers?",
    "Yes: register by itself",
    "No: register here only by hand",
    "Two computers that register by themselves would register everybody twice.",
)
_FOR_ALL = (
    "Are readers registered by themselves?",
    "Yes: one of the computers that share the database does it",
    "No: only by hand, at every computer",
    "It holds for every computer that shares the database, as all of these settings do.",
)


class SyncPage(SettingsPage):
    name = "Sync"
    title = "Registering"
    intro = "When readers are registered, and by which computer."

    def __init__(self, state: SettingsState, theme: Theme, *, first_time: bool) -> None:
        super().__init__(state, theme)
        self._first_time = first_time
        self._chosen: LedgerAnswer | None = None
        self.by_hand, self.alone = QRadioButton(), QRadioButton()
        self._add_alone()
        if first_time:
            self._add_earlier()
        self._add_pace()
        self._add_names()
        self.add_heading("Does it all work?", "Tries what a pass needs, and registers nobody.")
        trials = state.setup.trials
        self.trial = TrialPanel(state, theme, "all three services", trials.everything)
        self.add(self.trial)
        self.finish()

    def _add_pace(self) -> None:
        state = self.state
        self.add_heading("How often")
        self.add(
            NumberField(
                state,
                "Sync",
                "every_seconds",
                "Look for new bookings every",
                "300 seconds are five minutes.",
                least=30,
                most=86_400,
                unit="second",
            ),
            NumberField(
                state,
                "Sync",
                "news_seconds",
                "In between, ask LibCal what is new every",
                "So that who books at the entrance is registered within a minute.",
                least=10,
                most=86_400,
                unit="second",
                none="Never",
            ),
            NumberField(
                state,
                "Sync",
                "ahead_hours",
                "Also register bookings that start after midnight within",
                "For a library that is open at night; else 0.",
                least=0,
                most=24,
                unit="hour",
            ),
            NumberField(
                state,
                "Alma",
                "calls_per_second",
                "Calls a second to Alma",
                "25 is the whole institution's, with every other program. 10 leaves room.",
                least=1,
                most=25,
            ),
        )

    def _add_names(self) -> None:
        self.add(
            CheckField(
                self.state,
                "Sync",
                "check_names",
                "Compare the name in the booking with the name in Alma",
                "A different name then stands under To do: someone may have typed another's ID.",
            ),
        )

    def _add_alone(self) -> None:
        self.question, self.why = label("", "title"), label("", "small", wrap=True)
        self.add(self.question)
        group = QButtonGroup(self)
        for button in (self.alone, self.by_hand):
            group.addButton(button)
            self.add(button)
        self.add(self.why)
        self._ask()
        by_itself = bool(self.state.draft.value("Sync", "register_automatically"))
        (self.alone if by_itself else self.by_hand).setChecked(True)
        self.alone.toggled.connect(
            lambda on: self.state.set("Sync", "register_automatically", bool(on))
        )

    def on_shown(self) -> None:
        self._ask()

    @property
    def earlier(self) -> LedgerAnswer | None:
        """The answer; "none" counts only once nobody else registers here."""
        is_sure = self._chosen != "none" or self.nobody_else.isChecked()
        return self._chosen if is_sure else None

    @property
    def unanswered(self) -> str:
        if not self._first_time or self.earlier is not None:
            return ""
        return (
            "has anything registered today's bookings already? “Nothing” needs the tick below it."
        )

    def ask_what_else(self, *, taken_over: bool) -> None:
        """Of today, the old script's record says what that registered, and of nothing else."""
        self.heading_earlier.setText(_EARLIER_ELSE if taken_over else _EARLIER)
        words = _ANSWERS_ELSE if taken_over else _ANSWERS
        for answer, button in self.answers.items():
            button.setText(words[answer])

    def _ask(self) -> None:
        """Computers that share a database don't register anybody twice: there it is for all."""
        shared = bool(self.state.draft.text("Cache", "url"))
        question, by_itself, by_hand, why = _FOR_ALL if shared else _FOR_ONE
        self.question.setText(question)
        self.alone.setText(by_itself)
        self.by_hand.setText(by_hand)
        self.why.setText(why)

    def _add_earlier(self) -> None:
        self.heading_earlier = label(_EARLIER, "title", wrap=True)
        self.add(self.heading_earlier)
        self.answers: dict[LedgerAnswer, QRadioButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout()
        self.column.addLayout(column)
        for answer, words in _ANSWERS.items():
            button = QRadioButton(words)
            button.clicked.connect(lambda _on=False, answer=answer: self._answer(answer))
            group.addButton(button)
            column.addWidget(button)
            self.answers[answer] = button
        self.nobody_else = QCheckBox(NOBODY_ELSE)
        self.nobody_else.setEnabled(False)
        column.addWidget(self.nobody_else)

    def _answer(self, answer: LedgerAnswer) -> None:
        self._chosen = answer
        self.nobody_else.setEnabled(answer == "none")
