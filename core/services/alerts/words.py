"""An alert in words, for a mail or a chat, and as data: what, since when, how many, what to do.

Made of counts and causes alone: no text from outside, not even a service's, ever comes in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.domain.library_day import LibraryDay
from core.domain.service_status import Trouble
from core.domain.text import counted
from core.services.alerts.rules import QUESTION, UNATTENDED, Alert, Kind

_TITLES = {
    Kind.ALARM: "LibCal2PP: bookings are not registered",
    Kind.WELL: "LibCal2PP: all is well again",
    Kind.DAILY: "LibCal2PP: all is well",
    Kind.TEST: "LibCal2PP: a test",
}
_READERS_NEED_A_PERSON = "LibCal2PP: readers need a person"
_WHAT = {
    Trouble.NO_STORE: "can't be signed in to: the registering computer has no password store",
    Trouble.STORE_LOCKED: "can't be signed in to: the password store is locked",
    Trouble.NO_SECRET: "can't be signed in to: its secret isn't there",
    Trouble.REFUSED: "refuses the sign-in",
    Trouble.QUOTA_SPENT: "takes no more calls today",
    Trouble.UNREACHABLE: "can't be reached",
    Trouble.NOT_TRUSTED: "can't be trusted: its certificate is wrong",
    Trouble.NO_ANSWER: "doesn't answer, or not for sure",
    Trouble.SESSIONS_END: "ends each session at once",
    Trouble.OTHER: "answers, but not as it should",
}
_ENTER_SECRET = "Open Settings on the computer that registers and enter the secret."
_LOOK = "It is tried again by itself. Check the service and the network; the window says more."
_TO_DO = {
    Trouble.NO_STORE: "Log in anew on the computer that registers.",
    Trouble.STORE_LOCKED: "Unlock it: log in anew on the computer that registers.",
    Trouble.NO_SECRET: _ENTER_SECRET,
    Trouble.REFUSED: _ENTER_SECRET,
    Trouble.QUOTA_SPENT: "Register readers with “Register now”, or by hand in PassagePoint.",
}


def title_of(alert: Alert) -> str:
    """The subject of a mail, the first line in a chat."""
    if alert.kind is Kind.ALARM and set(alert.since) == {UNATTENDED}:
        return _READERS_NEED_A_PERSON
    return _TITLES[alert.kind]


def text_of_alert(alert: Alert, day: LibraryDay, now: datetime) -> str:
    """Whole sentences, a line each; times are the library's."""
    lines = list(_causes(alert, day, now))
    if alert.kind is Kind.TEST:
        lines.append("This is only a test: alerts arrive here.")
    else:
        lines += _numbers(alert)
    return "\n".join(lines) + "\n"


def data_of(alert: Alert, day: LibraryDay, now: datetime) -> dict[str, object]:
    """The same for a program; times in ISO with the library's offset."""
    return {
        "kind": alert.kind.value,
        "title": title_of(alert),
        "text": text_of_alert(alert, day, now),
        "causes": [
            {
                "name": name,
                "trouble": alert.troubles[name].value if name in alert.troubles else None,
                "since": day.local(since).isoformat(timespec="seconds"),
            }
            for name, since in alert.since.items()
        ],
        "waiting": alert.waiting,
        "need_person": alert.near,
    }


def _causes(alert: Alert, day: LibraryDay, now: datetime) -> Iterator[str]:
    for name, since in alert.since.items():
        when = _since(since, day, now)
        if name == QUESTION:
            yield f"Nothing is sent {when}: the ledger has a question."
            yield "What to do: open the window on the computer that registers and answer it."
        elif name == UNATTENDED:
            yield f"Nobody has used a window of LibCal2PP {when}."
            yield "What to do: go to the desk; “To do” in the window says what each reader needs."
        else:
            trouble = alert.troubles[name]
            yield f"{name} {_WHAT[trouble]}, {when}."
            yield f"What to do: {_TO_DO.get(trouble, _LOOK)}"


def _numbers(alert: Alert) -> Iterator[str]:
    if alert.waiting is None:
        yield "Today's bookings aren't known yet."
    else:
        verb = "waits" if alert.waiting == 1 else "wait"
        yield f"{counted(alert.waiting, 'booking')} {verb} to be registered."
    if alert.near or UNATTENDED in alert.since:
        verb = "needs" if alert.near == 1 else "need"
        yield f"{counted(alert.near, 'reader')} near the start {verb} a person."


def _since(moment: datetime, day: LibraryDay, now: datetime) -> str:
    at = day.clock_time(moment)
    if day.day_of(moment) == day.day_of(now):
        return f"since {at}"
    return f"since {day.day_of(moment).isoformat()}, {at}"
