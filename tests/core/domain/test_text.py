"""Comparing names as people do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.domain.text import fold, name_parts


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others_are(plain: str) -> None:
    assert fold(f"{plain} é") == f"{fold(plain)} e".strip()


def test_accents_case_and_spaces_dont_matter() -> None:
    assert fold("  Łukasz\tMÜLLER ") == "lukasz muller"


def test_hyphens_and_underscores_divide_a_name_and_apostrophes_dont() -> None:
    assert name_parts(["Anne-Marie O’Neil_2"]) == {"anne", "marie", "oneil", "2"}
