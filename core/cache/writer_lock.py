"""One writer at a time: a lock that the operating system drops with the process.

It is taken by whoever goes on to write, and never to see whether it is free: that would refuse
somebody who comes at the same moment. Who waits for it can ask for it: a second file says so.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from core.cache import faults
from core.computer import paths
from core.domain.errors import CacheLocked

WAITS_SECONDS = 15.0
"""So long the holder may take to let go; then it counts as hanging, and nobody has asked."""


class AnotherWrites(CacheLocked):
    """Another account or program is the one that registers with this cache."""


class Holder(NamedTuple):
    """Who holds a lock, or asks for it: the account, the computer it works at, and its process."""

    who: str
    computer: str
    process: int = 0

    def __str__(self) -> str:
        return f"{self.who} at {self.computer}"


class WriterLock:
    """Holds ``file`` while open. Its content tells others who holds it.

    Raises:
        AnotherWrites: somebody else holds it; the sentence says who.
        CacheReadOnly: the file can't be written.
    """

    def __init__(self, file: Path, *, who: str, computer: str) -> None:
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise faults.translated_os(error, file) from error
        self._file, self._me = file, Holder(who, computer, os.getpid())
        try:
            lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise AnotherWrites(
                f"The cache can't be written now: {holder_of(file) or 'somebody'} has it open.",
                "Close the program there; until then you can look, but not register.",
            ) from None
        try:
            self._make_way()
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps(self._me._asdict()).encode())
            paths.restrict(file)
            _asked(file).unlink(missing_ok=True)
        except OSError as error:
            self.close()
            raise faults.translated_os(error, file) from error
        except AnotherWrites:
            self.close()
            raise

    def is_wanted(self) -> bool:
        """Whether somebody else asks for it."""
        return wanted_by(self._file) not in (None, self._me)

    def _make_way(self) -> None:
        """For who was promised it: whoever has just let go doesn't take it again at once."""
        if self.is_wanted():
            raise AnotherWrites(
                f"{wanted_by(self._file)} is just taking over.", "Until then you can look."
            )

    def close(self) -> None:
        """Let the next one in. The file stays, empty: deleting it would race with a newcomer."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def holder_of(file: Path) -> Holder | None:
    """Who holds the lock, or did last, as far as its file tells; None: nobody wrote it there."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Holder(str(content["who"]), str(content["computer"]), int(content.get("process", 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def want(file: Path, *, who: str, computer: str) -> None:
    """Ask the holder to end what it does and let go.

    Raises:
        CacheReadOnly: this account can't write there.
    """
    try:
        paths.write_private(_asked(file), json.dumps(Holder(who, computer, os.getpid())._asdict()))
    except OSError as error:
        raise faults.translated_os(error, file) from error


def wanted_by(file: Path) -> Holder | None:
    """Who asks for the lock, not longer ago than anybody waits for it."""
    asked = _asked(file)
    with suppress(OSError):
        if abs(time.time() - asked.stat().st_mtime) < WAITS_SECONDS:
            return holder_of(asked)
    return None


def _asked(file: Path) -> Path:
    return file.with_name(f"{file.name}.wanted")


if sys.platform == "win32":
    import msvcrt

    _BEYOND_THE_TEXT = 1 << 20  # a locked byte can't be read by others there

    def lock(descriptor: int, *, wait: bool = False) -> None:
        """Hold an open file until it is closed. Raises OSError where somebody else holds it."""
        os.lseek(descriptor, _BEYOND_THE_TEXT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def lock(descriptor: int, *, wait: bool = False) -> None:
        """Hold an open file until it is closed. Raises OSError where somebody else holds it."""
        # flock, not lockf: a lockf lock is lost as soon as anything in this process closes the
        # file, and doesn't keep out a second cache of the same process.
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
