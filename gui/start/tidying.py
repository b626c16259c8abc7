"""Garbage is looked for in the window's thread only.

Python looks for it in whichever thread happens to need memory. Where that destroys a Qt object
while the window's thread destroys another, each waits for what the other holds: the window hangs.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EACH_MS = 1000
_WHOLE_EACH = 60
"""Mostly only what is new is looked through: all of it takes longer than a frame."""


class Tidying(QObject):
    """Takes the place of Python's own looking, which must be off."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EACH_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        gc.collect(2 if self._looks % _WHOLE_EACH == 0 else 1)
