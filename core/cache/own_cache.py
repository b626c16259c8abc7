"""Where this computer's own cache lies: the account's, or the one that all its accounts share."""

from __future__ import annotations

from pathlib import Path

from core.cache.ledger_note import note_of
from core.cache.sqlite_cache import SQLiteCache, lock_of
from core.cache.writer_lock import WriterLock
from core.computer import machine, paths
from core.computer.calls import console_call
from core.computer.identity import account, computer
from core.computer.machine import CacheLeftBehind
from core.domain.clock import Clock
from core.settings.config import Config

CACHE_NAME = "cache.db"


def cache_file(config: Config) -> Path:
    """The file, there or not."""
    return config.cache.path or folder_for(config.file) / CACHE_NAME


def folder_for(config_file: Path | None) -> Path:
    """Where the cache lies, unless the settings in this file say it."""
    is_for_all = config_file is not None and machine.is_machines(config_file)
    return paths.machine_data_folder() if is_for_all else paths.data_folder()


def own_cache(
    config: Config,
    clock: Clock,
    *,
    read_only: bool = False,
    writer: WriterLock | None = None,
) -> SQLiteCache:
    """This computer's own cache, in a file.

    Raises:
        CacheReadOnly: what its accounts share isn't there.
        CacheError: it can't be used.
    """
    path = cache_file(config)
    notes = paths.notes_folder()
    if config.is_machines:
        machine.require_shared(path.parent)
        notes = machine.notes_beside(path.parent)
    return SQLiteCache(
        path,
        clock=clock,
        note=note_of(config, notes, earlier=f"{path.name}.marker.json"),
        read_only=read_only,
        writer=writer,
    )


def claim(config: Config) -> WriterLock:
    """Be the one account and program that registers with this cache, before it is opened.

    Raises:
        CacheReadOnly: what this computer's accounts share isn't there.
        CacheLocked: another one registers; the sentence says who.
        CacheLeftBehind: the accounts share a cache by now, and this one's own isn't in it.
    """
    path = cache_file(config)
    if config.is_machines:
        machine.require_shared(path.parent)
    else:
        paths.make_private(path.parent)
    lock = WriterLock(lock_of(path), who=account(), computer=computer())
    try:
        _see_what_is_left_behind(config, path)
    except BaseException:
        lock.close()
        raise
    return lock


def left_behind(config: Config) -> Path | None:
    """The account's own cache of before, where there is none yet for all accounts."""
    own = paths.data_folder() / CACHE_NAME
    return own if config.is_machines and not cache_file(config).exists() and own.exists() else None


def carry_note(config: Config) -> None:
    """What this account noted of its own cache holds for the copy that all accounts share now."""
    path = cache_file(config)
    earlier = f"{path.name}.marker.json"
    shared = note_of(config, machine.notes_beside(path.parent), earlier=earlier)
    for one in note_of(config, paths.notes_folder(), earlier=earlier).read():
        if config.is_machines and one.noted is not None:
            shared.write(one.noted)


def open_to_others(config: Config) -> Path | None:
    """What of this computer's own cache accounts may read that have nothing to do with it."""
    if config.cache.url is not None:
        return None
    path = cache_file(config)
    found = [path]
    if config.is_machines:
        found = [path.parent, machine.notes_beside(path.parent), path]
    return next((one for one in found if one.exists() and paths.is_open_to_others(one)), None)


def _see_what_is_left_behind(config: Config, path: Path) -> None:
    own = left_behind(config)
    if own is not None:
        raise CacheLeftBehind(
            f"This computer's accounts share the cache {path} now. It isn't there yet, and what "
            f"was registered so far is in this account's own: {own}",
            "Copy it, once, in the account that registered last:\n"
            + console_call("--move-cache", f"'{own}'", f"'{path}'"),
        )
