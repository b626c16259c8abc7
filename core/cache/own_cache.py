"""Where this computer's own cache lies."""

from __future__ import annotations

from pathlib import Path

from core.cache.sqlite_cache import SQLiteCache
from core.computer import paths
from core.domain.clock import Clock
from core.settings.config import Config

CACHE_NAME = "cache.db"


def own_cache(config: Config, clock: Clock, *, read_only: bool = False) -> SQLiteCache:
    """This computer's own cache, in a file."""
    path: Path = config.cache.path or paths.data_folder() / CACHE_NAME
    # The note of the ledger lies elsewhere: whoever restores the data folder doesn't restore it.
    marker = paths.config_folder() / f"{path.name}.marker.json"
    return SQLiteCache(path, clock=clock, marker=marker, read_only=read_only)
