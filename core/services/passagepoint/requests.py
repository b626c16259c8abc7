"""PassagePoint: people and their visits (docs/passagepoint.md)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from core.domain.clock import Clock
from core.domain.errors import (
    CredentialsRefused,
    NoAnswer,
    NotLoggedIn,
    ServerTrouble,
    ServiceError,
    SessionExpired,
    SeveralPeople,
)
from core.domain.text import clean
from core.http.answer import Answer
from core.services.passagepoint import answers
from core.services.service_client import ServiceClient

_SERVICE = "PassagePoint"
_API = "/pp/api/v2/"
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=15)


class SessionPauses:
    """How long nothing is asked by itself after sessions that ended right after their login: less
    and less often, for all threads.

    Another program may need the account, and a login that succeeds locks nobody out: so nothing
    waits for a person (docs/promise.md, 7).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ended: set[str] = set()
        self._until: datetime | None = None

    def check(self) -> None:
        """Raises SessionExpired while it is better to leave PassagePoint alone."""
        with self._lock:
            left = self._until - self._clock.now() if self._until is not None else timedelta(0)
        # Further ahead than any pause: the clock was wrong then and has been put right since.
        if timedelta(0) < left <= _LONGEST_PAUSE:
            raise answers.sessions_end()

    def ended(self, token: str) -> SessionExpired:
        """The session of a good login was over at once; what to say about it."""
        with self._lock:
            if token not in self._ended:  # calls side by side meet the same end once
                pause = min(_FIRST_PAUSE * 2 ** min(len(self._ended), 8), _LONGEST_PAUSE)
                self._until = self._clock.now() + pause
                self._ended.add(token)
        return answers.sessions_end()

    def good(self) -> None:
        """A session lasts."""
        with self._lock:
            self._ended.clear()
            self._until = None


class PassagePointRequests(ServiceClient):
    """Asks PassagePoint, with one login for all threads. Threads may share it.

    Once the login was refused nothing logs in again until ``forgive``: accounts get locked.

    Every call raises:
        CredentialsError: the password is missing or was refused; nothing was sent.
        NotLoggedIn: the login failed otherwise; nothing was sent.
        SessionExpired: 401 right after a good login; for a while nothing is asked then.
        ServiceError: it could not be reached or answered something unexpected.
    """

    service = _SERVICE

    def _url(self) -> str:
        return self._config.passagepoint.url

    def _begin(self) -> None:
        self._settings = self._config.passagepoint
        self._login_lock = threading.Lock()
        self._token: str | None = None
        self._refusal: CredentialsRefused | None = None
        self._pauses = SessionPauses(self._clock)

    def log_in(self) -> None:
        """Have a session; one that is there is kept.

        Raises:
            CredentialsError: the password is missing or was refused.
            ServiceError: it could not be reached or answered something unexpected.
        """
        self._valid_token(refused=None)

    def forgive(self) -> None:
        """Let the next call log in again after a refusal."""
        with self._login_lock:
            self._token = None
            self._refusal = None
        self._pauses.good()

    def end_pause(self) -> None:
        """A person wants it now: the next call logs in although sessions ended at once."""
        self._pauses.good()

    def create_visitor(
        self,
        *,
        first_name: str,
        last_name: str,
        barcode: str,
        category: str,
        email: str | None = None,
        university_id: str | None = None,
    ) -> str:
        """The id of the person with this barcode, who is made if not yet there.

        It may be repeated, and is so once after a passing fault. E-mail and university ID are
        sent only as the settings say.

        Raises:
            SeveralPeople: more than one has this barcode.
            DataRefused: PassagePoint says that the data is wrong.
        """
        params = {
            "category": category,
            "firstName": first_name,
            "lastName": last_name,
            "email": email if self._settings.send_email else None,
            "mobilePhoneNo": university_id if self._settings.university_id_field else None,
            "uniqueId": barcode,
        }
        given = {name: clean(value) for name, value in params.items() if value}
        try:
            return self._visitor(given, barcode)
        except (NoAnswer, ServerTrouble):
            return self._visitor(given, barcode)

    def find_visitors(self, barcode: str) -> list[str]:
        """The ids of everybody with this barcode."""
        answer = self._call(
            lambda headers: self._session.get(
                f"{_API}person/byUniqueId", params={"uniqueId": clean(barcode)}, headers=headers
            )
        )
        return answers.ids_in(answer, clean(barcode))

    def create_prereg(
        self, *, visitor_id: str, destination: str, starts_at: datetime, ends_at: datetime
    ) -> str:
        """Register a visit and return its id. Sent twice it makes two: nothing here repeats it.

        (A 401 alone is answered by one login and the same call again, for it was refused.)

        Raises:
            DataRefused: PassagePoint says that the data is wrong.
            ServiceError: ``surely_not_processed`` says whether the visit may be there now.
        """
        visit = {
            "startTime": str(int(starts_at.timestamp())),
            "endTime": str(int(ends_at.timestamp())),
            "visitorId": visitor_id,
            "destination": destination,
        }
        answer = self._call(
            lambda headers: self._session.post(
                f"{_API}visit/createPreReg", json=visit, headers=headers, fresh=True
            )
        )
        return answers.new_id_in(answer)

    def get_destinations(self) -> list[str]:
        """The names of the places that a visit can be registered for."""
        answer = self._call(
            lambda headers: self._session.get(f"{_API}visit/getDestinations", headers=headers)
        )
        return answers.names_in(answer)

    def _visitor(self, given: Mapping[str, str], barcode: str) -> str:
        answer = self._call(
            lambda headers: self._session.post(
                f"{_API}person/createVisitor", params=given, headers=headers, fresh=True
            )
        )
        if not answers.knows_barcode(answer):
            return answers.new_id_in(answer)
        people = self.find_visitors(barcode)
        if len(people) > 1:
            raise SeveralPeople(_SERVICE, people)
        if not people:
            raise answer.unexpected("that it knows the barcode, but finds nobody with it")
        return people[0]

    def _call(self, send: Callable[[Mapping[str, str]], Answer]) -> Answer:
        """What ``send`` is answered, with a session: an expired one is renewed once."""
        self._pauses.check()
        token = self._token_for_call(refused=None)
        answer = send({"token": token})
        if answer.status == 401:
            token = self._token_for_call(refused=token)
            answer = send({"token": token})
        if answer.status == 401:
            raise self._pauses.ended(token)
        self._pauses.good()
        return answer

    def _token_for_call(self, *, refused: str | None) -> str:
        try:
            return self._valid_token(refused=refused)
        except ServiceError as error:
            raise NotLoggedIn(_SERVICE, error.message, error.hint) from error

    def _valid_token(self, *, refused: str | None) -> str:
        """A token other than ``refused``; one thread logs in for all, the others wait for it."""
        with self._login_lock:
            if self._refusal is not None:
                raise CredentialsRefused(_SERVICE, self._refusal.message, self._refusal.hint)
            if self._token is None or self._token == refused:
                self._token = None
                self._token = self._log_in()
            return self._token

    def _log_in(self) -> str:
        login = {
            "username": self._settings.username,
            "password": self._credentials.secret(_SERVICE),
        }
        answer = self._session.post(f"{_API}auth/login", json=login, fresh=True)
        try:
            return answers.token_in(answer)
        except CredentialsRefused as error:
            self._refusal = error
            raise
