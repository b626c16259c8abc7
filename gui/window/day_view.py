"""The table with its detail beside it, or over it where the window is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from core.domain.models import BookingRow, HistoryEntry
from core.domain.status import Action, Group, PassState
from core.domain.text import last_four
from gui.desk.press_outcome import ActionOutcome
from gui.desk.this_desk import Desk
from gui.desk.wanted import Wanted
from gui.detail.panel import DetailPanel
from gui.looks.announcing import announce
from gui.looks.clipboard import copy_for_a_minute
from gui.looks.mirroring import placed
from gui.looks.theme import Theme
from gui.looks.words import Times
from gui.table.booking_model import BookingModel
from gui.table.booking_table import BookingTable
from gui.table.came_with import party_of
from gui.table.empty_message import EmptyMessage
from gui.table.hidden_rows import hidden_text
from gui.table.same_reader import others_of
from gui.top.toast import Toast
from gui.window.finding import Finder
from gui.work.minutes import MinuteClock
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:
    from core.day.series import OtherDay

_Beside = Callable[[BookingRow, Iterable[BookingRow]], list[BookingRow]]
_WIDE = 1200
_ROOMY = 1700
_WIDEST_DETAIL = 440


class DayView(QWidget):
    """Keeps the detail in step with the selected row."""

    wanted = Signal(object)
    """``Wanted``"""

    def __init__(
        self,
        model: BookingModel,
        table: BookingTable,
        finder: Finder,
        worker: SyncWorker,
        theme: Theme,
        times: Times,
        desk: Desk,
        minute_clock: MinuteClock,
    ) -> None:
        super().__init__()
        self.setObjectName("dayView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._times = times
        self.table = table
        self.detail = DetailPanel(theme, times, desk, minute_clock.today)
        self._model, self._finder, self._worker, self._theme = model, finder, worker, theme
        self._selected: tuple[str, ...] = ()
        self._shows_only_todo = False
        self._other_day: tuple[str, OtherDay | None] = ("", None)
        self._opened = False
        table.setParent(self)
        self._connect_detail()
        self.empty = EmptyMessage(table, theme)
        self.toast = Toast(table, theme)
        table.selected.connect(self._select)
        table.opened.connect(self.open_detail)
        table.pressed_action.connect(self._press)
        model.dataChanged.connect(self._refresh)
        model.counted.connect(self._refresh)
        model.rearranged.connect(self._refresh_todo)
        theme.changed.connect(self._arrange)

    def _connect_detail(self) -> None:
        detail = self.detail
        detail.setParent(self)
        detail.todo_chosen.connect(self.go_to)
        detail.wanted.connect(self.wanted)
        detail.closed.connect(self.close_detail)
        detail.buttons.left.connect(self.table.setFocus)
        detail.copy_wanted.connect(self._copy)

    def go_to(self, row_id: str) -> None:
        """Select a row, taking filters away that hide it."""
        if self._model.place_of(row_id) is None:
            self._finder.show_all()
        # First, for the list that it was chosen from goes: the keys would be moved on by that.
        self.table.setFocus()
        self.table.select(row_id)

    def open_detail(self, row_id: str) -> None:
        """Show the detail, in a narrow window over the table, and put the keyboard there."""
        if row_id not in self._selected:  # Enter on several keeps them
            self.table.select(row_id)
        self._opened = True
        self._arrange()
        self.detail.buttons.focus()

    def show_only_one(self) -> None:
        """A search left one booking: why it is as it is stands there without another key."""
        if self._finder.typed and self._model.rowCount() == 1:
            self.table.select(self._model.row_id_at(0))

    def ask_for_id(self, row_id: str) -> None:
        """Open the detail at the field for the university ID."""
        self.open_detail(row_id)
        self.detail.buttons.ask_for_id()

    def close_detail(self) -> None:
        self._opened = False
        self._arrange()
        self.table.setFocus()

    @property
    def detail_is_over_table(self) -> bool:
        return self._opened and not self._is_wide()

    def _select(self, row_ids: tuple[str, ...]) -> None:
        self._selected = row_ids
        self._refresh()
        if len(row_ids) > 1:
            rows = [row for row in map(self._model.shown_row, row_ids) if row is not None]
            announce(self, self.detail.words_for_several(rows))
        if len(row_ids) == 1:
            row_id = row_ids[0]
            self._ask_history(row_id)
            row = self._model.row(row_id)
            if row is not None and row.action is Action.CORRECT_ID:
                self._ask_other_day(row_id)
            if row is not None and _ended_unregistered(row):
                self._worker.ask(self, lambda engine: engine.mark_seen([row_id]), lambda _: None)

    def show_outcome(self, outcome: ActionOutcome, words: str) -> None:
        """Something was done, or could not be: ``words`` say which."""
        first = outcome.row_ids[0]
        if not outcome.is_error:
            self.detail.buttons.show_done(first)
            self.toast.say(words, outcome)
        elif len(outcome.dones) == 1 and self.detail.buttons.show_problem(first, words):
            announce(self, words)  # it stands where it was asked for: once is enough
        else:
            self.toast.say(words)
        if self._selected == (first,):
            self._ask_history(first)

    def _ask_history(self, row_id: str) -> None:
        def show(entries: list[HistoryEntry]) -> None:
            row = self._model.row(row_id)
            if row is not None and self._model.hides:
                entries = [replace(one, text=hidden_text(one.text, row)) for one in entries]
            self.detail.show_history(row_id, entries)

        self._worker.ask(self, lambda engine: engine.history(row_id), show)

    def _ask_other_day(self, row_id: str) -> None:
        def show(known: OtherDay | None) -> None:
            self._other_day = (row_id, known)
            self._refresh()

        self._worker.ask(self, lambda engine: engine.corrected_on_other_day(row_id), show)

    def _suggest_other_day(self, row_id: str) -> None:
        asked, known = self._other_day
        if asked != row_id or known is None:
            return
        number = last_four(known.primary_id) if self._model.hides else known.primary_id
        day = self._times.shorter_day(self._times.local(known.starts_at).date())
        self.detail.buttons.suggest(f"Corrected on {day} to", f"Use {number}", known.primary_id)

    def _refresh(self) -> None:
        found = [self._model.shown_row(row_id) for row_id in self._selected]
        rows = [row for row in found if row is not None]
        if not rows:
            # Where there are no bookings, or none yet, the table says why.
            todo = self._finder.todo() if self._model.has_rows else None
            self.detail.show_todo(todo, in_table=self._finder.shows_only_todo)
        elif len(rows) == 1:
            row_id = rows[0].row_id
            others = self._shown_of(row_id, others_of)
            self.detail.show_row(rows[0], others, self._shown_of(row_id, party_of))
            self._suggest_other_day(rows[0].row_id)
        else:
            self.detail.show_several(rows)
        if self._detail_width() > self.detail.width():
            self._arrange()
        self._put_in_tab_order()

    def _shown_of(self, row_id: str, others_of_row: _Beside) -> list[BookingRow]:
        """By what they really hold, and as they are shown: data may be hidden."""
        row = self._model.row(row_id)
        others = others_of_row(row, self._model.day_rows()) if row is not None else []
        shown = (self._model.shown_row(one.row_id) for one in others)
        return [one for one in shown if one is not None]

    def _refresh_todo(self) -> None:
        """The table became the list of what is to do, or is it no longer."""
        if self._finder.shows_only_todo != self._shows_only_todo:
            self._shows_only_todo = self._finder.shows_only_todo
            self._refresh()

    def _put_in_tab_order(self) -> None:
        """From the table into the detail, from top to bottom; Qt puts what is new at the end."""
        before: QWidget = self.table
        for part in self.detail.findChildren(QWidget):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, part)
                before = part

    def _copy(self, row_id: str, name: str) -> None:
        row = self._model.row(row_id)
        if row is not None:
            copy_for_a_minute(getattr(row, name) or "")

    def _press(self, row_id: str) -> None:
        row = self._model.row(row_id)
        if row is not None and row.action is not None:
            self.wanted.emit(Wanted(row.action, (row_id,)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _is_wide(self) -> bool:
        return self.width() >= self._theme.px(_WIDE)

    def _arrange(self) -> None:
        taken = self._detail_width() if self._is_wide() else 0
        room = QRect(0, 0, self.width() - taken, self.height())
        self.table.setGeometry(placed(room, self.rect(), self))
        self._arrange_detail()
        self.empty.fit()
        if self.toast.isVisible():
            # After the table has its new size.
            QTimer.singleShot(0, self.toast.place)

    def _arrange_detail(self) -> None:
        detail, wide, width = self.detail, self._is_wide(), self._detail_width()
        room = QRect(self.width() - width, 0, width, self.height())
        detail.setGeometry(placed(room, self.rect(), self))
        detail.show_overlay(overlay=not wide)
        detail.setVisible(wide or self._opened)
        detail.raise_()

    def _detail_width(self) -> int:
        """Wider where the window has room for it."""
        usual = self._theme.px(360 if self.width() >= self._theme.px(_ROOMY) else 300)
        needed = min(self.detail.least_width(), self._theme.px(_WIDEST_DETAIL))
        return min(max(usual, needed), self.width())


def _ended_unregistered(row: BookingRow) -> bool:
    return (
        row.is_over and row.group is Group.EXCLUDED and row.passagepoint is not PassState.REGISTERED
    )
