"""Which file settings were read from, and so whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from core.computer.machine import is_machines


class ReadFrom:
    """Knows the file that it was read from: no setting, so it is neither written nor compared."""

    __slots__ = ("_file",)

    @property
    def file(self) -> Path | None:
        """None: these settings were put together, and stand in no file."""
        return getattr(self, "_file", None)

    @property
    def is_machines(self) -> bool:
        """Whether every account of this computer has these settings, and so shares a cache."""
        return self.file is not None and is_machines(self.file)

    def read_from(self, file: Path | None) -> Self:
        """The same, from this file."""
        object.__setattr__(self, "_file", file)
        return self
