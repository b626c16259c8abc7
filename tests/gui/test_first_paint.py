"""What the first paint doesn't need is imported after it."""

from __future__ import annotations

import subprocess
import sys

_LATER = (
    "qtawesome",
    "requests",
    "keyring",
    "flask",
    "psycopg",
    "core.app",
    "core.cache.base",
    "core.verdict",
    "gui.settings.window",
    "PySide6.QtPrintSupport",
    "PySide6.QtNetwork",
)


def test_the_first_paint_waits_for_nothing_slow() -> None:
    code = f"import sys, gui.app; print([one for one in {_LATER!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
