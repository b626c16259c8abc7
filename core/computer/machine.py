"""Several accounts on one computer, one ledger: what of this computer belongs to all of them.

Where the settings are the machine's, so is the cache, else each account would register every
visit once more. Its folder and that of the notes are made by IT, for a group: only then can each
account write what another one has made.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core.computer import paths
from core.computer.identity import account
from core.domain.errors import CacheError, CacheReadOnly

_PROGRAMS = ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432")


class CacheLeftBehind(CacheError):
    """The accounts share a cache by now, and what was sent is in an account's own."""


def is_machines(config_file: Path) -> bool:
    """Whether these settings are for every account: in the machine's folder, or beside a program
    that this account can't change. A source checkout is its developer's.
    """
    folder = config_file.absolute().parent
    if _same(folder, paths.machine_config_folder()):
        return True
    return _same(folder, paths.program_folder()) and _is_installed(folder)


def notes_beside(folder: Path) -> Path:
    """The folder of the notes: whoever restores the cache's doesn't restore them with it."""
    return folder.with_name(f"{folder.name}-notes")


def require_shared(folder: Path) -> None:
    """See that IT has made ``folder``, and that of the notes, for a group that we are in.

    Raises:
        CacheReadOnly: one is missing or can't be used; how IT makes both.
    """
    for one in (folder, notes_beside(folder)):
        wrong = _wrong_with(one)
        if wrong:
            raise CacheReadOnly(
                f"The folder {one}, which this computer's accounts share, {wrong}.",
                f"IT makes both folders, for a group that each of these accounts is in:\n"
                f"{command_for(folder)}",
            )


def is_usable(folder: Path) -> bool:
    """Whether IT has made ``folder`` for a group that we are in."""
    return not _wrong_with(folder)


def command_for(folder: Path) -> str:
    """What makes the two folders, for whoever may."""
    notes = notes_beside(folder)
    if sys.platform == "win32":
        grants = "/inheritance:r /grant GROUP:(OI)(CI)M SYSTEM:(OI)(CI)F Administrators:(OI)(CI)F"
        return "\n".join(f'mkdir "{one}" & icacls "{one}" {grants}' for one in (folder, notes))
    return f"install -d -m 2770 -g GROUP '{folder}' '{notes}'"


def _wrong_with(folder: Path) -> str:
    try:
        if not folder.is_dir():
            return "isn't there"
        if os.name == "posix" and not paths.is_shared(folder):
            return "isn't made for a group"
    except PermissionError:
        return f"is closed to this account ({account()})"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"can't be written by this account ({account()})"
    return ""


def _is_installed(folder: Path) -> bool:
    if (folder / ".git").exists():
        return False
    if sys.platform == "win32":
        places = [os.environ[name] for name in _PROGRAMS if name in os.environ]
        return any(folder.is_relative_to(place) for place in places)
    if os.geteuid() == 0:  # who may change everything: then it is how it is built that tells
        return bool(getattr(sys, "frozen", False))
    return not os.access(folder, os.W_OK)


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
