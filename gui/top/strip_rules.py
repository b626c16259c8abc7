"""What the strips above the table say: worked out here, painted in ``gui.top.strips``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from core.computer.machine import CacheLeftBehind
from core.domain.clock import ClockCompared
from core.domain.errors import AppError, ConfigError
from core.domain.models import SERVICES, ServiceStatus
from core.domain.service_status import Trouble
from core.domain.status import Tone
from gui.desk.this_desk import Desk
from gui.looks.words import Times, counted
from gui.work.opening import LookingOn

_MOST_MISTAKES = 5


class Press(Enum):
    """What the button of a strip does."""

    SYNC = auto()
    OPEN_AGAIN = auto()
    RESUME = auto()
    ANSWER = auto()
    SETTINGS = auto()
    LOOK_AT_ENDED = auto()
    SHOW_TODO = auto()
    SHOW_DATA = auto()
    END_PRACTICE = auto()
    REGISTER_HERE = auto()
    SHARE_CACHE = auto()


class Strip(NamedTuple):
    """One line above the table, with at most one button."""

    text: str
    tone: Tone
    icon: str
    button: str = ""
    press: Press | None = None
    loud: bool = False
    """Never to be overlooked."""


class Situation(NamedTuple):
    """Everything that the strips depend on."""

    statuses: tuple[ServiceStatus, ...] = ()
    failing_since: tuple[tuple[str, datetime], ...] = ()
    paused_until: datetime | None = None
    question: str | None = None
    failure: AppError | None = None
    looks_on: LookingOn | None = None
    """Another session writes to the cache: here it is only shown."""
    clock: ClockCompared | None = None
    """This computer's clock beside a service's, as of the last pass."""
    news: int = 0
    """So many bookings newly need a person, and nobody has looked."""
    ended: int = 0
    """So many bookings of earlier days ended without registration, and nobody has looked."""
    untold: int = 0
    """So many check-ins wait, for LibCal couldn't be told."""
    alert_trouble: str = ""
    """Why nobody elsewhere could be told."""
    hides: bool = False
    """Personal data is hidden."""
    is_open: bool = False
    """The cache could be opened."""

    def with_status(self, status: ServiceStatus, now: datetime) -> Situation:
        """A service answered or failed; a failure keeps its first moment.

        Whoever was never asked has not failed, and doesn't answer "again" later.
        """
        others = [one for one in self.statuses if one.service != status.service]
        since = dict(self.failing_since)
        if status.ok or (status.asked_at is None and not status.error):
            since.pop(status.service, None)
        else:
            since.setdefault(status.service, status.asked_at or now)
        return self._replace(statuses=(*others, status), failing_since=tuple(since.items()))

    @property
    def is_offline(self) -> bool:
        """No service answers; or LibCal can't even be reached, and no other has answered since.

        A pass with nothing new asks LibCal alone.
        """
        silent = _silent_ones(self)
        if len(silent) == len(SERVICES):
            return True
        libcal = next((one for one in silent if one.service == SERVICES[0]), None)
        since = dict(self.failing_since).get(SERVICES[0])
        if libcal is None or since is None or libcal.trouble is not Trouble.UNREACHABLE:
            return False
        answers = [one.last_good_at for one in self.statuses if one is not libcal]
        return all(answer is None or answer < since for answer in answers)


def strips_for(situation: Situation, desk: Desk, times: Times) -> tuple[Strip, ...]:
    """The most pressing first, after the one that says whether anything here is real."""
    strips = _all_strips(situation, desk, times)
    return tuple(one._replace(text=times.written(one.text)) for one in strips)


def _failure_strip(failure: AppError, situation: Situation, desk: Desk) -> Strip:
    text = str(failure).replace("\n", " ")
    button, press = "Try again", Press.SYNC if situation.is_open else Press.OPEN_AGAIN
    if desk.tools is not None and isinstance(failure, CacheLeftBehind):
        text, button, press = failure.message, "Copy it", Press.SHARE_CACHE
    elif desk.tools is not None and isinstance(failure, ConfigError) and failure.problems:
        # What is mended in the file itself is taken over without a button.
        text, button, press = _list_of(failure), "Open settings", Press.SETTINGS
    return Strip(text, Tone.BAD, "alert-outline", button, press)


