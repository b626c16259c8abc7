"""Each fault in a process of its own, split off from one that has the libraries loaded already.

A module is changed as it is imported, never on the disk.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence

import flask  # noqa: F401  what the tests need anyway is loaded once
import psycopg  # noqa: F401
import pydantic  # noqa: F401
import pytest
import requests  # noqa: F401
import responses  # noqa: F401
import yaml  # noqa: F401

from tests.mutants import plugin
from tests.mutants.targets import Target

_TOO_LONG = 120.0
"""Seconds; a fault that lets the tests hang is one that was noticed."""
_ALL_WELL = 0
_MEMORY = "/dev/shm"
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")


def unnoticed(target: Target, numbers: Sequence[int], side_by_side: int) -> set[int]:
    """The faults of these numbers with which every test still passes."""
    waiting, running = list(reversed(numbers)), dict[int, tuple[int, float]]()
    survived = set()
    while waiting or running:
        while waiting and len(running) < side_by_side:
            number = waiting.pop()
            running[_begin(target, number)] = number, time.monotonic() + _TOO_LONG
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            number, _until = running.pop(pid)
            if os.waitstatus_to_exitcode(status) == _ALL_WELL:
                survived.add(number)
            continue
        for late in [pid for pid, (_, until) in running.items() if time.monotonic() > until]:
            os.kill(late, signal.SIGKILL)
        time.sleep(0.02)
    return survived


def is_sound(target: Target) -> bool:
    """Whether the tests pass without any fault: else they'd notice nothing."""
    return bool(unnoticed(target, [plugin.NONE], 1))


def _begin(target: Target, number: int) -> int:
    """Run the tests with this fault, the quick ones first; the process."""
    pid = os.fork()
    if pid:
        return pid
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if os.path.isdir(_MEMORY):
        os.environ["TMPDIR"] = _MEMORY
    code = 1
    try:
        plugin.put_in(target.module, number)
        code = int(pytest.main([*_OPTIONS, *target.tests]))
    finally:
        sys.stdout = sys.stderr = None
        os._exit(code)
