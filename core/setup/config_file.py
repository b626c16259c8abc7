"""Writes config.yml: whole or not at all, and what IT wrote into it stays as it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from core.computer import paths
from core.domain.errors import ConfigError
from core.settings.config import Config, is_old_config, load_config
from core.settings.salvage import salvage
from core.settings.strict_yaml import read_yaml
from core.setup.draft import Draft

OLD_NAME = "config-of-the-old-script.yml"
BEFORE_NAME = "config-before.yml"
"""The settings as they were before the last change, beside config.yml."""
_HEAD = "# Written by LibCal2PP (Tools, Settings). It holds no secrets.\n"
_PRIVATE = 0o600


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


def read_salvaged(path: Path) -> tuple[Draft, ConfigError]:
    """What can be used of a file with mistakes, and what is wrong with it.

    Raises:
        ConfigError: it can't even be read.
    """
    config, stand_ins, wrong = salvage(path)
    draft = Draft.of(config)
    for section, name in stand_ins:
        draft.set(section, name, None)
    return draft, wrong


def write_config(draft: Draft, path: Path, *, anew: bool = False) -> Config:
    """Check ``draft`` and make ``path`` say the same.

    Of a file that is there only the settings that differ are changed: its comments, order, rights
    and owner stay, a link stays a link, and the file before the change is kept (``BEFORE_NAME``).
    The replaced script's file is set aside (``OLD_NAME``), never lost. ``anew``: what is there has
    mistakes; all of it is written again, with its rights and owner, and it is kept likewise.

    Raises:
        ConfigError: the draft can't be used, or the file can't be written.
    """
    config = draft.config()
    try:
        if path.is_file() and not is_old(path):
            _change(path.resolve(), draft, anew=anew)
        else:
            _begin(path, as_yaml(draft))
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


def _begin(path: Path, text: str) -> None:
    paths.make_private(path.parent)
    fresh = _written_beside(path, text, _PRIVATE)
    if is_old(path):
        path.replace(path.with_name(OLD_NAME))
    paths.put_in_place(fresh, path)


def _change(path: Path, draft: Draft, *, anew: bool) -> None:
    text = path.read_text(encoding="utf-8-sig")
    wanted = as_yaml(draft) if anew else _changed(text, read_draft(path), draft)
    if wanted == text:
        return
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    before = _written_beside(path.with_name(BEFORE_NAME), text, mode)
    before.replace(path.with_name(BEFORE_NAME))
    fresh = _written_beside(path, wanted, mode)
    if _given_to(fresh, status):
        paths.put_in_place(fresh, path)
    else:  # only writing into it leaves it to its owner
        path.write_bytes(fresh.read_bytes())
        fresh.unlink()


def _changed(text: str, now: Draft, wanted: Draft) -> str:
    """``text`` with what ``wanted`` has otherwise; the very same where that is nothing."""
    from core.setup.yaml_edit import with_changes

    changes: dict[str, dict[str, Any]] = {}
    for section, name, value in now.differences(wanted):
        changes.setdefault(section, {})[name] = value
    return with_changes(text, changes) if changes else text


def _written_beside(path: Path, text: str, mode: int) -> Path:
    """A new file with the rights it will have, so that nobody reads it in between."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    if os.name == "posix":
        fresh.chmod(mode)
    return fresh


def _given_to(file: Path, status: os.stat_result) -> bool:
    """Whether ``file`` has the owner and the group that ``status`` has."""
    if os.name != "posix":
        return True
    with suppress(PermissionError):
        os.chown(file, status.st_uid, status.st_gid)
    now = file.stat()
    return (now.st_uid, now.st_gid) == (status.st_uid, status.st_gid)


def _inline(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _Line({str(name): _inline(one) for name, one in value.items()})
    return [_inline(one) for one in value] if isinstance(value, list | tuple) else value
