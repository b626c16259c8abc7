"""Credentials that a service refused: kept across restarts, and left alone until they change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.service_board import ServiceBoard
from core.domain.errors import CredentialsError, CredentialsRefused
from core.services.clients import Clients, refusal_name


class RefusedSecrets:
    """What a pass does about them before, while and after it asks the services."""

    def __init__(self, cache: Cache, book: DayBook, board: ServiceBoard, clients: Clients) -> None:
        self._cache = cache
        self._book = book
        self._board = board
        self._clients = clients

    def ask_the_store(self) -> Iterator[Callable[[], bool]]:
        """A locked store may be open now; a call for each refused secret: has it changed?"""
        refused = self._cache.services.refusals()
        if self._board.ask_the_store_again({name.partition(":")[0] for name in refused}):
            self._book.reconsider()
        return (partial(self._clients.has_new_secret, name) for name in refused)

    def on_changed(self, result: Any) -> None:
        """A refused secret that was replaced meanwhile may be used."""
        if result is True:
            self._cache.services.forgive()
            self._clients.forgive()
            self._board.forgive()
            self._book.reconsider()

    def remember(self) -> None:
        """Credentials that were refused aren't tried again by themselves, restarts included."""
        known = self._cache.services.refusals()
        zones = [("Alma", zone) for zone in self._clients.refused_zones()]
        others = [(service, None) for service in self._board.refused if service != "Alma"]
        self._board.refused.clear()
        for service, zone in [*zones, *others]:
            if refusal_name(service, zone) in known:
                continue
            try:
                name, mark = self._clients.mark_refused(service, zone)
            except CredentialsError:
                continue  # the password store was locked meanwhile: this process remembers anyway
            self._cache.services.refuse(name, mark, "refused")

    def note_zones(self) -> None:
        """A zone whose key was refused is news, even if the others know everybody."""
        zones = ", ".join(self._clients.refused_zones())
        if zones and self._board.of("Alma").ok:
            self._board.failed(
                "Alma",
                CredentialsRefused(
                    "Alma",
                    f"Alma refused the key of {zones}.",
                    "Enter the right key in Settings; the other zones are asked meanwhile.",
                ),
            )
