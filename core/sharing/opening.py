"""Opens the program's core: on a cache of this computer's own, or on one that several share."""

from __future__ import annotations

from collections.abc import Callable

from core.cache.base import Cache
from core.cache.own_cache import own_cache
from core.cache.writer_lock import AnotherWrites
from core.day.new_ledger import LedgerAnswer
from core.domain.clock import SystemClock
from core.domain.errors import CacheError, CredentialsError
from core.domain.models import Event
from core.engine.base import Engine
from core.engine.claiming import RegistersElsewhere
from core.engine.own import LibCal2PP
from core.engine.read_only import ReadOnlyEngine
from core.settings.config import Config
from core.settings.credentials import Credentials


def open_engine(
    config: Config,
    *,
    credentials: Credentials | None = None,
    report: Callable[[Event], None] | None = None,
    cache: Cache | None = None,
    assume: LedgerAnswer | None = None,
) -> Engine:
    """The engine for these settings; ``cache`` None: where they say.

    Raises:
        ConfigError, CredentialsError, CacheError: what is wrong with the settings or the cache.
    """
    if cache is None and config.cache.url is not None:
        # A database driver that most computers don't need takes 200 ms to import.
        from core.sharing.engine import SharedEngine

        return SharedEngine(config, credentials=credentials, report=report, assume=assume)
    return LibCal2PP(config, credentials=credentials, report=report, cache=cache, assume=assume)


def open_or_look_on(
    config: Config, *, credentials: Credentials, report: Callable[[Event], None]
) -> Engine:
    """The engine for a window: where another session writes to the cache, or this one isn't to
    register, one that looks on.

    Raises what ``open_engine`` raises.
    """
    try:
        return open_engine(config, credentials=credentials, report=report)
    except (AnotherWrites, CredentialsError, RegistersElsewhere) as why:
        if config.cache.url is not None:
            raise
        try:
            cache = own_cache(config, SystemClock(), read_only=True)
        except CacheError:
            raise why from None
        known = None if isinstance(why, RegistersElsewhere) else credentials
        return ReadOnlyEngine(config, cache, report=report, why=why, credentials=known)
