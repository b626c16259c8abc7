"""Checks what a config.yml says: pydantic and YAML are imported here, and by nobody at start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.computer.calls import console_call
from core.domain.errors import ConfigError
from core.settings.config import SECTIONS, STAND_INS, Config, is_old_config
from core.settings.problems import nearest_name, plain_problems
from core.settings.strict_yaml import read_yaml

_SECRET_NAMES = frozenset(
    {"client_secret", "secret", "password", "passwd", "apikey", "apikeys", "api_key", "token"}
)


def _adapter() -> TypeAdapter[Config]:
    # pydantic looks here, where the adapter is made, for what the settings name without importing.
    from pydantic import Field  # noqa: F401

    from core.settings.values import (  # noqa: F401
        AsTyped,
        DatabaseUrl,
        Pattern,
        Proxy,
        Questions,
        Server,
        Text,
        Texts,
        TimeOfDay,
        Url,
        ZoneName,
    )

    return TypeAdapter(Config)


ADAPTER = _adapter()


def checked_file(path: Path, *, source: str) -> Config:
    """The checked settings in the file at ``path``; ``source`` is what problems call it.

    Raises:
        ConfigError: with every problem of the file, each a plain sentence.
    """
    content, repeated = read_yaml(path)
    return checked(content, source=source, repeated=repeated)


def checked(content: object, *, source: str, repeated: Sequence[str]) -> Config:
    """The settings that ``content`` gives; ``repeated`` are sentences about its text.

    Raises:
        ConfigError: with every problem, each a plain sentence.
    """
    sections = sections_of(content, source)
    secrets = [f"{name} is a secret" for name in _secrets_in(sections)]
    problems = [*secrets, *repeated, *_problems_of(without_secrets(sections))]
    if secrets:
        raise ConfigError(
            f"{source} holds a secret.",
            f"Put it into the password store with {console_call('--set-secret')}, "
            "delete it from the file, and have a new one issued.",
            problems,
        )
    if problems:
        raise ConfigError(f"{source} can't be used.", "Mend these, then start again:", problems)
    return ADAPTER.validate_python(_with_stand_ins(sections))


def _problems_of(sections: dict[object, object]) -> list[str]:
    """Every problem of the settings themselves, those under a misspelt name included."""
    meant = {name: section_meant(name, sections) for name in sections}
    misspelt = [
        f"{name} is not a known setting; do you mean {meant[name]}?"
        for name in sections
        if meant[name] != name
    ]
    renamed = {meant[name]: section for name, section in sections.items()}
    try:
        ADAPTER.validate_python(_with_stand_ins(renamed))
    except ValidationError as error:
        return [*plain_problems(error, Config), *misspelt]
    return misspelt


def section_meant(name: object, sections: Mapping[object, object]) -> object:
    """The section that a misspelt name stands for, unless the file has that one too."""
    if name in SECTIONS:
        return name
    near = nearest_name(str(name), SECTIONS)
    return name if near is None or near in sections else near


def _with_stand_ins(sections: dict[object, object]) -> dict[object, object]:
    return dict(STAND_INS) | sections if _only_asks(sections) else sections


def _only_asks(sections: Mapping[object, object]) -> bool:
    cache, desk = sections.get("Cache"), sections.get("Desk")
    if not isinstance(cache, Mapping) or not isinstance(desk, Mapping):
        return False
    return bool(cache.get("url")) and desk.get("role") == "desk"


def sections_of(content: object, source: str) -> dict[object, object]:
    """What can be checked setting by setting, once the file is ours."""
    if not isinstance(content, dict) or not content:
        raise ConfigError(f"{source} has no settings.", "Compare it with config.yml.example.")
    if is_old_config(content):
        raise ConfigError(
            f"{source} belongs to the script that LibCal2PP replaces.",
            "Start the window: it offers to take the old settings over. "
            "Or write a new file from config.yml.example.",
        )
    # A section whose every line is commented out is None: its defaults hold.
    return {name: section for name, section in content.items() if section is not None}


def _secrets_in(content: object, inside: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            here = f"{inside}.{name}" if inside else str(name)
            if _is_secret(name, value):
                yield here
            yield from _secrets_in(value, here)
    elif isinstance(content, list):
        for item in content:
            yield from _secrets_in(item, inside)


def without_secrets(content: dict[object, object]) -> dict[object, object]:
    """The same without what was told already."""
    return {name: _pruned(value) for name, value in content.items() if not _is_secret(name, value)}


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        return without_secrets(value)
    return [_pruned(one) for one in value] if isinstance(value, list) else value


def _is_secret(name: object, value: object) -> bool:
    return str(name).casefold() in _SECRET_NAMES and value not in (None, "")
