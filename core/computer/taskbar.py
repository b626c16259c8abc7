"""Windows' task bar: without a name of its own a program from the source is shown as Python."""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Callable

logger = logging.getLogger(__name__)


def show_as_one_program(
    name: str, *, system: str = sys.platform, tell: Callable[[str], int] | None = None
) -> None:
    """Name this process (AppUserModelID), so that its windows, its pinned icon and its
    notifications belong together. Elsewhere the desktop file does it, and nothing happens.

    Not tried on Windows: ``tell`` is SetCurrentProcessExplicitAppUserModelID, by its documentation.
    """
    if system != "win32":
        return
    failed = (tell or _shell32)(name)
    if failed:
        logger.warning("the task bar doesn't take the program's name: %#x", failed)


def _shell32(name: str) -> int:
    shell = getattr(ctypes, "windll").shell32  # noqa: B009  (there on Windows only)
    return int(shell.SetCurrentProcessExplicitAppUserModelID(name))
