"""The buttons for the selected booking: the one right one first, in full width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from core.domain.models import BookingRow
from core.domain.status import Action, Tone
from gui.desk.wanted import Wanted, offers_of, words_of_offer
from gui.looks.announcing import fall_silent
from gui.looks.flow_layout import FlowLayout
from gui.looks.letters import with_letters
from gui.looks.parts import NEVER_ENTER, button, clear, column_in, label, named, plain_tip
from gui.looks.theme import Theme
from gui.looks.words import name_or_none
from gui.table.scanner import TAKES_CARD

_WIDEST_WORDS = 230
_FEW = 2
"""So many of one booking's stand open beside the first; more would push its history away."""


class ActionArea(QWidget):
    """Rebuilt only when what can be done changes: a half-typed ID survives a refresh."""

    wanted = Signal(object)
    """``Wanted``"""
    focused = Signal()
    """The keyboard is where the work goes on."""
    left = Signal()
    """What has the keyboard goes: it was pressed, or there is nothing to do any more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self._tried: tuple[str, str] | None = None
        """The row and the ID that was handed over for it: shown again if it was wrong."""
        self._awaited = ""
        """The row whose answer is still out: until then its field says nothing of itself, or a
        screen reader would read the old reason before the new one."""
        self._rows: tuple[BookingRow, ...] = ()
        self._why = ""
        self._offers: dict[Action, tuple[str, ...]] = {}
        self.field: QLineEdit | None = None
        self.main: QPushButton | None = None
        self.suggested: QPushButton | None = None
        self.suggestion = label()
        self.problem: QLabel | None = None
        self._column = column_in(self, theme.px(8))

    def show_rows(self, rows: Sequence[BookingRow], why: str = "") -> None:
        """Offer what can be done with all of ``rows``; ``why``: what a screen reader says first."""
        self._rows, self._why = tuple(rows), why
        if not self._is_only(self._awaited):
            self._awaited = ""
        self._show_offers()
        if rows:  # what goes is named anew for nobody: it still has the keys for a screen reader
            self._describe()

    def _show_offers(self) -> None:
        rows = self._rows
        self._offers = offers_of(rows)
        actions = tuple(self._offers)
        if actions and Action.RESOLVE in actions:
            # Here there is room for the answers themselves.
            answers = tuple(action for action in actions if action is not Action.RESOLVE)
            actions = answers or actions
        names = tuple(row.name for row in rows if Action.CHECK_IN in actions)  # may be hidden since
        wanted = (tuple((row.row_id, row.action) for row in rows), actions, names)
        if wanted == self._shown:
            return
        self._shown = wanted
        # The window's own: a dialog may be open, and the keys come back to here.
        focused = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.left.emit()  # before it goes: the keys would come to whatever is next
        clear(self._column)
        self.field = self.main = self.suggested = self.problem = None
        if actions:
            self._build(actions)
        self.setVisible(bool(actions))

    def _describe(self) -> None:
        """Each button names whom it is about; why stands on what the keys come to first."""
        who = name_or_none(self._rows[0].name) if len(self._rows) == 1 else ""
        for one in self.findChildren(QPushButton):
            one.setAccessibleName(one.text() if who in one.text() else f"{one.text()}, {who}")
            if (menu := one.menu()) is not None:
                menu.setAccessibleName(one.accessibleName())
        for part in filter(None, dict.fromkeys((self.field, self.main))):
            problem = self.problem if part is self.field else None
            wrong = problem.text() if problem is not None and not problem.isHidden() else ""
            if problem is not None and not wrong and part.hasFocus():
                continue  # it fell silent
            words = "" if self._awaited and part is self.field else f"{wrong} {self._why}".strip()
            if part.accessibleDescription() != words:  # else it would be said with each refresh
                part.setAccessibleDescription(words)

    def show_problem(self, row_id: str, words: str) -> bool:
        """What was asked for could not be done: say so where it was asked, if that is in sight."""
        if row_id == self._awaited:
            self._awaited = ""
        if not self._is_only(row_id) or self.isHidden():
            return False
        if words == self._rows[0].reason:  # which stands above already
            self._hide_problem()
            return self.isVisible()
        if self.problem is None:
            self.problem = label("", wrap=True)
            self.problem.setProperty("tone", Tone.BAD.value)
            at = self._column.indexOf(self.field) + 1 if self.field is not None else 0
            self._column.insertWidget(at, self.problem)
        self.problem.setText(words)
        self.problem.show()
        self._describe()
        if self.field is not None and not isinstance(QApplication.focusWidget(), QLineEdit):
            self.focus()
        return self.isVisible()

    def show_done(self, row_id: str) -> None:
        """What was asked for was done: what was typed before is no longer wanted."""
        if self._tried is not None and self._tried[0] == row_id:
            self._tried, self._awaited = None, ""
            if self.field is not None and self._is_only(row_id):
                self.field.clear()

    def _is_only(self, row_id: str) -> bool:
        return [row.row_id for row in self._rows] == [row_id]

    def _hide_problem(self) -> None:
        if self.problem is not None:
            self.problem.hide()  # it is about what was typed before
            if self.field is not None and self.field.hasFocus():
                fall_silent(self.field, self._why)
            else:
                self._describe()

    def ask_for_id(self) -> None:
        """Correct ID was chosen from among the other buttons: its field comes to them."""
        if self.field is None:
            self._add_field()
            self._describe()
        self.focus()

    def suggest(self, words: str, answer: str, primary_id: str) -> None:
        """Offer an ID that is known from another day of the same booking; again: other words."""
        if self.field is None:
            return
        if self.suggested is None:
            self.suggestion, self.suggested = label("", "section", wrap=True), button("")
            self.suggested.clicked.connect(
                lambda: self._want(Action.CORRECT_ID, {"id": primary_id})
            )
            self._column.insertWidget(0, self.suggestion)
            self._column.insertWidget(1, self.suggested)
        self.suggestion.setText(words)
        self.suggested.setText(answer)
        self._describe()

    def focus(self) -> None:
        """Put the keyboard where the work goes on."""
        target = self.field or self.main
        if target is not None:
            target.show()  # at once: only what is shown takes the focus
            target.setFocus()
            self.focused.emit()
        if self.field is not None:
            self.field.selectAll()

    def _build(self, actions: tuple[Action, ...]) -> None:
        first, *others = actions
        if all(row.action is None for row in self._rows):
            others = list(actions)  # nothing has to be done: none of them is the one right button
        elif first is Action.CORRECT_ID:
            self._add_field()
        else:
            self.main = self._button(first, "primary")
            self._column.addWidget(self.main)
        if others:
            self._add_others(others)

    def _add_others(self, actions: Sequence[Action]) -> None:
        """Where they are many, all but the next one and Check in are in a menu."""
        check_in = [one for one in actions if one is Action.CHECK_IN]
        open_ones: list[Action] = [one for one in actions if one is not Action.CHECK_IN]
        in_menu: list[Action] = []
        if len(self._rows) == 1 and len(actions) > _FEW:
            open_ones, in_menu = open_ones[:1], open_ones[1:]
        made = [self._button(action) for action in open_ones]
        if in_menu:
            made.append(self._more(in_menu))
        made += [self._button(action) for action in check_in]
        self.main = self.main or made[0]
        flow = FlowLayout(gap=self._theme.px(5))
        self._column.addLayout(flow)
        for one in made:
            flow.addWidget(one)

    def _more(self, actions: Sequence[Action]) -> QPushButton:
        made = button("More…")
        menu = QMenu(made)
        words = [words_of_offer(one, self._rows, self._offers[one]) for one in actions]
        for action, text in zip(actions, with_letters(words), strict=True):
            menu.addAction(text).triggered.connect(
                lambda _on=False, action=action: self._want(action, {})
            )
        made.setMenu(menu)
        return made

    def _add_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setProperty(TAKES_CARD, True)
        field.setMaxLength(80)
        name = named("University ID or card barcode", field)
        main = button("Correct ID and register", "primary")
        main.setEnabled(False)
        field.textChanged.connect(lambda text: main.setEnabled(bool(text.strip())))
        field.textChanged.connect(self._hide_problem)
        field.returnPressed.connect(self._correct)
        main.clicked.connect(self._correct)
        go_on = label("Now press Enter.", "muted")  # the reader's own Enter only ends the scan
        go_on.hide()
        field.textChanged.connect(lambda text: go_on.setVisible(bool(text.strip())))
        for part in (name, field, main, go_on):
            self._column.addWidget(part)
        self.field = field
        self.main = self.main or main
        if self._tried is not None and self._tried[0] == self._rows[0].row_id:
            field.setText(self._tried[1])
        return field

    def _correct(self) -> None:
        typed = self.field.text().strip() if self.field is not None else ""
        if typed:
            self._awaited = self._rows[0].row_id
            self._tried = (self._awaited, typed)
            self._want(Action.CORRECT_ID, {"id": typed})

    def _button(self, action: Action, *looks: str) -> QPushButton:
        made = button("", *looks)
        words = words_of_offer(action, self._rows, self._offers[action])
        made.setText(self._in_panel(made, words))
        if made.text() != words:
            made.setToolTip(plain_tip(words))
        made.clicked.connect(lambda: self._want(action, {}))
        made.setProperty(NEVER_ENTER, action is Action.CHECK_IN)
        return made

    def _in_panel(self, made: QPushButton, words: str) -> str:
        """A long name would be wider than the panel; its description and tooltip have all of it."""
        room = self._theme.px(_WIDEST_WORDS)
        return made.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)

    def _want(self, action: Action, detail: dict[str, str]) -> None:
        every = tuple(row.row_id for row in self._rows)
        self.wanted.emit(Wanted(action, self._offers.get(action, every), detail))
