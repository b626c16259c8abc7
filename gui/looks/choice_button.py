"""A button that shows what is chosen and opens a menu of what else can be."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from gui.looks.letters import with_letters
from gui.looks.parts import IconButton
from gui.looks.theme import Theme


class ChoiceButton(IconButton):
    """``what`` is chosen here: said before the choice to those who can't see where it stands."""

    chosen = Signal(object)
    """One of the choices' keys."""

    def __init__(self, theme: Theme, what: str) -> None:
        super().__init__(theme, "", "chevron-down")
        self._what = what
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._keys: dict[QAction, object] = {}  # Qt would turn an enum into its text
        self._names: dict[object, str] = {}
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow at the right
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMenu(self._menu)

    def set_choices(self, names: Mapping[object, str]) -> None:
        """What can be chosen, by key; what is chosen stays so."""
        if names == self._names:
            return
        checked = self._group.checkedAction()
        key = self._keys.get(checked) if checked else None
        self._menu.clear()
        for old in self._group.actions():
            self._group.removeAction(old)
        self._names, self._keys = dict(names), {}
        plain = [name.replace("&", "+") for name in names.values()]
        for one, text in zip(names, with_letters(plain), strict=True):
            action = QAction(text, self._menu)
            action.setCheckable(True)
            action.triggered.connect(self._tell)
            self._keys[action] = one
            self._group.addAction(action)
            self._menu.addAction(action)
        self.show_chosen(key)

    def show_chosen(self, key: object) -> None:
        """Show which is chosen."""
        for action, one in self._keys.items():
            if one == key:
                action.setChecked(True)
                self.setText(f"{self._names[key].replace('&', '&&')} ")
                self.setAccessibleName(f"{self._what}: {self._names[key]}")

    def show_other(self, words: str) -> None:
        """Something that isn't among the choices was chosen elsewhere."""
        if (checked := self._group.checkedAction()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)
        self.setText(f"{words} ")
        self.setAccessibleName(f"{self._what}: {words}")

    def _tell(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.chosen.emit(self._keys[action])
