"""Where things lie on this computer.

Every folder is made on demand, for its owner only; only those that several accounts share are made
by IT (see ``machine``).
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

APP_NAME = "LibCal2PP"
_GROUPS_FOLDER = stat.S_ISGID | stat.S_IRWXG
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between trials to replace a file that another program holds."""
APP_ID = "edu.libcal2pp.desk"
"""How desktops know it: the name of its desktop file, its metainfo and its task bar group."""


def program_folder() -> Path:
    """The folder of main.py, or of the packaged program."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


def machine_config_folder() -> Path:
    """Where IT puts a config.yml for every account of this computer.

    A desktop's session may put folders of its own in front (``XDG_CONFIG_DIRS`` is
    ``/etc/xdg/xdg-ubuntu:/etc/xdg`` in Ubuntu's), which a service or a login by ssh doesn't have.
    """
    joined = platformdirs.site_config_dir(APP_NAME, appauthor=False, multipath=True)
    folders = [Path(one) for one in joined.split(os.pathsep)]
    if sys.platform == "linux":
        folders.append(Path("/etc/xdg") / APP_NAME)
    return next(filter(_is_there, folders), folders[-1])


def machine_data_folder() -> Path:
    """Where the cache lies that every account of this computer shares."""
    if sys.platform == "win32":
        return platformdirs.site_data_path(APP_NAME, appauthor=False)
    return Path(
        "/Library/Application Support" if sys.platform == "darwin" else "/var/lib", APP_NAME
    )


def config_folder() -> Path:
    """This account's config folder."""
    return platformdirs.user_config_path(APP_NAME, appauthor=False)


def notes_folder() -> Path:
    """Where this computer notes how much its ledger knew.

    Not where the ledger lies: whoever puts that folder's backup back doesn't put this one back.
    """
    return config_folder()


def data_folder() -> Path:
    """This account's data folder: the cache lies here. On Windows it doesn't roam."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False, roaming=False)


def log_folder() -> Path:
    """This account's log folder."""
    return platformdirs.user_log_path(APP_NAME, appauthor=False)


def make_private(folder: Path) -> Path:
    """Make ``folder`` if it isn't there, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write_private(file: Path, text: str) -> None:
    """Put ``text`` in the place of ``file``, for its owner only, whole or not at all.

    Raises:
        OSError: it can't be written; nothing is left half-written.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    make_private(file.parent)
    try:
        fresh.write_text(text, encoding="utf-8")
        restrict(fresh)
        put_in_place(fresh, file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def put_in_place(fresh: Path, file: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Let ``fresh`` take the place of ``file``, which is there all the time.

    On Windows a virus scanner or an indexer holds a file for a moment after it was written: it is
    tried again. Elsewhere a refusal is one, and lasts.

    Raises:
        OSError: it can't be, even after waiting.
    """
    for pause in _PAUSES if os.name == "nt" else ():
        try:
            fresh.replace(file)
        except PermissionError:
            sleep(pause)
        else:
            return
    fresh.replace(file)


def restrict(file: Path) -> None:
    """Let only the owner use ``file``; in a folder that a group shares, the group.

    Only its owner can do that, and has done it. Windows does it by the folder's own rights.
    """
    if os.name == "posix" and file.stat().st_uid == os.geteuid():
        file.chmod(0o660 if is_shared(file.parent) else 0o600)


def is_shared(folder: Path) -> bool:
    """Whether IT made ``folder`` for a group (mode 2770): what is made in it belongs to all."""
    return os.name == "posix" and folder.stat().st_mode & _GROUPS_FOLDER == _GROUPS_FOLDER


def is_open_to_others(path: Path) -> bool:
    """Whether accounts beyond the owner's and the group's may read ``path``."""
    return os.name == "posix" and bool(path.stat().st_mode & stat.S_IRWXO)


def is_writable_by_others(path: Path) -> bool:
    """Whether accounts beyond the owner's and the group's may change ``path``, or what lies in it.

    Not in a folder such as ``/tmp``, where everyone may only change what is theirs.
    """
    mode = path.stat().st_mode if os.name == "posix" and path.exists() else 0
    return bool(mode & stat.S_IWOTH) and not (stat.S_ISDIR(mode) and mode & stat.S_ISVTX)


def _is_there(folder: Path) -> bool:
    """Whoever is shut out is told so later, by whoever wants to read there."""
    with suppress(PermissionError):
        return (folder / "config.yml").exists()
    return True
