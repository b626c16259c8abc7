"""What to set for a card reader, from what it typed."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from core.domain.card_text import card_number, other_reading
from core.settings.desk_sections import ScannerSettings

_USUAL_MS = ScannerSettings().slowest_ms
_ROOM = 1.5
"""A reader is sometimes slower than the few times that it was tried."""
_STEP_MS = 5


class ReaderProposal(NamedTuple):
    """Settings that make the number on the card of what was typed."""

    prefix: str
    suffix: str
    slowest_ms: int
    number: str
    """What is left of the last scan with them."""
    fits: bool
    """Whether that is the number on the card; also where nobody said what that is."""


def propose(scans: Sequence[tuple[str, int]], printed: str) -> ReaderProposal:
    """``scans``: what came, with the longest pause in milliseconds, the last one last.

    ``printed`` is the number on that card; empty where nobody typed it.
    """
    typed = scans[-1][0]
    slowest = max(pause for _, pause in scans) * _ROOM
    slowest_ms = max(_USUAL_MS, ceil(slowest / _STEP_MS) * _STEP_MS)
    wanted = "".join(printed.split())
    for prefix, suffix in (("", ""), _around(typed, wanted)):
        number = card_number(typed, prefix, suffix)
        if not wanted or wanted.casefold() in {number.casefold(), other_reading(number)}:
            return ReaderProposal(prefix, suffix, slowest_ms, number, fits=True)
    return ReaderProposal("", "", slowest_ms, card_number(typed), fits=False)


def _around(typed: str, wanted: str) -> tuple[str, str]:
    """What stands before and behind the number; nothing where it isn't there."""
    at = typed.lower().find(wanted.lower()) if wanted else -1
    before, after = (typed[:at], typed[at + len(wanted) :]) if at >= 0 else ("", "")
    return _worth_setting(before), _worth_setting(after)


def _worth_setting(text: str) -> str:
    """Control characters go away by themselves; Escape in front has to be known beforehand, for
    it closes what is open."""
    return "".join(char for char in text if char.isprintable() or char == "\x1b")
