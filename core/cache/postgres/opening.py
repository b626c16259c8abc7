"""Opens the shared database, or says in one sentence why it can't be used."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.cache.postgres import faults
from core.cache.postgres.database import PostgresDatabase
from core.cache.postgres.lock import RegistrarLock
from core.cache.postgres.schema import MIGRATIONS, migrate, tables_of, version_of
from core.computer import paths
from core.computer.calls import console_call
from core.computer.environment import trust_only_the_system
from core.domain.errors import CacheError, CacheNewer, CacheOlder, ConfigError
from core.settings.config import LOOPBACK_HOSTS

# A computer that lost its power is noticed by the server within a dozen seconds (so that another
# registrar takes over within 15), and a server that is gone by us; a commit is on the server's disk
# before it counts.
_SETTINGS = (
    "synchronous_commit = on",
    "lock_timeout = '5s'",
    "statement_timeout = '30s'",
    "idle_in_transaction_session_timeout = '30s'",
    "tcp_keepalives_idle = 5",
    "tcp_keepalives_interval = 2",
    "tcp_keepalives_count = 3",
    "tcp_user_timeout = 10000",
    "client_min_messages = 'error'",
)
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}

# Else libpq takes them from the environment, and the password from a file in the user's folder.
_NEVER_FROM_OUTSIDE = ("hostaddr", "options", "passfile")

_OLDEST_SERVER = 15
LISTS = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Arch
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # Fedora, Red Hat
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/ssl/cert.pem"),  # macOS, Alpine
)
_COPY_NAME = "certificate-authorities.pem"


def conninfo_of(url: str, password: str | None, ca_bundle: Path | None) -> str:
    """What libpq is told for this url: beyond loopback the server has to prove its name.

    Raises:
        ConfigError: the url can't be read, or names no host.
    """
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise ConfigError(
            "Cache: url in the settings can't be read.", "Write postgresql://user@host/database."
        ) from None
    hosts = str(given.get("hostaddr") or given.get("host") or "").split(",")
    if "" in hosts:
        raise ConfigError("Cache: url names no host.", "Write postgresql://user@host/database.")
    settings = {
        **_PATIENCE,
        **{name: "" for name in _NEVER_FROM_OUTSIDE if name not in given},
        "application_name": "LibCal2PP",
        "client_encoding": "UTF8",
        "gssencmode": "disable",
        "password": password or "",
    }
    if any(not _is_local(host) for host in hosts):
        settings["sslmode"] = "verify-full"
        settings["sslrootcert"] = str(ca_bundle or system_roots() or "system")
    return make_conninfo(url, **settings)


def open_database(
    conninfo: str, *, read_only: bool = False, any_version: bool = False
) -> PostgresDatabase:
    """Connect, and make the tables where there are none yet.

    An older version's tables are never changed on the way: other computers use them. With
    ``any_version`` tables of another version are opened too, only to be looked at.

    Raises:
        CacheAway: the server can't be reached.
        CredentialsRefused: it refused the user or the password.
        CacheNewer, CacheOlder: another version of the program wrote it.
        CacheForeign, CacheError: what is there can't be used.
    """
    database = _connected(conninfo)
    try:
        version = _our_version(database)
        mismatch = mismatch_with(version)
        if mismatch is not None and not any_version:
            raise mismatch
        if version == 0:
            _make_tables(database, read_only=read_only)
        if read_only or mismatch is not None:
            database.execute("SET default_transaction_read_only = on")
    except BaseException:
        database.close()
        raise
    return database


def migrate_database(conninfo: str) -> None:
    """Bring an older version's tables up to date, because somebody asked for it.

    Raises:
        CacheAway, CredentialsRefused, CacheForeign, CacheNewer: as ``open_database``.
        CacheLocked: a computer registers with it just now.
    """
    with closing(_connected(conninfo)) as database:
        mismatch = mismatch_with(_our_version(database))
        if isinstance(mismatch, CacheNewer):
            raise mismatch
        RegistrarLock(database).take()
        migrate(database)


def mismatch_with(version: int) -> CacheError | None:
    """Why tables of this version can only be looked at; None: they are this program's."""
    if version > len(MIGRATIONS):
        return CacheNewer(
            "A newer version of this program wrote the shared database, so here it can only be "
            "looked at.",
            "Install the newest version on this computer.",
        )
    if 0 < version < len(MIGRATIONS):
        return CacheOlder(
            "The shared database was written by an older version of this program, so here it can "
            "only be looked at.",
            f"Once every computer has this version: {console_call('--move-cache', 'URL', 'URL')}, "
            "with the database's own address twice, brings it up to date.",
        )
    return None


def _connected(conninfo: str) -> PostgresDatabase:
    database = PostgresDatabase(conninfo)
    try:
        for setting in _SETTINGS:
            database.execute(f"SET {setting}")
    except BaseException:
        database.close()
        raise
    return database


def _our_version(database: PostgresDatabase) -> int:
    """The version of the tables; 0: there are none."""
    if database.server_version < _OLDEST_SERVER:
        raise CacheError(
            f"The shared database's server is too old: PostgreSQL {database.server_version}.",
            f"Ask IT for PostgreSQL {_OLDEST_SERVER} or newer.",
        )
    tables = tables_of(database)
    if tables and not {"meta", "bookings", "appts"} <= set(tables):
        raise faults.foreign()
    return version_of(database)


def _make_tables(database: PostgresDatabase, *, read_only: bool) -> None:
    if read_only:
        raise CacheError(
            "The shared database has no tables yet.",
            "Start the program once on a computer that registers.",
        )
    migrate(database)


def _is_local(host: str) -> bool:
    return host.startswith("/") or host in LOOPBACK_HOSTS


def system_roots(folder: Path | None = None) -> Path | None:
    """A file with the certificate authorities that this computer trusts; None: it has no list.

    libpq's ``sslrootcert=system`` means the folder that its OpenSSL was built with: the one that
    comes with the driver names a folder that no computer has, and would trust nobody. Windows keeps
    them in a store of its own: what it has is copied into ``folder``, by default this account's
    config folder, anew each time.
    """
    trust_only_the_system()
    for file in LISTS:
        if file.is_file():
            return file
    return _copy_of(_known_to_windows(), folder or paths.config_folder())


def _known_to_windows() -> list[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context.get_ca_certs(binary_form=True)


def _copy_of(certificates: Sequence[bytes], folder: Path) -> Path | None:
    if not certificates:
        return None
    copy = paths.make_private(folder) / _COPY_NAME
    copy.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates)), encoding="ascii")
    return copy
