"""The OS keyring, behind a small protocol."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from core.config import Config
from core.errors import SecretMissing


class CredentialStore(Protocol):
    """Where secrets are kept: ``address`` is ``libcal2pp:HOST[:PORT]``."""

    def get(self, address: str, user: str) -> str | None:
        """The secret, None where there is no entry. Raises ``NoKeyring``, ``KeyringLocked``."""

    def set(self, address: str, user: str, secret: str) -> None:
        """Keep the secret."""

    def delete(self, address: str, user: str) -> None:
        """Remove the entry; none there is fine."""


class MemoryStore:
    """Keeps secrets until the program ends: "keep until I close", practice, tests."""

    def __init__(self) -> None:
        self._secrets: dict[tuple[str, str], str] = {}

    def get(self, address: str, user: str) -> str | None:
        return self._secrets.get((address, user))

    def set(self, address: str, user: str, secret: str) -> None:
        self._secrets[address, user] = secret

    def delete(self, address: str, user: str) -> None:
        self._secrets.pop((address, user), None)


def address_of(url: str) -> str:
    """The keyring's service name for a configured url: ``libcal2pp:HOST[:PORT]``.

    A changed address finds no secret, so no secret goes to a host it was not entered for.
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"libcal2pp:{parts.hostname}{port}"


class Credentials:
    """The secrets that one config needs."""

    def __init__(self, config: Config, store: CredentialStore) -> None:
        self._config = config
        self._store = store

    def secret(self, service: str, zone: str | None = None) -> str:
        """The secret of ``LibCal``, ``Alma`` (with a zone) or ``PassagePoint``.

        Raises:
            SecretMissing: the store has no such entry.
            NoKeyring, KeyringLocked: the store can't be read.
        """
        address, user = self.entry(service, zone)
        secret = self._store.get(address, user)
        if not secret:
            name = f"{service} {zone}" if zone else service
            raise SecretMissing(
                f"The secret for {name} has not been entered on this computer.",
                f"Enter it in Settings, or: main.py --set-secret {name}",
            )
        return secret

    def entry(self, service: str, zone: str | None = None) -> tuple[str, str]:
        """The (address, user) that a service's secret is kept under."""
        config = self._config
        if service == "LibCal":
            return address_of(config.libcal.url), config.libcal.client_id
        if service == "Alma":
            return address_of(config.alma.url), zone or config.alma.zones[0]
        return address_of(config.passagepoint.url), config.passagepoint.username
