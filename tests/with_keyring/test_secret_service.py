"""A real Secret Service: the throw-away one that .ci/with-keyring starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings.credentials import KeyringStore

pytestmark = pytest.mark.skipif(
    "LIBCAL2PP_TEST_KEYRING" not in os.environ, reason="needs .ci/with-keyring, as in make test"
)

PROJECT = Path(__file__).parents[2]
ADDRESS, USER = "libcal2pp:test.example.edu:2444", "libcal"

# keyring leaves its bus connection open when the store is locked, hence processes of their own.
LOCK_AND_READ = """
import secretstorage
from core.settings.credentials import KeyringStore
from core.domain.errors import AppError
bus = secretstorage.dbus_init()
secretstorage.get_default_collection(bus).lock()
try:
    KeyringStore().get("libcal2pp:x", "u")
except AppError as error:
    print(type(error).__name__)
"""
READ = """
from core.settings.credentials import KeyringStore
from core.domain.errors import AppError
try:
    KeyringStore().get("libcal2pp:x", "u")
except AppError as error:
    print(type(error).__name__)
"""


def test_secret_is_stored_and_read_back() -> None:
    store = KeyringStore()
    store.set(ADDRESS, USER, "päss wörd ")
    assert KeyringStore().get(ADDRESS, USER) == "päss wörd "


def test_secret_is_replaced() -> None:
    store = KeyringStore()
    store.set(ADDRESS, USER, "old")
    store.set(ADDRESS, USER, "new")
    assert store.get(ADDRESS, USER) == "new"


def test_deleted_secret_is_gone() -> None:
    store = KeyringStore()
    store.set(ADDRESS, USER, "pw")
    store.delete(ADDRESS, USER)
    store.delete(ADDRESS, USER)
    assert store.get(ADDRESS, USER) is None


def test_absent_entry_is_none() -> None:
    assert KeyringStore().get("libcal2pp:never.example.edu", USER) is None


def test_locked_store_says_so() -> None:
    command = [str(PROJECT / ".ci/with-keyring"), sys.executable, "-c", LOCK_AND_READ]
    assert _said_by(command) == "KeyringLocked"


def test_store_that_was_never_opened_counts_as_locked() -> None:
    never_opened = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; exec "$@"'
    scratch = "d=$(mktemp -d); XDG_DATA_HOME=$d XDG_RUNTIME_DIR=$d XDG_CACHE_HOME=$d "
    command = [
        "bash",
        "-c",
        scratch + 'dbus-run-session -- bash -c "$1" _ "${@:2}"; rm -rf "$d"',
        "_",
        never_opened,
        sys.executable,
        "-c",
        READ,
    ]
    assert _said_by(command) == "KeyringLocked"


def test_computer_without_a_store_says_so() -> None:
    assert _said_by([sys.executable, "-c", READ], without_bus=True) == "NoKeyring"


def _said_by(command: list[str], *, without_bus: bool = False) -> str:
    environment = dict(os.environ)
    if without_bus:
        environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
