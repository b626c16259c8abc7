"""A category for each user group in Alma: those that were seen, and those that are typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.domain.text import counted
from gui.looks.parts import clear, label
from gui.looks.theme import Theme
from gui.settings.fields import Field
from gui.settings.state import SettingsState

_NONE_YET = (
    "No user group has been seen yet. They appear here after the first pass; type them below "
)
_NONE_YET += "to have their readers in the right category from the first one on."


class CategoryFields(QWidget):
    """A field for each known group, and a row for one more: what is typed there counts at once."""

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__()
        self._state = state
        self._typed = ""
        """The group of the last row, as it is in the draft now; "" for none."""
        self.groups: dict[str, QLineEdit] = {}
        self._known = QVBoxLayout()
        self.group, self.category = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        for layout in (column, self._known, row):
            layout.setSpacing(theme.px(10))
        column.addLayout(self._known)
        column.addLayout(row)
        self._fill_row(row)
        self.show_groups()

    def _fill_row(self, row: QHBoxLayout) -> None:
        self.group.setPlaceholderText("gw und")
        for edit in (self.group, self.category):
            edit.textEdited.connect(self._take_typed)
        self.category.editingFinished.connect(self._keep_typed)
        row.addWidget(Field("Another user group", self.group, "As Alma has it: its code or words."))
        row.addWidget(Field("Its category", self.category, "As PassagePoint writes it."))

    def show_groups(self) -> None:
        """A field for each group that is named or was seen, as far as it isn't just being typed."""
        state = self._state
        mapped = state.draft.value("PassagePoint", "categories")
        wanted = [one for one in dict.fromkeys([*mapped, *state.groups]) if one != self._typed]
        if list(self.groups) == wanted and wanted:
            return
        clear(self._known)
        self.groups = {}
        for group in wanted:
            self._known.addWidget(self._field(group, mapped.get(group, "")))
        if not wanted:
            self._known.addWidget(label(_NONE_YET, "muted", wrap=True))

    def _field(self, group: str, category: str) -> QWidget:
        edit = QLineEdit(category)
        edit.setPlaceholderText(self._state.draft.text("PassagePoint", "default_category"))
        edit.textEdited.connect(partial(self._categorise, group))
        self.groups[group] = edit
        today = 0 if category else self._state.groups.get(group, 0)
        note = f"{counted(today, 'reader')} of today, and no category yet." if today else ""
        return Field(group, edit, note)

    def _categorise(self, group: str, category: str) -> None:
        mapped = dict(self._state.draft.value("PassagePoint", "categories"))
        mapped.pop(group, None)
        if category.strip():
            mapped[group] = category.strip()
        self._state.set("PassagePoint", "categories", mapped)

    def _take_typed(self, _text: str) -> None:
        """So that Save by the keyboard, from within the field, loses nothing."""
        if self._typed:
            self._categorise(self._typed, "")
        group, category = self.group.text().strip(), self.category.text()
        self._typed = group if category.strip() and group not in self.groups else ""
        if group and category.strip():
            self._categorise(group, category)

    def _keep_typed(self) -> None:
        """The row is filled in: it becomes one of the others, and is free for one more."""
        group = self.group.text().strip()
        if not group or not self.category.text().strip():
            return
        if group in self.groups:
            self.groups[group].setText(self.category.text().strip())
        self._typed = ""
        goes_on = self.category.hasFocus()  # Enter; Tab has gone on already
        self.group.clear()
        self.category.clear()
        self.show_groups()
        if goes_on:
            self.group.setFocus()
