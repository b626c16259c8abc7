"""Which tests come to which lines of a module, and how long each takes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest


@dataclass
class Came:
    """By the tests' names."""

    lines: dict[str, set[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    before_any: set[int] = field(default_factory=set)
    """Where the module was before the first test: imported, and used to make their cases."""

    def comes_to(self, test: str, lines: range) -> bool:
        return not self.lines.get(test, set()).isdisjoint(lines)


class Watch:
    """Follows the lines of one file through every test, in all threads."""

    def __init__(self, path: str) -> None:
        self.came = Came()
        self._path = path
        self._lines = self.came.before_any

    def begin(self) -> None:
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def pause(self) -> None:
        threading.settrace(None)
        sys.settrace(None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines = self.came.lines.setdefault(item.nodeid, set())
        begun = time.perf_counter()
        self.begin()
        yield
        self.pause()
        self.came.seconds[item.nodeid] = time.perf_counter() - begun

    def _enter(self, frame: FrameType, _event: str, _value: Any) -> Any:
        if frame.f_code.co_filename != self._path:
            return None
        self._lines.add(frame.f_lineno)
        return self._step

    def _step(self, frame: FrameType, _event: str, _value: Any) -> Any:
        self._lines.add(frame.f_lineno)
        return self._step
