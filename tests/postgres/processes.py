"""Computers as processes of their own: started, killed, sent home."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.postgres.one_computer import Orders

_GOING_HOME = 20.0
"""Seconds that everybody has for it."""


class Processes:
    """By the name in their orders; at the end of the block all of them are closed."""

    def __init__(self) -> None:
        self._pids: dict[str, int] = {}
        command = [sys.executable, "-W", "error", "-m", "tests.postgres.one_computer"]
        self._starter = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pid in self._pids.values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _GOING_HOME
        while time.monotonic() < until and any(map(_is_alive, self._pids.values())):
            time.sleep(0.05)
        self._starter.communicate()

    def start(self, orders: Orders) -> None:
        """Switch this computer on."""
        assert self._starter.stdin
        assert self._starter.stdout
        self._starter.stdin.write(json.dumps(dataclasses.asdict(orders)) + "\n")
        self._starter.stdin.flush()
        self._pids[orders.name] = int(self._starter.stdout.readline())

    def pid_of(self, name: str) -> int:
        """The process of this computer."""
        return self._pids[name]

    def kill(self, name: str) -> None:
        """A power cut."""
        assert _is_alive(self._pids[name]), f"{name} ended by itself"
        os.kill(self._pids[name], signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    """They are another process's children."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
