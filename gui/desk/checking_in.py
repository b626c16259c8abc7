"""Before a reader is checked in in LibCal: a question, for nothing takes that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from core.domain.models import BookingRow
from core.domain.status import Action
from gui.desk.wanted import Wanted
from gui.dialogs.base import Question
from gui.looks.parts import NEVER_ENTER
from gui.looks.words import whom

_SAID = "LibCal then says that {who} arrived. This can't be undone."
_SEATS = "At some of the seats somebody has arrived already: the others follow."

Ask = Callable[[Wanted, Sequence[BookingRow]], None]


def check_in_asker(
    window: QWidget,
    seen: Callable[[BookingRow], BookingRow],
    submit: Callable[[Wanted], object],
) -> Ask:
    """``seen``: a row with its personal data hidden where it is to be."""

    def ask(wanted: Wanted, rows: Sequence[BookingRow]) -> None:
        title, words = _words([seen(row) for row in rows])
        question = CheckInQuestion(window, title, words, {wanted.action.code: "Check in"})
        question.answered.connect(lambda _code: submit(wanted))
        question.open()

    return ask


class CheckInQuestion(Question):
    """Enter never answers it with yes, wherever the keyboard is: Space, or the mouse."""

    shows_person = True

    def __init__(self, parent: QWidget, title: str, text: str, answers: dict[str, str]) -> None:
        super().__init__(parent, title, text, answers)
        for choice in self.choices.values():
            choice.setProperty(NEVER_ENTER, True)
            choice.setAccessibleDescription(text)


def _words(rows: Sequence[BookingRow]) -> tuple[str, str]:
    """What is asked, and what it means."""
    one = len(rows) == 1
    who = whom(rows, "reader", "this reader")
    said = _SAID.format(who="the reader has" if one else "they have")
    return f"Check in {who}?", f"{said} {_SEATS}" if any(map(_is_partly_in, rows)) else said


def _is_partly_in(row: BookingRow) -> bool:
    return row.has_arrived and Action.CHECK_IN in row.offers
