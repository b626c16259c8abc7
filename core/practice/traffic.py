"""What came in, and how each request is answered, faults included."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime

from core.domain.clock import Clock
from core.practice.faults import Fault, Faults
from core.practice.spoil import spoilt
from core.practice.wire import BEFORE_ANY_BYTE, Route, WireAnswer, WireRequest, json_answer

ELSEWHERE = "elsewhere"
"""The name of a call to a path that no service has."""
_SECRETS = frozenset({"client_secret", "password"})
_MADE = json_answer({"data": [{"id": 137505764549999}]})
"""What is spoilt where a visitor or visit must not be made for the sake of its answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came in."""

    name: str
    service: str
    at: datetime
    params: Mapping[str, str]
    """Query, body and path; Alma's ``zone``, a visit's ``barcode``. No secrets."""
    outcome: str = ""
    """The fault that showed, or the HTTP status; empty while it is being answered."""


class Traffic:
    """Answers requests by their routes, and remembers them."""

    def __init__(
        self, clock: Clock, faults: Faults, forget_sessions: Mapping[str, Callable[[], None]]
    ) -> None:
        self.latency: dict[str, float] = {}
        """Service → seconds that each of its answers takes."""
        self._clock = clock
        self._faults = faults
        self._forget_sessions = forget_sessions
        self._changed = threading.Condition()
        self._calls: dict[int, Call] = {}
        self._count = 0
        self._closing = threading.Event()

    @property
    def calls(self) -> list[Call]:
        """Every request since the last ``clear``, in order of arrival."""
        with self._changed:
            return list(self._calls.values())

    def clear(self) -> None:
        """Forget the requests so far; visits and visitors stay."""
        with self._changed:
            self._calls.clear()

    def wait_for(self, name: str, count: int = 1, seconds: float = 10.0) -> bool:
        """Whether so many calls of this name have come in before the time is over."""

        def are_there() -> bool:
            return sum(call.name == name for call in self._calls.values()) >= count

        with self._changed:
            return self._changed.wait_for(are_there, seconds)

    def close(self) -> None:
        """Let everything that waits end without an answer."""
        self._closing.set()
        self._faults.clear()

    def answer(self, route: Route, asked: WireRequest) -> WireAnswer:
        """What goes back for one request."""
        params = {**_params(asked), **route.describe(asked)}
        hit = self._faults.take((route.name, route.service), params.values())
        number = self._arrived(Call(route.name, route.service, self._clock.now(), params))
        answer = self._delayed(route, asked, hit)
        self._answered(number, hit.kind if hit else str(answer.status))
        date = format_datetime(self._clock.now(), usegmt=True)
        return replace(answer, headers={"Date": date, **answer.headers})

    def strayed(self, path: str, status: int) -> None:
        """Note a request that no service answers."""
        number = self._arrived(Call(ELSEWHERE, "", self._clock.now(), {"path": path}))
        self._answered(number, str(status))

    def _delayed(self, route: Route, asked: WireRequest, hit: Fault | None) -> WireAnswer:
        self._closing.wait(self.latency.get(route.service, 0.0))
        answer = route.handle(asked) if hit is None or hit.processed else None
        if hit is not None:
            hit.released.wait(hit.seconds)
        if self._closing.is_set():
            return WireAnswer(503, b"", cut_after=BEFORE_ANY_BYTE)
        if answer is None:
            answer = self._unprocessed(route, asked, hit)
        if hit is None:
            return answer
        if hit.kind == "expired_session":
            self._forget_sessions[route.service]()
        return spoilt(answer, hit.kind, route.service)

    def _unprocessed(self, route: Route, asked: WireRequest, hit: Fault | None) -> WireAnswer:
        """Only what was merely late is processed, for its client may still be there."""
        was_late = hit is not None and hit.seconds != 0.0
        return route.handle(asked) if was_late or not route.changes else _MADE

    def _arrived(self, call: Call) -> int:
        with self._changed:
            self._count += 1
            self._calls[self._count] = call
            self._changed.notify_all()
            return self._count

    def _answered(self, number: int, outcome: str) -> None:
        with self._changed:
            if number in self._calls:
                self._calls[number] = replace(self._calls[number], outcome=outcome)


def _params(asked: WireRequest) -> dict[str, str]:
    given: dict[str, object] = {**asked.query, **asked.fields}
    if asked.segment:
        given["id"] = asked.segment
    return {name: str(value) for name, value in given.items() if name not in _SECRETS}
