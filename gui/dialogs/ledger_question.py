"""Before anything is sent from a ledger that may not know all: is it registered already?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.looks.item_list import ItemList
from gui.looks.words import Times, counted, name_or_none

NOBODY_ELSE = "No other computer, account or script registers here"
_EACH = "Look first: nothing is sent for them by itself, and each says how the card tells."


class NewLedger(Dialog):
    """No answer is preset: whoever presses Enter or Space in haste goes through them."""

    shows_person = True
    answered = Signal(str)
    """``each``, ``all`` or ``none``."""

    def __init__(
        self, parent: QWidget, question: str, rows: Sequence[BookingRow], times: Times
    ) -> None:
        """``rows`` are those that it is about, as they are shown: personal data may be hidden."""
        super().__init__(parent, "Before anything is sent", f"{question} {_about(rows)}")
        self.list = ItemList(self)
        self.list.setAccessibleName("The bookings that may be registered already")
        self.list.setVisible(bool(rows))
        by_start = sorted(rows, key=lambda row: row.starts_at)
        self.list.addItems([_line(row, times) for row in by_start])
        self.alone = QCheckBox(NOBODY_ELSE, self)
        if rows:
            self.add_large(self.list, 680, 480)
        self.column.addWidget(self.alone)
        self.add_cancel("Later")
        self.choices = {
            "none": self.add_button("None is registered"),
            "all": self.add_button("All are registered"),
            "each": self.add_button("Go through them", "primary"),
        }
        for code, choice in self.choices.items():
            choice.clicked.connect(lambda _on=False, code=code: self._answer(code))
        self.choices["each"].setToolTip(_EACH)
        self.choices["none"].setEnabled(False)
        self.choices["none"].setToolTip(f"First tick “{NOBODY_ELSE}”.")
        self.alone.toggled.connect(self.choices["none"].setEnabled)
        self.choices["each"].setFocus()

    def _answer(self, code: str) -> None:
        self.answered.emit(code)
        self.accept()


def _about(rows: Sequence[BookingRow]) -> str:
    if not rows:
        return "Which bookings it is about is known once LibCal has answered."
    if len(rows) == 1:
        return "It is about this booking. If it is there and is sent again, it is there twice."
    return (
        f"It is about these {counted(len(rows), 'booking')}. Whatever is there and is sent again "
        "is there twice."
    )


def _line(row: BookingRow, times: Times) -> str:
    where = " · ".join(part for part in (row.location, row.seats) if part)
    span = times.span(row.starts_at, row.ends_at)
    return f"{span}  {name_or_none(row.sort_name)}, {where}"
