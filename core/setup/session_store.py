"""Secrets that are kept until the program ends, in front of the real password store."""

from __future__ import annotations

from core.settings.credentials import CredentialStore, MemoryStore


class SessionStore:
    """The password store, and what the desk wants kept only until it closes the program.

    That is never a silent way out: only ``keep_until_close`` puts anything there.
    """

    def __init__(self, below: CredentialStore) -> None:
        self._below = below
        self._memory = MemoryStore()

    def get(self, address: str, user: str) -> str | None:
        return self._memory.get(address, user) or self._below.get(address, user)

    def set(self, address: str, user: str, secret: str) -> None:
        self._below.set(address, user, secret)
        self._memory.delete(address, user)

    def delete(self, address: str, user: str) -> None:
        self._memory.delete(address, user)
        self._below.delete(address, user)

    def keep_until_close(self, address: str, user: str, secret: str) -> None:
        """Keep it in memory only."""
        self._memory.set(address, user, secret)

    def is_until_close(self, address: str, user: str) -> bool:
        """Whether this secret is gone when the program ends."""
        return self._memory.get(address, user) is not None
