"""What all dialogs share: a title, a text, a row of buttons, Escape closes, scans are no Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.errors import AppError
from gui.parts import button, label
from gui.scanner import ScanFilter

_WIDTH = 440


class Dialog(QDialog):
    """Opened with ``open``; deletes itself when it is closed."""

    def __init__(self, parent: QWidget, title: str, text: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        scale = self.fontMetrics().height() / 17
        self.setMinimumWidth(round(_WIDTH * scale))
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        self.text = label(text, wrap=True)
        self.text.setVisible(bool(text))
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 18, 20, 16)
        outer.setSpacing(12)
        outer.addWidget(label(title, "title", wrap=True))
        outer.addWidget(self.text)
        outer.addLayout(self.column)
        outer.addStretch(1)
        outer.addSpacing(4)
        outer.addLayout(self._buttons)
        self._scans = ScanFilter(self)

    def add_button(self, text: str, *looks: str) -> QPushButton:
        """One more button at the lower right."""
        made = button(text, *looks)
        self._buttons.addWidget(made)
        return made

    def add_cancel(self, text: str = "Cancel") -> QPushButton:
        """The button that changes nothing."""
        made = self.add_button(text)
        made.clicked.connect(self.reject)
        return made

    def show_error(self, error: AppError) -> None:
        """Say in the dialog what failed."""
        self.say(str(error))

    def say(self, text: str) -> None:
        """Change the text, and the dialog's height with it."""
        self.text.setText(text)
        self.text.setVisible(bool(text))
        width = max(self.width(), self.minimumWidth())
        self.resize(width, self._outer.totalHeightForWidth(width))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().installEventFilter(self._scans)


class Question(Dialog):
    """A question with its answers as buttons; the first is the likely one."""

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        answers: dict[str, str],
        cancel: str = "Cancel",
    ) -> None:
        """``answers``: what is emitted, and the text of its button."""
        super().__init__(parent, title, text)
        self.add_cancel(cancel)
        self.choices: dict[str, QPushButton] = {}
        for code, words in answers.items():
            made = self.add_button(words, *(("primary",) if not self.choices else ()))
            made.clicked.connect(lambda _on=False, code=code: self._answer(code))
            self.choices[code] = made
        next(iter(self.choices.values())).setFocus()

    def _answer(self, code: str) -> None:
        self.answered.emit(code)
        self.accept()


class Notice(Dialog):
    """Something to read, with one button."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent, title, text)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.add_cancel("Close")
