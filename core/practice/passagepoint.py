"""PassagePoint API v2 as far as the contracts know it."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from core.domain.clock import Clock
from core.practice.records import PracticeDay
from core.practice.wire import Route, WireAnswer, WireRequest, json_answer

USERNAME = "practice-desk"
PASSWORD = "practice-password-for-passagepoint"
_CATEGORIES = frozenset({"Visitor", "Student", "Faculty"})
FIRST_ID = 137505764541000
_LONGEST_EPOCH = 11
_route = partial(Route, service="PassagePoint")


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit that was pre-registered; sent twice, it is there twice."""

    visit_id: str
    visitor_id: str
    destination: str
    start: datetime
    end: datetime
    at: datetime
    """When PassagePoint took it."""


class _Refused(Exception):
    """PassagePoint answers 400 with its own JSON."""


class PracticePassagePoint:
    """The calls of PassagePoint that the program uses, and what they made."""

    def __init__(self, day: PracticeDay, clock: Clock) -> None:
        self.session_seconds = 3600
        self.already_exists_status = 409
        """The HTTP status beside ALREADY_EXIST_UNIQUE_ID; the real one is not known."""
        self.destinations = [one.destination for one in day.places if one.destination]
        self.listed_as: dict[str, str] = {}
        """Destinations that its list writes otherwise than a visit takes them."""
        self._day = day
        self._clock = clock
        self._lock = threading.RLock()
        self._sessions: dict[str, datetime] = {}
        self._visitors = {barcode: list(ids) for barcode, ids in day.visitors.items()}
        self._visits: list[RecordedVisit] = []
        self._last_id = FIRST_ID

    def routes(self) -> tuple[Route, ...]:
        person, visit = "/pp/api/v2/person", "/pp/api/v2/visit"
        return (
            _route("login", "POST", "/pp/api/v2/auth/login", self._login),
            _route(
                "createVisitor",
                "POST",
                f"{person}/createVisitor",
                self._create_visitor,
                changes=True,
            ),
            _route("byUniqueId", "GET", f"{person}/byUniqueId", self._by_unique_id),
            _route(
                "createPreReg",
                "POST",
                f"{visit}/createPreReg",
                self._create_prereg,
                changes=True,
                describe=self._whose,
            ),
            _route("getDestinations", "GET", f"{visit}/getDestinations", self._destinations),
        )

    def forget_sessions(self) -> None:
        """End every session."""
        self._sessions.clear()

    @property
    def visits(self) -> list[RecordedVisit]:
        """Every visit taken so far."""
        with self._lock:
            return list(self._visits)

    @property
    def visitors(self) -> dict[str, list[str]]:
        """Barcode → ids of the people who have it."""
        with self._lock:
            return {barcode: list(ids) for barcode, ids in self._visitors.items()}

    def delete_visitors(self) -> None:
        """Delete everybody, as at the end of a semester; their visits stay in the list."""
        with self._lock:
            self._visitors.clear()

    def duplicates(self) -> list[RecordedVisit]:
        """Visits that are there more than once: same person, destination and start."""
        visits = self.visits
        times = Counter((one.visitor_id, one.destination, one.start) for one in visits)
        return [one for one in visits if times[one.visitor_id, one.destination, one.start] > 1]

    def _login(self, asked: WireRequest) -> WireAnswer:
        given = asked.fields
        if (given.get("username"), given.get("password")) != (USERNAME, PASSWORD):
            return json_answer({"error": "Invalid username or password"}, 401)
        token = secrets.token_urlsafe(24)
        self._sessions[token] = self._clock.now() + timedelta(seconds=self.session_seconds)
        return json_answer({"token": token})

    def _refusal(self, asked: WireRequest) -> WireAnswer | None:
        expires_at = self._sessions.get(asked.headers.get("token", ""))
        if expires_at is None or expires_at <= self._clock.now():
            return json_answer({"error": "Session expired"}, 401)
        return None

    def _create_visitor(self, asked: WireRequest) -> WireAnswer:
        refusal = self._refusal(asked)
        if refusal:
            return refusal
        barcode = asked.query.get("uniqueId", "")
        with self._lock:
            if self._visitors.get(barcode):
                error = "ALREADY_EXIST_UNIQUE_ID: the unique id is in use"
                return json_answer({"error": error}, self.already_exists_status)
            try:
                self._check_visitor(asked.query)
            except _Refused as error:
                return json_answer({"error": str(error)}, 400)
            new_id = self._next_id()
            self._visitors[barcode] = [str(new_id)]
        return json_answer({"data": [{"id": new_id}]})

    def _check_visitor(self, query: Mapping[str, str]) -> None:
        for name in ("category", "firstName", "lastName", "uniqueId"):
            if not query.get(name):
                raise _Refused(f"{name} is required")
        if query["category"] not in _CATEGORIES:
            raise _Refused("Unknown category")
        if query["uniqueId"] in self._day.refused_barcodes:
            raise _Refused("uniqueId has a wrong format")

    def _by_unique_id(self, asked: WireRequest) -> WireAnswer:
        barcode = asked.query.get("uniqueId", "")
        ids = self.visitors.get(barcode, [])
        people = [{"id": int(one), "uniqueId": barcode} for one in ids]
        return self._refusal(asked) or json_answer(people)

    def _create_prereg(self, asked: WireRequest) -> WireAnswer:
        refusal = self._refusal(asked)
        if refusal:
            return refusal
        with self._lock:
            try:
                visit = self._checked_visit(asked.fields)
            except _Refused as error:
                return json_answer({"error": str(error)}, 400)
            self._visits.append(visit)
        return json_answer({"data": [{"id": int(visit.visit_id)}]})

    def _checked_visit(self, given: Mapping[str, object]) -> RecordedVisit:
        start, end = _epoch(given, "startTime"), _epoch(given, "endTime")
        if end <= start:
            raise _Refused("endTime is not after startTime")
        visitor_id, destination = given.get("visitorId"), given.get("destination")
        if not isinstance(visitor_id, str) or self._barcode_of(visitor_id) is None:
            raise _Refused("UNKNOWN_VISITOR")
        if not isinstance(destination, str) or destination not in self.destinations:
            raise _Refused("Unknown destination")
        now = self._clock.now()
        return RecordedVisit(str(self._next_id()), visitor_id, destination, start, end, now)

    def _whose(self, asked: WireRequest) -> Mapping[str, str]:
        """A visit's request names only the visitor: the barcode makes it easy to recognise."""
        with self._lock:
            return {"barcode": self._barcode_of(asked.fields.get("visitorId")) or ""}

    def _barcode_of(self, visitor_id: object) -> str | None:
        return next((one for one, ids in self._visitors.items() if visitor_id in ids), None)

    def _destinations(self, asked: WireRequest) -> WireAnswer:
        names = [self.listed_as.get(name, name) for name in self.destinations]
        data = [{"id": 500 + i, "name": name} for i, name in enumerate(names)]
        return self._refusal(asked) or json_answer({"data": data})

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


def _epoch(given: Mapping[str, object], name: str) -> datetime:
    """Epoch seconds, which PassagePoint takes as text only."""
    text = given.get(name)
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        raise _Refused(f"{name} is not a time")
    if len(text) > _LONGEST_EPOCH:
        raise _Refused(f"{name} is not a time")
    return datetime.fromtimestamp(int(text), UTC)
