from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from core.cache import faults
from core.domain.errors import CacheDamaged, CacheError, CacheFull, CacheLocked, CacheReadOnly

CACHE = Path("cache.db")


def _error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("G12345678 says no")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, CacheLocked),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, CacheLocked),
        (sqlite3.SQLITE_READONLY, CacheReadOnly),
        (sqlite3.SQLITE_READONLY_DIRECTORY, CacheReadOnly),
        (sqlite3.SQLITE_CANTOPEN, CacheReadOnly),
        (sqlite3.SQLITE_FULL, CacheFull),
        (sqlite3.SQLITE_IOERR_FSYNC, CacheError),
        (sqlite3.SQLITE_CORRUPT_INDEX, CacheDamaged),
        (sqlite3.SQLITE_NOTADB, CacheDamaged),
        (sqlite3.SQLITE_ERROR, CacheDamaged),
    ],
)
def test_each_code_has_its_sentence(code: int, kind: type[CacheError]) -> None:
    error = faults.translated(_error(code), CACHE)
    assert type(error) is kind
    assert isinstance(error, CacheError)
    assert error.hint
    assert "G12345678" not in str(error)


@pytest.mark.parametrize("kind", [sqlite3.IntegrityError, sqlite3.ProgrammingError])
def test_a_wrong_use_is_our_own_bug(kind: type[sqlite3.Error]) -> None:
    assert type(faults.translated(kind("no"), CACHE)) is RuntimeError


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, CacheFull),
        (errno.EDQUOT, CacheFull),
        (errno.EACCES, CacheReadOnly),
        (errno.EROFS, CacheReadOnly),
        (errno.EIO, CacheError),
    ],
)
def test_each_error_of_the_file_system_has_its_sentence(
    number: int, kind: type[CacheError]
) -> None:
    assert type(faults.translated_os(OSError(number, "no"), CACHE)) is kind
