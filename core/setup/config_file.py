"""Writes config.yml: whole or not at all, readable by its owner only, in an order people expect."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from core.computer import paths
from core.domain.errors import ConfigError
from core.settings.config import Config, is_old_config, load_config
from core.settings.strict_yaml import read_yaml
from core.setup.draft import Draft

OLD_NAME = "config-of-the-old-script.yml"
_HEAD = "# Written by LibCal2PP (Tools, Settings). It holds no secrets.\n"


class _Line(dict[str, Any]):
    """Settings that stand in one line: ``{id: 8827, name: Main Library}``."""


class _Dumper(yaml.SafeDumper):
    pass


def _represent_line(dumper: yaml.SafeDumper, line: _Line) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", line, flow_style=True)


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.SequenceNode:
    in_one_line = not any(isinstance(value, dict) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=in_one_line)


_Dumper.add_representer(_Line, _represent_line)
_Dumper.add_representer(list, _represent_list)


def read_draft(path: Path | None) -> Draft:
    """The settings in ``path``, or an empty draft where it isn't there yet or is the old script's.

    Raises:
        ConfigError: it can't be read or used.
    """
    if path is None or not path.exists() or is_old(path):
        return Draft()
    return Draft.of(load_config(path))


def as_yaml(draft: Draft) -> str:
    """The text of the config.yml that says what ``draft`` does."""
    sections = {
        section: {name: _inline(value) for name, value in settings.items()}
        for section, settings in draft.content().items()
    }
    texts = [
        yaml.dump({name: one}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
        for name, one in sections.items()
    ]
    return "\n".join([_HEAD, *texts])


def write_config(draft: Draft, path: Path) -> Config:
    """Check ``draft`` and put it in the place of ``path``.

    The replaced script's file is set aside first (``OLD_NAME``), never lost.

    Raises:
        ConfigError: the draft can't be used, or the file can't be written.
    """
    config = draft.config()
    text = as_yaml(draft)
    fresh = path.with_name(f".{path.name}.new")
    try:
        paths.make_private(path.parent)
        with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            paths.restrict(fresh)
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if is_old(path):
            path.replace(path.with_name(OLD_NAME))
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(
            f"The settings can't be written to {path}: {error.strerror or 'unknown'}.",
            "If IT keeps this file, ask IT to change it.",
        ) from None
    return config


def is_old(path: Path) -> bool:
    """Whether the replaced script's settings are in ``path``."""
    if not path.is_file():
        return False
    try:
        content, _ = read_yaml(path)
    except ConfigError:
        return False
    return isinstance(content, Mapping) and is_old_config(content)


def _inline(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _Line({str(name): _inline(one) for name, one in value.items()})
    return [_inline(one) for one in value] if isinstance(value, list | tuple) else value