def _list_of(failure: ConfigError) -> str:
    """The file's name, then a line for each mistake."""
    shown = failure.problems[:_MOST_MISTAKES]
    more = len(failure.problems) - len(shown)
    rest = [f"And {more} more: Open settings lists them."] if more else []
    return "\n".join([failure.message, *(f"• {one}" for one in shown), *rest])


def _all_strips(situation: Situation, desk: Desk, times: Times) -> Iterable[Strip]:
    if desk.practice:
        text, end = "Practice: nothing here is real.", "End practice"
        yield Strip(text, Tone.BUSY, "school-outline", end, Press.END_PRACTICE, loud=True)
    if situation.failure is not None:
        yield _failure_strip(situation.failure, situation, desk)
    if situation.looks_on is not None:
        ways = ("Register here", Press.REGISTER_HERE) if situation.looks_on.may_ask else ()
        yield Strip(situation.looks_on.text, Tone.WARN, "eye-outline", *ways)
    if situation.question is not None:
        yield Strip(situation.question, Tone.WARN, "help-circle-outline", "Answer…", Press.ANSWER)
    yield from _refused_strips(situation, desk)
    yield from _service_strips(situation, times)
    if situation.clock is not None and situation.clock.is_off:
        advice = "Set its date, time and time zone, or ask IT."
        text = f"This computer's clock is {situation.clock}. {advice}"
        yield Strip(text, Tone.WARN, "clock-alert-outline")
    if situation.news:
        text = words_for(situation.news)
        yield Strip(text, Tone.WARN, "bell-outline", "Show", Press.SHOW_TODO)
    if situation.ended:
        number = counted(situation.ended, "booking")
        text = f"{number} of earlier days ended without registration."
        yield Strip(text, Tone.NEUTRAL, "history", "Look…", Press.LOOK_AT_ENDED)
    if situation.hides:
        text = "Personal data is hidden."
        yield Strip(text, Tone.NEUTRAL, "eye-off-outline", "Show (F8)", Press.SHOW_DATA)
    if situation.paused_until is not None:
        until = times.clock(situation.paused_until)
        text = f"Paused until {until}: nobody is registered by itself."
        yield Strip(text, Tone.WARN, "pause", "Resume", Press.RESUME)
    if not desk.registers_automatically:
        text = "Nobody is registered by itself: press Register now for each booking."
        if desk.is_beside_others:
            text = (
                "This computer registers only by hand, and doesn't see what others registered: "
                "each booking says what trying the card proves."
            )
        yield Strip(text, Tone.NEUTRAL, "hand-back-right-outline")


def _service_strips(situation: Situation, times: Times) -> Iterable[Strip]:
    silent = _silent_ones(situation)
    if situation.is_offline:
        yield _offline(situation, silent[0], times)
    else:
        for status in silent:
            yield _silent(situation, status, times)
    if any(status.ok and status.sending_stopped for status in situation.statuses):
        text = (
            "PassagePoint gave a doubtful answer, so it is tried with one booking at a time. "
            "Register now still sends at once."
        )
        yield Strip(text, Tone.WARN, "alert-outline")
    for status in situation.statuses:
        if status.ok and status.hint:  # such as a row of LibCal's that can't be read
            yield Strip(status.hint, Tone.WARN, "alert-outline")
    if situation.untold:
        yield Strip(words_for_untold(situation.untold), Tone.BUSY, "clock-outline")
    if situation.alert_trouble:
        text = f"Alerts can't be sent: {situation.alert_trouble}"
        yield Strip(text, Tone.WARN, "alert-outline")


