"""The practice services with the program beside them, on one clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.cache.sqlite_cache import SQLiteCache
from core.day.new_ledger import LedgerAnswer
from core.domain.models import BookingRow, Event, SyncReport
from core.domain.status import Action
from core.engine.own import LibCal2PP
from core.practice.day import PracticeDay, make_big_day
from core.practice.records import LibCalRow, Person
from core.practice.services import PracticeServices
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, ZONE, FakeClock, a_note


class Library:
    """Practice services, one clock, one cache file; ``open`` starts the program on them."""

    def __init__(
        self, folder: Path, day: PracticeDay | None = None, *, now: datetime = NOON
    ) -> None:
        self.folder = folder
        self.clock = FakeClock(now)
        self.services = PracticeServices(day or make_big_day(NOON, ZONE, 0), clock=self.clock)
        self.store: MemoryStore = self.services.store()
        self.events: list[Event] = []
        self.settings: dict[str, Mapping[str, Any]] = {}
        self._programs: list[LibCal2PP] = []

    def __enter__(self) -> Self:
        self.services.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for program in self._programs:
            program.close()
        self.services.close()

    @property
    def path(self) -> Path:
        return self.folder / "cache.db"

    def open(
        self,
        *,
        assume: LedgerAnswer | None = None,
        report: Callable[[Event], None] | None = None,
        cache: SQLiteCache | None = None,
    ) -> LibCal2PP:
        """Start the program, as each morning; it is closed at the end of the test."""
        program = self.make(report or self.events.append, assume=assume, cache=cache)
        self._programs.append(program)
        return program

    def make(
        self,
        report: Callable[[Event], None],
        *,
        assume: LedgerAnswer | None = None,
        cache: SQLiteCache | None = None,
    ) -> LibCal2PP:
        """A program that whoever makes it closes, such as the window's thread."""
        config = self.services.config(**self.settings)
        return LibCal2PP(
            config,
            credentials=Credentials(config, self.store),
            clock=self.clock,
            report=report,
            cache=cache
            or SQLiteCache(
                self.path,
                clock=self.clock,
                note=a_note(self.folder / "elsewhere"),
            ),
            assume=assume,
        )

    def close(self, program: LibCal2PP) -> None:
        program.close()
        self._programs.remove(program)

    def restart(self, program: LibCal2PP) -> LibCal2PP:
        self.close(program)
        return self.open()

    def book(
        self,
        *,
        start: timedelta = timedelta(hours=1),
        person: Person | None = None,
        **fields: Any,
    ) -> LibCalRow:
        """A booking of somebody Alma knows, an hour from now."""
        who = person or self.services.add_person()
        return self.services.add_booking(self.clock.now() + start, person=who, **fields)

    def books(self, count: int) -> list[LibCalRow]:
        """So many bookings of so many people, a minute after each other."""
        return [self.book(start=timedelta(minutes=30 + number)) for number in range(count)]

    @property
    def visits(self) -> int:
        """How many visits PassagePoint has, whoever made them."""
        return len(self.services.visits)

    def calls(self, name: str) -> int:
        return sum(call.name == name for call in self.services.calls)


def row_of(report: SyncReport | LibCal2PP, book_id: str) -> BookingRow:
    """The row of a booking; old visits beside it don't count."""
    rows = report.rows if isinstance(report, SyncReport) else report.rows()
    [row] = [one for one in rows if one.book_id == book_id and one.libcal_label != "Replaced"]
    return row


def act(program: LibCal2PP, action: Action, book_id: str, **detail: str) -> str:
    """Press a button of this booking; what the desk reads."""
    done = program.act(action, row_of(program, book_id).row_id, **detail)
    assert done is not None
    return done.error or done.text


def at(hours: float) -> datetime:
    """So many hours after noon."""
    return NOON + timedelta(hours=hours)
