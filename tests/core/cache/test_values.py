from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cache.values import (
    from_text,
    id_key,
    list_from,
    map_from,
    stored,
    to_text,
)
from tests.builders import NOON


def test_times_have_one_form() -> None:
    assert to_text(NOON) == "2026-11-23T17:00:00.000000Z"


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives(moment: datetime) -> None:
    assert from_text(to_text(moment)) == moment


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


def test_blanks_and_case_of_an_id_do_not_matter() -> None:
    assert id_key(" g12345678\n") == "G12345678"


@pytest.mark.parametrize("text", ['{"a": 1}', "nonsense", "3"])
def test_what_is_no_list_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list_from(text)


@pytest.mark.parametrize("text", ["[1]", "nonsense"])
def test_what_is_no_map_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        map_from(text)


def test_lists_and_maps_survive() -> None:
    assert list_from(str(stored(("Ä", "b")))) == ("Ä", "b")
    assert map_from(str(stored({"id": "Ä"}))) == {"id": "Ä"}


def test_yes_and_no_are_numbers() -> None:
    assert [type(stored(one)) for one in (True, False)] == [int, int]


def test_what_has_no_form_is_our_own_bug() -> None:
    with pytest.raises(TypeError):
        stored(object())
