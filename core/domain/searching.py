"""Finding text as people type it: accents, case, apostrophes and spelling variants don't matter."""

from __future__ import annotations

import re

from core.domain.spelling import bare, spellings, spelt_out, words_in
from core.domain.text import fold
from core.domain.university_id import visible

_FEW = 2
_NUMBER = re.compile(r"(?=(?:\D*\d){4})[\w-]+")
"""Enough digits for an ID or a card, whose hyphens are there for legibility."""
_MAY_VARY = re.compile(r"\bmc|[aou]e|aa|['`]")

Wanted = tuple[tuple[str, ...], ...]
"""What is looked for: every word, in one of its ways of writing."""


def searchable(name: str, *others: str | None) -> str:
    """All of it as it is looked through, the name's words also in their other spellings; a blank
    stands before each word."""
    text = visible(" ".join((name, *(other for other in others if other))))
    plain = fold(text)
    if name.isascii() and not _MAY_VARY.search(fold(name)):  # nearly all, and there are thousands
        return f" {plain}"
    ways = {way for word in words_in(name) for way in spellings(word)}
    return " ".join(("", plain, bare(name), *sorted(ways)))


def wanted_words(text: str) -> Wanted:
    """What is typed into a search field, word by word, as it is compared.

    One or two letters must begin a word: "zeller d" is about Delphine, not about a Study Room.
    """
    return tuple(_ways(word) for word in visible(text).split())


def has_all(haystack: str, wanted: Wanted) -> bool:
    """Whether every word is in ``haystack``, which ``searchable`` made."""
    for ways in wanted:  # most rows end here, and a key asks thousands of them
        for way in ways:
            if way in haystack:
                break
        else:
            return False
    return True


def _ways(word: str) -> tuple[str, ...]:
    plain = fold(word)
    ways = {plain, bare(word), spelt_out(word), *spellings(word)} - {""}
    if _NUMBER.fullmatch(plain):
        ways.add(plain.replace("-", ""))
    return tuple(sorted(f" {one}" if len(one) <= _FEW and one.isascii() else one for one in ways))
