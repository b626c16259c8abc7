"""The day's rows without Qt: kept by id, with what sorting and searching need at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from core.domain.models import ActionDone, BookingRow
from core.domain.status import Action
from gui.table.columns import COLUMNS, TIME, SortKey
from gui.table.hidden_rows import checking_in, hidden, on_its_way, queued
from gui.table.row_filter import RowFilter, text_of_row


class Asked(Enum):
    """Where a request of the desk for a row stands."""

    ON_ITS_WAY = auto()
    CHECKING_IN = auto()
    QUEUED = auto()
    """It could not go out yet, and goes out by itself."""
    DONE = auto()


_LOOKS = {
    Asked.ON_ITS_WAY: on_its_way,
    Asked.CHECKING_IN: checking_in,
    Asked.QUEUED: queued,
}


def asked_of(action: Action) -> Asked:
    """Where a request stands that has just been made."""
    return Asked.CHECKING_IN if action is Action.CHECK_IN else Asked.ON_ITS_WAY


def asked_after(done: ActionDone) -> Asked:
    """Where it stands after this; that a check-in waits says the row itself."""
    waits = done.queued and done.action is not Action.CHECK_IN
    return Asked.QUEUED if waits else Asked.DONE


@dataclass(slots=True)
class _Entry:
    row: BookingRow
    shown: BookingRow
    haystack: str
    key: tuple[SortKey, ...]


class DayRows:
    """Every row of the day, shown or not."""

    def __init__(self) -> None:
        self.sort_column = TIME
        self.descending = False
        self._entries: dict[str, _Entry] = {}
        self._asked: dict[str, Callable[[BookingRow], BookingRow]] = {}
        self._in_order: list[str] | None = None
        """All rows as they are sorted; None: a row came, went or changed its place."""
        self.hides = False

    def __iter__(self) -> Iterator[BookingRow]:
        return (entry.row for entry in self._entries.values())

    def row(self, row_id: str) -> BookingRow | None:
        """With its personal data."""
        entry = self._entries.get(row_id)
        return entry.row if entry else None

    def shown(self, row_id: str) -> BookingRow | None:
        """As it is shown: personal data hidden, a request on its way or queued."""
        entry = self._entries.get(row_id)
        return entry.shown if entry else None

    def upsert(self, rows: Iterable[BookingRow]) -> list[str]:
        """Take in new and different rows; the ids of those."""
        changed = []
        for row in rows:
            old = self._entries.get(row.row_id)
            if old is None or old.row != row:
                key = COLUMNS[self.sort_column].sort_key(row)
                if old is None or old.key != key:
                    self._in_order = None
                entry = _Entry(row, self._as_shown(row), text_of_row(row), key)
                self._entries[row.row_id] = entry
                changed.append(row.row_id)
        return changed

    def remove(self, row_ids: Iterable[str]) -> None:
        self._in_order = None
        for row_id in row_ids:
            self._entries.pop(row_id, None)
            self._asked.pop(row_id, None)

    def set_asked(self, row_id: str, asked: Asked) -> list[str]:
        """What became of a request for this row; the ids that look different."""
        if asked is Asked.DONE:
            self._asked.pop(row_id, None)
        else:
            self._asked[row_id] = _LOOKS[asked]
        return self._look_again([row_id] if row_id in self._entries else [])

    def set_hiding(self, *, hides: bool) -> list[str]:
        """Hide personal data, or show it again; the ids that look different."""
        self.hides = hides
        return self._look_again(list(self._entries))

    def sort_by(self, column: int, *, descending: bool) -> None:
        self.sort_column, self.descending = column, descending
        self._in_order = None
        for entry in self._entries.values():
            entry.key = COLUMNS[column].sort_key(entry.row)

    def arranged(self, row_filter: RowFilter, now: datetime) -> list[str]:
        """The ids of the rows that pass the filter, in order."""
        if self._in_order is None:
            keyed = ((entry.key, row_id) for row_id, entry in self._entries.items())
            self._in_order = [row_id for _, row_id in sorted(keyed, reverse=self.descending)]
        if row_filter.is_open:
            return self._in_order
        entries = self._entries
        return [
            row_id
            for row_id in self._in_order
            if row_filter.accepts(entries[row_id].row, entries[row_id].haystack, now)
        ]

    def _look_again(self, row_ids: list[str]) -> list[str]:
        for row_id in row_ids:
            entry = self._entries[row_id]
            entry.shown = self._as_shown(entry.row)
        return row_ids

    def _as_shown(self, row: BookingRow) -> BookingRow:
        shown = hidden(row) if self.hides else row
        looks = self._asked.get(row.row_id)
        return looks(shown) if looks else shown
