"""LibCal API 1.1 as the contracts describe it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from core.domain.clock import Clock
from core.practice.libcal_check_in import PracticeLibCalCheckIn
from core.practice.libcal_forms import PracticeLibCalForms
from core.practice.libcal_news import PracticeLibCalNews
from core.practice.records import FIELD_MISSING, LibCalRow, PracticePlace
from core.practice.running import RunningDay
from core.practice.wire import Route, WireAnswer, WireRequest, json_answer, text_answer

CLIENT_ID = "practice-library"
CLIENT_SECRET = "practice-secret-for-libcal"
_TENTATIVE = ("tentative", "pending")
_route = partial(Route, service="LibCal")


class _BadValue(Exception):
    """LibCal answers 400 with plain text."""

    def __init__(self, name: str) -> None:
        super().__init__(f'invalid "{name}" value')


class PracticeLibCal:
    """The calls of LibCal that the program uses."""

    def __init__(self, running: RunningDay, clock: Clock) -> None:
        self.token_seconds = 3600
        """How long a token lasts by the clock; set it before one is asked for."""
        self.tells_running = False
        """Whether a day's answer has what began earlier and isn't over: nobody says."""
        self.most_rows = 500
        """So many rows a page at most, whatever is asked for; nobody says how many."""
        self._running = running
        self._clock = clock
        self._tokens: dict[str, datetime] = {}
        self._forms = PracticeLibCalForms(running)
        self.news = PracticeLibCalNews(running, clock, self._row)
        self.check_in = PracticeLibCalCheckIn(running, clock)

    def routes(self) -> tuple[Route, ...]:
        return (
            _route("token", "POST", "/1.1/oauth/token", self._token),
            _route(
                "checkin",
                "POST",
                "/1.1/space/checkin",
                self._guarded(self.check_in.check_in),
                changes=True,
            ),
            *(
                _route(name, "GET", f"/1.1/space/{path}", self._guarded(answer))
                for name, path, answer in (
                    ("bookings", "bookings", self._bookings),
                    ("updates", "bookings/updates", self.news.updates),
                    ("booking", "booking/<segment>", self.news.by_ids),
                    ("locations", "locations", self._forms.locations),
                    ("categories", "categories/<segment>", self._forms.categories),
                    ("category", "category/<segment>", self._forms.category),
                    ("form", "form/<segment>", self._forms.forms),
                    ("question", "question/<segment>", self._forms.questions),
                )
            ),
        )

    def forget_sessions(self) -> None:
        """Make every token that was given out invalid."""
        self._tokens.clear()

    def _token(self, asked: WireRequest) -> WireAnswer:
        given = asked.fields
        wanted = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "client_credentials",
        }
        if any(given.get(name) != value for name, value in wanted.items()):
            return json_answer({"error": "invalid_client"}, 400)
        token = secrets.token_hex(20)
        self._tokens[token] = self._clock.now() + timedelta(seconds=self.token_seconds)
        return json_answer(
            {
                "access_token": token,
                "expires_in": self.token_seconds,
                "token_type": "Bearer",
            }
            | self.check_in.scope()
        )

    def _refusal(self, asked: WireRequest) -> WireAnswer | None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        expires_at = self._tokens.get(token)
        if expires_at is None or expires_at <= self._clock.now():
            return json_answer({"error": "The access token provided is invalid"}, 401)
        return None

    def _guarded(
        self, handle: Callable[[WireRequest], WireAnswer]
    ) -> Callable[[WireRequest], WireAnswer]:
        return lambda asked: self._refusal(asked) or handle(asked)

    def _bookings(self, asked: WireRequest) -> WireAnswer:
        try:
            wish = _Wish.of(asked, self._today())
        except _BadValue as error:
            return text_answer(str(error), 400)
        rows = [row for row in self._running.rows() if wish.covers(row, self.tells_running)]
        size = min(wish.limit, self.most_rows)
        page = rows[(wish.page - 1) * size : wish.page * size]
        return json_answer([self._as_json(row, wish) for row in page])

    def all_rows(self) -> list[dict[str, object]]:
        """Every row as the wire has it, for a program that already knows the day."""
        return [self._as_json(row, _EVERYTHING) for row in self._running.rows()]

    def _row(self, row: LibCalRow, with_answers: bool, with_check_in: bool) -> dict[str, object]:
        wish = replace(_EVERYTHING, with_answers=with_answers, with_check_in=with_check_in)
        return self._as_json(row, wish)

    def _today(self) -> date:
        return self._clock.now().astimezone(self._running.day.zone).date()

    def _as_json(self, row: LibCalRow, wish: _Wish) -> dict[str, object]:
        place = next(one for one in self._running.day.places if one.lid == row.lid)
        answer = _required_fields(row)
        if not row.bare:
            answer |= _usual_fields(row, place)
        if wish.with_answers and row.answer is not FIELD_MISSING:
            answer[row.question or place.question] = row.answer
        if wish.with_check_in and not row.bare:
            answer["check_in_status"] = row.check_in
        return answer


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request for bookings asks for."""

    lid: str
    first: date
    last: date
    limit: int
    page: int
    left_out: Sequence[str]
    """Parts of status words whose rows are not wanted."""
    with_answers: bool
    with_check_in: bool

    @classmethod
    def of(cls, asked: WireRequest, today: date) -> _Wish:
        query = asked.query
        first = max(_date(query.get("date"), today), today)  # past dates are ignored
        left_out: list[str] = []
        for name, default, words in (
            ("include_cancel", 1, ("cancelled",)),
            ("include_tentative", 1, _TENTATIVE),
            ("include_denied", 0, ("denied",)),
        ):
            if not _number(asked, name, default, 0, 1):
                left_out += words
        return cls(
            lid=str(_number(asked, "lid", 0, 0, 10**9) or ""),
            first=first,
            last=first + timedelta(days=_number(asked, "days", 0, 0, 365)),
            limit=_number(asked, "limit", 20, 1, 500),
            page=_number(asked, "page", 1, 1, 10**6),
            left_out=left_out,
            with_answers="1" in (query.get("form_answers"), query.get("formAnswers")),
            with_check_in="1" in (query.get("check_in_status"), query.get("checkInStatus")),
        )

    def covers(self, row: LibCalRow, with_running: bool) -> bool:
        word = row.status.casefold()
        first = row.starts_at.date()
        if with_running and row.ends_at.date() >= self.first:
            first = max(first, self.first)
        return (
            self.lid in ("", row.lid)
            and self.first <= first <= self.last
            and not any(one in word for one in self.left_out)
        )


