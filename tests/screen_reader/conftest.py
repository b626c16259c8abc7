"""A desk for all tests of the folder, with a listener at it; after a failure a new one.

Keys go through the X server and a window manager, so a test is tried once more before it fails: on
a busy machine they have been lost, and nobody can type twice what was lost once.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.screen_reader.desk import Desk, opened_desk

_NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon")
_DESKS = pytest.StashKey["Desks"]()
_TITLES = {"--practice": "LibCal2PP", "": "Set up LibCal2PP"}


class Desks:
    """The practice window and the assistant, each started when it is first wanted."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._open: dict[str, tuple[Desk, ExitStack]] = {}

    def get(self, argument: str) -> Desk:
        """The program with this argument, in front; in practice after its first pass."""
        if argument not in self._open:
            ends = ExitStack()
            arguments = [argument] if argument else []
            desk = ends.enter_context(opened_desk(self._folders.mktemp("desk"), *arguments))
            self._open[argument] = (desk, ends)
            desk.window(_TITLES[argument])
            if argument:
                desk.wait_for_pass()
                desk.heard_at_start = tuple(desk.listener.heard)
        return self._open[argument][0]

    def close(self) -> None:
        """End them all; the next that is wanted is a new one."""
        while self._open:
            _, (_, ends) = self._open.popitem()
            try:
                ends.close()
            except AssertionError as ended:
                print(ended, file=sys.stderr)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if item.path.parent != Path(__file__).parent:
        return None  # it is asked about every test, wherever it is
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if any(report.failed for report in reports):
        if (desks := item.config.stash.get(_DESKS, None)) is not None:
            desks.close()
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="package")
def desks(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    if not sys.platform.startswith("linux"):
        pytest.skip("AT-SPI is Linux's")
    missing = [one for one in _NEEDED if shutil.which(one) is None]
    if missing and shutil.which("dpkg-query") is None:  # else `make test` installs them
        pytest.skip(f"{', '.join(missing)}: not here")
    assert not missing, f".ci/system-packages tests installs {', '.join(missing)}"
    made = pytestconfig.stash[_DESKS] = Desks(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture
def desk(desks: Desks) -> Iterator[Desk]:
    """Where a reader has just left: nothing searched for, the keys on the table."""
    practice = desks.get("--practice")
    practice.begin_anew()
    yield practice
    practice.mend()


@pytest.fixture
def assistant(desks: Desks) -> Desk:
    """The first start: the pages are those of Settings."""
    return desks.get("")
