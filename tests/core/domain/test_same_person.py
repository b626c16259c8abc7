"""Whether two names can be one person's, held against names from many places."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.same_person import FullName, Likeness, full_name_from, likeness


class Pair(NamedTuple):
    """One line of the table."""

    booked: FullName
    known: FullName
    says: Likeness
    is_wrong: bool

    def __str__(self) -> str:
        return " ".join((*self.booked, "and", *self.known))


def pair_from(line: str) -> Pair:
    given, family, other_given, other_family, says = (part.strip() for part in line.split("|"))
    likeness_said = Likeness(says.removeprefix("!"))
    known = FullName(other_given, other_family)
    return Pair(FullName(given, family), known, likeness_said, says.startswith("!"))


TABLE = Path(__file__).with_name("same_person.txt").read_text(encoding="utf-8").splitlines()
PAIRS = [pair_from(line) for line in TABLE if line and not line.startswith("#")]


def test_the_table_is_large_and_the_rule_is_seldom_wrong() -> None:
    assert len(PAIRS) >= 120
    assert sum(pair.is_wrong for pair in PAIRS) <= 10


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_names_are_compared_as_people_do(pair: Pair) -> None:
    assert likeness(pair.booked, (pair.known,)) is pair.says


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_it_never_matters_which_of_the_two_is_the_booking(pair: Pair) -> None:
    assert likeness(pair.known, (pair.booked,)) is pair.says


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_case_never_matters(pair: Pair) -> None:
    for change in (str.upper, str.lower, str.title):
        booked = FullName(*(change(part) for part in pair.booked))
        assert likeness(booked, (pair.known,)) is pair.says


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_how_letters_are_composed_never_matters(pair: Pair) -> None:
    for form in ("NFC", "NFD"):
        booked = FullName(*(unicodedata.normalize(form, part) for part in pair.booked))
        assert likeness(booked, (pair.known,)) is pair.says


def test_one_of_the_names_that_alma_knows_is_enough() -> None:
    official, preferred = FullName("Siobhán", "Ní Bhriain"), FullName("Shiv", "Brennan")
    assert likeness(FullName("Shiv", "Brennan"), (official, preferred)) is Likeness.SAME
    assert likeness(FullName("Shiv", "Brennan"), (official,)) is Likeness.DIFFERENT


def test_a_name_without_a_comma_says_nothing_of_its_parts() -> None:
    assert full_name_from("Ní Bhriain, Siobhán") == FullName("Siobhán", "Ní Bhriain")
    whole = full_name_from("Maria Oliveira")
    assert whole == FullName("Maria Oliveira", "")
    assert likeness(FullName("Maria", "Santos"), (whole,)) is Likeness.DIFFERENT
    assert likeness(FullName("Oliveira", "Maria"), (whole,)) is Likeness.SAME


def test_no_name_of_any_length_takes_long() -> None:
    hostile = FullName("Bob " * 5000, "ü" * 5000)
    assert likeness(hostile, (FullName("Bob Ue " * 5000, "ü " * 5000),)) in Likeness


LETTERS = st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)
WORDS = st.text(LETTERS, min_size=2, max_size=12)
NAMES = st.builds(FullName, WORDS, WORDS)
ACCENTS = st.sampled_from("\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u0328")


@given(NAMES)
def test_everybody_is_like_themselves(name: FullName) -> None:
    assert likeness(name, (name,)) in (Likeness.SAME, Likeness.NO_NAME)


@given(NAMES, NAMES)
def test_comparing_is_the_same_from_both_sides(one: FullName, two: FullName) -> None:
    assert likeness(one, (two,)) is likeness(two, (one,))


@given(st.lists(WORDS, min_size=2, max_size=4), st.randoms())
def test_order_never_matters(words: list[str], random: object) -> None:
    name = FullName(words[0], " ".join(words[1:]))
    turned = FullName(" ".join(words[1:]), words[0])
    assert likeness(turned, (name,)) in (Likeness.SAME, Likeness.NO_NAME)


@given(NAMES, NAMES)
def test_case_never_matters_to_any_pair(one: FullName, two: FullName) -> None:
    shouted = FullName(one.given.upper(), one.family.upper())
    assert likeness(shouted, (two,)) is likeness(one, (two,))


@given(st.text("abcdehiklmnoprstuvz", min_size=3), ACCENTS)
def test_accents_never_matter(word: str, accent: str) -> None:
    accented = unicodedata.normalize("NFC", word[0] + accent + word[1:] + accent)
    plain, marked = FullName("Priya", f"Q{word}"), FullName("Priya", f"Q{accented}")
    assert likeness(marked, (plain,)) is Likeness.SAME


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_at_all_is_compared(one: str, two: str, three: str, four: str) -> None:
    assert likeness(FullName(one, two), (FullName(three, four),)) in Likeness
