"""The activity log: who did what and when, and about whom; filtered, copied, saved, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from core.domain.models import HistoryEntry
from core.domain.text import fold, initials
from gui.dialogs.saving import ExportFolder
from gui.dialogs.text_dialog import TextDialog
from gui.looks.parts import named
from gui.looks.words import Times, name_or_none
from gui.table.collation import collated
from gui.work.sync_worker import SyncWorker

if TYPE_CHECKING:  # it brings the cache, which the first paint needn't
    from core.engine.base import Engine

_MOST = 2000
_EVERYBODY, _EVERYTHING = "Everybody", "Everything"
_KINDS = {
    _EVERYTHING: None,
    "About a booking": True,
    "About the program": False,
}


class _Line(NamedTuple):
    text: str
    who: str
    is_about_booking: bool


class ActivityDialog(TextDialog):
    """Newest first; ``hides``: of readers only the initials are named."""

    shows_person = True

    def __init__(
        self,
        parent: QWidget,
        worker: SyncWorker,
        times: Times,
        folder: ExportFolder,
        *,
        hides: bool = False,
    ) -> None:
        super().__init__(parent, "Activity log", "", folder, "Activity log.txt")
        self._times, self._hides = times, hides
        self._lines: list[_Line] = []
        self.filter, self.who, self.kind = QLineEdit(), QComboBox(), QComboBox()
        self.who.addItem(_EVERYBODY)
        self.kind.addItems(list(_KINDS))
        row = QHBoxLayout()
        self.column.addLayout(row)
        for words, field, stretch in (
            ("Only lines with", self.filter, 2),
            ("By", self.who, 1),
            ("Kind", self.kind, 1),
        ):
            row.addWidget(named(words, field))
            row.addWidget(field, stretch)
        self.filter.textChanged.connect(self._show_lines)
        self.who.currentTextChanged.connect(self._show_lines)
        self.kind.currentTextChanged.connect(self._show_lines)
        self.add_body()
        worker.ask(self, _read, self._take, self.show_error)

    def _take(self, read: tuple[list[HistoryEntry], dict[str, str]]) -> None:
        entries, names = read
        self._lines = [self._line(one, names.get(one.row_id or "", "")) for one in entries]
        self.who.addItems(sorted({one.who for one in self._lines if one.who}, key=collated))
        self._show_lines()

    def _line(self, entry: HistoryEntry, name: str) -> _Line:
        local = self._times.local(entry.at)
        when = f"{self._times.short_day(local.date())} {self._times.clock(entry.at)}"
        by = " · ".join(part for part in (entry.who, entry.computer) if part)
        text = self._times.written(entry.text)
        if self._hides and name_or_none(name, ""):
            text, name = text.replace(name, initials(name)), initials(name)
        about = name_or_none(name) if name else ""
        said = "  ".join(part for part in (when, about, text, f"({by})" if by else "") if part)
        return _Line(said, entry.who, entry.row_id is not None)

    def _show_lines(self) -> None:
        words, who = fold(self.filter.text()).split(), self.who.currentText()
        about = _KINDS[self.kind.currentText()]
        fitting = [
            one.text
            for one in self._lines
            if who in (_EVERYBODY, one.who)
            and about in (None, one.is_about_booking)
            and all(word in fold(one.text) for word in words)
        ]
        self.body.setPlainText("\n".join(fitting))


def _read(engine: Engine) -> tuple[list[HistoryEntry], dict[str, str]]:
    entries = engine.activity(_MOST)
    return entries, engine.names_of({one.row_id for one in entries if one.row_id is not None})
