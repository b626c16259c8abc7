"""The selected booking: what is wrong, what to do, the one button, where it stands, history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.models import BookingRow, HistoryEntry
from core.domain.status import Tone
from gui.desk.this_desk import Desk
from gui.desk.wanted import contact_for, offers_of, words_of_offer
from gui.detail.buttons import ActionArea
from gui.detail.facts import History, StandingSteps
from gui.detail.row_links import OtherBookings, PartyRows
from gui.detail.todo_list import TodoList
from gui.looks.flow_layout import FlowLayout
from gui.looks.parts import IconButton, Space, button, column_in, label, set_look
from gui.looks.scrolling import Scrolling
from gui.looks.theme import Theme
from gui.looks.words import Times, counted, name_or_none, trouble_of

_SHORT = 24
_GAP = 4


class DetailPanel(QFrame):
    """Shows one booking, several, or what is next to do."""

    wanted = Signal(object)
    """``Wanted``"""
    todo_chosen = Signal(str)
    copy_wanted = Signal(str, str)
    """A row's id, and the name of one of its fields: what is shown may be hidden."""
    closed = Signal()

    def __init__(self, theme: Theme, times: Times, desk: Desk, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName("detail")
        self._theme, self._times, self._desk, self._today = theme, times, desk, today
        self._row: BookingRow | None = None
        self._name = label("", "name", wrap=True)
        self._line = label("", "muted", wrap=True)
        self._close = IconButton(theme, "", "close")
        self._close.setAccessibleName("Close the detail")
        self._close.setProperty("flat", True)
        self._close.clicked.connect(self.closed)
        self._heading = label("", "heading", wrap=True)
        self._advice = label("", wrap=True)
        self._contact = label("", "muted", wrap=True)
        self._box = self._make_box()
        self.buttons = ActionArea(theme)
        self.buttons.wanted.connect(self.wanted)
        self._stands = StandingSteps(theme, times)
        self._history = History(theme, times)
        self._history_title = label("History", "section")
        self._todo = TodoList(theme, times)
        self._todo.chosen.connect(self.todo_chosen)
        self.others = OtherBookings(theme, times)
        self.others.chosen.connect(self.todo_chosen)
        self.party = PartyRows(theme, times)
        self.party.chosen.connect(self.todo_chosen)
        self._facts = self._make_facts()
        self._about = QWidget()
        self._arrange()
        self.show_todo(None)

    # Building

    def _make_box(self) -> QFrame:
        box = QFrame()
        column = QVBoxLayout(box)
        px = self._theme.px
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        column.setSpacing(px(2))
        for part in (self._heading, self._advice, self._contact):
            column.addWidget(part)
        return box

    def _make_facts(self) -> QWidget:
        facts = QWidget()
        column = column_in(facts, self._theme.px(6))
        column.addWidget(label("Where it stands", "section"))
        column.addWidget(self._stands)
        for part in (self.party, self.others, self._history_title, self._history):
            column.addWidget(part)
        copies = FlowLayout(gap=self._theme.px(2))
        column.addLayout(copies)  # seldom wanted, and what happened is to be seen without scrolling
        self._copies = {
            name: self._copy_button(words, name)
            for name, words in (
                ("primary_id", "Copy ID"),
                ("barcode", "Copy barcode"),
                ("email", "Copy e-mail"),
            )
        }
        for made in self._copies.values():
            copies.addWidget(made)
        return facts

    def _copy_button(self, words: str, name: str) -> QPushButton:
        made = button(words, "quiet")
        made.clicked.connect(lambda: self._copy(name))
        return made

    def _arrange(self) -> None:
        px = self._theme.px
        body = QWidget()
        body.setObjectName("detailBody")
        about = column_in(self._about, px(2))
        about.addWidget(self._line)
        about.addWidget(Space(self._theme, _GAP))
        about.addWidget(self._box)
        about.addWidget(Space(self._theme, _GAP))
        about.addWidget(self.buttons)
        about.addWidget(Space(self._theme, _GAP))
        about.addWidget(self._facts)
        about.addStretch(1)
        column = QVBoxLayout(body)
        start, end = px(16), px(4)  # beside the bar of the scrolling
        left, right = (end, start) if self.isRightToLeft() else (start, end)
        column.setContentsMargins(left, px(12), right, px(12))
        column.setSpacing(px(2))
        top = QHBoxLayout()
        column.addLayout(top)
        top.addWidget(self._name, 1)
        top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._about, 1)
        column.addWidget(self._todo, 1)
        self._body = body
        area = self._area = Scrolling(body, "Detail", keeps_room=True)
        self.buttons.focused.connect(area.show_focused)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(area)

    def least_width(self) -> int:
        """So wide it has to be, or something in it is cut."""
        bar = self._area.area.verticalScrollBar().sizeHint().width()
        return self._body.minimumSizeHint().width() + bar + 1

    # Showing

    def show_overlay(self, *, overlay: bool) -> None:
        """Over the table in a narrow window, beside it in a wide one."""
        set_look(self, "overlay", overlay)
        self._close.setVisible(overlay)

    def show_todo(self, rows: Sequence[BookingRow] | None, *, in_table: bool = False) -> None:
        """No booking is selected: what is next to do; None where there is nothing to say."""
        self._row = None
        focused = self.window().focusWidget()
        if focused is not None and self._about.isAncestorOf(focused):
            self.buttons.left.emit()
        self._name.hide()
        self._about.hide()
        self.buttons.show_rows(())
        self._speak("Detail", "")
        self._todo.show_rows(rows or (), in_table=in_table)
        self._todo.setVisible(rows is not None)

    def show_several(self, rows: Sequence[BookingRow]) -> None:
        """Several bookings are selected."""
        self._row = None
        self._show_parts(row=False)
        self._name.setText(f"{counted(len(rows), 'booking')} selected")
        possible = bool(offers_of(rows))
        words = "What can be done, and with how many of them:" if possible else "Nothing is to do."
        self._line.setText(words)
        self._speak(self._name.text(), words)
        self.buttons.show_rows(rows, self.words_for_several(rows))
        self._todo.hide()

    def words_for_several(self, rows: Sequence[BookingRow]) -> str:
        """``3 bookings selected. Register now (2)``: what is said of them aloud."""
        offers = offers_of(rows)
        words = [words_of_offer(one, rows, row_ids) for one, row_ids in offers.items()]
        chosen = f"{counted(len(rows), 'booking')} selected"
        return f"{chosen}. {', '.join(words) or 'Nothing fits all of them'}."

    def show_row(
        self,
        row: BookingRow,
        others: Sequence[BookingRow] = (),
        party: Sequence[BookingRow] = (),
    ) -> None:
        """One booking, the reader's others of today, and its companions; called again whenever
        one changes."""
        if self._row is None or self._row.row_id != row.row_id:
            self._history.show_entries((), self._today())
            self._history_title.hide()
        self._row = row
        self._name.setText(name_or_none(row.name))
        when = self._times.span(row.starts_at, row.ends_at)
        # A line ends between place and seat, not within "Seat 12".
        seats = row.seats.replace(" ", "\u00a0") if len(row.seats) < _SHORT else row.seats
        self._line.setText(" · ".join(part for part in (when, row.location, seats) if part))
        self._show_parts(row=True)
        self._todo.hide()
        self._show_box(row)
        why = self._times.why(row)
        self._speak(f"Detail of {self._name.text()}", why)
        self.buttons.show_rows((row,), why)
        self._stands.show_row(row, self._today())
        self.party.show_party(row, party)
        self.others.show_rows(others)
        for name, made in self._copies.items():
            made.setVisible(bool(getattr(row, name)))
            made.setAccessibleName(f"{made.text()}, {self._name.text()}")

    def show_history(self, row_id: str, entries: Sequence[HistoryEntry]) -> None:
        """The history of a booking has been read."""
        if self._row is not None and self._row.row_id == row_id:
            self._history.show_entries(entries, self._today())
            self._history_title.setVisible(bool(entries))

    def _show_parts(self, *, row: bool) -> None:
        self._name.show()
        self._about.show()
        self._box.setVisible(row)
        self._facts.setVisible(row)

    def _speak(self, name: str, why: str) -> None:
        """What a screen reader says of the panel, and of what scrolls in it."""
        for part in (self, self._area):
            part.setAccessibleName(name)
            if part.accessibleDescription() != why:
                part.setAccessibleDescription(why)

    def _show_box(self, row: BookingRow) -> None:
        contact = contact_for(row, self._desk)
        texts: tuple[tuple[QLabel, str], ...] = (
            (self._heading, self._times.written(row.reason or "")),
            (self._advice, self._times.written(row.next_step)),
            (self._contact, contact),
        )
        for part, text in texts:
            part.setText(text)
            part.setVisible(bool(text))
        self._box.setVisible(bool(row.reason or row.next_step))
        _, tone = trouble_of(row)
        tone = Tone.NEUTRAL if tone is Tone.GOOD else tone
        set_look(self._box, "box", tone.value)
        set_look(self._heading, "tone", tone.value)

    def _copy(self, name: str) -> None:
        if self._row is not None:
            self.copy_wanted.emit(self._row.row_id, name)
