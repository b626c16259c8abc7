"""Things to read, and the initials."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from core.domain.status import Group
from core.domain.text import counted
from core.settings.config import CacheSettings
from gui.dialogs.base import Dialog, Notice
from gui.looks.parts import label, named

_KEYS = {
    "Typing, scanning": "searches; Escape goes back to where it began",
    "Arrows, Enter": "choose a booking and open it; Enter never registers",
    "Space on a button": "presses it, in the table too",
    "Ctrl+Return": "registers the selected bookings now",
    "Ctrl+R, F5": "syncs now",
    "F1": "this help",
    "Backspace": "corrects the search",
    "Ctrl+T, Ctrl+D": "what is to do, the whole day",
    "Ctrl+F": "search",
    "Ctrl+N": "registers a visit without a booking",
    "Ctrl+I": "checks in in LibCal, where Settings allow it; Enter never does",
    "Ctrl+G": "goes to now",
    "Ctrl++, Ctrl+-": "larger and smaller text",
    "F8": "hides personal data",
}


_GROUPS = {
    Group.NEEDS_PERSON: "somebody has to do something; its detail says what and why",
    Group.WAITING: "is registered by itself, the soonest first",
    Group.REGISTERED: "the visit is in PassagePoint",
    Group.EXCLUDED: "isn't to be registered, or is over without that; its detail says why",
}


_HELP_WIDTH = 640
"""Then no key takes two lines, and it fits on a screen of 768."""


class ShortHelp(Notice):
    """Short, and on this computer: it is needed most while nothing else can be reached."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Help", "")
        self.setMinimumWidth(self.px(_HELP_WIDTH))
        self._add_table("Keys", _KEYS)
        groups = {group.label: words for group, words in _GROUPS.items()}
        self._add_table("What the groups mean", groups)
        self.column.addWidget(label("What is stored, and for how long", "section"))
        self.kept = label("", wrap=True)
        self.column.addWidget(self.kept)
        self.show_kept(None)

    def show_kept(self, cache: CacheSettings | None) -> None:
        """``cache``: for how long; None until that has been read."""
        bookings, people, decisions = "some days", "some weeks", "some weeks"
        if cache is not None:
            bookings = counted(cache.keep_days, "day")
            people = counted(cache.keep_people_days, "day")
            decisions = counted(cache.keep_decisions_days, "day")
        self.kept.setText(
            f"Past bookings, with what became of them: {bookings}. People without a further "
            f"booking: {people}. Who let whom in: {decisions}. After that it is removed by itself. "
            "Cache ▸ What is held about this person… shows what is stored about a reader."
        )

    def _add_table(self, title: str, lines: Mapping[str, str]) -> None:
        self.column.addWidget(label(title, "section"))
        grid = QGridLayout()
        self.column.addLayout(grid)
        grid.setHorizontalSpacing(self.px(16))
        grid.setColumnStretch(1, 1)
        for line, (word, meaning) in enumerate(lines.items()):
            term = label(word, "heading")
            term.setAccessibleName(f"{word}: {meaning}")  # the two are read one after the other
            grid.addWidget(term, line, 0)
            grid.addWidget(label(meaning, wrap=True), line, 1)


class Initials(Dialog):
    """Who is at the desk: noted with every decision."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, current: str) -> None:
        super().__init__(parent, "Who is at the desk?", "Noted with what you decide.")
        self.field = QLineEdit(current)
        self.field.setMaxLength(4)
        self.field.returnPressed.connect(self._choose)
        self.column.addWidget(named("Initials", self.field))
        self.column.addWidget(self.field)
        self.add_cancel()
        self.add_button("Save", "primary").clicked.connect(self._choose)

    def _choose(self) -> None:
        self.chosen.emit(self.field.text().strip().upper())
        self.accept()


_MADE_UP = (
    "Practice has settings of its own, which nobody can change: its bookings, readers and services "
    "are made up.\n\nThe library's settings are in the real window: press End practice, then "
    "choose Tools, Settings."
)


class PracticeSettings(Notice):
    """Where the settings are, for whoever looks for them while practising."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Settings", _MADE_UP)
