"""LibCal: the bookings of the configured locations (docs/libcal.md)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from core.domain.errors import (
    CredentialsRefused,
    MissingPermission,
    SessionExpired,
    UnexpectedAnswer,
)
from core.domain.library_day import LibraryDay
from core.domain.models import Booking
from core.http.answer import Answer, id_of, member, text_of
from core.http.side_by_side import side_by_side
from core.services.libcal.changes import ask_bookings, ask_changes
from core.services.libcal.check_in_answer import PATH, WRITE_SCOPE, Arrival, read_check_in
from core.services.libcal.folding import fold_bookings
from core.services.libcal.forms import ADMIN_ONLY, LOCATIONS, questions_of_forms
from core.services.libcal.rows import Pages, PartlyRead
from core.services.service_client import ServiceClient
from core.settings.config import ACCOUNT

_SERVICE = "LibCal"
_PAGE_ROWS = 500
_MOST_PAGES = 100
_RENEW_AHEAD_SECONDS = 60.0
_TOKEN_SECONDS = 3600.0
_THREADS = 4
_BOOKING_OPTIONS = {
    "limit": str(_PAGE_ROWS),
    # The vendor writes the first spelling, clients in production use the second.
    "form_answers": "1",
    "formAnswers": "1",
    "check_in_status": "1",
    "checkInStatus": "1",
    "include_denied": "1",
}


class LibCalRequests(ServiceClient):
    """Asks LibCal; gets a token at once. Threads may share it.

    Every method raises:
        CredentialsError: the secret is missing, or LibCal refused it.
        MissingPermission: the application lacks "spaces read".
        ServiceError: LibCal could not be reached or answered something unexpected.
    """

    service = _SERVICE

    def _url(self) -> str:
        return self._config.libcal.url

    def _begin(self) -> None:
        self._settings = self._config.libcal
        self._lock = threading.Lock()
        self._token = ""
        self._scopes: frozenset[str] = frozenset()
        self._renew_at = 0.0
        try:
            self._valid_token(refused="")
        except BaseException:
            self.close()
            raise

    def retrieve_bookings(self, day: date | None = None) -> list[Booking]:
        """The bookings that start on ``day`` (default: the library's today), soonest first.

        Every page of every configured location, cancelled and denied ones included, folded.
        One location that fails fails the whole; a row that can't be read is left out.
        """
        wanted = day or LibraryDay(self._settings.time_zone).day_of(self._clock.now())

        def fetch(location_id: str) -> list[Booking]:
            try:
                return self.location_bookings(location_id, wanted)
            except PartlyRead as error:
                if not error.bookings:
                    raise
                return error.bookings

        ids = [location.id for location in self._settings.locations]
        rows = [row for rows in side_by_side(fetch, ids, _THREADS) for row in rows]
        folded = fold_bookings(rows, self._settings.register_statuses)
        return sorted(folded, key=lambda one: (one.starts_at, one.last_name, one.book_id))

    def location_bookings(self, location_id: str, day: date, days: int = 0) -> list[Booking]:
        """Every row of one location from ``day`` on, and of ``days`` more days; not folded.

        Raises:
            PartlyRead: some rows can't be read.
        """
        options = _BOOKING_OPTIONS | {
            "lid": location_id,
            "date": day.isoformat(),
            "days": str(days),
        }
        pages = Pages(location_id, self._settings, self._clock.now())
        for page in range(1, _MOST_PAGES + 1):
            # A short page proves nothing, for a server may cap its pages at any number; one that
            # ignores the page number brings nothing new.
            if not pages.add(self._rows("/1.1/space/bookings", options | {"page": str(page)})):
                return pages.bookings()
        raise UnexpectedAnswer(
            _SERVICE, "LibCal's list of bookings has no end.", "If it lasts, tell IT."
        )

    def changed_since(self, location_id: str, since: datetime) -> list[Booking]:
        """What was made, changed, checked in or out at a location since then; not folded.

        At most 24 hours back, without the form's answers (``id_answer`` is None), and perhaps
        without what was cancelled: what isn't in it proves nothing. ``bookings_of`` has the rest.

        Raises:
            MissingPermission, WrongAddress, UnexpectedAnswer (400): this LibCal has no such list.
        """
        return ask_changes(self._rows, location_id, since, self._settings, self._clock.now())

    def bookings_of(self, book_ids: Iterable[str]) -> list[Booking]:
        """Every row of these ids, all days of a series; not folded. Cancelled ones are left out.

        Raises:
            PartlyRead: some rows can't be read.
        """
        return ask_bookings(self._rows, book_ids, self._settings, self._clock.now())

    def check_in(self, book_id: str, code: str) -> Arrival:
        """Check one seat in; ``code`` is that seat's. Asked again it does no harm.

        Raises:
            CheckInRefused: LibCal says no.
            MissingPermission: the application lacks "spaces write".
        """
        sent = {"code": code, "id": book_id}
        post = self._session.post
        answer = self._asked(lambda headers: post(PATH, params=sent, headers=headers, fresh=True))
        return read_check_in(answer, code)

    @property
    def may_check_in(self) -> bool | None:
        """Whether the token has "spaces write"; None: LibCal didn't say what it has."""
        return WRITE_SCOPE in self._scopes if self._scopes else None

    def all_locations(self) -> list[tuple[str, str]]:
        """(id, name) of every location that LibCal has, last those that only staff may book."""
        rows = self._rows(LOCATIONS, ADMIN_ONLY)
        rows.sort(key=lambda row: id_of(member(row, "admin_only")) == "1")
        return [
            (place, text_of(member(row, "name")) or place)
            for row in rows
            if (place := id_of(member(row, "lid")))
        ]

    def form_questions(self, location_id: str) -> list[tuple[str, str]]:
        """(``q####``, label) of every question in the forms of a location, its categories and
        its spaces: each may have a form of its own."""
        return questions_of_forms(self._rows, location_id)

    def answers_of_day(self, location_id: str, day: date) -> list[dict[str, str]]:
        """``q####`` → answer of each row of a location's day, at most 500: to choose a question.

        Under ``account`` stands the name with which the reader signed on, where that was needed.
        """
        options = _BOOKING_OPTIONS | {"lid": location_id, "date": day.isoformat(), "days": "0"}
        rows = self._rows("/1.1/space/bookings", options)
        return [_answers(row) for row in rows if isinstance(row, dict)]

    def _rows(self, path: str, params: Mapping[str, str] | None = None) -> list[object]:
        get = self._session.get
        answer = self._asked(lambda headers: get(path, params=params, headers=headers))
        trouble = answer.trouble()
        if isinstance(trouble, MissingPermission):
            raise MissingPermission(
                _SERVICE,
                "LibCal doesn't let this program read bookings.",
                'In LibCal\'s API settings, give the application the scope "spaces read".',
                http_status=answer.status,
            )
        if trouble is not None:
            raise trouble
        rows = answer.json()
        if not isinstance(rows, list):
            raise answer.unexpected("with an error" if member(rows, "error") else "no list")
        return rows

    def _asked(self, ask: Callable[[Mapping[str, str]], Answer]) -> Answer:
        """Ask with a token that is renewed once when LibCal refuses it."""
        token = ""
        for _ in range(2):
            token = self._valid_token(refused=token)
            answer = ask({"Authorization": f"Bearer {token}"})
            if answer.status != 401:
                return answer
        raise SessionExpired(
            _SERVICE,
            "LibCal refuses the token that it has just given.",
            "It is tried again; if it lasts, have LibCal's API application checked.",
            http_status=401,
        )

    def _valid_token(self, *, refused: str) -> str:
        """A token other than ``refused``; one thread renews it for all."""
        with self._lock:
            if self._token in ("", refused) or self._clock.monotonic() >= self._renew_at:
                self._token, seconds = self._new_token()
                ahead = min(_RENEW_AHEAD_SECONDS, seconds / 2)
                self._renew_at = self._clock.monotonic() + seconds - ahead
            return self._token

    def _new_token(self) -> tuple[str, float]:
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._credentials.secret(_SERVICE),
            "grant_type": "client_credentials",
        }
        answer = self._session.post("/1.1/oauth/token", form=form, fresh=True)
        if _refuses(answer):
            raise CredentialsRefused(
                _SERVICE,
                "LibCal refused the client ID or its secret.",
                "Enter the secret of LibCal's API application anew in Settings.",
            )
        trouble = answer.trouble()
        if trouble is not None:
            raise trouble
        content = answer.json()
        token = member(content, "access_token")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            raise answer.unexpected("without a token")
        self._scopes = frozenset(text_of(member(content, "scope")).split())
        return token, _seconds(member(content, "expires_in"))


def _refuses(answer: Answer) -> bool:
    """Whether the token call says no; LibCal's ``error`` comes with a 400 or even a 200."""
    if answer.is_html:
        return False
    says_error = bool(member(answer.json_or_none(), "error"))
    return answer.status in (401, 403) or (answer.status in (200, 400) and says_error)


def _seconds(value: object) -> float:
    text = id_of(value) or ""
    return float(text) if text.isdecimal() and len(text) < 10 and int(text) > 0 else _TOKEN_SECONDS


def _answers(row: Mapping[str, object]) -> dict[str, str]:
    given = {name: text_of(row[name]) for name in row if re.fullmatch(r"q\d+", name)}
    account = text_of(row.get(ACCOUNT))
    if "@" not in account:  # without a sign-on it is the e-mail address
        given[ACCOUNT] = account
    return {name: answer for name, answer in given.items() if answer}
