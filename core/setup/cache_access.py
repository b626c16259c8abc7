"""The cache that a draft names, before the draft is in use: looked into, or tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from core.cache.base import Cache
from core.cache.own_cache import CACHE_NAME, cache_file, folder_for
from core.cache.places import refuse_network_drive
from core.cache.sqlite_cache import SQLiteCache
from core.computer import paths
from core.day.new_ledger import NewLedgerQuestion
from core.day.unnamed_groups import unnamed_groups
from core.domain.clock import Clock
from core.domain.errors import AppError, CacheReadOnly
from core.domain.text import counted
from core.engine.assembly import default_cache
from core.services.day_findings import group_results
from core.services.findings import Finding, failed
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.setup.draft import Draft

_TRY_NAME = ".libcal2pp-try"


def cache_path(draft: Draft) -> Path:
    """The file of the cache that a draft names."""
    given = draft.value("Cache", "path")
    return Path(given) if given else folder_for(draft.file) / CACHE_NAME


def open_to_look(config: Config, credentials: Credentials, clock: Clock) -> Cache:
    """The cache as it is; a file that isn't there is not made.

    Raises:
        CacheError, CredentialsError, ConfigError: it can't be opened.
    """
    if config.cache.url is not None:
        return default_cache(config, clock, credentials)
    return SQLiteCache(cache_file(config), clock=clock, read_only=True)


def try_cache(config: Config, credentials: Credentials, clock: Clock) -> str:
    """The sentence that says that the cache can lie there.

    Raises:
        CacheError, CredentialsError, ConfigError: why it can't.
    """
    if config.cache.url is None:
        path = cache_file(config)
        refuse_network_drive(path)
        _try_folder(path.parent)
        if not path.exists():
            return "The folder can be used."
    with closing(open_to_look(config, credentials, clock)) as cache:
        _, counts = cache.facts()
    held = f"It holds {counted(counts.get('bookings', 0), 'booking')}."
    return f"The {'database' if config.cache.url else 'folder'} can be used. {held}"


def check_cache(config: Config, credentials: Credentials, clock: Clock) -> Finding:
    """The same as one line of a check."""
    try:
        return Finding("Cache", ok=True, text=try_cache(config, credentials, clock))
    except AppError as error:
        return failed("Cache", error)


def cache_findings(config: Config, credentials: Credentials, clock: Clock) -> Iterator[Finding]:
    """How the cache is, and what it tells: an open question, groups that no category names."""
    result = check_cache(config, credentials, clock)
    if not result.ok or (config.cache.url is None and not cache_file(config).exists()):
        yield result
        return
    try:
        with closing(open_to_look(config, credentials, clock)) as cache:
            groups = unnamed_groups(cache, config, clock.now())
            if not config.only_asks:  # it is asked where it is registered
                NewLedgerQuestion(cache, clock).require_answer()
    except AppError as error:
        yield failed("Cache", error)
        return
    yield result
    yield from group_results(groups, config.passagepoint.default_category)


def _try_folder(folder: Path) -> None:
    try:
        tried = paths.make_private(folder) / _TRY_NAME
        tried.write_text("", encoding="utf-8")
        tried.unlink()
    except OSError as error:
        raise CacheReadOnly(
            f"This folder can't be written: {error.strerror or 'unknown'}.", "Choose another."
        ) from None
