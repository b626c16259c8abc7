"""The cache in one SQLite file, by its public name; it lies in ``core.cache``."""

from core.cache.sqlite_cache import SQLiteCache

__all__ = ["SQLiteCache"]
