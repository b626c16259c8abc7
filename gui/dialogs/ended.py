"""What ended on earlier days without registration, to be looked at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from core.domain.models import BookingRow
from gui.dialogs.base import Dialog
from gui.looks.words import Times, counted


class EndedUnregistered(Dialog):
    """Listed until somebody says that they have seen it."""

    shows_person = True
    seen = Signal(tuple)
    """The row ids."""

    def __init__(self, parent: QWidget, rows: Sequence[BookingRow], times: Times) -> None:
        """``rows`` as they are shown: personal data may be hidden."""
        words = (
            f"{counted(len(rows), 'booking')} of earlier days. Nothing can be done about them any "
            "more; what they have in common may help tomorrow."
        )
        super().__init__(
            parent,
            "Ended without registration",
            words if rows else "Nothing is left to look at.",
        )
        self._rows = tuple(rows)
        self.list = QListWidget(self)
        self.list.setVisible(bool(rows))
        self.list.setAccessibleName("Ended without registration")
        self.list.setWordWrap(True)
        self.list.addItems([_line(row, times) for row in rows])
        if rows:
            self.add_large(self.list, 600, 400)
        self.add_cancel("Close")
        if rows:
            self.confirm = self.add_button("I have seen them", "primary")
            self.confirm.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self.seen.emit(tuple(row.row_id for row in self._rows))
        self.accept()


def _line(row: BookingRow, times: Times) -> str:
    day = times.shorter_day(times.local(row.starts_at).date())
    where = " · ".join(part for part in (row.location, row.seats) if part)
    who = row.sort_name or "(no name)"
    span, why = times.span(row.starts_at, row.ends_at), times.written(row.reason or row.label)
    return f"{day} {span}  {who}, {where}\n{why}"
