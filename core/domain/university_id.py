"""University IDs and card numbers as people type, paste and scan them: the one door.

Whatever is searched, corrected, compared or asked of Alma goes through ``meant`` first, so that
one number is the same everywhere.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

_BLANKS = re.compile(r"\s+")
_DASHES = re.compile("-+")
_DIGIT_LOOKALIKES = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"}
_LETTER_LOOKALIKES = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}
# Cyrillic and Greek letters that nobody can tell from ours, upper-case.
_FOREIGN = "АВЕКМНОРСТХУІЈЅԌΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"
_OURS = "ABEKMHOPCTXYIJSGABEHIKMNOPTXYZ"
_TO_OURS = str.maketrans(_FOREIGN, _OURS)
_MOST_TRIED = 64
_EXAMPLE_DIGITS = "1234567890"
_LONGEST = 40


def visible(text: str) -> str:
    """``text`` without what nobody sees (zero-width and direction marks, soft hyphens, control
    characters), full-width letters and every script's digits in our own."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, unicodedata.normalize("NFKC", text))).strip()


def meant(text: str | None) -> str:
    """The ID or card number that ``text`` means: visible, upper-case, without blanks."""
    return unicodedata.normalize("NFC", _BLANKS.sub("", visible(text or "")).upper())


def valid_id(text: str | None, pattern: str) -> str | None:
    """The university ID in ``text``; None where it isn't a whole one.

    ``pattern`` is the library's: ``\\d`` is 0–9, and case doesn't matter. Hyphens that it doesn't
    have are taken as typed for legibility.
    """
    cleaned = meant(text)
    fits = compiled(pattern).fullmatch
    return next((one for one in (cleaned, _DASHES.sub("", cleaned)) if one and fits(one)), None)


def meant_id(text: str | None, pattern: str) -> str:
    """The university ID in ``text`` where it is one, else what ``text`` means: a card number."""
    return valid_id(text, pattern) or meant(text)


def is_blank(text: str | None) -> bool:
    """Whether no letter and no digit is in it: ``-`` and ``n/a`` differ in that."""
    return not any(char.isalnum() for char in visible(text or ""))


def why_not_valid(text: str | None, pattern: str) -> str:
    """What is wrong with an answer that holds no whole ID, by name, and what one looks like."""
    shown = visible(text or "")
    example = example_of(pattern)
    looks = f" A university ID looks like {example}." if example else ""
    for said in _particular_troubles(_DASHES.sub("", meant(text)), pattern, example or ""):
        return f"“{shown}” {said}.{looks}"
    return f"“{shown}” is not a whole university ID.{looks}"


@lru_cache(maxsize=32)
def compiled(pattern: str) -> re.Pattern[str]:
    """``pattern`` as IDs are held against it. Raises ``re.error`` where it is none."""
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=32)
def example_of(pattern: str) -> str | None:
    """An ID that ``pattern`` takes, such as ``G12345678``; None where none could be made."""
    made = _as_written(pattern).upper()
    return made if 0 < len(made) <= _LONGEST and compiled(pattern).fullmatch(made) else None


def never_fits(pattern: str) -> bool:
    """Whether ``pattern`` wants what no ID has here, such as a small letter or a blank in it.

    False where that can't be told.
    """
    made = _as_written(pattern)
    return bool(made and compiled(pattern).fullmatch(made)) and valid_id(made, pattern) is None


def _as_written(pattern: str) -> str:
    """A text that ``pattern`` itself takes, before an ID's small letters and blanks went; "" where
    none could be made."""
    try:
        # Python's own reading of patterns; it isn't promised, so whoever lacks it has no example.
        parse = importlib.import_module("re._parser").parse
        return "".join(_example(parse(pattern, re.ASCII), iter(range(10_000))))
    except (ImportError, AttributeError, TypeError, ValueError, RecursionError, re.error):
        return ""


def _visible(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    # U+FFFD stands for a NUL or half a character; variation selectors only choose a picture.
    is_nothing = category.startswith("C") or char in "\ufffd\u034f" or "\ufe00" <= char <= "\ufe0f"
    return "" if is_nothing else char


def _particular_troubles(cleaned: str, pattern: str, example: str) -> Iterator[str]:
    """What can be named, the surest first."""
    ours = cleaned.translate(_TO_OURS)
    if ours != cleaned and valid_id(ours, pattern):
        letter = next(two for one, two in zip(cleaned, ours, strict=True) if one != two)
        yield f"contains a letter of another alphabet that looks like {letter}"
    for wrong, belongs, lookalikes in (
        ("the letter", "a digit", _DIGIT_LOOKALIKES),
        ("the digit", "a letter", _LETTER_LOOKALIKES),
    ):
        for char in _misread(cleaned, pattern, lookalikes):
            yield f"contains {wrong} {char} where {belongs} belongs"
    if valid_id(cleaned + example[len(cleaned) :], pattern):
        yield "is too short"
    if any(valid_id(cleaned[:length], pattern) for length in range(len(cleaned[:_LONGEST]))):
        yield "is too long"
    if example and example.isascii() and not cleaned.isascii():
        strange = next(char for char in cleaned if not char.isascii())
        yield f"contains {strange}, which no university ID here has"


def _misread(cleaned: str, pattern: str, lookalikes: dict[str, str]) -> Iterator[str]:
    """The characters that make ``cleaned`` valid once they are read as what they look like."""
    places = [place for place, char in enumerate(cleaned) if char in lookalikes][:6]
    for choice in range(1, min(2 ** len(places), _MOST_TRIED)):
        chosen = [place for bit, place in enumerate(places) if choice >> bit & 1]
        tried = list(cleaned)
        for place in chosen:
            tried[place] = lookalikes[cleaned[place]]
        if valid_id("".join(tried), pattern):
            yield cleaned[chosen[0]]
            return


def _example(tokens: Iterable[Any], ordinals: Iterator[int]) -> Iterator[str]:
    """One character after the other that the parsed pattern takes, digits counting up."""
    for op, value in tokens:
        match str(op):
            case "LITERAL":
                yield chr(value)
            case "IN":
                yield _one_of(value, ordinals)
            case "ANY":
                yield _EXAMPLE_DIGITS[next(ordinals) % 10]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, _most, repeated = value
                for _ in range(min(least, _LONGEST + 1)):
                    yield from _example(repeated, ordinals)
            case "SUBPATTERN":
                yield from _example(value[-1], ordinals)
            case "BRANCH":
                yield from _example(value[1][0], ordinals)
            case "AT" | "ASSERT" | "ASSERT_NOT":
                continue
            case _:
                raise ValueError(f"{op} has no example")


def _one_of(members: Iterable[Any], ordinals: Iterator[int]) -> str:
    """A character of a class: a digit where it takes any, else its first letter."""
    for op, value in members:
        match str(op):
            case "LITERAL":
                return chr(value)
            case "RANGE":
                low, high = value
                if not chr(low).isdigit():
                    return chr(low)
                digit = _EXAMPLE_DIGITS[next(ordinals) % 10]
                return digit if low <= ord(digit) <= high else chr(low)
            case "CATEGORY" if str(value) in ("CATEGORY_DIGIT", "CATEGORY_WORD"):
                return _EXAMPLE_DIGITS[next(ordinals) % 10]
    raise ValueError("no member that could be shown")
