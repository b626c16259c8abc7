"""Rows become values by the types of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from core.cache.reading import action_from, reader_of
from core.cache.values import stored
from core.domain.status import Action, PatronState, SendState
from tests.builders import NOON


@dataclass(frozen=True)
class Thing:
    name: str
    at: datetime
    state: PatronState
    action: Action
    is_there: bool
    parts: tuple[str, ...]
    detail: Mapping[str, str]
    sent: SendState | None = None
    until: datetime | None = None
    unkept: object = None


READ = reader_of(Thing, without=["unkept"])
THING = Thing("Ä", NOON, PatronState.FOUND, Action.CHOOSE, True, ("a", "b"), {"id": "Ä"})


def row_of(thing: Thing, **changes: object) -> dict[str, Any]:
    return {name: stored(value) for name, value in (vars(thing) | changes).items()}


def test_every_kind_of_field_survives() -> None:
    assert READ(row_of(THING)) == THING
    full = row_of(THING, sent=SendState.UNCLEAR, until=NOON)
    assert (READ(full).sent, READ(full).until) == (SendState.UNCLEAR, NOON)


def test_columns_may_have_a_prefix() -> None:
    row = {f"its_{name}": value for name, value in row_of(THING).items()}
    assert reader_of(Thing, without=["unkept"], prefix="its_")(row) == THING


@pytest.mark.parametrize("name", ["at", "state", "action", "parts", "detail"])
def test_what_a_field_cant_be_is_told(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        READ(row_of(THING) | {name: "dancing"})


@pytest.mark.parametrize("action", list(Action))
def test_actions_survive(action: Action) -> None:
    assert action_from(str(stored(action))) is action
