"""Several computers of one library, each with the program, on one shared database."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from core.clock import Clock
from core.credentials import Credentials
from core.models import BookingRow, DeskRequest, Event
from core.postgres_cache import PostgresCache
from core.shared_engine import SharedEngine
from core.status import Action
from tests.e2e.library import Library


class Computers:
    """``library`` with its services and its clock; ``url`` is the database that all share."""

    def __init__(self, library: Library, url: str) -> None:
        self.library = library
        self.url = url
        self.told: dict[str, list[Event]] = {}
        self._engines: list[SharedEngine] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for engine in self._engines:
            engine.close()

    def open(self, name: str, role: str = "registrar", **settings: Any) -> SharedEngine:
        """Start the program on the computer of this name."""
        folder = self.library.folder / name
        sections = {"Desk": {"role": role}, "Cache": {"url": self.url}} | settings
        config = self.library.services.config(**sections)
        engine = SharedEngine(
            config,
            credentials=Credentials(config, self.library.store),
            clock=self.library.clock,
            report=self.told.setdefault(name, []).append,
            open_cache=lambda _config, _credentials, clock: self.cache(folder, clock),
            note=folder / "settings",
        )
        self._engines.append(engine)
        return engine

    def cache(self, folder: Path, clock: Clock | None = None) -> PostgresCache:
        return PostgresCache(
            self.url, clock=clock or self.library.clock, marker=folder / "marker.json"
        )

    def ask(self, engine: SharedEngine, action: Action, row: BookingRow, **detail: str) -> str:
        """Press a button at this computer; the request's id."""
        request_id = uuid4().hex
        now = self.library.clock.now()
        engine.submit(DeskRequest(request_id, action, row.row_id, "jo", now, "desk", detail))
        engine.carry_out()
        return request_id

    def a_second_later(self, *engines: SharedEngine) -> None:
        """Each takes its turn, one second after the last one."""
        self.library.clock.advance(seconds=1)
        for engine in engines:
            engine.attend()

    def attend_for(self, seconds: int, *engines: SharedEngine) -> None:
        """Second after second."""
        for _ in range(seconds):
            self.a_second_later(*engines)
