"""The menus; what they do stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMenuBar

from gui.looks.letters import with_letters
from gui.looks.theme import Appearance

_TITLES = ("&File", "&Sync", "&Cache", "&View", "&Tools", "&Help")


def add_titles(bar: QMenuBar) -> dict[str, QMenu]:
    """The menus, empty, by their titles without the ``&``."""
    return {title.lstrip("&"): bar.addMenu(title) for title in _TITLES}


def a_menu_is_open() -> bool:
    """Its letters choose its lines."""
    is_in_bar = isinstance(QApplication.focusWidget(), QMenuBar)
    return is_in_bar or QApplication.activePopupWidget() is not None


def add_action(
    window: QMainWindow,
    menu: QMenu,
    text: str,
    on_chosen: Callable[[], object],
    *shortcuts: str,
    role: QAction.MenuRole = QAction.MenuRole.NoRole,
) -> QAction:
    """One line of a menu; it shows the first of its ``shortcuts``.

    macOS moves some lines into the program's own menu: those that say so, not those whose text
    sounds like it.
    """
    action = QAction(text, window)
    action.setMenuRole(role)
    action.setShortcuts([QKeySequence(one) for one in shortcuts])
    action.triggered.connect(lambda _on=False: on_chosen())
    menu.addAction(action)
    return action


def add_check(
    window: QMainWindow,
    menu: QMenu,
    text: str,
    on_toggled: Callable[[bool], None],
    shortcut: str = "",
    *,
    checked: bool = False,
) -> QAction:
    """One line that is on or off."""
    action = QAction(text, window)
    action.setCheckable(True)
    action.setChecked(checked)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.triggered.connect(on_toggled)
    menu.addAction(action)
    return action


def add_choice(
    window: QMainWindow,
    menu: QMenu,
    choices: dict[str, object],
    chosen: object,
    on_chosen: Callable[[object], None],
) -> None:
    """Several lines of which one is chosen; ``choices``: the text, and what is handed on."""
    group = QActionGroup(menu)
    for text, value in zip(with_letters(choices), choices.values(), strict=True):
        action = QAction(text, window)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.triggered.connect(lambda _on=False, value=value: on_chosen(value))
        group.addAction(action)
        menu.addAction(action)


APPEARANCES: dict[str, object] = {
    "As the system": Appearance.SYSTEM,
    "Light": Appearance.LIGHT,
    "Dark": Appearance.DARK,
}
