"""The cache in a PostgreSQL database that several computers share."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from core.cache.base import Cache
from core.cache.inquiries import InquiryStore
from core.cache.ledger_note import LedgerNote, note_of
from core.cache.postgres.database import PostgresDatabase
from core.cache.postgres.lock import RegistrarLock, RegistrarSeen
from core.cache.postgres.opening import conninfo_of, mismatch_with, open_database
from core.cache.postgres.schema import ASKED_BY, tables_of, version_of
from core.computer import machine, paths
from core.domain.clock import Clock, SystemClock
from core.domain.errors import SecretMissing
from core.settings.config import Config
from core.settings.credentials import Credentials

_TABLES = "bookings, patrons, users, appts, decisions, requests, log, forgotten, inquiries"


class PostgresCache(Cache):
    """Connects to ``url`` (``postgresql://user@host/database``), and makes the tables.

    ``note`` is where this computer notes how much the ledger knew. ``read_only`` makes and changes
    nothing. With ``any_version`` the tables of another version can be looked at: ``mismatch``
    then says why they can't be changed. A lost connection stays lost: every method then raises
    ``CacheAway``, and a new cache has to be opened and, by the registrar, claimed.
    """

    database: PostgresDatabase

    def __init__(
        self,
        url: str,
        *,
        password: str | None = None,
        ca_bundle: Path | None = None,
        clock: Clock | None = None,
        note: LedgerNote | None = None,
        read_only: bool = False,
        any_version: bool = False,
    ) -> None:
        self.database = open_database(
            conninfo_of(url, password, ca_bundle), read_only=read_only, any_version=any_version
        )
        self.mismatch = mismatch_with(version_of(self.database))
        self._read_only = read_only
        self.database.listen()
        self._lock = RegistrarLock(self.database)
        self.inquiries = InquiryStore(self.database)
        super().__init__(
            self.database,
            PostgresEraser(self.database),
            clock=clock or SystemClock(),
            note=note,
        )
        self.requests.asks_as = ASKED_BY

    def facts(self) -> tuple[int, dict[str, int]]:
        return version_of(self.database), self._rows_in(tables_of(self.database))

    @cached_property
    def _place(self) -> str:
        may_ask = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS said"
        # Where a server is somebody else's service this may be kept from us.
        is_allowed = self.database.one(lambda row: bool(row["said"]), may_ask)
        server = "(SELECT system_identifier FROM pg_control_system())" if is_allowed else "''"
        sql = (
            f"SELECT {server} || ' ' || (SELECT oid FROM pg_database"
            " WHERE datname = current_database()) || ' ' || CAST('meta' AS regclass)::oid AS said"
        )
        return self.database.one(lambda row: str(row["said"]), sql) or ""

    def place(self) -> str:
        """The server's own number, the database's and the table's: a dump put back has others."""
        return self._place

    def claim_writer(self, who: str, computer: str) -> None:
        if self._read_only:
            self._lock.take()
        else:
            self._lock.claim(who, computer)

    def registrar(self) -> RegistrarSeen | None:
        """Who does the passes now; None: nobody."""
        return self._lock.holder()

    def registered_lately(self, seconds: float) -> bool:
        """Whether a registrar, whoever it was, showed a sign of life within so many seconds."""
        silent = self._lock.last_sign()
        return silent is not None and silent < seconds

    def has_news(self) -> bool:
        """Whether anything was changed since this was last asked, by whatever computer."""
        return self.database.has_news()

    def close(self) -> None:
        self._lock.let_go()  # the server may take its time to notice the end of a connection
        self.database.close()


def shared_cache(
    config: Config, credentials: Credentials, clock: Clock, *, any_version: bool = False
) -> PostgresCache:
    """The database that the settings name, with the password from the password store.

    Raises:
        ConfigError: ``Cache: url`` can't be used.
        NoKeyring, KeyringLocked: the password can't be read.
        CacheAway, CredentialsRefused, CacheError: the database can't be used.
    """
    url = config.cache.url or ""
    return PostgresCache(
        url,
        password=_password(credentials, url),
        ca_bundle=config.network.ca_bundle,
        clock=clock,
        note=None
        if config.only_asks
        else note_of(config, _notes(config), earlier="shared.marker.json"),
        any_version=any_version,
    )


def _notes(config: Config) -> Path:
    """Where a file is every account's, so are the notes, if IT has made their folder: an account
    that knows less than another one would send again what that one has sent."""
    shared = machine.notes_beside(paths.machine_data_folder())
    return shared if config.is_machines and machine.is_usable(shared) else paths.notes_folder()


def _password(credentials: Credentials, url: str) -> str | None:
    """None on a socket of this computer, or where none was entered: the server may want none."""
    if urlsplit(url).hostname is None:
        return None
    with suppress(SecretMissing):
        return credentials.secret("Cache")
    return None


class PostgresEraser:
    """PostgreSQL leaves deleted rows in its files until their room is needed.

    Its write-ahead log and the backups are the server's: they end as IT has set it up there.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._db = database

    def wipe(self) -> None:
        """Rewrite the tables. Raises CacheLocked where somebody just uses one."""
        self._db.execute(f"VACUUM (FULL) {_TABLES}")

    def delete_copies(self, *, before: datetime | None) -> None:
        """The program makes no copies of a shared database: backups are the server's."""
