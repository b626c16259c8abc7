"""Secrets: which entry belongs to what, and a keyring's failures as plain messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.core import load_keyring

from core.domain.errors import (
    ConfigError,
    CredentialsError,
    KeyringLocked,
    NoKeyring,
    SecretMissing,
    UsageError,
)
from core.settings.credentials import (
    Credentials,
    KeyringStore,
    MemoryStore,
    address_of,
    default_store,
)
from tests.builders import a_config

PROJECT = Path(__file__).parents[3]


class FakeKeyring(KeyringBackend):
    """A keyring in memory that can be told to fail."""

    priority = 1

    def __init__(self, failure: Exception | None = None) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.failure = failure

    def get_password(self, service: str, username: str) -> str | None:
        if self.failure:
            raise self.failure
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.failure:
            raise self.failure
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise errors.PasswordDeleteError("No such password!")
        del self.entries[service, username]


class WindowsStore(FakeKeyring):
    """One of those that operating systems bring, by the name of its module."""


WindowsStore.__module__ = "keyring.backends.Windows"


class WindowsLikeKeyring(FakeKeyring):
    """Entries would roam, unless told otherwise."""

    persist = "enterprise"


def test_address_names_host_and_port() -> None:
    assert address_of("https://pp.example.edu:2444/x") == "libcal2pp:pp.example.edu:2444"
    assert address_of("https://pp.example.edu") == "libcal2pp:pp.example.edu"


def test_changed_address_finds_no_secret() -> None:
    store = MemoryStore()
    Credentials(a_config(), store).set_secret("PassagePoint", "pw")
    moved = a_config(PassagePoint={"url": "https://other.example.edu:2444"})
    with pytest.raises(SecretMissing):
        Credentials(moved, store).secret("PassagePoint")


@pytest.mark.parametrize(
    ("service", "zone", "entry"),
    [
        ("LibCal", None, ("libcal2pp:booking.library.example.edu", "123")),
        ("Alma", "Law", ("libcal2pp:alma.example.edu", "Law")),
        ("Alma", None, ("libcal2pp:alma.example.edu", "Main")),
        ("PassagePoint", None, ("libcal2pp:passagepoint.example.edu:2444", "libcal")),
        ("Cache", None, ("libcal2pp:db.example.edu", "desk")),
        ("Proxy", None, ("libcal2pp:proxy.example.edu:3128", "anna")),
        ("Proxy", "bert", ("libcal2pp:proxy.example.edu:3128", "bert")),
    ],
)
def test_each_secret_has_its_own_entry(
    service: str, zone: str | None, entry: tuple[str, str]
) -> None:
    config = a_config(
        Cache={"url": "postgresql://desk@db.example.edu/libcal2pp"},
        Network={"proxy": "http://anna@proxy.example.edu:3128"},
    )
    assert Credentials(config, MemoryStore()).entry(service, zone) == entry


@pytest.mark.parametrize("service", ["Cache", "Proxy"])
def test_secret_without_an_address_to_belong_to_is_refused(service: str) -> None:
    with pytest.raises(ConfigError, match="no address with a user"):
        Credentials(a_config(), MemoryStore()).set_secret(service, "pw")


def test_missing_secret_says_which_and_how_to_enter_it() -> None:
    with pytest.raises(SecretMissing, match="--set-secret Alma Law"):
        Credentials(a_config(), MemoryStore()).secret("Alma", "Law")


@pytest.mark.parametrize(
    ("is_packaged", "program"), [(True, "LibCal2PP-console"), (False, "main.py")]
)
def test_all_that_are_missing_are_named_with_the_call_that_is_there(
    monkeypatch: pytest.MonkeyPatch, *, is_packaged: bool, program: str
) -> None:
    monkeypatch.setattr(sys, "frozen", is_packaged, raising=False)
    store = MemoryStore()
    config = a_config(Alma={"zones": ["Main", "Zone 2"]})
    credentials = Credentials(config, store)
    with pytest.raises(SecretMissing) as caught:
        credentials.require_all()
    assert str(caught.value).splitlines() == [
        "The secrets for LibCal, Alma Main, Alma Zone 2 and PassagePoint have not been entered on "
        "this computer. Enter them in Settings, or:",
        f"{program} --set-secret LibCal",
        f"{program} --set-secret Alma Main",
        f'{program} --set-secret Alma "Zone 2"',
        f"{program} --set-secret PassagePoint",
    ]
    for service in ("LibCal", "PassagePoint"):
        credentials.set_secret(service, "s3cret")
    credentials.set_secret("Alma", "key", "Main")
    with pytest.raises(SecretMissing, match=f'{program} --set-secret Alma "Zone 2"$'):
        credentials.require_all()


def test_empty_secret_is_refused() -> None:
    with pytest.raises(UsageError, match="empty"):
        Credentials(a_config(), MemoryStore()).set_secret("LibCal", "  ")


def test_key_of_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="Main, Law"):
        Credentials(a_config(), MemoryStore()).set_secret("Alma", "key", "Lew")


def test_secret_can_be_read_back() -> None:
    credentials = Credentials(a_config(), KeyringStore(FakeKeyring()))
    credentials.set_secret("LibCal", "s3cret")
    assert credentials.secret("LibCal") == "s3cret"


def test_memory_store_forgets_what_is_deleted() -> None:
    store = MemoryStore()
    store.set("a", "u", "x")
    store.delete("a", "u")
    store.delete("a", "u")
    assert store.get("a", "u") is None


def test_deleting_an_absent_entry_is_fine() -> None:
    KeyringStore(FakeKeyring()).delete("libcal2pp:x", "u")


def test_deleted_entry_is_gone() -> None:
    store = KeyringStore(FakeKeyring())
    store.set("libcal2pp:x", "u", "pw")
    store.delete("libcal2pp:x", "u")
    assert store.get("libcal2pp:x", "u") is None


@pytest.mark.parametrize(
    ("failure", "becomes", "sentence"),
    [
        (errors.NoKeyringError("No recommended backend"), NoKeyring, "has no password store"),
        (errors.KeyringLocked("Failed to unlock"), KeyringLocked, "is locked"),
        (errors.InitError("Failed to create the collection"), KeyringLocked, "is locked"),
        (errors.PasswordSetError("-25299"), CredentialsError, "refused to keep"),
        (ConnectionResetError("bus gone"), CredentialsError, "could not be used"),
    ],
)
def test_failures_of_the_keyring_are_plain_messages(
    failure: Exception, becomes: type[CredentialsError], sentence: str
) -> None:
    with pytest.raises(becomes, match=sentence) as caught:
        KeyringStore(FakeKeyring(failure)).get("libcal2pp:x", "u")
    assert type(caught.value) is becomes
    assert caught.value.hint


@pytest.mark.parametrize(("display", "words"), [(":0", "logging in anew"), ("", "Without a desk")])
def test_a_locked_store_says_what_helps_with_and_without_a_desktop(
    monkeypatch: pytest.MonkeyPatch, display: str, words: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    with pytest.raises(KeyringLocked) as caught:
        KeyringStore(FakeKeyring(errors.KeyringLocked())).get("libcal2pp:x", "u")
    assert words in caught.value.hint


def test_entries_stay_on_this_windows_computer() -> None:
    backend = WindowsLikeKeyring()
    KeyringStore(backend).set("libcal2pp:x", "u", "pw")
    assert backend.persist == "local machine"


def test_secret_too_long_for_windows_is_refused_before_it_is_cut() -> None:
    backend = WindowsLikeKeyring()
    with pytest.raises(CredentialsError, match="too long"):
        KeyringStore(backend).set("libcal2pp:x", "u", "x" * 1281)
    assert not backend.entries


def test_store_that_is_not_the_operating_systems_is_never_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    null = type(load_keyring("keyring.backends.null.Keyring"))
    _make_viable(monkeypatch, FakeKeyring, null)
    with pytest.raises(NoKeyring):
        default_store().set("libcal2pp:x", "u", "pw")


def test_store_that_the_calling_code_chose_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = FakeKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)  # puts it back afterwards
    keyring.set_keyring(chosen)

    default_store().set("libcal2pp:host.example", "123", "secret")

    assert chosen.entries == {("libcal2pp:host.example", "123"): "secret"}


def test_operating_systems_store_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    _make_viable(monkeypatch, FakeKeyring, WindowsStore)
    store = default_store()
    store.set("libcal2pp:x", "u", "pw")
    assert store.get("libcal2pp:x", "u") == "pw"


def test_a_store_that_comes_up_after_the_login_is_found_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = default_store()
    _make_viable(monkeypatch)
    with pytest.raises(NoKeyring):
        store.get("libcal2pp:x", "u")
    _make_viable(monkeypatch, WindowsStore)
    assert store.get("libcal2pp:x", "u") is None


def _make_viable(monkeypatch: pytest.MonkeyPatch, *backends: type[KeyringBackend]) -> None:
    monkeypatch.setattr(KeyringBackend, "get_viable_backends", lambda: iter(backends))


def test_keyring_is_not_imported_before_a_secret_is_needed() -> None:
    code = "import core.settings.credentials, sys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
