"""The OS keyring, behind a small protocol."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from core.domain.errors import (
    CredentialsError,
    KeyringLocked,
    NoKeyring,
    SecretMissing,
    UsageError,
)
from core.settings.config import Config
from core.settings.entries import address_of as address_of
from core.settings.entries import alerts_entry, checked_hook, entry_of_url, secrets_missing

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECRET_OWNERS = ("LibCal", "Alma", "PassagePoint", "Cache", "Proxy", "Alerts")

# The stores that operating systems bring. keyring would also take plain-text files (keyrings.alt)
# or forget everything (null): a secret must never end there unnoticed.
_OS_STORES = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_WINDOWS_MOST_CHARACTERS = 1280


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


class KeyringStore:
    """The operating system's password store, or ``backend``.

    A locked store with a desktop asks for its password, so every call may block for minutes:
    never call it from the window's thread.

    Raises (every method):
        NoKeyring: this computer has no password store of its own.
        KeyringLocked: the store is locked or was never opened.
        CredentialsError: the store failed otherwise.
    """

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        self._chosen = backend

    def get(self, address: str, user: str) -> str | None:
        with _plain_failures():
            return self._backend().get_password(address, user)

    def set(self, address: str, user: str, secret: str) -> None:
        with _plain_failures():
            backend = self._backend()
            if hasattr(backend, "persist") and len(secret) > _WINDOWS_MOST_CHARACTERS:
                raise CredentialsError(
                    "This secret is too long for Windows' password store.",
                    f"It takes {_WINDOWS_MOST_CHARACTERS:,} characters; check what was pasted.",
                )
            backend.set_password(address, user, secret)

    def delete(self, address: str, user: str) -> None:
        with _plain_failures():
            backend = self._backend()
            if backend.get_password(address, user) is not None:
                backend.delete_password(address, user)

    def _backend(self) -> KeyringBackend:
        if self._chosen is None:
            self._chosen = _set_by_this_process() or _os_backend()
        if hasattr(self._chosen, "persist"):
            # Windows would let entries roam to every computer of the account.
            self._chosen.persist = "local machine"
        return self._chosen


def _set_by_this_process() -> KeyringBackend | None:
    """What code that uses ``core`` chose with ``keyring.set_keyring``.

    Only ``keyring.get_keyring`` would heed the environment and keyringrc.cfg, and nothing here
    calls it: so no setting of the computer can lead secrets into a file.
    """
    from keyring import core

    return core._keyring_backend


def _os_backend() -> KeyringBackend:
    # 100 ms that the first paint needn't wait for
    from keyring.backend import KeyringBackend, get_all_keyring

    # This loads the backends. What it returns is kept for good, also that none was ready yet, as
    # right after a login: so who can work now is asked anew each time.
    get_all_keyring()
    ready = KeyringBackend.get_viable_backends()
    found = [one() for one in ready if one.__module__ in _OS_STORES]
    if not found:
        raise _no_keyring()
    return max(found, key=lambda one: float(one.priority))


@contextmanager
def _plain_failures() -> Iterator[None]:
    """Translate at the one door: backends also raise their own libraries' classes."""
    try:
        yield
    except CredentialsError:
        raise
    except Exception as error:
        raise _translated(error) from error


def _translated(error: Exception) -> CredentialsError:
    from keyring import errors

    if isinstance(error, errors.NoKeyringError):
        return _no_keyring()
    if isinstance(error, errors.KeyringLocked | errors.InitError):
        return _locked()
    if isinstance(error, errors.PasswordSetError | errors.PasswordDeleteError):
        return CredentialsError(
            "The password store refused to keep or delete this secret.",
            "Allow it where the computer asks you, then try again; else ask IT.",
        )
    return CredentialsError(
        "The password store could not be used.",
        "Try again; if that doesn't help, log out of this computer and in again.",
    )


