"""Very many new bookings at once: the soonest go on while the others are written down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.clock import ClockCompared
from core.domain.models import Booking, Event, RowsChanged
from core.domain.status import PassState, PatronState
from core.services.alma.requests import AlmaRequests
from core.sync.lanes import Lanes
from core.sync.pipeline import Pipeline
from tests.builders import NOON
from tests.e2e.library import Library, row_of

MANY = 80


def watch(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, see: Callable[..., None]
) -> None:
    """Let ``see`` be told of each call before it is made."""
    original = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        see(*given)
        return original(*given, **named)

    monkeypatch.setattr(owner, name, watched)


def test_alma_is_asked_about_the_soonest_before_the_others_are_written(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.books(MANY)
    for _ in range(MANY):
        library.book(start=timedelta(hours=-3))  # over: Alma isn't asked about these
    cache = SQLiteCache(library.path, clock=library.clock)
    asked = threading.Event()
    written: list[list[datetime]] = []

    def write(bookings: Collection[Booking]) -> None:
        if written:
            assert asked.wait(10)
        written.append([booking.starts_at for booking in bookings])

    watch(monkeypatch, AlmaRequests, "find_patron", lambda *_: asked.set())
    watch(monkeypatch, cache.bookings, "add_all", write)
    report = library.open(cache=cache).log_new_bookings()
    soonest, others = written
    assert NOON < min(soonest) <= max(soonest) < min(one for one in others if one > NOON)
    assert report.counts.registered == library.visits == MANY


def test_answers_come_home_while_the_others_are_looked_at(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.books(MANY)
    looked_at: set[str] = set()
    came_home: list[int] = []
    watch(monkeypatch, Pipeline, "start_listed", lambda _, one: looked_at.add(one.row.row_id))
    watch(monkeypatch, Lanes, "take_home", lambda *_: came_home.append(len(looked_at)))
    library.open().log_new_bookings()
    assert any(0 < number < MANY for number in came_home)


def test_the_list_is_told_before_the_first_answer_comes_home(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.books(3)
    told: set[str] = set()
    is_told, in_time = threading.Event(), list[bool]()

    def hear(event: Event) -> None:
        told.update(row.row_id for row in (event.rows if isinstance(event, RowsChanged) else ()))
        if len(told) == 3:
            is_told.set()

    watch(monkeypatch, AlmaRequests, "find_patron", lambda *_: in_time.append(is_told.wait(5)))
    library.open(report=hear).log_new_bookings()
    assert in_time == [True] * 3


def test_among_very_many_new_ones_a_moved_booking_keeps_its_visit(library: Library) -> None:
    booking = library.book(start=timedelta(hours=4))
    program = library.open()
    before = row_of(program.log_new_bookings(), booking.book_id)
    library.services.move(booking.book_id, library.clock.now() + timedelta(minutes=20))
    library.books(MANY)
    after = row_of(program.log_new_bookings(), booking.book_id)
    assert (after.row_id, after.passagepoint) == (before.row_id, PassState.CHANGED)
    assert library.visits == MANY + 1


def test_among_very_many_new_ones_a_booking_that_vanished_is_not_sent(
    library: Library,
) -> None:
    """Its reader's answer comes for another booking, but after LibCal's answer was compared."""
    reader = library.services.add_person()
    booking = library.book(person=reader, start=timedelta(minutes=36))
    program = library.open()
    library.services.faults.add("Alma", "500")
    waiting = row_of(program.log_new_bookings(), booking.book_id)
    assert waiting.patron is PatronState.COULD_NOT_ASK
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    library.services.remove(booking.book_id)
    library.book(person=reader, start=timedelta(minutes=20))
    library.books(MANY)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).passagepoint is PassState.NOT_NEEDED
    assert report.counts.registered == library.visits == MANY + 1


def test_among_very_many_new_ones_a_forgotten_reader_stays_forgotten(library: Library) -> None:
    person = library.services.add_person()
    library.book(person=person)
    program = library.open()
    program.log_new_bookings()
    program.forget(person.primary_id)
    again = library.book(person=person, start=timedelta(minutes=20))
    library.books(MANY)
    row = row_of(program.log_new_bookings(), again.book_id)
    assert row.name == ""
    assert [line.text for line in program.history(row.row_id)] == ["Seen in LibCal."]


def test_stopped_as_libcal_answers_all_is_written_and_nothing_sent(library: Library) -> None:
    reader = library.services.add_person()
    library.book(person=reader)
    stop = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, ClockCompared):
            stop.set()

    program = library.open(report=hear)
    program.log_new_bookings()
    stop.clear()
    for number in range(MANY):
        library.book(person=reader, start=timedelta(minutes=30 + number))
    report = program.log_new_bookings(stop.is_set)
    assert report.stopped
    assert (len(report.rows), library.visits) == (MANY + 1, 1)
