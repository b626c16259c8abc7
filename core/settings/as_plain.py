"""Settings → what a config.yml says for them, in plain values as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from core.settings.config import Section, yaml_name


def content_of(settings: Section) -> dict[str, Any]:
    """Every one of ``settings`` by its name in config.yml; None where it is not given."""
    return {yaml_name(one.name): plain(getattr(settings, one.name)) for one in fields(settings)}


def given_in(settings: Section) -> dict[str, Any]:
    """The same without what is None, at any depth."""
    return {
        name: _without_none(value)
        for name, value in content_of(settings).items()
        if value is not None
    }


def plain(value: object) -> Any:
    """One setting's value: a section, a tuple, a file or what is plain already."""
    if isinstance(value, Section):
        return content_of(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return value
