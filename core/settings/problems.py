"""What is wrong with a config.yml, in plain sentences that name the setting."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.settings import values as config_values
from core.settings.section import Section, yaml_name

_WORDS = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "path_type": "must be the name of a file",
    "too_short": "needs at least one entry",
    "tuple_type": "must be a list, such as [one, two]",
    "dataclass_type": "must be a group of settings, each on a line of its own below it",
    "dict_type": "must be a group of settings, such as {{one: A, two: B}}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be one of these: {expected}",
}

_Place = tuple[str, ...]


def plain_problems(error: ValidationError, settings: type[Section]) -> list[str]:
    """Every problem that ``error`` has with what ``settings`` may be, a sentence each."""
    found = error.errors(include_url=False)
    sections = dict(_sections(settings))
    return [_sentence(one, sections) for one in found if not _is_echo(one, found)]


def _is_echo(one: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Whether a list counts as empty only because its entries have problems of their own."""
    inside = one["loc"]
    return one["type"] == "too_short" and any(
        other["loc"][: len(inside)] == inside and other is not one for other in found
    )


def _sentence(one: ErrorDetails, sections: dict[_Place, type[Section]]) -> str:
    if one["type"] == "invalid_key":
        return f"{one['loc'][-1]} is not a known setting; names are text."
    name = _readable(one["loc"])
    if one["type"] == "unexpected_keyword_argument":
        return f"{name} is not a known setting{_advice(one['loc'], sections)}"
    if one["type"] == "value_error":
        said = str(one["ctx"]["error"])
        return f"{name}: {said}" if said.endswith("?") else f"{name}: {said}."
    if one["type"] == "literal_error" and (near := _nearest_choice(one)):
        return f"{name} must be one of these: {one['ctx']['expected']}; do you mean {near}?"
    words = _WORDS.get(one["type"], "can't be used as it is")
    return f"{name} {words.format(**one.get('ctx', {}))}."


def _nearest_choice(one: ErrorDetails) -> str | None:
    choices = re.findall(r"'([^']*)'", str(one["ctx"]["expected"]))
    return nearest_name(str(one["input"]), choices)


def _readable(location: tuple[int | str, ...]) -> str:
    """``("LibCal", "locations", 0, "id")`` → ``LibCal.locations (number 1).id``."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f" (number {part + 1})"
        elif part != "[key]":
            name += f".{part}" if name else part
    return name


def _advice(location: tuple[int | str, ...], sections: dict[_Place, type[Section]]) -> str:
    """The nearest known name in the same section, or the section that has this one."""
    *inside, given = [str(part) for part in location if isinstance(part, str)]
    here = tuple(inside)
    near = nearest_name(given, _names(sections[here])) if here in sections else None
    if near:
        return f"; do you mean {near}?"
    inside_first = sorted(sections.items(), key=lambda one: one[0][: len(here)] != here)
    for place, section in inside_first:
        if place != here and (elsewhere := nearest_name(given, _names(section), cutoff=0.85)):
            return f" here; {elsewhere} belongs {_under(place)}."
    return "."


def _under(place: _Place) -> str:
    return f"under {'.'.join(place)}" if place else "to the left, in the first column"


def nearest_name(given: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that ``given`` is most like; None where none is."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def _names(section: type[Section]) -> list[str]:
    return [yaml_name(one.name) for one in fields(section)]


def _sections(section: type[Section], place: _Place = ()) -> Iterator[tuple[_Place, type[Section]]]:
    yield place, section
    for name, annotation in get_type_hints(section, localns=vars(config_values)).items():
        for inner in _sections_in(annotation):
            yield from _sections(inner, (*place, yaml_name(name)))


def _sections_in(annotation: Any) -> Iterator[type[Section]]:
    """The settings classes in an annotation such as ``tuple[Location, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections_in(inner)
