"""How this program's window is started again: at login, and for practice."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def start_command(config: Path | None) -> list[str]:
    """How this program's window is started again, after an update too, and with ``--config``.

    Where IT starts it through a name that points at the newest version, it is that name.
    """
    return [*_program(), *(("--config", str(config.absolute())) if config is not None else ())]


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        name = shutil.which(sys.argv[0])
        is_it = name is not None and Path(name).resolve() == Path(sys.executable).resolve()
        return [str(Path(name).absolute()) if name is not None and is_it else sys.executable]
    return [sys.executable, str(Path(sys.argv[0]).resolve())]
