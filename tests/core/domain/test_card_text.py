"""What a card reader types, and the card's own number in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.card_text import card_number, other_reading, shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2282", "2282"),
        ("\x022282\x03\r\n", "2282"),
        ("]C02282", "2282"),
        ("]E0]C02282", "]C02282"),
        (";2282=4912?5", "2282"),
        ("%B2282^NGUYEN/WEI^49?", "B2282"),
        ("%G10377841?;2282?", "2282"),
        ("*2282*", "2282"),
        ("A2282B", "A2282B"),
        ("50% off", "50% off"),
    ],
)
def test_what_a_reader_adds_goes_away(typed: str, number: str) -> None:
    assert card_number(typed) == number


@pytest.mark.parametrize("typed", ["$2282#", "$2282#\r", "\x02$2282#", "]C0$2282#"])
def test_the_set_prefix_and_suffix_go_away_wherever_they_stand(typed: str) -> None:
    assert card_number(typed, "$", "#") == "2282"


def test_codabars_letters_are_only_another_reading() -> None:
    assert other_reading("A2282B") == "2282"
    assert other_reading("d22-82d") == "22-82"
    assert other_reading("G2282B") is None
    assert other_reading("2282") is None


def test_what_cant_be_seen_is_shown_by_its_name() -> None:
    assert shown("\x022282\x1d\r") == "‹STX›2282‹Ctrl+]›‹CR›"


@given(st.text(), st.text(max_size=3), st.text(max_size=3))
def test_any_text_at_all_has_a_number_without_control_characters(
    typed: str, prefix: str, suffix: str
) -> None:
    assert not any(char < " " for char in card_number(typed, prefix, suffix))
