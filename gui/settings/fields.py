"""Fields of the settings: what it is, the control, what it is for, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from core.domain.text import counted
from core.setup.addresses import tidy_address
from gui.looks.announcing import announce
from gui.looks.parts import column_in, hide_unless, label
from gui.settings.state import SettingsState


class Field(QWidget):
    """A control under its name; ``help_text`` says what for, where to find it, a good one."""

    def __init__(self, title: str, control: QWidget, help_text: str = "") -> None:
        super().__init__()
        self.control = control
        name = label(title, "heading")
        name.setBuddy(control)
        self.help = label(help_text, "small", wrap=True)
        hide_unless(help_text, self.help)
        self.problem = label("", wrap=True)
        self.problem.setProperty("tone", "bad")
        self.problem.hide()
        self.remark = label("", "small", wrap=True)
        self.remark.hide()
        control.setAccessibleName(title)
        control.setAccessibleDescription(help_text)
        if isinstance(control, QComboBox) and (edit := control.lineEdit()) is not None:
            edit.setAccessibleName(title)
        column = column_in(self, 4)
        for part in (name, control, self.help, self.remark, self.problem):
            column.addWidget(part)

    def show_problem(self, text: str) -> None:
        """Say under the field what is wrong; "" says nothing."""
        if text != self.problem.text():
            announce(self.control, text)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def say(self, text: str) -> None:
        """Say under the field what was done to what was typed; "" takes it away."""
        self.remark.setText(text)
        self.remark.setVisible(bool(text))
        if text:
            announce(self.control, text)


class TextField(Field):
    """One line of text."""

    def __init__(
        self,
        state: SettingsState,
        section: str,
        name: str,
        title: str,
        help_text: str = "",
        example: str = "",
    ) -> None:
        self._state, self._section, self._name = state, section, name
        self.edit = QLineEdit(self._shown())
        super().__init__(title, self._control(), help_text)
        self._asked_with = self.edit.text()
        self.edit.setPlaceholderText(example)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.editingFinished.connect(self._on_finished)

    def _control(self) -> QWidget:
        """What stands under the name; ``edit`` is where the text is."""
        return self.edit

    def _on_edited(self, text: str) -> None:
        self.show_problem("")
        self._keep(text)

    def _shown(self) -> str:
        """What the draft has, as it stands in the field."""
        return self._state.draft.text(self._section, self._name)

    def _keep(self, text: str) -> None:
        self._state.set(self._section, self._name, text.strip())

    def _on_finished(self) -> None:
        self.show_problem(self._problem())
        if self.edit.text() != self._asked_with:
            self._asked_with = self.edit.text()
            self._state.settle()  # secrets belong to an address and a user

    def _problem(self) -> str:
        return self._state.draft.problem_with(self._section, self._name)

    def show_again(self) -> None:
        """Show what the draft has now."""
        self.edit.setText(self._shown())


class AddressField(TextField):
    """A service's address: what is pasted is cut to it, and what is left out is put in front."""

    def _on_edited(self, text: str) -> None:
        super()._on_edited(text)
        self.say("")  # what was done to an earlier address says nothing of this one

    def _on_finished(self) -> None:
        tidy = tidy_address(self._section, self.edit.text())
        if tidy.url != self.edit.text():
            self.edit.setText(tidy.url)
            self._state.set(self._section, self._name, tidy.url)
        super()._on_finished()
        if tidy.remark:
            self.say(tidy.remark)


class ZoneField(TextField):
    """A time zone, from a list that a part of its name searches; blanks count as ``_``."""

    def _control(self) -> QWidget:
        self.combo = _QuietCombo()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.addItems(["", *sorted(available_timezones())])
        shown = self.edit.text()
        self.combo.setLineEdit(self.edit)
        self.edit.setText(shown)
        completer = QCompleter(self.combo.model(), self.combo)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.combo.setCompleter(completer)
        self.combo.activated.connect(lambda _at: self._on_chosen())
        return self.combo

    def _on_chosen(self) -> None:
        self._on_edited(self.edit.text())
        self._on_finished()

    def _on_finished(self) -> None:
        typed = self.edit.text().strip().replace(" ", "_").casefold()
        meant = [zone for zone in available_timezones() if zone.casefold() == typed]
        if meant and meant[0] != self.edit.text():
            self.edit.setText(meant[0])
            self._on_edited(meant[0])
        super()._on_finished()


