"""The table's model: rows found by id, sorted and filtered here, changed as little as can be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from core.domain.models import BookingRow
from gui.looks.parts import plain_tip
from gui.looks.words import Times
from gui.table.columns import ACTION, COLUMNS, PASSAGEPOINT, Cell, sorted_title
from gui.table.day_rows import Asked, DayRows
from gui.table.row_filter import RowFilter

CELL_ROLE = Qt.ItemDataRole.UserRole
"""The ``Cell`` that is painted."""
_AT_ONCE = 40
"""More additions and removals than this are cheaper as one reset."""
_Index = QModelIndex | QPersistentModelIndex


class BookingModel(QAbstractTableModel):
    """Keeps its own list of shown rows: the stock sort proxy mis-sorts times and is slow."""

    about_to_rearrange = Signal()
    """Rows come, go or change places; the view notes what is selected."""
    rearranged = Signal()
    came = Signal(object)
    """``list[BookingRow]``: new or different ones, shown or not."""
    counted = Signal()
    """Something about the day's rows changed, shown or not."""

    def __init__(
        self, times: Times, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.filter = RowFilter()
        self._day = DayRows()
        self._times = times
        self._now = now
        self.is_whole = False
        """Whether the day has been told, be it empty."""
        self.columns: Sequence[int] = range(len(COLUMNS))
        """Those that are there, as places in ``COLUMNS``, and in its order: a hidden one would
        still be told to a screen reader."""
        self._shown: list[str] = []
        self._places: dict[str, int] = {}
        self._news = ""

    def day_rows(self) -> list[BookingRow]:
        """Every row of the day, shown or not, with its personal data."""
        return list(self._day)

    def shown_rows(self) -> list[BookingRow]:
        """The rows as they are shown, in their order."""
        rows = (self._day.shown(row_id) for row_id in self._shown)
        return [row for row in rows if row is not None]

    @property
    def has_rows(self) -> bool:
        """Whether the day is known and has any booking."""
        return self.is_whole and any(True for _ in self._day)

    def row(self, row_id: str) -> BookingRow | None:
        """One row with its personal data."""
        return self._day.row(row_id)

    def shown_row(self, row_id: str) -> BookingRow | None:
        """One row as it is shown."""
        return self._day.shown(row_id)

    def set_columns(self, columns: Sequence[int]) -> None:
        """Have these columns, and no other."""
        wanted = sorted(columns)
        if wanted != list(self.columns):
            self.about_to_rearrange.emit()
            self.beginResetModel()
            self.columns = wanted
            self.endResetModel()
            self.rearranged.emit()

    def section(self, column: int) -> int | None:
        """Where Qt has this one of ``COLUMNS``; None where it isn't there."""
        return self.columns.index(column) if column in self.columns else None

    def painted_at(self, place: int, column: int) -> tuple[BookingRow, Cell] | None:
        """What is painted in a cell; asked for each, so not by way of Qt, which takes longer."""
        row = self._day.shown(self._shown[place]) if place < len(self._shown) else None
        return None if row is None else (row, COLUMNS[column].cell(row, self._times))

    def place_of(self, row_id: str) -> int | None:
        """Its line in the table; None where it isn't shown."""
        return self._places.get(row_id)

    def row_id_at(self, place: int) -> str:
        return self._shown[place]

    def first_place(self, is_later: Callable[[BookingRow], bool]) -> int:
        """The first line from which on all rows are later; the number of lines where none is.

        Found by halves: the table asks with every paint.
        """

        def at(row_id: str) -> bool:
            row = self._day.shown(row_id)
            return row is not None and is_later(row)

        return bisect_left(self._shown, True, key=at)

    @property
    def hides(self) -> bool:
        """Whether personal data is hidden."""
        return self._day.hides

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """By one of ``COLUMNS``, be it there or not."""
        self._day.sort_by(column, descending=descending)
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def is_sorted_by(self, column: int) -> bool:
        """From its least to its greatest."""
        return self._day.sort_column == column and not self._day.descending

    def upsert(self, rows: Iterable[BookingRow]) -> None:
        """New rows come in, known ones change where they stand."""
        self.is_whole = True
        if changed := self._day.upsert(rows):
            found = (self._day.row(row_id) for row_id in changed)
            self.came.emit([row for row in found if row is not None])
            self._arrange()
            self._tell_changed(changed)
            self.counted.emit()

    def remove(self, row_ids: Iterable[str]) -> None:
        """Rows that are no longer part of the day."""
        self.is_whole = True
        self._day.remove(row_ids)
        self._arrange()
        self.counted.emit()

    def set_filter(self, row_filter: RowFilter) -> None:
        self.filter = row_filter
        self._arrange()

    def number_of(self, row_filter: RowFilter) -> int:
        """How many rows of the day another filter would show."""
        return len(self._day.arranged(row_filter, self._now()))

    def arrange_again(self) -> None:
        """Time went on: what counts as now may differ."""
        self._arrange()

    def set_asked(self, row_id: str, asked: Asked) -> None:
        """A request for this row was handed over, is queued, or has been answered."""
        self._tell_changed(self._day.set_asked(row_id, asked))

    def set_hiding(self, *, hides: bool) -> None:
        """Hide personal data, or show it again."""
        self._tell_changed(self._day.set_hiding(hides=hides))

    def _tell_changed(self, row_ids: list[str]) -> None:
        """One signal for neighbours: whoever listens looks at the whole day."""
        places = sorted(self._places[row_id] for row_id in row_ids if row_id in self._places)
        last = len(self.columns) - 1
        for first, count in _runs(places):
            self.dataChanged.emit(self.index(first, 0), self.index(first + count - 1, last))

    def _arrange(self) -> None:
        wanted = self._day.arranged(self.filter, self._now())
        if wanted == self._shown:
            return
        self.about_to_rearrange.emit()
        keep = set(wanted)
        staying = [row_id for row_id in self._shown if row_id in keep]
        known = set(staying)
        changes = len(self._shown) + len(wanted) - 2 * len(staying)
        if changes <= _AT_ONCE and staying == [one for one in wanted if one in known]:
            self._take_out(keep)
            self._put_in(wanted, known)
        else:
            self.beginResetModel()
            self._set_shown(wanted)
            self.endResetModel()
        self.rearranged.emit()

    def _take_out(self, keep: set[str]) -> None:
        for place in reversed(range(len(self._shown))):
            if self._shown[place] not in keep:
                self.beginRemoveRows(QModelIndex(), place, place)
                self._set_shown(self._shown[:place] + self._shown[place + 1 :])
                self.endRemoveRows()

    def _put_in(self, wanted: list[str], known: set[str]) -> None:
        for place, row_id in enumerate(wanted):
            if row_id not in known:
                self.beginInsertRows(QModelIndex(), place, place)
                self._set_shown([*self._shown[:place], row_id, *self._shown[place:]])
                self.endInsertRows()

    def _set_shown(self, shown: list[str]) -> None:
        self._shown = shown
        self._places = {row_id: place for place, row_id in enumerate(shown)}

    # Qt's side

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        column = self.columns[section]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken_title(column)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column != self._day.sort_column:
            return COLUMNS[column].title
        return sorted_title(column, descending=self._day.descending)

    def _spoken_title(self, column: int) -> str:
        """What a screen reader says of a column's title."""
        title = COLUMNS[column].said
        if column != self._day.sort_column:
            return title
        return f"{title}, sorted {'descending' if self._day.descending else 'ascending'}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.column() >= len(self.columns):
            return None
        column = self.columns[index.column()]
        found = self.painted_at(index.row(), column)
        if found is None:
            return None
        row, cell = found
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(column, row, cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{_with_hint(cell)}\n{self._times.why(row)}".strip())
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._news or self._times.why(row)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Nothing is edited here; ``announce`` lets the row with the keys say its news."""
        if role != Qt.ItemDataRole.AccessibleDescriptionRole:
            return False
        self._news = value or ""
        return True


def _spoken(column: int, row: BookingRow, cell: Cell) -> str:
    """What a screen reader says of a cell."""
    if column == ACTION:
        return f"{cell.text}, button" if cell.text else "Nothing to do"
    if column == PASSAGEPOINT and row.label == row.patron.label:
        # What stands in the way isn't PassagePoint's word.
        return f"{COLUMNS[column].title}: not registered, {_with_hint(cell)}"
    return f"{COLUMNS[column].title}: {_with_hint(cell)}"


def _with_hint(cell: Cell) -> str:
    return f"{cell.text}, {cell.hint}" if cell.hint else cell.text


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours in ``places``, which rise: the first place of each run and its length."""
    for _, run in groupby(enumerate(places), lambda one: one[1] - one[0]):
        members = [place for _, place in run]
        yield members[0], len(members)
