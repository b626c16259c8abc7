"""What people get wrong in YAML, each with its own sentence and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ODD_BLANK = re.compile(
    r"[ \t]*(?:- )?(?:[\w.-]+:)?[ \t]*[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]"
)
_VALUE = re.compile(r"(?:^\s*|[:\-,]\s+|[\[{]\s*)(?P<quote>[\"'])(?P<rest>.*)")
_NAME_AND_COLON = re.compile(r"(?:^|\s)[^\s'\"#\[{][^'\"#\[{]*?:(?=\s|$)")
_OPENED = {"sequence": "[", "mapping": "{"}


def odd_blanks(text: str) -> Iterator[str]:
    """A sentence for each line that begins with blanks that YAML takes for letters.

    They come from web pages and word processors, and look like any other blank.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if _ODD_BLANK.match(line):
            yield (
                f"Line {number} has a special blank, as web pages have them: "
                "delete it and type an ordinary one."
            )


def what_is_wrong(text: str, error: Exception) -> str:
    """How to mend what made YAML stop at ``error``, in a sentence."""
    lines = text.splitlines()
    at = line_of(error)
    told = str(getattr(error, "problem", "") or "")
    for judge in (_tab, _escape, _quote, _brackets, _first_letter, _colon, _indent):
        sentence = judge(lines, at, told, error)
        if sentence:
            return sentence
    return "Often a blank, a quote or a colon is missing."


def line_of(error: Exception) -> int:
    """The number of the line where YAML stopped, 0 where it doesn't say."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


def _tab(lines: list[str], at: int, told: str, error: Exception) -> str:
    if "'\\t'" not in told:
        return ""
    return f"Line {at} has a tab: delete it and type blanks instead."


def _escape(lines: list[str], at: int, told: str, error: Exception) -> str:
    if "unknown escape character" not in told:
        return ""
    return (
        f"In line {at} a backslash stands in double quotes, where it means something else: "
        r"use single quotes, such as 'G\d{8}'."
    )


def _quote(lines: list[str], at: int, told: str, error: Exception) -> str:
    """A quote that is missing makes YAML stumble later, often far below."""
    for number, line in enumerate(lines[: at or len(lines)], start=1):
        found = _VALUE.search(line)
        if found is None:
            continue
        quote, rest = found["quote"], found["rest"]
        if quote not in rest:
            return f"The quote ({quote}) that opens in line {number} isn't closed."
        inside = rest.replace("''", "") if quote == "'" else rest.replace('\\"', "")
        if number == at and inside.count(quote) % 2 == 0:
            return f"In line {number} a quote ({quote}) too many stands in the text."
        if number == at and "found '<scalar>'" in told:
            return f"In line {number} something stands behind the closing quote ({quote})."
    return ""


def _brackets(lines: list[str], at: int, told: str, error: Exception) -> str:
    context = str(getattr(error, "context", "") or "")
    opened = getattr(error, "context_mark", None)
    for kind, bracket in _OPENED.items():
        if f"flow {kind}" in context and opened is not None:
            return f"What opens with {bracket} in line {opened.line + 1} isn't closed."
    return ""


def _first_letter(lines: list[str], at: int, told: str, error: Exception) -> str:
    found = re.search(r"found character '(.)' that cannot start any token", told)
    letter = found[1] if found else "*" if "undefined alias" in told else ""
    return f"In line {at} a text begins with {letter}: put it in quotes." if letter else ""


def _colon(lines: list[str], at: int, told: str, error: Exception) -> str:
    if "could not find expected ':'" in told:
        return f"In line {at - 1} or {at} a colon and a blank are missing after a name."
    if "mapping values are not allowed" not in told or not 0 < at <= len(lines):
        return ""
    if len(_NAME_AND_COLON.findall(lines[at - 1])) > 1:
        return f"Line {at} has two colons: put the text after the first one in quotes."
    above = next((number for number in range(at - 1, 0, -1) if lines[number - 1].strip()), 0)
    if above and not _NAME_AND_COLON.search(lines[above - 1]):
        return f"In line {above} a colon and a blank are missing after the name."
    return ""


def _indent(lines: list[str], at: int, told: str, error: Exception) -> str:
    if "mapping values are not allowed" in told or "expected <block end>" in told:
        return f"Line {at} doesn't begin under the lines that it belongs to: line them up."
    return ""
