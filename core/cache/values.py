"""How values lie in the database: times and ids as text, lists and maps as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.domain.status import Action, Source
from core.domain.text import clean


def to_text(moment: datetime) -> str:
    """An aware time as ``2026-11-23T17:00:00.000000Z``: one length, so text order is time order."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def from_text(text: str) -> datetime:
    """The time, aware, in UTC. Raises ValueError where ``text`` isn't one."""
    return datetime.fromisoformat(text)


def maybe_time(text: str | None) -> datetime | None:
    """Like ``from_text`` where there is one."""
    return None if text is None else from_text(text)


def id_key(identifier: str) -> str:
    """What a university ID or barcode is found by: blanks around it and case don't matter."""
    return clean(identifier).strip().upper()


@lru_cache(maxsize=4096)  # the same seats come again with every booking and every pass
def list_from(text: str) -> tuple[str, ...]:
    """A stored list. Raises ValueError where ``text`` isn't one."""
    content = json.loads(text)
    if not isinstance(content, list):
        raise ValueError("not a list")
    return tuple(map(str, content))


def map_from(text: str) -> dict[str, str]:
    """A stored map. Raises ValueError where ``text`` isn't one."""
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("not a map")
    return {str(name): str(value) for name, value in content.items()}


def stored(value: object) -> str | int | float | None:
    """``value`` as the database keeps it; text is made safe for every database."""
    if (known := _STORED.get(type(value))) is not None:
        return known(value)
    match value:
        case None | float():
            return value
        case int():
            return int(value)  # a bool too: PostgreSQL doesn't compare one with 0
        case str():
            return clean(value)
        case datetime():
            return to_text(value)
        case Action():
            return value.code
        case Mapping():
            return json.dumps({clean(str(k)): clean(str(v)) for k, v in value.items()})
        case Collection():
            return json.dumps([clean(str(one)) for one in value])
    raise TypeError(f"a {type(value).__name__} can't be stored")


_STORED: Mapping[type, Callable[[Any], str | int | float | None]] = {
    str: clean,
    type(None): lambda _none: None,
    datetime: to_text,
    bool: int,
    Source: str,
}
"""The same as ``stored`` says, found at once: a first morning stores tens of thousands."""
