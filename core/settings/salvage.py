"""What of a config.yml with mistakes can be used: so that Settings opens on it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.domain.errors import ConfigError
from core.settings.check import ADAPTER, checked, section_meant, sections_of, without_secrets
from core.settings.config import STAND_INS, Config
from core.settings.strict_yaml import read_yaml

_MOST_ROUNDS = 100
_GONE = object()
Setting = tuple[str, str]


def salvage(path: Path) -> tuple[Config, frozenset[Setting], ConfigError]:
    """The settings that can be used, those of them (section, name) that only stand in for what is
    missing, and what is wrong with the file.

    Raises:
        ConfigError: it can't even be read: it isn't there, isn't YAML, or isn't ours.
    """
    content, repeated = read_yaml(path)
    sections = without_secrets(sections_of(content, str(path)))
    known: dict[object, Any] = deepcopy(
        {section_meant(name, sections): one for name, one in sections.items()}
    )
    stand_ins: set[Setting] = set()
    try:
        checked(content, source=str(path), repeated=repeated)
    except ConfigError as error:
        wrong = error
    else:
        wrong = ConfigError("")
    for _ in range(_MOST_ROUNDS):
        try:
            config = ADAPTER.validate_python(known)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                stand_ins |= set(_mend(known, one))
            known = _compact(known)
        else:
            return config.read_from(path), frozenset(stand_ins), wrong
    return ADAPTER.validate_python(dict(STAND_INS)).read_from(path), _all_stand_ins(), wrong


def _mend(known: dict[object, Any], problem: ErrorDetails) -> Iterator[Setting]:
    """Take out what is wrong, or put in what is missing; gives what only stands in."""
    place = tuple(part for part in problem["loc"] if part != "[key]")
    if not place:
        known.clear()
        return
    if place[-1] == "locations" or len(place) == 1:
        yield from _mend_section(known, str(place[0]))
    elif problem["type"] == "missing" and len(place) == 2:
        yield from _put_in(known, str(place[0]), str(place[1]))
    else:
        _take_out(known, place[:-1] if problem["type"] == "missing" else place)


def _mend_section(known: dict[object, Any], name: str) -> Iterator[Setting]:
    """What is wrong with a section as a whole: something required isn't there, or doesn't fit."""
    section = known.get(name)
    required = STAND_INS.get(name, {})
    lacking = [one for one in required if isinstance(section, dict) and not section.get(one)]
    if lacking:
        for one in lacking:
            yield from _put_in(known, name, one)
        return
    known.pop(name, None)
    for one in required:
        yield from _put_in(known, name, one)


def _put_in(known: dict[object, Any], section: str, name: str) -> Iterator[Setting]:
    group = known.setdefault(section, {})
    group[name] = deepcopy(STAND_INS[section][name])
    yield section, name


def _take_out(known: dict[object, Any], place: tuple[object, ...]) -> None:
    """Remove the deepest part of ``place`` that is there."""
    inside: Any = known
    for part in place[:-1]:
        deeper = _member(inside, part)
        if not isinstance(deeper, dict | list):
            _remove(inside, part)
            return
        inside = deeper
    _remove(inside, place[-1])


def _member(group: Any, part: object) -> object:
    if isinstance(group, dict):
        return group.get(part)
    if isinstance(group, list) and isinstance(part, int) and part < len(group):
        return group[part]
    return None


def _remove(group: Any, part: object) -> None:
    if isinstance(group, dict):
        group.pop(part, None)
    elif isinstance(group, list) and isinstance(part, int) and part < len(group):
        group[part] = _GONE  # so that the numbers of the others still hold


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _compact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_compact(one) for one in value if one is not _GONE]
    return value


def _all_stand_ins() -> frozenset[Setting]:
    return frozenset((section, name) for section, given in STAND_INS.items() for name in given)
