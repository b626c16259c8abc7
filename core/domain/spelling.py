"""Ways of writing one word: accents, letters spelt out, apostrophes, other forms of a letter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Left out: they join what stands on either side (O'Neil, Hawaiian ʻokina, Arabic ʿayn).
_APOSTROPHES = "'’‘‛ʼʻʽʾʿˈʹʺ′`´＇՚׳"
# What no accent is taken from, as most people write it without the letter.
_BARE = {
    "ł": "l", "đ": "d", "ð": "d", "ɖ": "d", "ɗ": "d", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t",
    "þ": "th", "ø": "o", "æ": "ae", "œ": "oe", "ə": "a", "ɛ": "e", "ɔ": "o", "ƙ": "k", "ɓ": "b",
    "ĸ": "k", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك",
}  # fmt: skip
# The other usual way, where there is one.
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ə": "e", "þ": "th"}
_TO_BARE = str.maketrans(_BARE | dict.fromkeys(_APOSTROPHES, ""))
_TO_SPELT_OUT = str.maketrans(_SPELT_OUT | dict.fromkeys(_APOSTROPHES, ""))
_DIGRAPHS = re.compile(r"(?<=a)[ea]|(?<=[ou])e")
_ASCII_WORDS = re.compile(r"[a-z0-9]+")
_LEAST_LETTERS = 5
"""Shorter words keep their ``ue``: Xue and Xu, Mae and Ma are different names."""


def bare(text: str) -> str:
    """``text`` without case, accents and apostrophes: ``Jörg O’Neil`` → ``jorg oneil``."""
    return _without_marks(_folded(text).translate(_TO_BARE))


def spelt_out(text: str) -> str:
    """The same with letters spelt out: ``Jörg O’Neil`` → ``joerg oneil``."""
    return _without_marks(_folded(text).translate(_TO_SPELT_OUT))


def words_in(text: str) -> list[str]:
    """The words of ``text``, lower-case and composed, accents kept; apostrophes join."""
    folded = _folded(text)
    if folded.isascii():
        return _ASCII_WORDS.findall(folded.replace("'", "").replace("`", ""))
    kept = folded.translate(dict.fromkeys(map(ord, _APOSTROPHES), ""))
    return "".join(_word_or_blank(char) for char in kept).split()


@lru_cache(maxsize=8192)
def spellings(word: str) -> frozenset[str]:
    """Every way in which ``word`` is written; two words are one where they share a way.

    ``Müller`` is muller and mueller, and so is ``Mueller``; a leading Mc is Mac.
    """
    ways = {_with_mac(bare(word)), _with_mac(spelt_out(word))}
    ways |= {_DIGRAPHS.sub("", way) for way in ways if len(way) >= _LEAST_LETTERS}
    ways |= {way[2:] for way in ways if way.startswith("ال") and len(way) >= _LEAST_LETTERS}
    return frozenset(ways)


def script_of(word: str) -> str:
    """The script of a word's first letter, such as ``LATIN``; those of Chinese and Japanese
    names count as one; empty where it has no letter."""
    for char in word:
        if char.isalpha():
            script = unicodedata.name(char, "").partition(" ")[0]
            return "CJK" if script in ("HIRAGANA", "KATAKANA") else script
    return ""


def is_initial(word: str) -> bool:
    """Whether it is one letter of a script that has capitals; ``王`` is a whole name."""
    return len(bare(word)) == 1 and word.upper() != word.lower()


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    # Twice: full-width and ligature forms have a case of their own.
    compatible = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # "İ" becomes an i with a dot above it, which no other i has.
    return unicodedata.normalize("NFC", compatible.replace("i\u0307", "i"))


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept).translate(_TO_BARE)


def _word_or_blank(char: str) -> str:
    """Signs within a word of an Indian script are no letters, yet no gaps; what is invisible
    isn't there at all."""
    if char.isalnum() or unicodedata.category(char).startswith("M"):
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def _with_mac(word: str) -> str:
    return f"mac{word[2:]}" if word.startswith("mc") and len(word) >= _LEAST_LETTERS else word
