"""Text from outside: made safe to store, and compared as people compare names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "þ": "th", "ð": "d"}
)
SEAT_DOT = " · "
"""Between a space and the seat in it."""
_LONGEST = 300
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")


def clean(text: str) -> str:
    """``text`` with NUL and lone surrogates replaced, so that every database and file takes it.

    PostgreSQL refuses NUL, and a lone surrogate can't be written as UTF-8.
    """
    text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def shortened(text: str) -> str:
    """``text``, or its beginning and "…" where nobody would read all of it.

    Names and answers come from a public form, and a megabyte of them would stop every screen.
    """
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def fold(text: str) -> str:
    """``text`` for comparing: no accents, no case, one blank between words."""
    if text.isascii():  # nearly every name, and there are thousands to compare
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.translate(_NOT_DECOMPOSED).split())


def name_parts(names: Iterable[str]) -> frozenset[str]:
    """The single words of several names, folded; hyphens divide, apostrophes don't."""
    folded = fold(" ".join(names)).translate(_APOSTROPHES)
    return frozenset(_WORD.findall(folded))


def name_or_none(name: str, none: str = "(no name)") -> str:
    """A name as it is, or what stands for ``none``: some readers book as "-", "-"."""
    return name if any(one.isalnum() for one in name) else none


def initials(name: str) -> str:
    """``"Priya Patel"`` → ``"P. P."``, for when personal data is hidden."""
    return " ".join(f"{word[0]}." for word in name.split())


def last_four(identifier: str) -> str:
    """``"G10432266"`` → ``"…2266"``, for when personal data is hidden."""
    return f"…{identifier[-4:]}" if len(identifier) > 4 else "…"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 booking``, ``3 bookings``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
