"""Set before any Qt import: without a display a test process would abort.

Garbage is looked for between tests, in this thread, as the program does it (``gui.start.tidying``).
"""

from __future__ import annotations

import gc
import os
from itertools import count

import pytest
from pytestqt.qtbot import QtBot

pytest_plugins = ["tests.postgres.fixtures"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_PATIENCE = 30_000
"""Milliseconds that a wait of pytest-qt's may take: on a busy machine its own five seconds are few,
and whoever doesn't come at all fails as well a little later."""
for _wait in (
    QtBot.waitUntil,
    QtBot.waitSignal,
    QtBot.waitSignals,
    QtBot.waitCallback,
    QtBot.waitActive,
    QtBot.waitExposed,
):
    _wait.__kwdefaults__ = (_wait.__kwdefaults__ or {}) | {"timeout": _PATIENCE}
_EACH = 30
_ended = count(1)


def pytest_runtest_setup() -> None:
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    if next(_ended) % _EACH == 0:
        gc.collect()
