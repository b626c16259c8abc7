"""A search: it ends where it began, says what it hides, and Enter goes on from what it found."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from core.domain.card_text import other_reading
from gui.table.booking_model import BookingModel
from gui.table.booking_table import BookingTable
from gui.table.kept_place import KeptPlace
from gui.top.header import Header
from gui.window.finding import Finder


class Searching(QObject):
    """Between the field, the table and what is done with nobody found."""

    opened = Signal(str)
    """Enter, and one was found: its row."""
    chosen = Signal(str)
    """Enter, and several were found: the row of the first."""
    nobody_found = Signal()
    """Enter, and nobody was found, at any place and time of the day."""
    nobody_scanned = Signal()
    """A card of somebody who isn't in the list: perhaps they have booked just now."""

    def __init__(
        self, finder: Finder, header: Header, table: BookingTable, model: BookingModel
    ) -> None:
        super().__init__(table)
        self._finder, self._header = finder, header
        self._table, self._model = table, model
        self._began: KeptPlace | None = None
        self._awaited = ""
        """The card whose reader wasn't in the list."""
        for pressed in (
            header.chips.group_chosen,
            header.chips.span_chosen,
            header.arrivals.chosen,
        ):
            pressed.connect(self._leave_keys_in_table)
        finder.search_begins.connect(self._note_place)
        finder.search_ended.connect(self._go_back)
        header.search.returnPressed.connect(self._enter)
        header.search.all_wanted.connect(finder.show_found)
        header.searched.connect(self._show_number)
        model.rearranged.connect(self._show_number)
        model.counted.connect(self._show_number)
        model.rearranged.connect(self._welcome)

    def find_scanned(self, text: str) -> None:
        """A card was read: its reader's bookings, as the reader or its twin has them."""
        self._finder.look_for(text)
        other = other_reading(text)
        if not self._model.rowCount() and other is not None:
            self._finder.look_for(other)
        self._awaited = "" if self._model.rowCount() else self._finder.typed
        self._choose()
        if self._awaited and self._model.is_whole and not self._finder.hidden_by_filters():
            self.nobody_scanned.emit()

    def _choose(self) -> None:
        if self._finder.is_one_reader():
            self._table.select(self._finder.first_faulty())
        self._table.setFocus()

    def _welcome(self) -> None:
        """Whoever was scanned in vain has come into the list, and still is what is looked for."""
        if self._awaited and self._model.rowCount():
            is_wanted = self._awaited == self._finder.typed
            self._awaited = ""
            if is_wanted:
                self._choose()

    def _leave_keys_in_table(self) -> None:
        """A click on a chip: the arrows go through what it left. By keyboard one stays there."""
        focused, header = QApplication.focusWidget(), self._header
        is_by_key = focused is header.arrivals or (
            focused is not None and header.chips.isAncestorOf(focused)
        )
        if not is_by_key:
            self._table.setFocus()

    def _note_place(self) -> None:
        if self._began is None:  # else one reader after the other is looked for
            self._began = KeptPlace.of(self._table, self._model)

    def _go_back(self) -> None:
        began, self._began = self._began, None
        if began is not None:
            began.restore(self._table, self._model)

    def _show_number(self) -> None:
        shown = self._model.rowCount()
        of = self._finder.hidden_by_filters() if self._finder.typed else 0
        self._header.search.show_found(shown, of, is_searching=bool(self._finder.typed))

    def _enter(self) -> None:
        number = self._model.rowCount()
        if number:
            found = self._model.row_id_at(0)
            (self.opened if number == 1 else self.chosen).emit(found)
        elif self._finder.typed and self._model.is_whole:
            if self._finder.hidden_by_filters():
                self._finder.show_found()
            else:
                self.nobody_found.emit()
