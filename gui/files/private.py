"""Files that leave the program: for their owner only, since they hold personal data."""

from __future__ import annotations

import os
from pathlib import Path

from core.computer.paths import restrict


def write_private(file: Path, content: bytes) -> None:
    """Write ``content``, which nobody else can read at any moment, not even while it is written.

    Raises:
        OSError: it can't be written there.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags, 0o600), "wb") as stream:
        restrict(file)  # one that was there keeps its rights otherwise
        stream.write(content)
