"""A row of the database → one of the program's values: each field by its type, in one place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from core.cache.database import Database, Row
from core.cache.values import from_text, list_from, map_from
from core.domain.status import Action

T = TypeVar("T")
_Convert = Callable[[Any], object]
_LOG = logging.getLogger(__name__)
UNREADABLE = (ValueError, TypeError, RecursionError)
"""What a stored value raises that isn't what was once written."""
_ACTIONS = {action.code: action for action in Action}


def reader_of(
    model: type[T], *, without: Collection[str] = (), prefix: str = ""
) -> Callable[[Row], T]:
    """What makes a ``model`` of a row that has a column for each field, after ``prefix``.

    Fields ``without`` a column keep their defaults. It raises ValueError where a column holds
    what the field can't be.
    """
    types = get_type_hints(model)
    names = [name for name in types if name not in without]
    columns = [prefix + name for name in names]
    converts = [
        (place, convert)
        for place, name in enumerate(names)
        if (convert := _convert(types[name])) is not None
    ]
    in_order = names == list(types)[: len(names)]  # which takes half as long

    def read(row: Row) -> T:
        values = [row[column] for column in columns]
        for place, convert in converts:
            if values[place] is not None:
                values[place] = convert(values[place])
        return model(*values) if in_order else model(**dict(zip(names, values, strict=True)))

    return read


def readable(
    database: Database, make: Callable[[Row], T], sql: str, /, **values: object
) -> Iterator[T]:
    """Like ``Database.all``, without the rows that can't be read: one never stops the others."""

    def made(row: Row) -> tuple[T] | None:
        try:
            return (make(row),)
        except UNREADABLE:
            _LOG.warning("Something that was stored can't be read any more, and is left out.")
            return None

    return (one for [one] in filter(None, database.all(made, sql, **values)))


def salvaged(model: type[T], row: Row, instead: Mapping[str, object]) -> T:
    """What can be read of a row that ``reader_of`` can't; ``instead`` of the rest, else None."""
    values: dict[str, object] = {}
    for name, kind in get_type_hints(model).items():
        convert, value = _convert(kind), row[name]
        try:
            values[name] = value if convert is None or value is None else convert(value)
        except UNREADABLE:
            values[name] = instead.get(name)
    return model(**values)


def _convert(kind: Any) -> _Convert | None:
    """None: the database has it as it is."""
    if get_origin(kind) is UnionType:
        [kind] = [one for one in get_args(kind) if one is not NoneType]
    of = get_origin(kind) or kind
    if of is datetime:
        return from_text
    if of is tuple:
        return list_from
    if of is Mapping:
        return map_from
    if of is Action:
        return action_from
    return of if of is bool or issubclass(of, Enum) else None


def action_from(code: str) -> Action:
    """The desk action of this code. Raises ValueError where none has it."""
    if code not in _ACTIONS:
        raise ValueError("not an action")
    return _ACTIONS[code]
