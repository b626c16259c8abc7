"""The connection to the shared database, made again where it was lost, and whether any computer
registers on it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from core.cache.postgres.cache import PostgresCache, shared_cache
from core.cache.postgres.lock import RegistrarSeen
from core.cache.postgres.schema import VERSION
from core.domain.clock import Clock
from core.domain.errors import (
    AppError,
    CacheAway,
    CacheNewer,
    CacheOlder,
    CredentialsError,
    NoRegistrar,
)
from core.domain.library_day import LibraryDay
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.sharing.settings import SettingsNote, agree, last_known

logger = logging.getLogger(__name__)
_RETRY = 2.0
"""Seconds between two tries to reach the server."""
_RETRY_UNUSABLE = 30.0
"""The same where it was reached, but could not be used."""
_FOR_EVER = float("inf")
_ALONE_AFTER = 10.0
"""Seconds without a registrar before it is said: one may just be taking over."""
_SILENT_AFTER = 12.0
"""Seconds after which a registrar that shows no sign of life doesn't count as one."""

CAN_BE_SHOWN = (CacheAway, NoRegistrar, CacheNewer, CacheOlder)
"""Trouble beside which there is a day to be shown, or there may be one soon."""

OpenCache = Callable[[Config, Credentials, Clock], PostgresCache]


def open_any_version(config: Config, credentials: Credentials, clock: Clock) -> PostgresCache:
    """The database of the settings; that of another version can be looked at."""
    return shared_cache(config, credentials, clock, any_version=True)


class Connection:
    """``cache`` while there is one; ``trouble`` says why there is none, or why it is read-only."""

    def __init__(
        self, own: Config, credentials: Credentials, clock: Clock, open_cache: OpenCache, note: Path
    ) -> None:
        self._own = own
        self._credentials = credentials
        self._clock = clock
        self._open_cache = open_cache
        self._note = SettingsNote(note)
        self.config = last_known(own, self._note)
        self.cache: PostgresCache | None = None
        self.trouble: AppError | None = None
        self._version: str | None = None
        self._next_try = 0.0
        self._had_one = False
        self._away_since: datetime | None = None

    def connect(self) -> PostgresCache | None:
        """The database; None where it isn't there, or it isn't time yet to try again."""
        if self.cache is None and self._clock.monotonic() >= self._next_try:
            self._next_try = self._clock.monotonic() + _RETRY
            try:
                self._open()
            except CacheAway as error:
                self.lost(error)
            except CredentialsError as error:
                # Refused once, they are refused always, and accounts get locked.
                self._give_up(error, _FOR_EVER)
            except AppError as error:
                self._give_up(error, _RETRY_UNUSABLE)
        return self.cache

    def lost(self, error: CacheAway) -> CacheAway:
        """The connection is gone, and with it the right to send; what to say about it."""
        if self._away_since is None:
            self._away_since = self._clock.now()
            logger.warning("%s", error.message)
        self.close()
        since = LibraryDay(self.config.libcal.time_zone).clock_time(self._away_since)
        shown = "the list is as it was then" if self._had_one else "so there is no list to show yet"
        self.trouble = CacheAway(
            f"The shared database can't be reached since {since}; {shown}.",
            "Nothing is registered meanwhile. It comes back by itself; if not, tell IT.",
        )
        return self.trouble

    def is_outdated(self) -> bool:
        """Whether another computer changed the settings, or brought the tables up to date."""
        cache = self.cache
        return cache is not None and (
            self._note.is_outdated(cache) or cache.meta.get(VERSION) != self._version
        )

    def forgive(self) -> None:
        """A person wants it tried again at once."""
        self._next_try = 0.0

    def close(self) -> None:
        """Let go of the connection; the next ``connect`` makes a new one at once."""
        cache, self.cache = self.cache, None
        if cache is not None:
            self._next_try = 0.0
            cache.close()

    def _open(self) -> None:
        cache = self._open_cache(self._own, self._credentials, self._clock)
        try:
            self._version = cache.meta.get(VERSION)
            may_edit = self._own.desk.role == "registrar" and cache.mismatch is None
            self.config = agree(self._own, cache, self._note, may_edit=may_edit)
        except BaseException:
            cache.close()
            raise
        self.cache, self.trouble = cache, cache.mismatch
        self._away_since, self._had_one = None, True

    def _give_up(self, error: AppError, seconds: float) -> None:
        self.trouble = error
        self._next_try = self._clock.monotonic() + seconds


class Absence:
    """How long nobody has registered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: float | None = None

    def note(self, holder: RegistrarSeen | None) -> None:
        """What the database says just now."""
        if holder is not None and holder.silent_seconds <= _SILENT_AFTER:
            self._since = None
        elif self._since is None:
            self._since = self._clock.monotonic()

    def end(self) -> None:
        """This computer registers."""
        self._since = None

    @property
    def is_noted(self) -> bool:
        """Nobody registers now, as far as was seen; one may just be taking over."""
        return self._since is not None

    def trouble(self) -> NoRegistrar | None:
        """What to say of it, once it has lasted."""
        if self._since is None or self._clock.monotonic() - self._since < _ALONE_AFTER:
            return None
        return NoRegistrar(
            "No computer registers just now, so nobody is registered by itself.",
            # What waits goes out as soon as one registers: entered there too, it would be twice.
            "Start the program on one that registers. Before you enter somebody in PassagePoint "
            "yourself, press By hand… on the booking: then nothing is sent for it later.",
        )
