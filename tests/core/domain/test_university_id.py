"""IDs as people type, paste and scan them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.university_id import (
    example_of,
    is_blank,
    meant,
    meant_id,
    valid_id,
    visible,
    why_not_valid,
)

PATTERN = r"G\d{8}"
GOOD = "G12345678"


@pytest.mark.parametrize(
    "typed",
    [
        "G12345678",
        "  g12345678\t",
        "G 1234 5678",
        "G1234-5678",
        "G1234\N{NON-BREAKING HYPHEN}5678",
        "G\N{EN DASH}12345678",
        "\N{ZERO WIDTH NO-BREAK SPACE}G12345678",
        "G1234\N{ZERO WIDTH SPACE}5678",
        "G1234\N{SOFT HYPHEN}5678",
        "\N{LEFT-TO-RIGHT MARK}G12345678\N{POP DIRECTIONAL FORMATTING}",
        "G12345678\N{NO-BREAK SPACE}",
        "G12345678\x00",
        "G12345678\ufffd",
        "G12345678\N{VARIATION SELECTOR-16}",
        "Ｇ１２３４５６７８",
        "G١٢٣٤٥٦٧٨",
        "G۱۲۳۴۵۶۷۸",
        "G१२३४५६७८",
    ],
)
def test_an_id_is_cleaned_to_what_was_meant(typed: str) -> None:
    assert valid_id(typed, PATTERN) == GOOD
    assert meant_id(typed, PATTERN) == GOOD


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("G1234567O", "contains the letter O where a digit belongs"),
        ("GI234567O", "contains the letter I where a digit belongs"),
        ("G1234567l", "contains the letter L where a digit belongs"),
        ("Ԍ12345678", "contains a letter of another alphabet that looks like G"),
        ("G1234567О", "contains О, which no university ID here has"),
        ("G1234567", "is too short"),
        ("12345678", "is not a whole university ID"),
        ("G123456789", "is too long"),
        ("G1234567é", "contains É, which no university ID here has"),
        ("my card", "is not a whole university ID"),
    ],
)
def test_what_is_wrong_is_told_by_name_with_an_example(typed: str, says: str) -> None:
    reason = why_not_valid(typed, PATTERN)
    assert says in reason
    assert reason.endswith("A university ID looks like G12345678.")


def test_a_digit_may_stand_where_a_letter_belongs() -> None:
    reason = why_not_valid("80123456", r"[A-Z]\d{7}")
    assert "contains the digit 8 where a letter belongs" in reason


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        (r"G\d{8}", "G12345678"),
        (r"[GH]\d{7}", "G1234567"),
        (r"(?:A|B)[0-9]{2,4}x?", "A12"),
        (r"^\d{3}-\d{2}$", "123-45"),
        (r"(?i)n[a-f]\d+", "NA1"),
        (r"[5-9]\d{3}", "5234"),
        (r"(\d)\1", None),
        (r"[^\d]x", None),
        (r"G\d{8}(?!\d)", "G12345678"),
        (r"\w{100}", None),
    ],
)
def test_an_example_is_made_of_the_setting(pattern: str, example: str | None) -> None:
    assert example_of(pattern) == example


def test_without_an_example_the_reason_still_stands() -> None:
    assert why_not_valid("x", r"(\d)\1") == "“x” is not a whole university ID."


def test_a_digit_of_the_pattern_is_one_of_ours() -> None:
    assert valid_id("\N{SUPERSCRIPT TWO}", r"\d") == "2"  # what was meant
    assert valid_id("\N{CIRCLED DIGIT ONE}\N{ROMAN NUMERAL FIVE}", r"\d") is None
    assert valid_id("\N{ETHIOPIC DIGIT ONE}", r"\d") is None


def test_a_hyphen_that_the_pattern_has_is_kept() -> None:
    assert valid_id("123 – 45", r"\d{3}-\d{2}") == "123-45"
    assert valid_id("12345", r"\d{3}-\d{2}") is None


def test_case_of_the_pattern_does_not_matter() -> None:
    assert valid_id("g12345678", r"g\d{8}") == GOOD


@pytest.mark.parametrize("text", [None, "", "  ", "-", "\u200b", "\ufeff \u00ad", "?", "–"])
def test_an_answer_without_a_letter_or_digit_is_none(text: str | None) -> None:
    assert is_blank(text)


NOISE = st.sampled_from([" ", "\u200b", "\ufeff", "\u00ad", "\u200e", "\u202a", "-", "–", "\u00a0"])


@given(st.lists(st.tuples(st.integers(0, 9), NOISE), max_size=12))
def test_noise_anywhere_changes_nothing(noise: list[tuple[int, str]]) -> None:
    typed = GOOD
    for place, char in noise:
        typed = typed[:place] + char + typed[place:]
    assert valid_id(typed, PATTERN) == GOOD


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert meant(meant(text)) == meant(text)
    assert "G12345678" in why_not_valid(text, PATTERN)


@given(st.text(st.characters(codec="ascii")))
def test_what_is_valid_is_whole(text: str) -> None:
    found = valid_id(text, PATTERN)
    assert found is None or re.fullmatch(r"G[0-9]{8}", found)
