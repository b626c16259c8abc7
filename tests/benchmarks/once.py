"""``main.py --once`` with its secrets from the environment: what ``start`` measures.

Imports nothing that the program itself doesn't import, keyring included.
"""

from __future__ import annotations

import json
import os
import sys

from core.cli.command_line import Surroundings, WindowOptions, run
from core.settings.credentials import CredentialStore, MemoryStore

SECRETS = "LIBCAL2PP_BENCHMARK_SECRETS"


def _store() -> CredentialStore:
    import keyring.backend

    assert keyring.backend.get_all_keyring() is not None  # as slow as looking for the real one
    store = MemoryStore()
    for address, user, secret in json.loads(os.environ[SECRETS]):
        store.set(address, user, secret)
    return store


def _no_window(options: WindowOptions) -> int:
    raise AssertionError("--once opens no window")


if __name__ == "__main__":
    around = Surroundings(sys.stdin, sys.stdout, sys.stderr, _no_window, store=_store)
    sys.exit(run(["--once", "--config", sys.argv[1]], around))
