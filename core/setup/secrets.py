"""The secrets that a draft needs: which are there, since when, and what was typed just now.

A secret is never handed back for showing. It belongs to the address it was entered for: with
another address it is asked for again, also before it was ever kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from core.domain.errors import CredentialsError
from core.settings.config import Config
from core.settings.credentials import Credentials, address_of
from core.settings.entries import checked_hook, hook_entry, mail_entry
from core.setup.draft import Draft
from core.setup.secret_dates import SecretDates
from core.setup.session_store import SessionStore

_WITHOUT_BLANKS = ("LibCal", "Alma")
_AROUND = " \t\r\n\u00a0\u200b\ufeff"


class SecretName(NamedTuple):
    """Whose secret; Alma has one for each institution zone."""

    service: str
    zone: str | None = None

    @property
    def label(self) -> str:
        """As staff read it."""
        if self.service == "Alma":
            return f"Alma's key for {self.zone}"
        return {
            "LibCal": "LibCal's client secret",
            "PassagePoint": "PassagePoint's password",
            "Proxy": "the proxy's password",
            "Alerts": "the web hook's address"
            if self.zone == "webhook"
            else "the mail server's password",
        }.get(self.service, "the shared cache's password")


@dataclass(frozen=True, slots=True)
class SecretState:
    """What is known of one secret, without the secret."""

    name: SecretName
    is_set: bool = False
    """It was typed just now, or the store has it."""
    is_new: bool = False
    """It was typed just now and isn't kept yet."""
    until_close: bool = False
    """It is gone when the program ends."""
    changed_at: datetime | None = None
    trouble: CredentialsError | None = None
    """Why the store can't say."""


class Secrets:
    """Typed ones before those in the store. May block for minutes: never in the window's thread.

    Only ``states``, ``store_trouble``, ``credentials`` and ``keep`` touch the store.
    """

    def __init__(self, store: SessionStore, dates: SecretDates) -> None:
        self._store = store
        self._dates = dates
        self._typed: dict[tuple[str, str], str] = {}
        self.generation = 0
        """Grows with each secret that is typed: what was tried before it says nothing any more."""
        self._early: dict[SecretName, str] = {}
        """Typed before there was an address: they belong to the first one that is filled in."""

    def enter(self, draft: Draft, name: SecretName, secret: str) -> None:
        """Take what was typed, for the draft's address, or for the one that will be filled in."""
        entry = entry_of(draft, name)
        self.generation += 1
        self._early.pop(name, None)
        if entry is None:
            if secret:
                self._early[name] = secret
        elif secret:
            self._typed[entry] = secret
        else:
            self._typed.pop(entry, None)

    def settle(self, draft: Draft) -> None:
        """Give what was typed before its address to the address that the draft has now.

        Called when a field is left, never while it is typed into: half an address is another's.
        """
        for name in list(self._early):
            entry = entry_of(draft, name)
            if entry is not None:
                self._typed[entry] = self._early.pop(name)

    def typed(self, draft: Draft, name: SecretName) -> bool:
        """Whether this secret was typed for the draft's present address, or before any."""
        return name in self._early or entry_of(draft, name) in self._typed

    def typed_twice(self, draft: Draft) -> tuple[str, ...]:
        """Two of Alma's zones for which the same key was typed; each zone has a key of its own."""
        seen: dict[str, str] = {}
        for zone in draft.zones:
            name = SecretName("Alma", zone)
            entry = entry_of(draft, name)
            key = self._early.get(name) or (self._typed.get(entry) if entry is not None else None)
            if key is not None and key in seen:
                return seen[key], zone
            if key is not None:
                seen[key] = zone
        return ()

    @property
    def has_typed(self) -> bool:
        """Whether anything was typed that isn't kept yet."""
        return bool(self._typed or self._early)

    def forget_typed(self) -> None:
        """As if nothing had been typed."""
        self._typed.clear()
        self._early.clear()

    def store_trouble(self) -> CredentialsError | None:
        """Why the store can't be used; found out by asking for an entry that is never there."""
        try:
            self._store.get(address_of("https://store.invalid"), "nobody")
        except CredentialsError as error:
            return error
        return None

    def states(self, draft: Draft) -> list[SecretState]:
        """Each secret that the draft needs; none raises."""
        return [self._state(draft, name) for name in needed_secrets(draft)]

    def credentials(self, config: Config) -> Credentials:
        """What a test is made with: typed secrets, else the kept ones."""
        return Credentials(config, _TypedFirst(self._store, dict(self._typed)))

    def keep(self, draft: Draft, *, until_close: bool) -> None:
        """Put the typed secrets that the draft needs into the store, or into memory only.

        Raises:
            CredentialsError: the store can't keep them; what was kept before stays as it was.
            UsageError: the web hook's address is none.
        """
        self.settle(draft)
        wanted = [entry_of(draft, name) for name in (*needed_secrets(draft), _MAIL)]
        hook = entry_of(draft, _HOOK)
        if hook in self._typed:
            self._typed[hook] = checked_hook(self._typed[hook])
        typed = [one for one in dict.fromkeys(wanted) if one is not None and one in self._typed]
        for entry in typed:
            secret = self._typed[entry]
            if until_close:
                self._store.keep_until_close(*entry, secret)
            else:
                self._store.set(*entry, secret)
                self._dates.note(*entry)
            del self._typed[entry]

    def _state(self, draft: Draft, name: SecretName) -> SecretState:
        if name in self._early:
            return SecretState(name, is_set=True, is_new=True)
        entry = entry_of(draft, name)
        if entry is None:
            return SecretState(name)
        if entry in self._typed:
            return SecretState(name, is_set=True, is_new=True)
        try:
            is_set = bool(self._store.get(*entry))
        except CredentialsError as error:
            return SecretState(name, trouble=error)
        return SecretState(
            name,
            is_set=is_set,
            until_close=self._store.is_until_close(*entry),
            changed_at=self._dates.of(*entry) if is_set else None,
        )


