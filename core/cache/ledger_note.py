"""This computer's own note of how much its ledger knew, outside the database.

A ledger that was lost, restored, replaced or that lags can't tell so by itself (docs/promise.md,
8). The note hangs on LibCal's client and PassagePoint's user, not on the ledger's place: another
file, or another database, is another ledger of the same visits.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from core.cache import faults
from core.cache.writer_lock import lock
from core.computer import paths
from core.computer.identity import account
from core.settings.config import Config

_SLOT = 512
"""Bytes: a disk writes so many at once, so a power cut spoils one slot at most."""
_SLOTS = 2
_O_BINARY = getattr(os, "O_BINARY", 0)  # Windows would else translate line ends
_fdatasync = getattr(os, "fdatasync", os.fsync)  # Windows and macOS have none


class Noted(NamedTuple):
    """How far a ledger had come."""

    ledger_id: str
    number: int
    """How much it had counted."""
    send_id: str | None
    """What was counted last; None in a note of an earlier version."""
    place: str = ""
    """Which database it lay in, where several can hold copies of it; see ``Cache.place``."""


class ReadNote(NamedTuple):
    """A note as it was found."""

    key: str
    """Tells this very note from every other."""
    noted: Noted | None
    """None: it can't be read."""


class LedgerNote:
    """A file of this account's. Those beside it, ``NAME.*.note``, are other accounts' of the same.

    Two checksummed slots, written in turn and in place: the last but one stands if power fails.
    """

    def __init__(self, file: Path, *, earlier: Path | None = None) -> None:
        """``earlier`` is the note of an earlier version of this program, taken over once."""
        self.file = file
        self._earlier = earlier
        self.last: Noted | None = None
        """What this process has noted last."""

    def read(self) -> list[ReadNote]:
        """Every account's note, this one's first; none where nobody ever had one."""
        found = [_read(file) for file in (self.file, *self._others()) if file.exists()]
        if not found and self._earlier is not None and self._earlier.exists():
            found = [_read_earlier(self._earlier)]
        return found

    def write(self, noted: Noted, *, adopt: bool = False) -> None:
        """Put it on the disk; it is there when this returns.

        What another process of this account noted further ahead in the same ledger stands, but
        where a person was asked and this is the ledger to ``adopt``.

        Raises:
            CacheError: it can't be written.
        """
        try:
            if not self.file.exists() or not self._write_in_place(noted, adopt=adopt):
                self._begin(noted)
            if self._earlier is not None:
                self._earlier.unlink(missing_ok=True)
        except OSError as error:
            raise faults.translated_os(error, self.file) from error

    def _others(self) -> Iterable[Path]:
        name = self.file.name.partition(".")[0]
        return sorted(set(self.file.parent.glob(f"{name}.*.note")) - {self.file})

    def _begin(self, noted: Noted) -> None:
        """A whole new file, which is there with its content or not at all."""
        paths.make_private(self.file.parent)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | _O_BINARY
        with open(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(_slot(0, noted) * _SLOTS)
            file.flush()
            os.fsync(file.fileno())
        paths.restrict(fresh)
        fresh.replace(self.file)
        _sync_folder(self.file.parent)
        self.last = noted

    def _write_in_place(self, noted: Noted, *, adopt: bool) -> bool:
        """False where nothing in the file can be read."""
        descriptor = os.open(self.file, os.O_RDWR | _O_BINARY)
        try:
            lock(descriptor, wait=True)
            slots = _slots_of(os.read(descriptor, _SLOT * _SLOTS))
            if not slots:
                return False
            newest, there = max(slots, key=itemgetter(0))
            is_ahead = there.ledger_id == noted.ledger_id and there.number > noted.number
            self.last = there if is_ahead and not adopt else noted
            if self.last != there:
                sequence = newest + 1
                os.lseek(descriptor, sequence % _SLOTS * _SLOT, os.SEEK_SET)
                os.write(descriptor, _slot(sequence, noted))
                _fdatasync(descriptor)
            return True
        finally:
            os.close(descriptor)


def note_of(config: Config, folder: Path, *, earlier: str) -> LedgerNote:
    """This account's note of the ledger of these settings; ``earlier`` versions named it so."""
    whose = (
        urlsplit(config.libcal.url).netloc.casefold(),
        config.libcal.client_id,
        urlsplit(config.passagepoint.url).netloc.casefold(),
        config.passagepoint.username,
    )
    key = hashlib.sha256("\n".join(whose).encode()).hexdigest()[:16]
    file = folder / f"ledger-{key}.{_account_name()}.note"
    return LedgerNote(file, earlier=paths.config_folder() / earlier)


def own_notes(folder: Path) -> list[Path]:
    """This account's notes in it, of whatever ledger."""
    return sorted(folder.glob(f"ledger-*.{_account_name()}.note"))


def _account_name() -> str:
    return re.sub(r"[^\w-]", "_", account())


def _slot(sequence: int, noted: Noted) -> bytes:
    text = f"{sequence} {json.dumps(noted)}".ljust(_SLOT - 10).encode("ascii")
    if len(text) != _SLOT - 10:
        raise ValueError("a note of the ledger is longer than its slot")
    return b"%08x %b\n" % (zlib.crc32(text), text)


def _slots_of(content: bytes) -> list[tuple[int, Noted]]:
    """What is whole of a file's content, each with its sequence number."""
    slots = []
    for begin in range(0, len(content), _SLOT):
        raw = content[begin : begin + _SLOT]
        with suppress(ValueError, TypeError):
            if int(raw[:8], 16) == zlib.crc32(raw[9:-1]):
                sequence, _, noted = raw[9:].decode("ascii").partition(" ")
                slots.append((int(sequence), Noted(*json.loads(noted))))
    return slots


def _read(file: Path) -> ReadNote:
    content = b""
    with suppress(OSError):
        content = file.read_bytes()
    slots = _slots_of(content)
    if not slots:
        return ReadNote(f"unreadable {file.name} {zlib.crc32(content)}", None)
    _, noted = max(slots, key=itemgetter(0))
    return ReadNote(f"{file.name} {noted.ledger_id} {noted.number} {noted.send_id}", noted)


def _read_earlier(file: Path) -> ReadNote:
    """As versions before this one wrote it: JSON, and nothing of the last send."""
    noted = None
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(file.read_text(encoding="utf-8"))
        noted = Noted(str(content["ledger_id"]), int(content["sent_count"]), None)
    return ReadNote(file.name, noted)


def _sync_folder(folder: Path) -> None:
    """So that the new name outlives a power cut; Windows can't and needn't."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