_EVERYTHING = _Wish("", date.min, date.max, 500, 1, (), with_answers=True, with_check_in=True)


def _date(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise _BadValue("date") from None


def _number(asked: WireRequest, name: str, default: int, lowest: int, highest: int) -> int:
    text = asked.query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text[:12]) <= highest):
        raise _BadValue(name)
    return int(text)


def _required_fields(row: LibCalRow) -> dict[str, object]:
    # ids come as numbers or as text, and nobody can tell which
    lid: object = row.lid if row.number % 5 == 0 else int(row.lid)
    return {
        "bookId": row.book_id,
        "eid": 71489,
        "cid": 18578,
        "lid": lid,
        "fromDate": row.starts_at.isoformat(timespec="seconds"),
        "toDate": row.ends_at.isoformat(timespec="seconds"),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "email": row.email,
        "status": row.status,
    }


def _usual_fields(row: LibCalRow, place: PracticePlace) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": row.number if row.number % 3 else str(row.number),
        "account": row.account or row.email,
        "location_name": place.name,
        "category_name": "Study spaces",
        "item_name": row.space or row.seat_name,
        "nickname": "",
        "event": {"id": row.number % 900, "title": row.event} if row.event else None,
        "check_in_code": row.check_in_code,
    }
    if row.space:
        fields |= {"seat_id": row.number % 1000, "seat_name": row.seat_name}
    if row.created_at is not None:
        fields["created"] = row.created_at.isoformat(timespec="seconds")
    if row.cancelled_at is not None:
        fields["cancelled"] = row.cancelled_at.isoformat(timespec="seconds")
    return fields