def _refused_strips(situation: Situation, desk: Desk) -> Iterable[Strip]:
    """Where the secrets are entered; Sync now tries them again in any case."""
    ways = ("Settings…", Press.SETTINGS) if desk.tools is not None else ("Try again", Press.SYNC)
    for status in sorted(situation.statuses, key=lambda one: SERVICES.index(one.service)):
        if status.needs_credentials and not status.ok:
            reason = status.error or f"{status.service} refuses the sign-in."
            if desk.only_asks:  # which has no secret to enter
                text = f"{reason} The computer that registers needs the right one: tell IT."
                yield Strip(text, Tone.BAD, "key-alert-outline")
            else:
                text = f"{reason} {status.hint}".strip()
                yield Strip(text, Tone.BAD, "key-alert-outline", *ways)


def _has_failed(status: ServiceStatus) -> bool:
    """Whoever was never asked, such as before the first registrar's first pass, has not."""
    return not status.ok and status.asked_at is not None


def _silent_ones(situation: Situation) -> list[ServiceStatus]:
    silent = [one for one in situation.statuses if _has_failed(one) and not one.needs_credentials]
    return sorted(silent, key=lambda one: SERVICES.index(one.service))


def _offline(situation: Situation, libcal: ServiceStatus, times: Times) -> Strip:
    text = f"Offline{_since(situation, libcal, times)}{_showing(libcal, times)}"
    text += " Register now is kept and goes out by itself."
    return Strip(text, Tone.WARN, "wifi-off", "Try again", Press.SYNC)


def _silent(situation: Situation, status: ServiceStatus, times: Times) -> Strip:
    if status.quota_spent:
        text = f"{status.error or 'The number of Alma calls of today is used up.'} {status.hint}"
        return Strip(text.strip(), Tone.WARN, "alert-outline")
    if status.trouble is Trouble.SESSIONS_END:
        since = _since(situation, status, times)
        text = (
            f"{status.service} ends each session at once{since}; perhaps another program uses "
            "this account. It is tried again by itself."
        )
        return Strip(text, Tone.WARN, "account-alert-outline", "Try again", Press.SYNC)
    text = f"{status.service} hasn't answered{_since(situation, status, times)}"
    text += _showing(status, times) if status.service == SERVICES[0] else "."
    return Strip(
        f"{text} {status.error or ''}".strip(), Tone.WARN, "lan-disconnect", "Try again", Press.SYNC
    )


def _since(situation: Situation, status: ServiceStatus, times: Times) -> str:
    since = dict(situation.failing_since).get(status.service)
    return f" since {times.clock(since)}" if since else ""


def _showing(libcal: ServiceStatus, times: Times) -> str:
    good = libcal.last_good_at
    return f", showing {times.clock(good)}." if good else "."


def words_for(news: int) -> str:
    """``2 more bookings need a person.``"""
    return f"{counted(news, 'more booking')} {'needs' if news == 1 else 'need'} a person."


def words_for_untold(number: int) -> str:
    """``2 check-ins wait until LibCal can be told. They go out by themselves.``"""
    waits = "waits until LibCal can be told. It goes out by itself."
    many = "wait until LibCal can be told. They go out by themselves."
    return f"{counted(number, 'check-in')} {waits if number == 1 else many}"


def words_for_ways(situation: Situation, desk: Desk, times: Times) -> str:
    """How this desk registers right now: never a promise that a strip takes back."""
    if situation.looks_on is not None:
        return "only shows"
    if desk.only_asks:
        return "asks another computer to register"
    if not desk.registers_automatically:
        return "registers by hand"
    return _what_stops(situation, times) or "registers automatically"


def _what_stops(situation: Situation, times: Times) -> str:
    """Why nothing, or less, is registered by itself; empty where all goes its way."""
    if situation.failure is not None:
        return "registers nothing now"
    if situation.paused_until is not None:
        return f"paused until {times.clock(situation.paused_until)}"
    if situation.question is not None:
        return "waits for your answer"
    for status in situation.statuses:
        if status.needs_credentials and not status.ok:
            return f"can't sign in to {status.service}"
    if situation.is_offline:
        return "registers when online again"
    if silent := _silent_ones(situation):
        spent = silent[0].quota_spent
        return (
            "Alma's calls are used up" if spent else f"registers when {silent[0].service} answers"
        )
    if any(status.sending_stopped for status in situation.statuses):
        return "registers one at a time"
    return ""
