"""The rows around now, as the window shows them before its engine is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.domain.status import PassState
from core.engine.first_look import FirstLook, first_look
from core.settings.config import Config
from tests.builders import NOON, a_config
from tests.e2e.library import Library, row_of

MINUTE = timedelta(minutes=1)


def look(library: Library) -> FirstLook:
    return first_look(_config(library), library.clock)


def _config(library: Library) -> Config:
    return library.services.config(**library.settings, Cache={"path": str(library.path)})


def test_rows_and_services_are_as_the_engine_has_them(library: Library) -> None:
    program = library.open()
    registered, wrong = library.book(), library.book(answer="G12")
    program.log_new_bookings()
    library.clock.advance(minutes=10)
    seen = look(library)
    assert list(seen.rows) == program.rows()
    assert dict(seen.statuses) == program.statuses()
    assert {row.book_id for row in seen.rows} == {registered.book_id, wrong.book_id}


def test_what_holds_bookings_back_is_seen_too(library: Library) -> None:
    library.services.faults.add("login", "401")
    program = library.open()
    booking = library.book()
    program.log_new_bookings()
    [row] = look(library).rows
    assert row == row_of(program, booking.book_id)
    assert "Nothing can be sent" in (row.reason or "")


def test_of_a_long_day_only_what_is_next_to_now_is_read(library: Library) -> None:
    program = library.open()
    for number in range(-60, 140):
        library.book(start=number * MINUTE)
    program.log_new_bookings()
    rows = look(library).rows
    assert [row.starts_at for row in rows] == [NOON + number * MINUTE for number in range(-19, 41)]
    known = {row.row_id: row for row in program.rows()}
    assert all(known[row.row_id] == row for row in rows)


def test_another_day_is_left_out(library: Library) -> None:
    program = library.open()
    library.book()
    program.log_new_bookings()
    library.clock.advance(days=1)
    assert look(library).rows == []


def test_it_writes_nothing_while_another_program_does(library: Library) -> None:
    program = library.open()
    booking = library.book()
    program.log_new_bookings()
    files = {file: file.stat().st_mtime_ns for file in library.path.parent.iterdir()}
    assert [row.passagepoint for row in look(library).rows] == [PassState.REGISTERED]
    assert files == {file: file.stat().st_mtime_ns for file in library.path.parent.iterdir()}
    program.log_new_bookings()
    assert row_of(program, booking.book_id).passagepoint is PassState.REGISTERED


def test_there_is_nothing_to_see_before_there_is_a_cache(library: Library) -> None:
    assert look(library) == FirstLook()
    assert not library.path.exists()


def test_a_cache_that_cant_be_read_now_is_left_to_the_engine(library: Library) -> None:
    library.close(library.open())
    with sqlite3.connect(library.path) as older:
        older.execute("PRAGMA user_version = 1")
    older.close()
    assert look(library) == FirstLook()
    library.path.write_bytes(b"no database at all" * 100)
    assert look(library) == FirstLook()


def test_a_fault_of_our_own_keeps_no_window_away(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library.close(library.open())

    def fail(*_given: object, **_named: object) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr("core.engine.first_look.DayView", fail)
    assert look(library) == FirstLook()
    assert "The first look failed" in caplog.text


def test_no_window_waits_for_who_holds_the_cache(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close(library.open())
    holder = sqlite3.connect(library.path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    waited: list[float] = []

    def noted(*args: Any, timeout: float, **options: Any) -> sqlite3.Connection:
        waited.append(timeout)
        return connect(*args, timeout=timeout, **options)

    monkeypatch.setattr(sqlite3, "connect", noted)
    assert look(library) == FirstLook()
    assert waited == [pytest.approx(0.05)]
    holder.close()


def test_a_shared_cache_may_be_slow_and_is_not_waited_for(library: Library) -> None:
    shared = a_config(Cache={"url": "postgresql://somebody@database.invalid/cache"})
    assert first_look(shared, library.clock) == FirstLook()
