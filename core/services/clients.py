"""The three clients, each made at its first use, and the memory of refused credentials.

Used from the network threads. A service that refused our credentials is not asked with them again
by itself, across restarts too: the cache keeps a mark of the refused secret (docs/promise.md, 3).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.clock import Clock, ClockCompared
from core.domain.errors import CredentialsRefused, SecretMissing
from core.settings.config import Config
from core.settings.credentials import Credentials

if TYPE_CHECKING:
    from core.services.alma.requests import AlmaRequests
    from core.services.libcal.requests import LibCalRequests
    from core.services.passagepoint.requests import PassagePointRequests


class Clients:
    """LibCal, Alma and PassagePoint, one of each for all threads.

    Imported at their first use: the network's libraries are slow, and the cached day needs none.
    """

    def __init__(
        self,
        config: Config,
        credentials: Callable[[], Credentials],
        clock: Clock,
        refusals: dict[str, str],
        alma_pauses: Mapping[str, datetime],
    ) -> None:
        self._config = config
        self._credentials = credentials
        self._clock = clock
        self._refusals = dict(refusals)
        self._alma_pauses = dict(alma_pauses)
        self._locks = {name: threading.Lock() for name in ("LibCal", "Alma", "PassagePoint")}
        self._libcal: LibCalRequests | None = None
        self._alma: AlmaRequests | None = None
        self._passagepoint: PassagePointRequests | None = None

    def libcal(self) -> LibCalRequests:
        """Raises what ``LibCalRequests`` raises, for it gets its token at once."""
        with self._locks["LibCal"]:
            if self._libcal is None:
                from core.services.libcal.requests import LibCalRequests

                self._check("LibCal", None)
                self._libcal = LibCalRequests(
                    self._config, credentials=self._credentials(), clock=self._clock
                )
            return self._libcal

    def alma(self) -> AlmaRequests:
        """A zone whose key was refused before is not asked."""
        with self._locks["Alma"]:
            if self._alma is None:
                from core.services.alma.requests import AlmaRequests

                alma = AlmaRequests(
                    self._config, credentials=self._credentials(), clock=self._clock
                )
                for zone in self._config.alma.zones:
                    try:
                        self._check("Alma", zone)
                    except CredentialsRefused as error:
                        alma.refused_zones[zone] = error.message
                    except SecretMissing:
                        pass  # the client says so itself, zone by zone
                alma.quota.resume(self._alma_pauses)
                self._alma = alma
            return self._alma

    def passagepoint(self) -> PassagePointRequests:
        with self._locks["PassagePoint"]:
            if self._passagepoint is None:
                from core.services.passagepoint.requests import PassagePointRequests

                self._check("PassagePoint", None)
                self._passagepoint = PassagePointRequests(
                    self._config, credentials=self._credentials(), clock=self._clock
                )
            return self._passagepoint

    def mark_refused(self, service: str, zone: str | None = None) -> tuple[str, str]:
        """Remember that this secret was refused: the name and the mark for the cache."""
        name = refusal_name(service, zone)
        secret = self._credentials().secret(service, zone)
        mark = mark_of(secret)
        self._refusals[name] = mark
        return name, mark

    def refused_zones(self) -> list[str]:
        """The zones whose keys Alma refused."""
        return list(self._alma.refused_zones) if self._alma is not None else []

    def alma_pauses(self) -> dict[str, datetime]:
        """Until when Alma's calls are held back, by zone (``Quota.pauses``)."""
        return self._alma.quota.pauses() if self._alma is not None else dict(self._alma_pauses)

    def has_new_secret(self, name: str) -> bool:
        """Whether another secret stands in the store than the one that was refused."""
        service, _, zone = name.partition(":")
        secret = self._credentials().secret(service, zone or None)
        return not is_marked(secret, self._refusals.get(name, ""))

    def compare_clock(self) -> ClockCompared | None:
        """This computer's clock beside LibCal's, the one service that every pass asks."""
        behind = self._libcal.clock_offset if self._libcal is not None else None
        return ClockCompared("LibCal", behind) if behind is not None else None

    def forgive(self) -> None:
        """Ask again, with the secrets as they stand now."""
        self._refusals.clear()
        self._alma_pauses.clear()
        self.close()

    def close(self) -> None:
        """Close what is open; the next use makes a new client."""
        clients = (self._libcal, self._alma, self._passagepoint)
        self._libcal = self._alma = self._passagepoint = None
        for client in clients:
            if client is not None:
                client.close()

    def _check(self, service: str, zone: str | None) -> None:
        name = refusal_name(service, zone)
        mark = self._refusals.get(name)
        if mark is None:
            return
        if is_marked(self._credentials().secret(service, zone), mark):
            where = f"{service} ({zone})" if zone else service
            raise CredentialsRefused(
                service,
                f"{where} refused our credentials; they are not tried again by themselves.",
                "Enter the right ones in Settings, or press Sync now to try once more.",
            )
        del self._refusals[name]


def refusal_name(service: str, zone: str | None = None) -> str:
    """What a refusal is kept under: Alma has one key for each zone."""
    return f"{service}:{zone}" if zone else service


def mark_of(secret: str) -> str:
    """A slow salted hash: the cache can tell the secret again, nobody can read it from there."""
    salt = os.urandom(16)
    return f"{salt.hex()}${_stretched(secret, salt)}"


def is_marked(secret: str, mark: str) -> bool:
    """Whether ``mark`` was made of this secret."""
    salt, _, digest = mark.partition("$")
    return bool(digest) and hmac.compare_digest(_stretched(secret, bytes.fromhex(salt)), digest)


def _stretched(secret: str, salt: bytes) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1).hex()
