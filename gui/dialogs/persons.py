"""Dialogs about one booking: which person is meant, and registering by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListWidgetItem, QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.looks.clipboard import copy_for_a_minute
from gui.looks.item_list import ItemList
from gui.looks.parts import button, hide_unless, label, named
from gui.looks.words import Times, name_or_none

_VISITOR_ID = 256
"""Qt.ItemDataRole.UserRole as the number that items take."""


class ChoosePerson(Dialog):
    """Several people in PassagePoint have the barcode: which one is it?"""

    shows_person = True
    chosen = Signal(str)
    """A PassagePoint person's id."""

    def __init__(self, parent: QWidget, row: BookingRow, people: Sequence[tuple[str, str]]) -> None:
        """``people``: each one's id, and what is known of them."""
        super().__init__(
            parent,
            f"Who is {name_or_none(row.name)}?",
            "Several people in PassagePoint have this barcode. Look them up there, "
            "then choose the right one.",
        )
        self.list = ItemList()
        self.list.setAccessibleName("People in PassagePoint")
        self.list.setWordWrap(True)
        for visitor_id, known in people:
            item = QListWidgetItem(f"{visitor_id}\n{known}" if known else visitor_id)
            item.setData(_VISITOR_ID, visitor_id)
            self.list.addItem(item)
        hide_unless(people, self.list)
        self.number = QLineEdit()
        name = named("The person's number in PassagePoint", self.number)
        for part in (self.list, name, self.number):
            self.column.addWidget(part)
        self.list.itemSelectionChanged.connect(self._take_over)
        self.add_cancel()
        self.take = self.add_button("Register this person", "primary")
        self.take.setEnabled(False)
        self.take.clicked.connect(self._choose)
        self.number.textChanged.connect(lambda text: self.take.setEnabled(text.strip().isdigit()))

    def _take_over(self) -> None:
        """Chosen by somebody: that one of them is the current one says only where the keys are."""
        for item in self.list.selectedItems():
            self.number.setText(item.data(_VISITOR_ID))

    def _choose(self) -> None:
        self.chosen.emit(self.number.text().strip())
        self.accept()


class ByHand(Dialog):
    """What has to be typed into PassagePoint, and the word that it was done."""

    shows_person = True
    confirmed = Signal()

    def __init__(
        self, parent: QWidget, row: BookingRow, times: Times, *, shown: BookingRow | None = None
    ) -> None:
        """``shown`` is ``row`` with its personal data hidden; what is copied isn't."""
        super().__init__(
            parent,
            "Register by hand",
            "Register this visit in PassagePoint itself, then say so here. "
            "LibCal2PP will not send it.",
        )
        grid = QGridLayout()
        self.column.addLayout(grid)
        grid.setColumnStretch(1, 1)
        facts, seen = _facts(row, times), _facts(shown or row, times)
        for line, (title, value) in enumerate(facts.items()):
            grid.addWidget(label(title, "section"), line, 0)
            grid.addWidget(label(seen[title] or "–", wrap=True), line, 1)
            if value:
                grid.addWidget(_copy_button(title, value), line, 2)
        self.add_cancel()
        confirm = self.add_button("I registered it in PassagePoint", "primary")
        confirm.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()


def _facts(row: BookingRow, times: Times) -> dict[str, str]:
    return {
        "Name": name_or_none(row.name, ""),
        "University ID": row.primary_id or "",
        "Card barcode": row.barcode or "",
        "Destination": row.destination or row.location,
        "Visit": times.span(row.starts_at, row.ends_at),
    }


def _copy_button(title: str, value: str) -> QWidget:
    made = button("Copy", "small")
    made.setAccessibleName(f"Copy {title}")
    made.clicked.connect(lambda: copy_for_a_minute(value))
    return made