class _TypedFirst:
    """A store for one test: it changes nothing below."""

    def __init__(self, below: SessionStore, typed: Mapping[tuple[str, str], str]) -> None:
        self._below, self._typed = below, typed

    def get(self, address: str, user: str) -> str | None:
        return self._typed.get((address, user)) or self._below.get(address, user)

    def set(self, address: str, user: str, secret: str) -> None:
        raise NotImplementedError

    def delete(self, address: str, user: str) -> None:
        raise NotImplementedError


def needed_secrets(draft: Draft) -> list[SecretName]:
    """Whose secrets these settings need."""
    zones = [SecretName("Alma", zone) for zone in draft.zones]
    own = [] if draft.only_asks else [SecretName("LibCal"), *zones, SecretName("PassagePoint")]
    others = [name for name, setting in _ADDRESSES.items() if _user_in(draft.text(*setting))]
    told = [] if draft.only_asks else list(_of_alerts(draft))
    return own + [SecretName(name) for name in others] + told


def _of_alerts(draft: Draft) -> Iterator[SecretName]:
    mail = draft.value("Alerts", "email") or {}
    if mail.get("to") and mail.get("user"):
        yield _MAIL
    if draft.text("Alerts", "webhook"):
        yield _HOOK


def entry_of(draft: Draft, name: SecretName) -> tuple[str, str] | None:
    """Where the store keeps it; None while the draft's address or user is none.

    Nothing else in the draft counts, so a mistake elsewhere makes no secret unknown.
    """
    if name == _MAIL:
        return mail_entry(draft.value("Alerts", "email") or {})
    if name == _HOOK:
        return hook_entry(draft.text("Alerts", "webhook"))
    section, setting = _ADDRESSES.get(name.service, (name.service, "url"))
    url = draft.text(section, setting)
    try:
        parts = urlsplit(url)
        address = address_of(url) if parts.hostname else None
    except ValueError:
        return None
    user = {
        "LibCal": draft.text("LibCal", "client_id"),
        "Alma": name.zone,
        "PassagePoint": draft.text("PassagePoint", "username"),
    }.get(name.service, parts.username)
    return (address, user) if address and user else None


_MAIL, _HOOK = SecretName("Alerts", "mail"), SecretName("Alerts", "webhook")
_ADDRESSES = {"Proxy": ("Network", "proxy"), "Cache": ("Cache", "url")}


def _user_in(url: str) -> str | None:
    try:
        return urlsplit(url).username
    except ValueError:  # a half-typed address
        return None


def tidy_secret(service: str, typed: str) -> str:
    """What is meant: LibCal's secrets and Alma's keys have no blanks around them."""
    return typed.strip(_AROUND) if service in _WITHOUT_BLANKS else typed


def remark_on_secret(service: str, typed: str) -> str:
    """What to say of blanks in a typed secret; "" where there is nothing to say."""
    if typed == typed.strip(_AROUND):
        return ""
    if service in _WITHOUT_BLANKS:
        return "Blanks and line ends around it were left out."
    return "There is a blank or a line end before or behind it: is that meant?"
