"""A letter for each line of a menu, so that it can be chosen by pressing that."""

from __future__ import annotations

from collections.abc import Iterable


def with_letters(texts: Iterable[str]) -> list[str]:
    """``texts`` with ``&`` before the first letter or figure of each that no other line has.

    An ``&`` that stands in a text already is its letter; where none is free there is none.
    """
    lines = list(texts)
    taken = {line[line.index("&") + 1].casefold() for line in lines if "&" in line}
    return [line if "&" in line else _with_letter(line, taken) for line in lines]


def _with_letter(line: str, taken: set[str]) -> str:
    for at, char in enumerate(line):
        if char.isalnum() and char.casefold() not in taken:
            taken.add(char.casefold())
            return f"{line[:at]}&{line[at:]}"
    return line
