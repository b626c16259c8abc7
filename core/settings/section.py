"""What the settings and every section of config.yml are made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.computer.machine import is_machines

_YAML_NAMES = {
    **{
        name.casefold(): name
        for name in (
            *("LibCal", "Alma", "PassagePoint", "Sync", "Cache", "Network", "Desk"),
            *("Scanner", "Alerts", "IT"),
        )
    },
    "sender": "from",
}


class UnfitSetting(ValueError):
    """A setting that can't be used; the text is a plain sentence without its full stop."""


def yaml_name(field_name: str) -> str:
    """How config.yml calls a field: ``libcal`` → ``LibCal``; most are called the same."""
    return _YAML_NAMES.get(field_name, field_name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Settings that stand together. Types are checked when a file is, not here."""

    __pydantic_config__ = {  # noqa: RUF012  # as pydantic wants it
        "alias_generator": yaml_name,
        "coerce_numbers_to_str": True,
        "extra": "forbid",
        "hide_input_in_errors": True,
        "str_strip_whitespace": True,
    }


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
