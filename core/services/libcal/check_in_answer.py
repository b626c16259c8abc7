"""LibCal's answer to a check-in (docs/libcal.md, Check in): it refuses in plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from core.domain.errors import AppError, DataRefused, MissingPermission
from core.domain.text import clean, shortened
from core.http.answer import Answer, member

PATH = "/1.1/space/checkin"
WRITE_SCOPE = "sp_w"
"""In the scope of a token whose application has "spaces write"."""
LACKS_SCOPE = "LibCal doesn't let this program check readers in."
SCOPE_HINT = 'In LibCal\'s API settings, give the application the scope "spaces write".'
_MOST_WORDS = 200
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap])?\.?(?(3)m)", re.IGNORECASE)


class Arrival(Enum):
    """What LibCal knows of a reader by now."""

    IN = auto()
    OUT = auto()
    """Checked out already, so checked in before."""


class CheckInRefused(DataRefused):
    """LibCal says no, in so many words; trying again with the same changes nothing by itself."""

    def __init__(self, words: str) -> None:
        super().__init__("LibCal", words, http_status=400)


@dataclass(frozen=True, slots=True)
class CheckInAnswer:
    """What came of one booking's seats: those not named were not asked for any more."""

    arrived: dict[str, Arrival] = field(default_factory=dict, repr=False)
    """By code."""
    refused: dict[str, CheckInRefused] = field(default_factory=dict, repr=False)
    trouble: AppError | None = None
    """Why LibCal couldn't be asked, or what it answered isn't known: to be tried again."""

    @property
    def says_out(self) -> bool:
        return bool(self.arrived) and all(one is Arrival.OUT for one in self.arrived.values())


def check_in_all(check_in: Callable[[str], Arrival], codes: tuple[str, ...]) -> CheckInAnswer:
    """Each seat in turn. What LibCal refuses for one doesn't stop the others; trouble does."""
    answer = CheckInAnswer()
    for code in codes:
        try:
            answer.arrived[code] = check_in(code)
        except CheckInRefused as error:
            answer.refused[code] = error
        except AppError as error:
            return CheckInAnswer(answer.arrived, answer.refused, error)
    return answer


def read_check_in(answer: Answer, code: str) -> Arrival:
    """What LibCal says now: a reader who was checked in before is checked in.

    Raises:
        CheckInRefused: too early, too late, or nothing that can be checked in.
        MissingPermission: the application lacks "spaces write".
        ServiceError: what became of it isn't known; asking again does no harm.
    """
    if answer.status == 400 and not answer.is_html:
        return _read_refusal(clean(answer.text).strip(), code)
    trouble = answer.trouble()
    if isinstance(trouble, MissingPermission):
        raise MissingPermission("LibCal", LACKS_SCOPE, SCOPE_HINT, http_status=403)
    if trouble is not None:
        raise trouble
    content = answer.json()
    if not member(content, "checkinTime"):
        raise answer.unexpected("with an error" if member(content, "error") else "no time")
    return Arrival.IN


def _read_refusal(text: str, code: str) -> Arrival:
    words = text.casefold()
    if "already" in words and "checked out" in words:
        return Arrival.OUT
    if "already" in words and "checked in" in words:
        return Arrival.IN
    raise CheckInRefused(_for_staff(text, words, code))


def _for_staff(text: str, words: str, code: str) -> str:
    at = _first_time(text)
    if "unable to check in" in words and "until" in words:
        return f"Too early: check in from {at}." if at else f"Too early. {_quoted(text, code)}"
    if "latest possible check in" in words:
        return (
            f"Too late: LibCal took check-ins until {at}."
            if at
            else f"Too late. {_quoted(text, code)}"
        )
    if "matching code" in words or "invalid value" in words:
        return "LibCal doesn't know this booking's check-in code. Press Sync now and try again."
    return _quoted(text, code)


def _quoted(text: str, code: str) -> str:
    """LibCal's own words, without what would check somebody in."""
    told = shortened(" ".join(text.replace(code, "…").split())[:_MOST_WORDS])
    return f"LibCal says: “{told}”" if told else "LibCal refused it and doesn't say why."


def _first_time(text: str) -> str:
    """``10:30``, however LibCal writes it; empty where there is none."""
    found = _TIME.search(text)
    if found is None:
        return ""
    hour, half = int(found[1]), (found[3] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{found[2]}" if hour < 24 and int(found[2]) < 60 else ""
