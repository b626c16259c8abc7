"""What a card reader types, and the card's own number in it."""

from __future__ import annotations

import re

_AIM = re.compile(r"\][A-Za-z][0-9A-Fa-f]")
"""Which symbology it was, in front (ISO/IEC 15424), such as ``]C0``."""
_TRACK_TWO = re.compile(r";([^?=]+)[=?]")
_TRACK_ONE = re.compile(r"%([^?^]+)[\^?]")
_NAMES = {"\x02": "STX", "\x03": "ETX", "\t": "Tab", "\n": "LF", "\r": "CR", "\x1b": "Esc"}
_CODABAR = re.compile(r"[A-D](\d[\d\-$:/.+]*)[A-D]", re.IGNORECASE)


def card_number(typed: str, prefix: str = "", suffix: str = "") -> str:
    """The number in what a reader typed, without what it adds by itself or by its settings.

    Control characters, the set ``prefix`` and ``suffix``, AIM identifiers, the sentinels of a
    magnetic stripe (its second track, which has the number alone, before its first) and the
    asterisks of Code 39 go away. Letters around a Codabar number don't: ``other_reading``.
    """
    text = _without_ends(typed, prefix, suffix)
    text = "".join(char for char in text if char.isprintable())
    text = _AIM.sub("", _without_ends(text.strip(), prefix, suffix), count=1)
    stripe = _TRACK_TWO.search(text) or _TRACK_ONE.match(text)
    return _without_ends(stripe[1] if stripe else text, prefix, suffix).strip("* ")


def other_reading(number: str) -> str | None:
    """``number`` without Codabar's start and stop letters; None where it has none.

    An ID may begin and end in letters too, so this is only for what nobody has.
    """
    found = _CODABAR.fullmatch(number.strip())
    return found[1] if found else None


def shown(typed: str) -> str:
    """``typed`` with what can't be seen by its name: ``‹STX›2282‹CR›``."""
    names = {char: _NAMES.get(char, f"Ctrl+{chr(ord(char) + 64)}") for char in typed if char < " "}
    return "".join(f"‹{names[char]}›" if char in names else char for char in typed)


def _without_ends(text: str, prefix: str, suffix: str) -> str:
    """Caps Lock changes a prefix's case, too."""
    if prefix and text.casefold().startswith(prefix.casefold()):
        text = text[len(prefix) :]
    if suffix and text.casefold().endswith(suffix.casefold()):
        text = text[: -len(suffix)]
    return text
