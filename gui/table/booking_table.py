"""The day as a table; refreshes never move the ground under the reader's eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

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
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from core.domain.models import BookingRow
from gui.looks.theme import Theme
from gui.looks.words import Times
from gui.table.booking_model import CELL_ROLE, BookingModel
from gui.table.cell_delegate import CellDelegate
from gui.table.column_widths import DayTexts, share_out
from gui.table.columns import ACTION, BY_NAME, COLUMNS, TIME
from gui.table.kept_place import KeptPlace
from gui.table.key_table import KeyTable
from gui.table.now_button import NowButton
from gui.table.over_rows import OverRows

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._times = times
        self._cells = CellDelegate(theme, model, self)
        self._texts = DayTexts(self._width)
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(self.fit)
        self._over = OverRows(self, model, theme, times, now)
        self.show_ahead_until = self._over.show_ahead_until
        self._now = NowButton(self, theme, self._over.now_at)
        self._now.clicked.connect(self.show_now)
        self._kept: KeptPlace | None = None
        self._told: tuple[str, ...] = ()
        self._chosen = tuple(column.name for column in COLUMNS)
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
        header.sectionClicked.connect(self.sort_by)
        header.sectionMoved.connect(lambda *_moved: self.columns_moved.emit(self.columns()))

    # Selection, by row id

    def selected_ids(self) -> list[str]:
        """The selected rows from top to bottom."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._rows.row_id_at(row) for row in rows]

    def select(self, row_id: str, *, column: int | None = None) -> None:
        """Select one row and bring it into view."""
        place = self._rows.place_of(row_id)
        if place is None:
            return
        index = self._rows.index(place, self._column(column))
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
        if not self._rows.rowCount() or not self._rows.is_sorted_by_time:
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
        chosen = [BY_NAME[name] for name in self._chosen]
        shares = share_out(chosen, self.viewport().width(), self._texts.width, self._width)
        self._cells.levels = shares.levels
        for at in range(len(COLUMNS)):
            self.setColumnHidden(at, at not in shares.shown)
        for at, width in zip(shares.shown, shares.widths, strict=True):
            self.setColumnWidth(at, width)
        self.viewport().update()

    def _take_in(self, rows: Iterable[BookingRow]) -> None:
        if self._texts.take_in(rows):
            self._fitting.start()

    def _measure_again(self) -> None:
        self._texts.measure_again()
        self.fit()

    def _fit_rows(self) -> None:
        """Other rows are as high as there is room for; the first one seen stays the first."""
        low = self.window().height() < self._theme.px(_LOW)
        header, bar = self.verticalHeader(), self.verticalScrollBar()
        before, now = header.defaultSectionSize(), self._theme.px(_LOW_ROW if low else _ROW)
        if now != before:
            top = bar.value() / before
            header.setDefaultSectionSize(now)
            bar.setSingleStep(now)  # a wheel ends at a whole row, too
            self.updateGeometries()
            bar.setValue(round(top * now))

    def columns(self) -> tuple[str, ...]:
        """The chosen columns from left to right, also those for which there is no room."""
        header = self.horizontalHeader()
        order = (header.logicalIndex(place) for place in range(len(COLUMNS)))
        return tuple(COLUMNS[at].name for at in order if COLUMNS[at].name in self._chosen)

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show these, in this order, as far as there is room."""
        self._chosen = names
        header = self.horizontalHeader()
        with QSignalBlocker(self):
            for place, name in enumerate(names):
                header.moveSection(header.visualIndex(BY_NAME[name]), place)
        self.fit()

    def _width(self, column: int, sample: str) -> int:
        if column == TIME:
            return self._width_of_time(whole=sample != COLUMNS[column].at_last)
        return self._cells.width_of(self._times.written(sample), column)

    def _width_of_time(self, *, whole: bool) -> int:
        """Of the longest there can be: in some systems before noon, in others after it."""
        late = datetime(2026, 11, 23, 22, 58, tzinfo=self._times.zone)
        moments = (late, late - timedelta(hours=12))
        texts = (self._times.span(one, one) if whole else self._times.clock(one) for one in moments)
        return max(self._cells.width_of(text, TIME) for text in texts)

    def _column(self, column: int | None) -> int:
        if column is not None:
            return column
        current = self.currentIndex()
        return current.column() if current.isValid() else 0

    def sort_by(self, column: int) -> None:
        """Sort by a column; once more turns the order round."""
        again = self._rows.headerData(column, Qt.Orientation.Horizontal).endswith("▲")
        order = Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder
        self._rows.sort(column, order)

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
        elif event.key() == Qt.Key.Key_Space and index.isValid() and index.column() == ACTION:
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
        if index.isValid() and index.column() != ACTION:
            self.opened.emit(self._rows.row_id_at(index.row()))

    def _hits_button(self, index: QModelIndex, point: QPoint) -> bool:
        if not index.isValid() or index.column() != ACTION or not index.data():
            return False
        words = self._cells.button_words(index.data(CELL_ROLE))
        return self._cells.button_rect(self.visualRect(index), words).contains(point)

    def _press(self, index: QModelIndex) -> None:
        if index.data():
            self.pressed_action.emit(self._rows.row_id_at(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._over.paint()
