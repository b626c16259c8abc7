"""Removes everything of this program from this computer, after the desk was told what goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from glob import escape
from pathlib import Path

from core.cache.ledger_note import own_notes
from core.computer import paths
from core.computer.autostart import Autostart
from core.computer.heartbeat import HEARTBEAT_NAME
from core.computer.logs import LOG_NAME
from core.computer.machine import is_machines, notes_beside
from core.domain.errors import AppError
from core.engine.single_window import LOCK_NAME, RING_NAME
from core.settings.credentials import CredentialStore
from core.setup.cache_access import cache_path
from core.setup.certificates import CERTIFICATES
from core.setup.config_file import BEFORE_NAME, OLD_NAME
from core.setup.draft import Draft
from core.setup.left_behind import LEFT_BEHIND_NAME
from core.setup.secret_dates import DATES_NAME

_NOT_OURS = "it isn't this account's alone"
_NOTE = (
    "kept for the other accounts, which see by it whether the cache has lost something; "
    "nothing about any reader is in it"
)
_PREFERENCES = "window.json"
_OF_EARLIER_VERSIONS = "known-config.json"
# What a computer notes of the database that it shares with others.
_SHARED = (
    *("shared.marker.json", "shared-settings.json", "kept-requests.json"),
    "certificate-authorities.pem",
)


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, and what could not be removed and why."""

    gone: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """The plan: files, and entries of the password store (address, user)."""

    files: tuple[Path, ...]
    entries: tuple[tuple[str, str], ...]
    stays: tuple[tuple[Path, str], ...] = ()
    """What other accounts may use, and why it stays."""
    folders: tuple[Path, ...] = ()
    """They go if nothing else lies in them."""

    def carry_out(self, store: CredentialStore, autostart: Autostart) -> Removed:
        """Remove all of it; call it when nothing uses the cache any more. Never raises AppError.

        What can't be removed stops nothing else.
        """
        gone: list[str] = []
        left: list[str] = []

        def attempt(what: str, remove: Callable[[], None]) -> None:
            try:
                remove()
            except AppError as error:
                left.append(f"{what}: {error.message}")
            except OSError as error:
                left.append(f"{what}: {error.strerror or 'unknown'}")
            else:
                gone.append(what)

        attempt("Start at login", lambda: autostart.switch(on=False))
        for address, user in self.entries:
            name = f"Password store: {address.removeprefix('libcal2pp:')}, {user}"
            attempt(name, partial(store.delete, address, user))
        for file in self.files:
            attempt(str(file), file.unlink)
        left += [f"{file}: {why}" for file, why in self.stays]
        for folder in self.folders:
            with suppress(OSError):
                folder.rmdir()
        return Removed(tuple(gone), tuple(left))


def plan_removal(
    draft: Draft, config_file: Path, entries: Sequence[tuple[str, str]], log_folder: Path
) -> Removal:
    """What is there to remove. A settings file of IT's, elsewhere, stays and is named."""
    found = [file for file in _files(draft, log_folder) if file.is_file()]
    settings = [config_file, *map(config_file.with_name, (OLD_NAME, BEFORE_NAME))]
    there = [file for file in settings if file.is_file()]
    there += sorted(config_file.parent.glob(CERTIFICATES))
    own = [file for file in there if file.parent == paths.config_folder()]
    stays = [(file, _NOT_OURS) for file in there if file not in own]
    if is_machines(config_file):
        stays += _of_all_accounts(cache_path(draft))
    folders = (paths.config_folder(), paths.data_folder(), log_folder)
    return Removal(
        tuple(dict.fromkeys(found + own)),
        tuple(entries),
        stays=tuple(stays),
        folders=tuple(dict.fromkeys(folders)),
    )


def _of_all_accounts(cache: Path) -> Iterator[tuple[Path, str]]:
    """Every other account goes on with them; this one's note knows what it has sent, and without
    it a copy of the cache that is put back could send that once more."""
    if cache.exists():
        yield cache, _NOT_OURS
    for folder in dict.fromkeys((cache.parent, paths.machine_data_folder())):
        yield from ((note, _NOTE) for note in own_notes(notes_beside(folder)))


def _files(draft: Draft, log_folder: Path) -> Iterator[Path]:
    cache, settings = cache_path(draft), paths.config_folder()
    # The database, its log, its lock, its note, and the copies that migrations left.
    if draft.file is None or not is_machines(draft.file):
        yield from sorted(cache.parent.glob(f"{escape(cache.name)}*"))
        yield from sorted(cache.parent.glob(f"{escape(cache.stem)}.before-*.db"))
    yield settings / f"{cache.name}.marker.json"  # an earlier version's note
    yield from own_notes(settings)
    for name in (HEARTBEAT_NAME, _OF_EARLIER_VERSIONS, LOCK_NAME, RING_NAME):
        yield paths.data_folder() / name
    yield from sorted(log_folder.glob(f"{LOG_NAME}*"))
    yield settings / _PREFERENCES
    yield settings / DATES_NAME
    yield settings / LEFT_BEHIND_NAME
    for name in _SHARED:
        yield settings / name
