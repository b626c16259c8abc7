"""A desk that is started once for all tests of a file, with a listener at it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

import pytest

from tests.screen_reader.desk import Desk, opened_desk

_NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon")


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The practice day after its first pass."""
    if not sys.platform.startswith("linux"):
        pytest.skip("AT-SPI is Linux's")
    missing = [one for one in _NEEDED if shutil.which(one) is None]
    if missing and shutil.which("dpkg-query") is None:  # else `make test` installs them
        pytest.skip(f"{', '.join(missing)}: not here")
    assert not missing, f".ci/system-packages tests installs {', '.join(missing)}"
    with opened_desk(tmp_path_factory.mktemp("desk"), "--practice") as desk:
        desk.window("LibCal2PP")
        desk.wait_for_pass()
        desk.heard_at_start = tuple(desk.listener.heard)
        yield desk


@pytest.fixture
def desk(started: Desk) -> Iterator[Desk]:
    """Where a reader has just left: nothing searched for, the keys on the table."""
    started.begin_anew()
    yield started
    started.mend()