class NumberField(Field):
    """A whole number; the wheel scrolls the page and never changes it unseen.

    ``none``: what it means that there is none, as the lowest step; "" where there has to be one.
    """

    def __init__(
        self,
        state: SettingsState,
        section: str,
        name: str,
        title: str,
        help_text: str = "",
        *,
        least: int,
        most: int,
        unit: str = "",
        none: str = "",
    ) -> None:
        lowest = least - 1 if none else least
        value = state.draft.value(section, name)
        self.spin = _QuietSpin()
        self.spin.setRange(lowest, most)
        self.spin.setSpecialValueText(none)
        self.spin.setValue(lowest if value is None else int(value))
        super().__init__(title, self.spin, help_text)
        self._unit = unit
        self._show_unit(self.spin.value())
        self.spin.valueChanged.connect(self._show_unit)
        self.spin.valueChanged.connect(
            lambda number: state.set(section, name, number if number >= least else None)
        )

    def _show_unit(self, value: int) -> None:
        """``1 day``, ``3 days``"""
        words = counted(value, self._unit).removeprefix(str(value))
        self.spin.setSuffix(words if self._unit else "")


class ListField(TextField):
    """Several texts with commas between."""

    def _shown(self) -> str:
        return ", ".join(self._state.draft.value(self._section, self._name) or ())

    def _keep(self, text: str) -> None:
        parts = [part.strip() for part in text.split(",")]
        self._state.set(self._section, self._name, [part for part in parts if part])


class CheckField(QWidget):
    """Yes or no, with a word on what it does."""

    def __init__(
        self,
        state: SettingsState,
        section: str,
        name: str,
        title: str,
        help_text: str = "",
        values: tuple[object, object] = (True, False),
    ) -> None:
        """``values``: what stands in the settings for yes and for no."""
        super().__init__()
        self.box = QCheckBox(title)
        self.box.setChecked(state.draft.value(section, name) == values[0])
        self.box.setAccessibleDescription(help_text)
        self.box.toggled.connect(lambda on: state.set(section, name, values[0 if on else 1]))
        column = column_in(self, 2)
        column.addWidget(self.box)
        if help_text:
            note = label(help_text, "small", wrap=True)
            note.setIndent(24)
            column.addWidget(note)


class ChoiceField(Field):
    """One of several; ``chosen`` is emitted when a person picks another."""

    chosen = Signal(str)

    def __init__(
        self, title: str, choices: Mapping[str, str], current: str, help_text: str = ""
    ) -> None:
        """``choices``: what is handed on, and its words."""
        self.combo = _QuietCombo()
        super().__init__(title, self.combo, help_text)
        self.offer(choices, current)
        self.combo.activated.connect(lambda _at: self.chosen.emit(self.combo.currentData()))

    def offer(self, choices: Mapping[str, str], current: str) -> None:
        """Offer these; ``current`` is kept even if it isn't among them."""
        self.combo.clear()
        for value, words in choices.items():
            self.combo.addItem(words, value)
        if current not in choices:
            self.combo.addItem(current or "Please choose", current)
        self.combo.setCurrentIndex(self.combo.findData(current))


def focused_in(fields: Mapping[str, ChoiceField]) -> str | None:
    """Which of them has the keyboard: they are made anew when there is more to choose from."""
    return next((key for key, field in fields.items() if field.combo.hasFocus()), None)


class _QuietSpin(QSpinBox):
    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The style sheet's padding doesn't reach the text of a spin box.
        self.lineEdit().setTextMargins(8, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _QuietCombo(QComboBox):
    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
