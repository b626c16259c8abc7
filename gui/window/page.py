"""What the window holds under its menus: as large as that, and scrolled where it is small."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST = QSize(960, 500)
"""With menus at 200 %, and what a system puts below, 960×600: then nothing shrinks any more."""
_LEAST_WINDOW = QSize(320, 200)
"""1024×600 at 200 % is 512×300, with the frame and the menus."""


class Page(QScrollArea):
    """A screen of 1024×600, or a large one at 200 %, has less room than the window needs."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setObjectName("pageScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setMinimumSize(_LEAST_WINDOW)
        content.setMinimumSize(_LEAST)
        self.setWidget(content)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows that a field doesn't need belong to the window