def _locked() -> KeyringLocked:
    if _can_ask():
        hint = "Unlock it with your computer's password (logging in anew does it), then try again."
    else:
        hint = (
            "Without a desktop it can't ask for its password: unlock it beforehand, or start this "
            "in a session where it is open."
        )
    return KeyringLocked("The password store is locked.", hint)


def _can_ask() -> bool:
    """Whether a store could open a window of its own."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _no_keyring() -> NoKeyring:
    return NoKeyring(
        "This computer has no password store.",
        "On Linux start the program inside a desktop session with GNOME Keyring or KWallet.",
    )


def default_store() -> CredentialStore:
    """The store of the real program: the operating system's keyring and nothing else."""
    return KeyringStore()


class Credentials:
    """The secrets that one config needs."""

    def __init__(self, config: Config, store: CredentialStore) -> None:
        self._config = config
        self._store = store
        self._has_all = False

    def secret(self, service: str, zone: str | None = None) -> str:
        """The secret of one of ``SECRET_OWNERS``; Alma's keys have a zone, Proxy's a user, and
        of Alerts there are ``mail``, a password, and ``webhook``, an address.

        Raises:
            SecretMissing: the store has no such entry.
            NoKeyring, KeyringLocked: the store can't be read.
            ConfigError: see ``entry``.
        """
        secret = self._store.get(*self.entry(service, zone))
        if not secret:
            raise self.missing([(service, zone)])
        return secret

    def require_all(self) -> None:
        """See that everything that registering needs is there. Raises what ``secret`` raises.

        Once it is, the store isn't asked again: each time it might ask for a password.
        """
        if self._has_all:
            return
        wanted: list[tuple[str, str | None]] = [("LibCal", None)]
        wanted += [("Alma", zone) for zone in self._config.alma.zones]
        wanted += [("PassagePoint", None)]
        if urlsplit(self._config.network.proxy).username is not None:
            wanted.append(("Proxy", None))
        missing = [one for one in wanted if not self._has(*one)]
        if missing:
            raise self.missing(missing)
        self._has_all = True

    def missing(self, wanted: Sequence[tuple[str, str | None]]) -> SecretMissing:
        """That these aren't there: all at once, or who enters one is then told of the next."""
        return secrets_missing(wanted)

    def _has(self, service: str, zone: str | None) -> bool:
        try:
            return bool(self.secret(service, zone))
        except SecretMissing:
            return False

    def set_secret(self, service: str, secret: str, zone: str | None = None) -> None:
        """Keep the secret of one of ``SECRET_OWNERS``.

        Raises:
            UsageError: it is empty, or Alma's zone is unknown or not said.
            NoKeyring, KeyringLocked, CredentialsError: the store can't keep it.
            ConfigError: see ``entry``.
        """
        if not secret.strip():
            raise UsageError("The secret is empty.", "Type or pipe it as one line.")
        zones = self._config.alma.zones
        if service == "Alma" and zone is None and len(zones) > 1:
            raise UsageError("For which zone is this key?", f"One of: {', '.join(zones)}.")
        if service == "Alma" and zone not in (None, *zones):
            raise UsageError(
                f"config.yml has no Alma zone {zone}.", f"Its zones: {', '.join(zones)}."
            )
        entry = self.entry(service, zone)
        if (service, zone) == ("Alerts", "webhook"):
            secret = checked_hook(secret)
        self._store.set(*entry, secret)

    def entry(self, service: str, zone: str | None = None) -> tuple[str, str]:
        """The (address, user) that a service's secret is kept under.

        Raises:
            ConfigError: the config names no shared cache, or no proxy with a user.
        """
        config = self._config
        match service:
            case "LibCal":
                return address_of(config.libcal.url), config.libcal.client_id
            case "Alma":
                return address_of(config.alma.url), zone or config.alma.zones[0]
            case "Cache":
                return entry_of_url(config.cache.url, zone, "Cache.url")
            case "Proxy":
                return entry_of_url(config.network.proxy, zone, "Network.proxy")
            case "Alerts":
                return alerts_entry(config.alerts, zone)
            case _:
                return address_of(config.passagepoint.url), config.passagepoint.username
