"""Two sessions on one cache: one registers, the other shows it and sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.computer import paths
from core.domain.errors import CacheLocked
from core.domain.models import ActionDone, DeskRequest, Event, RowsChanged
from core.domain.status import Action, Group
from core.engine.own import LibCal2PP
from core.engine.read_only import ReadOnlyEngine
from core.settings.config import Config
from core.settings.credentials import Credentials
from core.sharing.opening import open_or_look_on
from tests.builders import NOON
from tests.e2e.library import Library, row_of

Look = Callable[[], ReadOnlyEngine]


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def look(library: Library, told: list[Event]) -> Iterator[Look]:
    """Opens the second session on the library's cache, while the first one has it."""
    opened: list[ReadOnlyEngine] = []

    def open_second() -> ReadOnlyEngine:
        cache = SQLiteCache(library.path, clock=library.clock, read_only=True)
        config = library.services.config()
        opened.append(ReadOnlyEngine(config, cache, report=told.append, clock=library.clock))
        return opened[-1]

    yield open_second
    for one in opened:
        one.close()


def test_it_shows_what_the_first_session_does_and_offers_no_button(
    library: Library, look: Look, told: list[Event]
) -> None:
    first = library.open()
    booking = library.book(answer="G12")
    first.log_new_bookings()
    assert row_of(first, booking.book_id).action is Action.CORRECT_ID
    second = look()
    [row] = second.rows()
    assert (row.group, row.action, row.offers) == (Group.NEEDS_PERSON, None, ())
    new = library.book()
    first.log_new_bookings()
    assert not second.attend()
    changed = [row for event in told if isinstance(event, RowsChanged) for row in event.rows]
    assert [row.group for row in changed if row.book_id == new.book_id] == [Group.REGISTERED]
    told.clear()
    second.attend()
    assert told == []


def test_nothing_that_is_asked_of_it_sends_or_deletes(
    library: Library, look: Look, told: list[Event]
) -> None:
    first = library.open()
    booking = library.book(answer="G12")
    first.log_new_bookings()
    calls = len(library.services.calls)
    second = look()
    second.submit(DeskRequest("q", Action.REGISTER_NOW, second.rows()[0].row_id, "bob", NOON))
    second.carry_out()
    assert [event.error for event in told if isinstance(event, ActionDone)] == [str(second.trouble)]
    second.log_new_bookings()
    second.forgive()
    for refused in (second.clean_up, second.clean_up_plan):
        with pytest.raises(CacheLocked, match="registers here"):
            refused()
    with pytest.raises(CacheLocked):
        second.forget("G12")
    assert (len(library.services.calls), library.visits) == (calls, 0)
    assert row_of(first, booking.book_id).id_answer == "G12"


@pytest.fixture
def config(library: Library, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(paths, "config_folder", lambda: library.folder / "elsewhere")
    return library.services.config(Cache={"path": str(library.path)})


def open_window(library: Library, config: Config) -> LibCal2PP | ReadOnlyEngine:
    credentials = Credentials(config, library.store)
    engine = open_or_look_on(config, credentials=credentials, report=lambda _event: None)
    assert isinstance(engine, LibCal2PP | ReadOnlyEngine)
    return engine


def test_a_window_looks_on_as_long_as_another_program_writes_and_then_takes_over(
    library: Library, config: Config
) -> None:
    first = library.open()
    second = open_window(library, config)
    assert isinstance(second, ReadOnlyEngine)
    assert "registers here (no pass yet)" in str(second.trouble)
    assert second.successor() is None
    library.close(first)
    second._next_try = 0.0
    third = second.successor()
    assert isinstance(third, LibCal2PP)
    third.close()


def test_looking_whether_it_is_free_keeps_nobody_else_out(library: Library, config: Config) -> None:
    """The lock is taken by whoever goes on to register, and only then."""
    first = library.open()
    second = open_window(library, config)
    assert isinstance(second, ReadOnlyEngine)
    library.close(first)
    second.attend()
    second.rows()
    assert second.trouble
    library.close(library.open())
    second.close()


def test_a_cache_that_a_backup_holds_is_not_looked_at(
    library: Library, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close(library.open())

    def locked(*_args: object, **_kwargs: object) -> LibCal2PP:
        raise CacheLocked("Another program holds the cache.")

    monkeypatch.setattr("core.sharing.opening.LibCal2PP", locked)
    with pytest.raises(CacheLocked, match="Another program"):
        open_window(library, config)
