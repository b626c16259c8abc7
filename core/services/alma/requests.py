"""Alma: a person's barcode and standing, by university ID or barcode (docs/alma.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from urllib.parse import quote

from core.domain.card_text import other_reading
from core.domain.errors import AppError, CredentialsRefused, QuotaSpent, RateLimited
from core.domain.library_day import LibraryDay
from core.domain.models import Patron
from core.domain.status import PatronState
from core.domain.text import clean
from core.http.answer import Answer
from core.http.pacing import Pacer, Stopped, check, sleep_unless_stopped
from core.http.side_by_side import side_by_side
from core.services.alma.answers import (
    check_answer,
    could_not_ask,
    key_refused,
    not_in_alma,
    patron_from,
    user_in,
)
from core.services.alma.quota import Quota
from core.services.service_client import ServiceClient

_USERS = "/almaws/v1/users/"
_KEY_TEST = "/almaws/v1/users/operation/test"
_THREADS = 8
_MOST_REPEATS = 5

Read = TypeVar("Read")


class AlmaRequests(ServiceClient):
    """Asks Alma, each institution zone with its own key. Threads may share it.

    Calls are paced at the moment they are sent, across all zones and threads.
    """

    service = "Alma"
    retries_gets = False  # a repeated call has to wait for its turn as well

    def _url(self) -> str:
        return self._config.alma.url

    def _begin(self) -> None:
        self._settings = self._config.alma
        self._day = LibraryDay(self._config.libcal.time_zone)
        self._pacer = Pacer(self._settings.calls_per_second, self._clock)
        self.quota = Quota(self._settings.keep_remaining, self._clock)
        self._keys: dict[str, str] = {}
        self.refused_zones: dict[str, str] = {}
        """Zone → why its key was refused; it isn't asked again until ``forgive``."""

    def main(self, primary_ids: Iterable[str]) -> dict[str, str]:
        """Primary ID → ACTIVE barcode, of those that Alma has in good standing."""
        return {
            patron.asked_id: patron.barcode
            for patron in self.find_patrons(primary_ids)
            if patron.state is PatronState.FOUND and patron.barcode is not None
        }

    def find_patrons(self, ids: Iterable[str]) -> Iterator[Patron]:
        """Every id (or barcode) once, in order of arrival; see ``find_patron``."""
        return side_by_side(self.find_patron, list(dict.fromkeys(ids)), _THREADS)

    def find_patron(
        self, asked_id: str, *, urgent: bool = False, stop: Callable[[], bool] | None = None
    ) -> Patron:
        """The person with this university ID or barcode, zone by zone; never an ``AppError``.

        A zone that fails doesn't hide the others; but without a hit elsewhere nobody knows, and
        the state is COULD_NOT_ASK. ``urgent`` goes first and may use the calls that are kept back.
        """
        sent_id = clean(asked_id).strip()
        # Dots alone would be taken for a step up in the address; nobody has such an ID.
        if not sent_id.strip("."):
            return not_in_alma(asked_id, self._clock.now())

        def read(answer: Answer, zone: str) -> object:
            return user_in(answer, zone, sent_id)

        trouble: Patron | None = None
        for zone in self._settings.zones:
            try:
                self._check_not_refused(zone)
                path = _USERS + quote(sent_id, safe="")
                user = self._ask(zone, path, read, urgent=urgent, stop=stop)
            except Stopped:
                return could_not_ask(asked_id, "The program stopped before Alma was asked.", None)
            except AppError as error:
                reason = f"Alma ({zone}) could not be asked: {error.message}"
                trouble = trouble or could_not_ask(asked_id, reason, error)
                continue
            if user is not None:
                return self._patron(user, asked_id, zone)
        return trouble or not_in_alma(asked_id, self._clock.now())

    def find_typed(self, text: str) -> Patron:
        """The person with the ID or barcode that the desk typed or scanned, at once.

        A reader may put letters around a Codabar number: what nobody has is tried without them.
        """
        patron = self.find_patron(text, urgent=True)
        other = other_reading(text)
        if patron.state is not PatronState.NOT_IN_ALMA or other is None:
            return patron
        return self.find_patron(other, urgent=True)

    def check_zone(self, zone: str) -> None:
        """Try a zone's key, whatever is known of it.

        Raises:
            CredentialsError: the key is missing or refused.
            ServiceError: Alma could not be reached or answered something unexpected.
        """
        self._ask(zone, _KEY_TEST, check_answer, urgent=True, stop=None)
        self.refused_zones.pop(zone, None)

    def check_health(self) -> None:
        """A harmless question to each zone whose key wasn't refused; raises as ``check_zone``."""
        for zone in self._settings.zones:
            if zone not in self.refused_zones:
                self._ask(zone, _KEY_TEST, check_answer, urgent=False, stop=None)

    def forgive(self) -> None:
        """Ask refused zones again, with their keys as they stand now in the password store."""
        self.refused_zones.clear()
        self._keys.clear()

    def _patron(self, user: object, asked_id: str, zone: str) -> Patron:
        now = self._clock.now()
        return patron_from(user, asked_id, zone=zone, today=self._day.day_of(now), now=now)

    def _ask(
        self,
        zone: str,
        path: str,
        read: Callable[[Answer, str], Read],
        *,
        urgent: bool,
        stop: Callable[[], bool] | None,
    ) -> Read:
        """One call and what ``read`` makes of it; repeated where Alma says it came too fast.

        Raises:
            AppError: what the network, the password store or ``read`` says.
            Stopped: ``stop`` said so while the call waited.
        """
        headers = {"Authorization": f"apikey {self._key(zone)}"}
        self.quota.admit(zone, urgent=urgent)

        def once() -> Read:
            check(stop)
            answer = self._session.get(
                path,
                headers=headers,
                fresh=True,
                before_send=lambda: self._pacer.wait_turn(urgent=urgent, stop=stop),
            )
            return self._read(answer, zone, read)

        for _ in range(_MOST_REPEATS):
            try:
                return once()
            except RateLimited as error:
                self._pacer.slow_down(error.retry_after)
                sleep_unless_stopped(self._clock, error.retry_after, stop)
        return once()

    def _read(self, answer: Answer, zone: str, read: Callable[[Answer, str], Read]) -> Read:
        """What ``read`` makes of an answer; what it says about key and quota is remembered."""
        try:
            result = read(answer, zone)
        except QuotaSpent:
            self.quota.spend()
            raise
        except CredentialsRefused as error:
            self.refused_zones[zone] = error.message
            raise
        self.quota.note(zone, answer.headers.get("X-Exl-Api-Remaining"))
        return result

    def _key(self, zone: str) -> str:
        """The zone's key, read once: the password store is slow."""
        if zone not in self._keys:
            key = self._credentials.secret("Alma", zone).strip()
            if not re.fullmatch(r"[!-~]+", key):
                raise key_refused(zone)  # no header could carry it
            self._keys[zone] = key
        return self._keys[zone]

    def _check_not_refused(self, zone: str) -> None:
        reason = self.refused_zones.get(zone)
        if reason is not None:
            raise CredentialsRefused("Alma", reason, key_refused(zone).hint)
