"""What every section of config.yml is made of."""

from __future__ import annotations

from dataclasses import dataclass

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
