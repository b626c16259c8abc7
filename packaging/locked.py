"""requirements.lock, read: what is in it, and what of it the program itself needs here."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata, requires
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
_ENTRY = re.compile(r"^(?P<name>\S+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\$", re.MULTILINE)


class Locked(NamedTuple):
    """One entry of the lock."""

    name: str
    version: str
    marker: Marker | None

    def is_for(self, environment: dict[str, str] | None = None) -> bool:
        """Whether it is installed there; None: here."""
        return self.marker is None or self.marker.evaluate(environment)


def locked() -> dict[str, Locked]:
    """Every entry, by its name in the one spelling that compares."""
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    found = [
        Locked(
            canonicalize_name(one["name"]),
            one["version"],
            Marker(one["marker"]) if one["marker"] else None,
        )
        for one in _ENTRY.finditer(text)
    ]
    return {one.name: one for one in found}


def named_by_the_project(*, development: bool) -> list[Requirement]:
    """What pyproject.toml asks for, with or without what only developers need."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    named = list(project["project"]["dependencies"])
    if development:
        named += project["dependency-groups"]["dev"]
    return [Requirement(one) for one in named]


def needed_here(package: str, extras: frozenset[str] = frozenset()) -> list[Requirement]:
    """What the installed ``package`` says it needs on this computer."""
    told = [Requirement(one) for one in requires(package) or ()]
    return [one for one in told if applies(one, None, extras)]


def applies(one: Requirement, environment: dict[str, str] | None, extras: frozenset[str]) -> bool:
    """Whether it is meant for that environment and one of these extras; None: for here."""
    return one.marker is None or any(
        one.marker.evaluate((environment or {}) | {"extra": extra}) for extra in ("", *extras)
    )


def of_the_program() -> dict[str, Locked]:
    """What the program itself needs here, down to the last one."""
    lock = locked()
    to_look_at = [
        one for one in named_by_the_project(development=False) if applies(one, None, frozenset())
    ]
    found: dict[str, Locked] = {}
    while to_look_at:
        wanted = to_look_at.pop()
        name = canonicalize_name(wanted.name)
        if name not in found or wanted.extras:
            found[name] = lock[name]
            to_look_at += needed_here(name, frozenset(wanted.extras))
    return dict(sorted(found.items()))


def licence_named_by(package: str) -> str:
    """What the installed ``package`` calls its licence, in a line; "" where it says none."""
    said = metadata(package)
    for field in ("License-Expression", "License"):
        if field in said and "\n" not in said[field]:
            return said[field]
    return ""
