"""The day as a table; refreshes never move the ground under the reader's eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from core.domain.models import BookingRow
from gui.looks.theme import Theme
from gui.looks.words import Times
from gui.table.booking_model import CELL_ROLE, BookingModel
from gui.table.cell_delegate import CellDelegate
from gui.table.columns import ACTION, TIME
from gui.table.kept_place import KeptPlace
from gui.table.key_table import KeyTable
from gui.table.now_button import NowButton
from gui.table.over_rows import OverRows
from gui.table.shown_columns import ShownColumns

_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROW, _LOW_ROW = 36, 30
_LOW = 500
"""In a window lower than this the rows move closer: five of them are worth more than three."""


class BookingTable(KeyTable):
    """Rows are selected as a whole; the action's cell is pressed by click or Space."""

    selected = Signal(object)
    """``tuple[str, ...]``: the ids of the selected rows; emitted only when they differ."""
    pressed_action = Signal(str)
    """A row's button, by the row's id."""
    columns_moved = Signal(object)
    """``tuple[str, ...]``: by mouse; the chosen ones from left to right."""
    opened = Signal(str)
    """Enter or a double click: show the detail."""

    def __init__(
        self,
        model: BookingModel,
        theme: Theme,
        times: Times,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._rows = model
        self._theme = theme
        self._times = times
        self._cells = CellDelegate(theme, model, self)
        self._columns = ShownColumns(self, model, self._cells, times)
        self._fitting = QTimer(self, singleShot=True)
        self._fitting.timeout.connect(self.fit)
        self._over = OverRows(self, model, theme, times, now)
        self.show_ahead_until = self._over.show_ahead_until
        self._now = NowButton(self, theme, self._over.now_at)
        self._now.clicked.connect(self.show_now)
        self._kept: KeptPlace | None = None
        self._told: tuple[str, ...] = ()
        self._row_height = _ROW
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self._set_up()
        model.about_to_rearrange.connect(self._keep_place)
        model.rearranged.connect(self._find_place)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        model.came.connect(self._take_in)
        theme.changed.connect(self._measure_again)

    def _set_up(self) -> None:
        self.setAccessibleName("Bookings of the day")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        # A bar that comes or goes would move every column.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, most: bar.setEnabled(bool(most)))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self._now.place)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        header.sectionClicked.connect(lambda section: self.sort_by(self._rows.columns[section]))
        header.sectionMoved.connect(self._tell_moved)

    # Selection, by row id

    def selected_ids(self) -> list[str]:
        """The selected rows from top to bottom."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._rows.row_id_at(row) for row in rows]

    def select(self, row_id: str) -> None:
        """Select one row and bring it into view."""
        place = self._rows.place_of(row_id)
        if place is None:
            return
        index = self._rows.index(place, max(self.currentIndex().column(), 0))
        hidden = not self.viewport().rect().contains(self.visualRect(index).center())
        # Whatever keys are held down meanwhile: a card reader holds Ctrl to type ETX.
        alone = QItemSelectionModel.SelectionFlag.ClearAndSelect
        whole = QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, alone | whole)
        if hidden:
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self._begin_with_a_whole_row()

    def show_now(self) -> None:
        """Scroll so that the line "now" is in the upper third; the arrow keys start there."""
        if not self._rows.rowCount() or not self._rows.is_sorted_by(TIME):
            return
        place = self._over.now_place()
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        if not self.currentIndex().isValid():
            index = self._rows.index(min(place, self._rows.rowCount() - 1), 0)
            no_selection = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(index, no_selection)
        height = self.verticalHeader().defaultSectionSize()
        above = self.viewport().height() // 3 // height
        self.verticalScrollBar().setValue((place - above) * height)
        self._begin_with_a_whole_row()

    def _begin_with_a_whole_row(self) -> None:
        """No sliver of one under the header."""
        height, bar = self.verticalHeader().defaultSectionSize(), self.verticalScrollBar()
        rows = min(round(bar.value() / height), bar.maximum() // height)
        bar.setValue(rows * height)

    def _tell_selection(self) -> None:
        ids = tuple(self.selected_ids())
        if self._kept is None and ids != self._told:
            self._told = ids
            self.selected.emit(ids)

    def _keep_place(self) -> None:
        self._kept = KeptPlace.of(self, self._rows)

    def _find_place(self) -> None:
        if self._kept is not None:
            # Still set: what Qt selects meanwhile is nobody's choice.
            self._kept.restore(self, self._rows)
            self._kept = None
        self._tell_selection()
        self._now.place()
        self.viewport().update()

    # Columns

    def fit(self) -> None:
        """Row height and column widths for the text size and the room there is."""
        if not self.isVisible():
            return  # the room isn't known yet
        self._fit_rows()
        self.horizontalHeader().setFixedHeight(self._theme.px(30))
        with QSignalBlocker(self):  # nobody moved the columns
            self._columns.fit()
        self.viewport().update()

    def _take_in(self, rows: Iterable[BookingRow]) -> None:
        if self._columns.take_in(rows):
            self._fitting.start()

    def _measure_again(self) -> None:
        self._columns.measure_again()
        self.fit()

    def _fit_rows(self) -> None:
        """Other rows are as high as there is room for; the first one seen stays the first."""
        low = self.window().height() < self._theme.px(_LOW)
        header, bar = self.verticalHeader(), self.verticalScrollBar()
        now = self._theme.px(_LOW_ROW if low else _ROW)
        if header.defaultSectionSize() != now:
            # Not the header's: with each new style Qt gives it a height that was never shown.
            top = bar.value() / self._row_height
            self._row_height = now
            header.setDefaultSectionSize(now)
            bar.setSingleStep(now)  # a wheel ends at a whole row, too
            self.updateGeometries()
            bar.setValue(round(top * now))

    def _tell_moved(self) -> None:
        if not self.signalsBlocked():
            self.columns_moved.emit(self._columns.moved())

    def columns(self) -> tuple[str, ...]:
        """The chosen columns from left to right, also those for which there is no room."""
        return self._columns.chosen

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show these, in this order, as far as there is room."""
        self._columns.chosen = names
        self.fit()

    def sort_by(self, column: int) -> None:
        """Sort by a column; once more turns the order round."""
        self._rows.sort_by(column, descending=self._rows.is_sorted_by(column))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self._now.place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    # Keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in _OPENS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # it belongs to the window
        elif event.key() in _OPENS and index.isValid():
            self.opened.emit(self._rows.row_id_at(index.row()))
        elif event.key() == Qt.Key.Key_Space and self._is_button(index):
            self._press(index)
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # it belongs to the search, not to Qt's own jump by letter
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and self._hits_button(
            index, event.position().toPoint()
        ):
            self._press(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._is_button(index):
            self.opened.emit(self._rows.row_id_at(index.row()))

    def _is_button(self, index: QModelIndex) -> bool:
        return index.isValid() and self._rows.columns[index.column()] == ACTION

    def _hits_button(self, index: QModelIndex, point: QPoint) -> bool:
        if not self._is_button(index) or not index.data():
            return False
        words = self._cells.button_words(index.data(CELL_ROLE))
        return self._cells.button_rect(self.visualRect(index), words).contains(point)

    def _press(self, index: QModelIndex) -> None:
        if index.data():
            self.pressed_action.emit(self._rows.row_id_at(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._over.paint()
