"""Each fault in a process of its own, split off from one that has collected the tests already.

Nothing is changed on the disk. One run without a fault says which tests come to which line; a
fault is shown to those that come to its line, quick ones first, until one of them notices. What is
at work before the first test (a class's own lines, a table, what a test's cases are made with) is
put in as the module is imported, and shown to all.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import flask  # noqa: F401  what the tests need anyway is loaded once
import psycopg  # noqa: F401
import pydantic  # noqa: F401
import pytest
import requests  # noqa: F401
import responses  # noqa: F401
import yaml  # noqa: F401

from tests.mutants import plugin
from tests.mutants.coverage import Came, Watch
from tests.mutants.faults import Fault
from tests.mutants.swap import swap_in
from tests.mutants.targets import Target

_SHORTEST, _TIMES = 15.0, 3
"""A fault with which the tests hang is noticed after so many seconds, or times what all take."""
_ALL_WELL, _NOTICED, _CANT = 0, 1, 77
_MEMORY = "/dev/shm"
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--tb=native", "--assert=plain")


class Unsound(Exception):
    """The tests fail without any fault: they'd notice nothing."""


@dataclass
class _Faults:
    """Takes the place of pytest's loop over the tests, once they are collected."""

    target: Target
    source: str
    watch: Watch
    faults: Sequence[Fault]
    side_by_side: int
    survived: set[int] = field(default_factory=set)
    others: list[int] = field(default_factory=list)
    """Those that have to be there when the module is imported."""
    limit: float = _SHORTEST

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.watch.pause()
        items = list(session.items)
        came = self._watched(session)
        items.sort(key=lambda item: came.seconds.get(item.nodeid, 0.0))
        self.limit = max(_SHORTEST, _TIMES * sum(came.seconds.values()))

        def begin(number: int) -> int:
            fault = next(one for one in self.faults if one.number == number)
            chosen = [item for item in items if came.comes_to(item.nodeid, fault.lines)]
            return _split(lambda: self._with(session, fault, chosen))

        ends = _run([one.number for one in self.faults], begin, self.side_by_side, self.limit)
        for number, code in ends.items():
            if code == _CANT or (code == _ALL_WELL and self._was_at_work(number)):
                self.others.append(number)
            elif code == _ALL_WELL:
                self.survived.add(number)
        return True

    def _was_at_work(self, number: int) -> bool:
        """Before the first test: then the fault came too late."""
        lines = next(one.lines for one in self.faults if one.number == number)
        return not self.watch.came.before_any.isdisjoint(lines)

    def _watched(self, session: pytest.Session) -> Came:
        """One run without a fault, in a process of its own: it leaves nothing behind here."""
        reading, writing = os.pipe()

        def run() -> int:
            session.config.pluginmanager.register(self.watch)
            failed = _loop(session)
            with open(writing, "wb") as out:
                pickle.dump(self.watch.came, out)
            return _NOTICED if failed else _ALL_WELL

        pid = _split(run)
        os.close(writing)
        with open(reading, "rb") as said:
            text = said.read()
        _pid, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) != _ALL_WELL:
            raise Unsound(self.target.module)
        came = pickle.loads(text)
        assert isinstance(came, Came)
        return came

    def _with(self, session: pytest.Session, fault: Fault, chosen: list[pytest.Item]) -> int:
        if not swap_in(self.target.module, self.source, fault.number, fault.line):
            return _CANT
        session.items[:] = chosen
        return _NOTICED if _loop(session) else _ALL_WELL


def unnoticed(target: Target, path: Path, faults: Sequence[Fault], side_by_side: int) -> set[int]:
    """The faults with which every test still passes. Raises ``Unsound``."""
    source = path.read_text(encoding="utf-8")
    reading, writing = os.pipe()

    def collected() -> int:
        watch = Watch(str(path))
        watch.begin()
        hook = _Faults(target, source, watch, faults, side_by_side)
        pytest.main([*_OPTIONS, *target.tests], plugins=[hook])
        with open(writing, "wb") as out:
            pickle.dump((hook.survived, hook.others, hook.limit), out)
        return _ALL_WELL

    pid = _split(collected)
    os.close(writing)
    with open(reading, "rb") as said:
        text = said.read()
    os.waitpid(pid, 0)
    if not text:
        raise Unsound(target.module)
    survived: set[int]
    survived, others, limit = pickle.loads(text)

    def begin(number: int) -> int:
        return _split(lambda: _imported(target, number))

    ends = _run(others, begin, side_by_side, limit)
    return survived | {number for number, code in ends.items() if code == _ALL_WELL}


def _imported(target: Target, number: int) -> int:
    """All tests, with a fault that is there when the module is imported."""
    plugin.put_in(target.module, number)
    return int(pytest.main([*_OPTIONS, *target.tests]))


def _loop(session: pytest.Session) -> int:
    """pytest's own loop, until one fails; how many failed."""
    for at, item in enumerate(session.items):
        following = session.items[at + 1] if at + 1 < len(session.items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            break
    # What tests share ends here, too: a database server, say.
    session.config.hook.pytest_sessionfinish(session=session, exitstatus=session.testsfailed)
    return session.testsfailed


def _run(
    numbers: Sequence[int], begin: Callable[[int], int], side_by_side: int, limit: float
) -> dict[int, int]:
    """How the process of each fault ended."""
    waiting, running = list(reversed(numbers)), dict[int, tuple[int, float]]()
    ends = {}
    while waiting or running:
        while waiting and len(running) < side_by_side:
            number = waiting.pop()
            running[begin(number)] = number, time.monotonic() + limit
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            number, _until = running.pop(pid)
            ends[number] = os.waitstatus_to_exitcode(status)
            continue
        for late in [pid for pid, (_, until) in running.items() if time.monotonic() > until]:
            os.kill(late, signal.SIGKILL)
        time.sleep(0.01)
    return ends


def _split(work: Callable[[], int]) -> int:
    """``work`` in a process split off from this one, which ends with its answer; the process."""
    pid = os.fork()
    if pid:
        return pid
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if os.path.isdir(_MEMORY):
        os.environ["TMPDIR"] = _MEMORY
    code = _NOTICED
    try:
        code = work()
    finally:
        sys.stdout = sys.stderr = None
        os._exit(code)
