"""Above the pages: what is wrong with config.yml, a line each, and the file itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.domain.errors import AppError
from core.setup.facade import Setup
from gui.dialogs.base import Dialog
from gui.looks.parts import button, label
from gui.looks.scrolling import Scrolling
from gui.looks.theme import Theme

_SAVE = (
    "What could be used stands on the pages. Fill in what is missing; Save then writes the file "
    "anew, without its comments, and keeps it as it is now as config-before.yml. To keep the "
    "comments, mend the file itself and open Settings again."
)
_MOST_HEIGHT, _BORDERS = 110, 6


class MistakesBox(QFrame):
    """Nothing where the file has no mistakes."""

    def __init__(self, theme: Theme, setup: Setup) -> None:
        super().__init__()
        file, mistakes = setup.config_file, setup.mistakes
        self.setProperty("box", "bad")
        self.setVisible(mistakes is not None)
        self.texts: list[str] = []
        column = QVBoxLayout(self)
        px = theme.px
        column.setContentsMargins(px(16), px(10), px(16), px(10))
        column.setSpacing(px(6))
        if mistakes is None:
            return
        column.addWidget(label(f"{file} has mistakes", "heading", wrap=True))
        self.texts = list(mistakes.problems)
        listed = label("\n".join(f"• {text}" for text in self.texts), wrap=True)
        area = Scrolling(listed, "Mistakes")
        area.setFixedHeight(min(px(_MOST_HEIGHT), listed.sizeHint().height() + px(_BORDERS)))
        column.addWidget(area)
        column.addWidget(label(_SAVE, "small", wrap=True))
        self.open_file = button("Open the file", "small")
        self.open_file.clicked.connect(lambda: open_in_editor(file))
        column.addWidget(self.open_file, 0, Qt.AlignmentFlag.AlignLeft)


class UnreadableFile(Dialog):
    """The file can't even be read as settings: it is mended in an editor."""

    def __init__(self, parent: QWidget, file: Path, error: AppError) -> None:
        super().__init__(parent, "The settings can't be opened", str(error))
        self.add_cancel("Close").setFocus()
        self.open_file = self.add_button("Open the file", "primary")
        self.open_file.setEnabled(file.is_file())
        self.open_file.clicked.connect(lambda: open_in_editor(file))


def open_in_editor(file: Path) -> None:
    """With whatever this computer opens such files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
