"""Where things lie on this computer. Every folder is made on demand, for its owner only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP_NAME = "LibCal2PP"


def program_folder() -> Path:
    """The folder of main.py, or of the packaged program."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


def machine_config_folder() -> Path:
    """Where IT puts a config.yml for every account of this computer."""
    return platformdirs.site_config_path(APP_NAME, appauthor=False)


def config_folder() -> Path:
    """This account's config folder."""
    return platformdirs.user_config_path(APP_NAME, appauthor=False)


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
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def restrict(file: Path) -> None:
    """Let only the owner read ``file``; Windows does it by the folder's own rights."""
    if os.name == "posix":
        file.chmod(0o600)
