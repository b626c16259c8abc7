"""One window for each account and data folder: a second start rings at the first one's.

Two small files in the data folder, and no socket: the lock drops with its process, and a file that
appears is seen by the first program at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.cache.writer_lock import WriterLock, holder_of
from core.computer import paths
from core.domain.errors import CacheError, CacheLocked

LOCK_NAME = "window.lock"
RING_NAME = "window.ring"
_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.02


class WindowPlace:
    """The place of this account's one window; ``folder`` is its data folder."""

    def __init__(self, folder: Path, *, who: str, computer: str) -> None:
        self.folder = folder
        self._who, self._computer = who, computer
        self._bell = folder / RING_NAME
        self._lock: WriterLock | None = None

    def take(self) -> bool:
        """Be the window; False where another program of this account and computer is.

        A folder that can't be written keeps nobody from opening a window.
        """
        try:
            paths.make_private(self.folder)
            self._lock = WriterLock(self._lock_file, who=self._who, computer=self._computer)
        except CacheLocked:
            holder = holder_of(self._lock_file)
            return holder is None or holder[:2] != (self._who, self._computer)
        except (CacheError, OSError):
            return True
        self.answer()  # what rang before was meant for somebody else
        return True

    def ring(self, sleep: Callable[[float], None] = time.sleep) -> bool:
        """Ask the window that is open to come to the front; False where it doesn't answer."""
        _let_it_come_to_the_front()
        try:
            self._bell.touch(mode=0o600)
        except OSError:
            return False
        for _ in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            if not self._bell.exists():
                return True
            sleep(_LOOK_SECONDS)
        return False

    def answer(self) -> bool:
        """Whether somebody rang since the last time."""
        try:
            self._bell.unlink()
        except OSError:
            return False
        return True

    def leave(self) -> None:
        """The window is closed; once more does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            with suppress(OSError):
                lock.close()

    @property
    def _lock_file(self) -> Path:
        return self.folder / LOCK_NAME


def _let_it_come_to_the_front() -> None:
    """Windows lets only the program that the user just started hand the front on."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
