"""What ended on earlier days without registration, to be looked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.looks.item_list import ItemList
from gui.looks.words import Times, counted, name_or_none


class EndedUnregistered(Dialog):
    """Listed until somebody says that they have seen it."""

    shows_person = True
    seen = Signal(tuple, tuple)
    """The row ids, and the days of which only numbers are left."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[BookingRow],
        days: Mapping[date, int],
        times: Times,
    ) -> None:
        """``rows`` as they are shown: personal data may be hidden; ``days``: how many others."""
        number = len(rows) + sum(days.values())
        words = (
            f"{counted(number, 'booking')} of earlier days. Nothing can be done about them any "
            "more; what they have in common may help tomorrow."
        )
        super().__init__(
            parent,
            "Ended without registration",
            words if number else "Nothing is left to look at.",
        )
        self._rows, self._days = tuple(rows), tuple(days)
        self.list = ItemList(self)
        self.list.setVisible(bool(number))
        self.list.setAccessibleName("Ended without registration")
        self.list.setWordWrap(True)
        self.list.addItems([_number(day, count, times) for day, count in days.items()])
        self.list.addItems([_line(row, times) for row in rows])
        if number:
            self.add_large(self.list, 600, 400)
        self.add_cancel("Close")
        if number:
            self.confirm = self.add_button("I have seen them", "primary")
            self.confirm.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self.seen.emit(tuple(row.row_id for row in self._rows), self._days)
        self.accept()


def _number(day: date, count: int, times: Times) -> str:
    return f"{times.shorter_day(day)}  {counted(count, 'booking')}; who it was isn't kept so long"


def _line(row: BookingRow, times: Times) -> str:
    day = times.shorter_day(times.local(row.starts_at).date())
    where = " · ".join(part for part in (row.location, row.seats) if part)
    who = name_or_none(row.sort_name)
    span, why = times.span(row.starts_at, row.ends_at), times.written(row.reason or row.label)
    return f"{day} {span}  {who}, {where}\n{why}"
