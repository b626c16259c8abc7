"""Nothing may hold up what staff see first. Imports nothing, for it comes before all imports."""

from __future__ import annotations

import gc
import sys

_TURN_SECONDS = 0.001
"""How long a busy thread keeps the window waiting for its turn; Python's own 5 ms, taken several
times in one paint, is seen."""


def hurry() -> None:
    """Before the window is imported: nothing of it becomes garbage, and the search takes 50 ms."""
    sys.setswitchinterval(_TURN_SECONDS)
    gc.disable()


def settle() -> None:
    """All is there: what is, stays, and a search through it would stop the window for 50 ms."""
    from PySide6.QtCore import QCoreApplication

    from gui.start.tidying import Tidying

    gc.freeze()
    app = QCoreApplication.instance()
    if app is not None and app.findChild(Tidying) is None:
        Tidying(app)
