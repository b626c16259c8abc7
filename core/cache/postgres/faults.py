"""What PostgreSQL and libpq report, as one clear sentence each."""

from __future__ import annotations

import psycopg
from psycopg import errors

from core.computer.calls import set_secret_call
from core.domain.errors import (
    AppError,
    CacheAway,
    CacheDamaged,
    CacheError,
    CacheForeign,
    CacheFull,
    CacheLocked,
    CacheReadOnly,
    CredentialsRefused,
)

_OUR_BUGS = (
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
    psycopg.InterfaceError,
    psycopg.DataError,
    psycopg.NotSupportedError,
)
_LOCKED = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.QueryCanceled,
)
_RIGHTS_MISSING = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)
_REFUSED = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)


def away() -> CacheAway:
    return CacheAway(
        "The shared database can't be reached.",
        "It is tried again by itself. If it stays away, tell IT.",
    )


def damaged() -> CacheDamaged:
    """For what can't be read as what was once written."""
    return CacheDamaged(
        "The shared database is damaged.",
        "Nothing was deleted. Ask IT to put a backup back.",
    )


def foreign() -> CacheForeign:
    return CacheForeign(
        "The shared database belongs to another program.",
        "Nothing was changed in it. Give a database of its own as Cache: url in the settings.",
    )


def read_only() -> CacheReadOnly:
    return CacheReadOnly(
        "This computer may not write this into the shared database.",
        "Do it at a computer that registers, or ask IT for the right.",
    )


def locked() -> CacheLocked:
    return CacheLocked(
        "Somebody else holds what is needed in the shared database.",
        "Try again; if it stays, ask IT what is running on the database.",
    )


def _full() -> CacheFull:
    return CacheFull(
        "There is no room left on the disk of the shared database.",
        "Ask IT to make some. What was stored before is safe.",
    )


def translated(error: psycopg.Error) -> Exception:
    """The exception to raise for ``error``.

    A broken rule of the schema or a misused connection is our own bug; a lost connection and
    whatever else the server may say of itself mean that it is away.
    """
    if isinstance(error, _RIGHTS_MISSING):
        return read_only()
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
        return damaged()
    if isinstance(error, _LOCKED):
        return locked()
    if isinstance(error, errors.DiskFull):
        return _full()
    if isinstance(error, _OUR_BUGS):
        # The primary message only: the detail quotes what was to be stored.
        return RuntimeError(f"the shared cache was used wrongly: {error.diag.message_primary}")
    return away()


def translated_opening(error: psycopg.Error) -> AppError:
    """Why no connection came about. libpq names many causes in words only."""
    said = str(error).casefold()
    if isinstance(error, _REFUSED) or "password" in said or "authentication" in said:
        return CredentialsRefused(
            "Cache",
            "The shared database refused the user or the password.",
            f"Enter the right password in Settings, or: {set_secret_call('Cache')}",
        )
    if "certificate" in said or "ssl" in said:
        return CacheError(
            "The shared database can't prove that it is the right one.",
            "Ask IT for a certificate that names this server and that this computer trusts.",
        )
    if isinstance(error, errors.InvalidCatalogName) or "does not exist" in said:
        return CacheError(
            "The server has no such database.", "Ask IT to make it, or mend Cache: url."
        )
    return away()
