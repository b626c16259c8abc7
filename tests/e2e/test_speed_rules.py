"""What makes the program fast and fair, as rules that need no stop-watch.

How fast it is in seconds is measured by ``python -m tests.benchmarks``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.day.day_book import DayBook
from core.domain.models import DeskRequest, Event, RowsChanged
from core.domain.status import Action, PassState
from core.engine.own import LibCal2PP
from core.practice.day import make_big_day
from core.services.alma.requests import AlmaRequests
from core.services.libcal.requests import LibCalRequests
from core.settings.credentials import Credentials
from core.verdict import Rules
from tests.benchmarks.program import keep_registered
from tests.builders import NOON, ZONE, FakeClock, a_booking, a_config, a_patron
from tests.e2e.library import Library

PACE = 5


# A pass with nothing new


def statements_of_an_idle_pass(folder: Path, bookings: int) -> int:
    """How many statements a pass needs when so many bookings are all registered."""
    with Library(folder, make_big_day(NOON, ZONE, bookings)) as library:
        config = library.services.config()
        credentials = Credentials(config, library.store)
        with closing(
            LibCalRequests(config, credentials=credentials, clock=library.clock)
        ) as libcal:
            day = libcal.retrieve_bookings()
        cache = SQLiteCache(library.path, clock=library.clock)
        keep_registered(cache, config, day, now=NOON)
        program = LibCal2PP(config, credentials=credentials, clock=library.clock, cache=cache)
        with closing(program):
            program.log_new_bookings()
            before = cache.database.statements
            report = program.log_new_bookings()
            assert report.counts.registered == bookings
            return cache.database.statements - before


def test_a_pass_with_nothing_new_costs_the_same_statements_at_20_and_2000_bookings(
    tmp_path: Path,
) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    few = statements_of_an_idle_pass(tmp_path / "few", 20)
    assert statements_of_an_idle_pass(tmp_path / "many", 2000) == few
    assert few <= 15


def test_a_pass_with_nothing_new_asks_libcal_alone(library: Library) -> None:
    library.books(3)
    program = library.open()
    program.log_new_bookings()
    library.services.clear_calls()
    program.log_new_bookings()
    assert {call.name for call in library.services.calls} == {"bookings"}


def test_tokens_are_used_again_in_the_next_pass(library: Library) -> None:
    library.books(2)
    program = library.open()
    program.log_new_bookings()
    library.books(2)
    program.log_new_bookings()
    assert library.visits == 4
    assert (library.calls("token"), library.calls("login")) == (1, 1)


# Who comes first


def test_one_person_is_asked_and_created_once(library: Library) -> None:
    person = library.services.add_person()
    for hours in (1, 3, 5, 7):
        library.book(person=person, start=timedelta(hours=hours))
    library.open().log_new_bookings()
    calls = Counter(call.name for call in library.services.calls)
    assert (calls["user"], calls["createVisitor"], calls["createPreReg"]) == (1, 1, 4)


def test_visits_are_sent_soonest_start_first(library: Library) -> None:
    library.settings = {"PassagePoint": {"parallel_calls": 1}}
    for minutes in (90, 30, 150, 60, 240, 120, 180, 210):
        library.book(start=timedelta(minutes=minutes))
    config = library.services.config()
    credentials = Credentials(config, library.store)
    with closing(LibCalRequests(config, credentials=credentials, clock=library.clock)) as libcal:
        bookings = libcal.retrieve_bookings()
    program = library.open()
    program.process_users(bookings)  # so that only PassagePoint's lane decides the order
    program.log_new_bookings()
    starts = [visit.start for visit in library.services.visits]
    assert len(starts) == 8
    assert starts == sorted(starts)


def test_of_several_bookings_of_one_reader_the_soonest_goes_on_first(tmp_path: Path) -> None:
    starts = [NOON + timedelta(minutes=15 * number) for number in (7, 3, 9, 1, 5, 8, 2, 6, 4)]
    with closing(SQLiteCache(tmp_path / "cache.db")) as cache:
        rows = {
            cache.bookings.add(a_booking(f"cs_{start:%H%M}", start), first_seen_at=NOON).row_id: (
                start
            )
            for start in starts
        }
        book = DayBook(cache, Rules(a_config()), FakeClock(), lambda facts: None)
        book.open()
        assert [rows[row_id] for row_id in book.put_patron(a_patron())] == sorted(starts)


class HurriedDesk:
    """Presses "Register now" for the last booking of the day as soon as the first is done."""

    def __init__(self) -> None:
        self.program: LibCal2PP | None = None
        self.wanted: datetime | None = None

    def hear(self, event: Event) -> None:
        done = isinstance(event, RowsChanged) and any(
            row.passagepoint is PassState.REGISTERED for row in event.rows
        )
        if not done or self.program is None or self.wanted is not None:
            return
        last = self.program.rows()[-1]
        self.wanted = last.starts_at
        request = DeskRequest("hurry", Action.REGISTER_NOW, last.row_id, "desk", NOON)
        self.program.submit(request)


def test_register_now_overtakes_what_is_waiting(library: Library) -> None:
    library.settings = {"PassagePoint": {"parallel_calls": 1}}
    library.books(60)
    desk = HurriedDesk()
    desk.program = library.open(report=desk.hear)
    desk.program.log_new_bookings()
    starts = [visit.start for visit in library.services.visits]
    assert len(starts) == 60
    assert desk.wanted is not None
    assert starts.index(desk.wanted) < 30


# Alma's pace


@pytest.fixture
def alma(library: Library) -> Iterator[AlmaRequests]:
    config = library.services.config(Alma={"calls_per_second": PACE})
    credentials = Credentials(config, library.store)
    with closing(AlmaRequests(config, credentials=credentials, clock=library.clock)) as alma:
        yield alma


def most_in_a_second(library: Library) -> int:
    moments = [call.at for call in library.services.calls if call.service == "Alma"]
    second = timedelta(seconds=1)
    return max(sum(start <= one < start + second for one in moments) for start in moments)


def test_alma_is_never_asked_faster_than_allowed_across_its_zones(
    library: Library, alma: AlmaRequests
) -> None:
    for number in range(3 * PACE):
        alma.find_patron(f"G1000000{number}")  # in neither zone, so each is asked
    assert library.calls("user") == 6 * PACE
    assert most_in_a_second(library) <= PACE


def test_a_pause_gives_no_right_to_a_burst(library: Library, alma: AlmaRequests) -> None:
    alma.find_patron("G10000000")
    library.clock.advance(minutes=10)
    for number in range(2 * PACE):
        alma.find_patron(f"G2000000{number}")
    assert most_in_a_second(library) <= PACE


def test_after_alma_said_too_fast_it_is_asked_half_as_fast(
    library: Library, alma: AlmaRequests
) -> None:
    library.services.faults.add("Alma", "per_second_threshold", times=1)
    alma.find_patron("G10000000")
    library.services.clear_calls()
    for number in range(2 * PACE):
        alma.find_patron(f"G2000000{number}")
    assert most_in_a_second(library) <= PACE // 2 + 1
