"""What SQLite and the file system report, as one clear sentence each."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from core.domain.errors import (
    CacheDamaged,
    CacheError,
    CacheForeign,
    CacheFull,
    CacheLocked,
    CacheReadOnly,
)

_OUR_BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
_FULL = {errno.ENOSPC, errno.EDQUOT}


def damaged(path: Path) -> CacheDamaged:
    """For what can't be read as what was once written."""
    return CacheDamaged(
        f"The cache {path} is damaged.",
        "Nothing was deleted. Ask IT to put a backup back, or move the file away to begin anew.",
    )


def foreign(path: Path, what: str = "is not a cache of this program") -> CacheForeign:
    """For a file that is something else; ``what`` says what is known of it."""
    return CacheForeign(
        f"The file {path} {what}.",
        "Nothing was changed in it. Give another file as Cache: path in the settings.",
    )


def locked(path: Path) -> CacheLocked:
    return CacheLocked(
        f"Another program holds the cache {path}.",
        "Close the other program, for example a backup or a database viewer, and try again.",
    )


def read_only(path: Path) -> CacheReadOnly:
    return CacheReadOnly(
        f"The cache {path} can't be written.",
        "Ask IT to let your account write to this file and its folder.",
    )


def full(path: Path) -> CacheFull:
    return CacheFull(
        f"There is no room left on the disk for the cache {path}.",
        "Free some space on the disk and try again. What was stored before is safe.",
    )


def _disk_failed(path: Path) -> CacheError:
    return CacheError(
        f"The disk failed while the cache {path} was used.",
        "Try again; if it happens again, ask IT to check the disk.",
    )


_BY_CODE = {
    sqlite3.SQLITE_BUSY: locked,
    sqlite3.SQLITE_LOCKED: locked,
    sqlite3.SQLITE_PROTOCOL: locked,
    sqlite3.SQLITE_PERM: read_only,
    sqlite3.SQLITE_READONLY: read_only,
    sqlite3.SQLITE_CANTOPEN: read_only,
    sqlite3.SQLITE_AUTH: read_only,
    sqlite3.SQLITE_FULL: full,
    sqlite3.SQLITE_IOERR: _disk_failed,
    sqlite3.SQLITE_NOMEM: _disk_failed,
}


def translated(error: sqlite3.Error, path: Path) -> Exception:
    """The exception to raise for ``error``.

    A broken rule of the schema or a misused connection is our own bug. What has no sentence of
    its own (a missing table, text that isn't UTF-8) can't be our fixed statements' fault: damaged.
    """
    if isinstance(error, _OUR_BUGS):
        return RuntimeError(f"the cache was used wrongly: {error}")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return _BY_CODE.get(code, damaged)(path)


def translated_os(error: OSError, path: Path) -> CacheError:
    """The same for an error of the file system."""
    if error.errno in _FULL:
        return full(path)
    if error.errno == errno.EIO:
        return _disk_failed(path)
    return read_only(path)
