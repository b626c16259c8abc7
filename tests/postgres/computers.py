"""Several computers of one library, each with the program, on one shared database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from core.cache.postgres.cache import PostgresCache
from core.domain.clock import Clock
from core.domain.errors import AppError, CacheAway
from core.domain.models import BookingRow, DeskRequest, Event
from core.domain.status import Action
from core.settings.credentials import Credentials, MemoryStore
from core.sharing.engine import SharedEngine
from tests.builders import a_note
from tests.e2e.library import Library


class Computers:
    """``library`` with its services and its clock; ``url`` is the database that all share."""

    def __init__(self, library: Library, url: str) -> None:
        self.library = library
        self.url = url
        self.told: dict[str, list[Event]] = {}
        self.listeners: dict[str, Callable[[Event], None]] = {}
        """Told after ``told``, in the middle of what the computer does."""
        self.refusing: dict[str, Callable[[], AppError]] = {}
        """Why a computer can't open the database."""
        self.engines: dict[str, SharedEngine] = {}
        self.caches: dict[str, PostgresCache] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for engine in self.engines.values():
            engine.close()

    def open(
        self, name: str, role: str = "registrar", *, user: str = "app", **settings: Any
    ) -> SharedEngine:
        """Start the program on the computer of this name."""
        report = partial(self._hear, name)
        self.engines[name] = self.make(name, role, report=report, user=user, **settings)
        return self.engines[name]

    def make(
        self,
        name: str,
        role: str,
        *,
        report: Callable[[Event], None],
        user: str = "app",
        store: MemoryStore | None = None,
        **settings: Any,
    ) -> SharedEngine:
        """A program that whoever makes it closes, such as the window's thread."""
        sections = {"Desk": {"role": role}, "Cache": {"url": self.url}} | settings
        config = self.library.services.config(**sections)
        return SharedEngine(
            config,
            credentials=Credentials(config, store or self.library.store),
            clock=self.library.clock,
            report=report,
            open_cache=lambda _config, _credentials, clock: self._opened(name, user, clock),
            note=self.library.folder / name / "settings",
        )

    def cache(self, folder: Path, *, user: str = "app") -> PostgresCache:
        """The shared database, seen from beside the program."""
        url = self._url_of(user)
        return PostgresCache(url, clock=self.library.clock, note=a_note(folder))

    def cache_of_any_version(self) -> PostgresCache:
        return PostgresCache(self.url, clock=self.library.clock, any_version=True)

    def lose(self, name: str, why: Callable[[], AppError]) -> None:
        """This computer's connection ends, which it notices, and a new one can't be made."""
        self.refusing[name] = why
        self.caches[name].database.close()
        with suppress(CacheAway):
            self.a_second_later(self.engines[name])

    def _opened(self, name: str, user: str, clock: Clock) -> PostgresCache:
        if name in self.refusing:
            raise self.refusing[name]()
        self.caches[name] = PostgresCache(
            self._url_of(user),
            clock=clock,
            note=a_note(self.library.folder / name),
            any_version=True,
        )
        return self.caches[name]

    def _url_of(self, user: str) -> str:
        return self.url.replace("//app@", f"//{user}@")

    def _hear(self, name: str, event: Event) -> None:
        self.told.setdefault(name, []).append(event)
        if name in self.listeners:
            self.listeners[name](event)

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
