"""A text that is shown before it is saved, and the results of a check as they come in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.computer.paths import restrict
from core.domain.errors import AppError
from core.domain.status import Tone
from core.services.findings import Finding
from gui.dialogs.base import Dialog
from gui.looks.parts import IconMark, label
from gui.looks.theme import Theme


class SaveReport(Dialog):
    """What would be saved, to read first."""

    def __init__(self, parent: QWidget, title: str, text: str, suggested: Path) -> None:
        super().__init__(parent, title, "Making it…")
        self._suggested = suggested
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setAccessibleName(title)
        self.add_large(self.report, 760, 560)
        self._note = text
        self.add_cancel("Close")
        self.save = self.add_button("Save…", "primary")
        self.save.setEnabled(False)
        self.save.clicked.connect(self._choose)

    def show_report(self, text: str) -> None:
        """It is made: show it, and let it be saved."""
        self.text.setText(self._note)
        self.report.setPlainText(text)
        self.save.setEnabled(True)
        self.save.setFocus()

    def save_to(self, file: Path) -> None:
        """Write what is shown."""
        try:
            file.write_text(self.report.toPlainText() + "\n", encoding="utf-8")
            restrict(file)
        except OSError as error:
            self.text.setText(f"It can't be saved there: {error.strerror or 'unknown'}.")
            return
        self.accept()

    def _choose(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, "Save", str(self._suggested), "Text (*.txt)")
        if file:
            self.save_to(Path(file))


class CheckList(Dialog):
    """Check connections: a line for each thing that was tried."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "Check connections", "Asking LibCal, Alma and PassagePoint…")
        self._theme = theme
        self._lines = QVBoxLayout()
        self._lines.setSpacing(self.px(8))
        self.column.addLayout(self._lines)
        self.texts: list[str] = []
        self.add_cancel("Close")

    def show_results(self, results: list[Finding]) -> None:
        """What came out."""
        for one in results:
            self._add(one)
        bad = sum(not one.ok for one in results)
        self.say("Everything works." if not bad else "Something needs attention.")

    def show_failure(self, error: AppError) -> None:
        self.say(str(error))

    def _add(self, result: Finding) -> None:
        self.texts.append(f"{result.subject}: {result.text} {result.hint}".strip())
        row = QWidget()
        tone = Tone.GOOD if result.ok else Tone.BAD
        text = label(self.texts[-1], wrap=True)
        text.setProperty("tone", "" if result.ok else tone.value)
        text.setAccessibleName(("Works: " if result.ok else "Problem: ") + self.texts[-1])
        line = _in_a_row(row)
        line.addWidget(IconMark(self._theme, tone), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(text, 1)
        self._lines.addWidget(row)


def _in_a_row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    return row
