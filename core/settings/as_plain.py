"""Settings → what a config.yml says for them, in plain values as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from core.settings.section import Section, yaml_name


def content_of(settings: Section) -> dict[str, Any]:
    """Every one of ``settings`` by its name in config.yml; None where it is not given."""
    return {yaml_name(one.name): plain(getattr(settings, one.name)) for one in fields(settings)}


def given_in(settings: Section) -> dict[str, Any]:
    """The same without what is None, at any depth, but where None says "never"."""
    return {
        yaml_name(one.name): _given(value)
        for one in fields(settings)
        if (value := getattr(settings, one.name)) is not None or says_never(one)
    }


def says_never(setting: Field[Any]) -> bool:
    """Whether None isn't this setting's default although it may be None: it then says something."""
    return setting.default is not None and str(setting.type).endswith("| None")


def plain(value: object) -> Any:
    """One setting's value: a section, a tuple, a file or what is plain already."""
    if isinstance(value, Section):
        return content_of(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _given(value: object) -> Any:
    if isinstance(value, Section):
        return given_in(value)
    if isinstance(value, tuple):
        return [_given(one) for one in value]
    return without_none(plain(value))


def without_none(value: Any) -> Any:
    """A plain value without what is None in it."""
    if isinstance(value, dict):
        return {name: without_none(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_none(one) for one in value]
    return value
