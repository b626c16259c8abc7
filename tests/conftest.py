"""Set before any Qt import: without a display a test process would abort.

Garbage is looked for between tests, in this thread, as the program does it (``gui.start.tidying``).
"""

from __future__ import annotations

import gc
import os
from itertools import count

import pytest

pytest_plugins = ["tests.postgres.fixtures"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_EACH = 30
_ended = count(1)


def pytest_runtest_setup() -> None:
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    if next(_ended) % _EACH == 0:
        gc.collect()
