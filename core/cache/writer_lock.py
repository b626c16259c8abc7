"""One writer at a time: a lock that the operating system drops with the process."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple

from core.cache import faults
from core.computer import paths
from core.domain.errors import CacheLocked


class Holder(NamedTuple):
    """Who holds a lock: the account, and the computer it works at."""

    who: str
    computer: str

    def __str__(self) -> str:
        return f"{self.who} at {self.computer}"


class WriterLock:
    """Holds ``file`` while open. Its content tells others who holds it.

    Raises:
        CacheLocked: somebody else holds it; the sentence says who.
        CacheReadOnly: the file can't be written.
    """

    def __init__(self, file: Path, *, who: str, computer: str) -> None:
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise faults.translated_os(error, file) from error
        try:
            _lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise CacheLocked(
                f"The cache can't be written now: {holder_of(file) or 'somebody'} has it open.",
                "Close the program there; until then you can look, but not register.",
            ) from None
        try:
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps({"who": who, "computer": computer}).encode())
            paths.restrict(file)
        except OSError as error:
            self.close()
            raise faults.translated_os(error, file) from error

    def close(self) -> None:
        """Let the next one in. The file stays, empty: deleting it would race with a newcomer."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def holder_of(file: Path) -> Holder | None:
    """Who holds the lock, as far as its file tells; None: nobody wrote it there."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Holder(content["who"], content["computer"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_free(file: Path) -> bool:
    """Whether nobody holds the lock now."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        _lock(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


if sys.platform == "win32":
    import msvcrt

    _BEYOND_THE_TEXT = 1 << 20  # a locked byte can't be read by others there

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _BEYOND_THE_TEXT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not lockf: a lockf lock is lost as soon as anything in this process closes the
        # file, and doesn't keep out a second cache of the same process.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
