"""LibCal's list of changes between two passes: who books at the entrance is let in."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.models import ServiceChanged
from core.domain.status import Group, PassState
from core.engine.own import LibCal2PP
from core.practice.maker import ANNEX, MAIN
from core.practice.records import Person
from core.settings.credentials import Credentials
from tests.builders import NOON, FakeClock, a_note
from tests.e2e.library import Library, row_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(library: Library) -> tuple[Library, LibCal2PP]:
    """A day on which one pass was done a minute ago."""
    library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=1)
    library.services.clear_calls()
    return library, program


def news(library: Library, program: LibCal2PP) -> None:
    """The list of changes is asked for, a minute later."""
    library.clock.advance(minutes=1)
    program.ask_news()


def test_a_new_booking_is_registered_without_a_pass(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert library.calls("bookings") == 0
    assert library.visits == 2


def test_without_news_it_costs_one_call_for_each_location(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    library.book()
    news(library, program)
    library.services.clear_calls()
    for _ in range(3):
        news(library, program)
    places = len(program.config.libcal.locations)
    assert library.calls("updates") == 3 * places
    assert {call.name for call in library.services.calls} == {"updates"}


def test_a_later_pass_finds_what_news_brought_and_sends_nothing_again(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    first = row_of(program, row.book_id)
    program.log_new_bookings()
    news(library, program)
    assert row_of(program, row.book_id).row_id == first.row_id
    assert library.visits == 2


def test_a_later_end_is_seen_at_once(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    library.services.extend(row.book_id, row.ends_at + timedelta(hours=1))
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.CHANGED
    assert library.visits == 2


@pytest.mark.parametrize("moves_start", [True, False])
def test_who_was_checked_in_is_not_registered_a_second_time(
    running: tuple[Library, LibCal2PP], moves_start: bool
) -> None:
    library, program = running
    row = library.book(start=timedelta(minutes=10))
    news(library, program)
    library.services.check_in(row.book_id, moves_start=moves_start)
    news(library, program)
    assert len([one for one in program.rows() if one.book_id == row.book_id]) == 1
    assert library.visits == 2
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert library.visits == 2


def test_a_new_start_of_a_known_id_waits_for_the_whole_pass(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    before = row_of(program, row.book_id).starts_at
    library.services.move(row.book_id, row.starts_at + timedelta(hours=2))
    news(library, program)
    assert row_of(program, row.book_id).starts_at == before
    program.log_new_bookings()
    assert row_of(program, row.book_id).starts_at == before + timedelta(hours=2)
    assert library.visits == 2


@pytest.mark.parametrize("tells", [True, False])
def test_cancelled_is_said_at_once_where_the_list_tells_it(
    running: tuple[Library, LibCal2PP], tells: bool
) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    library.services.libcal.news.tells_cancelled = tells
    library.services.cancel(row.book_id)
    news(library, program)
    seen = row_of(program, row.book_id)
    assert (seen.passagepoint is PassState.CANCELLED_AFTER) is tells
    program.log_new_bookings()
    assert row_of(program, row.book_id).passagepoint is PassState.CANCELLED_AFTER


def seats_of_one_booking(library: Library) -> tuple[str, list[int]]:
    """Three seats under one ``bookId``; its rows' numbers."""
    person = library.services.add_person()
    first = library.book(person=person, seat_name="Seat 1")
    numbers = [first.number]
    for number in (2, 3):
        row = library.book(person=person, book_id=first.book_id, seat_name=f"Seat {number}")
        numbers.append(row.number)
    return first.book_id, numbers


def test_a_cancelled_seat_cancels_no_booking_that_has_others(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    book_id, numbers = seats_of_one_booking(library)
    news(library, program)
    assert row_of(program, book_id).group is Group.REGISTERED
    library.services.cancel_seats(numbers[:1])
    news(library, program)
    seen = row_of(program, book_id)
    assert seen.group is Group.REGISTERED
    assert seen.seats == "Seat 2 · Seat 3"
    library.services.cancel_seats(numbers[1:])
    news(library, program)
    assert row_of(program, book_id).passagepoint is PassState.CANCELLED_AFTER


def test_what_is_left_out_proves_nothing(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    library.services.remove(row.book_id)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_cancelled_booking_is_not_brought_back_by_a_late_answer(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    library.services.cancel(row.book_id)
    program.log_new_bookings()
    library.services.revive(row.book_id)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.EXCLUDED
    assert library.visits == 1
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_two_people_under_one_key_wait_for_the_whole_pass(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    other = library.services.add_person()
    library.book(person=other, book_id=row.book_id)
    news(library, program)
    assert [one for one in program.rows() if one.book_id == row.book_id] == []
    program.log_new_bookings()
    assert len([one for one in program.rows() if one.book_id == row.book_id]) == 2
    assert library.visits == 1


def test_who_takes_a_known_booking_over_waits_for_the_whole_pass(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    news(library, program)
    other = library.services.add_person()
    library.services.set_answer(row.book_id, other.primary_id)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, row.book_id).passagepoint is PassState.CHANGED
    assert library.visits == 2


def test_before_the_days_first_pass_nothing_is_asked(library: Library) -> None:
    library.book()
    program = library.open()
    program.ask_news()
    assert library.services.calls == []
    program.log_new_bookings()
    library.clock.advance(hours=24)
    library.services.clear_calls()
    program.ask_news()
    assert library.services.calls == []


def test_the_list_is_asked_from_a_little_before_the_last_answer(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    news(library, program)
    library.services.clear_calls()
    asked_at = library.clock.now()
    news(library, program)
    since = {call.params["date"] for call in library.services.calls if call.name == "updates"}
    assert since == {f"{asked_at - 2 * MINUTE:%Y-%m-%dT%H:%M:%SZ}"}


def test_a_computer_whose_clock_is_wrong_asks_by_libcals_own(library: Library) -> None:
    desk = FakeClock(NOON + timedelta(hours=3))
    config = library.services.config()
    cache = SQLiteCache(library.path, clock=desk, note=a_note(library.folder / "elsewhere"))
    with closing(
        LibCal2PP(config, credentials=Credentials(config, library.store), clock=desk, cache=cache)
    ) as program:
        program.log_new_bookings()
        row = library.book(start=timedelta(hours=4))
        desk.advance(minutes=1)
        news(library, program)
        assert row_of(program, row.book_id).group is Group.REGISTERED


def test_it_goes_no_farther_back_than_a_day(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    news(library, program)
    library.clock.advance(hours=30)
    program.log_new_bookings()
    library.services.clear_calls()
    news(library, program)
    since = {call.params["date"] for call in library.services.calls if call.name == "updates"}
    earliest = library.clock.now() - timedelta(hours=24)
    assert min(since) >= f"{earliest:%Y-%m-%dT%H:%M:%SZ}"
    assert library.calls("updates") > 0


@pytest.mark.parametrize("kind", ["404", "403", "400"])
def test_where_libcal_has_no_such_list_passes_go_on_alone(
    running: tuple[Library, LibCal2PP], kind: str
) -> None:
    library, program = running
    library.services.faults.add("updates", kind)
    for _ in range(5):
        news(library, program)
    assert library.calls("updates") == len(program.config.libcal.locations)
    assert program.statuses()["LibCal"].ok
    row = library.book()
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED
    library.services.faults.clear()
    library.clock.advance(hours=1)
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_one_location_without_the_list_keeps_no_other_waiting(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    library.services.faults.add("updates", "404", match=ANNEX)
    row = library.book(lid=MAIN)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("call", ["updates", "booking"])
@pytest.mark.parametrize("kind", ["503", "html", "cut_within", "empty"])
def test_what_fails_is_told_and_asked_again(
    running: tuple[Library, LibCal2PP], call: str, kind: str
) -> None:
    library, program = running
    row = library.book()
    library.services.faults.add(call, kind)
    news(library, program)
    assert not program.statuses()["LibCal"].ok
    library.services.faults.clear()
    for _ in range(4):
        library.clock.advance(minutes=1)
    news(library, program)
    assert program.statuses()["LibCal"].ok
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_location_whose_list_failed_stays_told_until_a_pass_has_it(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    library.services.faults.add("bookings", "503", match=ANNEX)
    program.log_new_bookings()
    library.services.faults.clear()
    news(library, program)
    assert not program.statuses()["LibCal"].ok
    program.log_new_bookings()
    assert program.statuses()["LibCal"].ok


def test_libcal_is_as_fresh_as_its_news(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    news(library, program)
    assert program.statuses()["LibCal"].last_good_at == library.clock.now()
    told = [one.status for one in library.events if isinstance(one, ServiceChanged)]
    fresh = [one for one in told if one.service == "LibCal"]
    assert fresh[-1].last_good_at == library.clock.now()


def test_refused_credentials_are_not_tried_again(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    library.clock.advance(hours=2)  # the token is over
    library.services.faults.add("token", "401")
    program.ask_news()
    asked = library.calls("token")
    assert program.statuses()["LibCal"].needs_credentials
    for _ in range(3):
        news(library, program)
    assert library.calls("token") == asked


def test_while_sending_is_stopped_news_sends_nothing(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    library.services.faults.add("createPreReg", "503", processed=True)
    doubtful = library.book()
    news(library, program)
    assert row_of(program, doubtful.book_id).passagepoint is PassState.UNCLEAR
    library.services.faults.clear()
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.WAITING
    assert library.calls("createPreReg") == 1
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_booking_of_another_day_or_place_is_left_alone(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    tomorrow = library.book(start=timedelta(hours=24))
    over = library.book(start=timedelta(hours=-3))
    news(library, program)
    ids = {row.book_id for row in program.rows()}
    assert tomorrow.book_id not in ids
    assert over.book_id not in ids
    assert library.visits == 1


def test_an_answer_that_the_list_doesnt_bring_is_kept(
    running: tuple[Library, LibCal2PP],
) -> None:
    library, program = running
    row = library.book()
    program.log_new_bookings()
    library.services.libcal.news.brings_answers = False
    library.services.extend(row.book_id, row.ends_at - 10 * MINUTE)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert row_of(program, row.book_id).primary_id == row.answer


def test_stopped_in_the_middle_it_is_asked_again(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    row = library.book()
    library.clock.advance(minutes=1)
    program.ask_news(lambda: True)
    assert library.visits == 1
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_restart_goes_on_where_the_list_was_read(running: tuple[Library, LibCal2PP]) -> None:
    library, program = running
    news(library, program)
    row = library.book()
    program = library.restart(program)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert library.calls("bookings") == 0


class RandomDay:
    """A day at which anything happens in LibCal while passes and news come as they like."""

    def __init__(self, library: Library, chance: random.Random) -> None:
        self.library, self.chance = library, chance
        self.program = library.open()
        self.program.log_new_bookings()
        self.books: dict[str, Person] = {}

    def happen(self) -> None:
        services, chance, now = self.library.services, self.chance, self.library.clock.now()
        what = chance.choice(["book"] * 5 + ["cancel", "move", "extend", "arrive", "seat"])
        one = chance.choice(list(self.books)) if self.books else None
        if what == "book" or one is None:
            minutes = chance.randrange(-30, 300)
            person, lid = services.add_person(), chance.choice([MAIN, ANNEX])
            row = self.library.book(start=minutes * MINUTE, person=person, lid=lid)
            self.books[row.book_id] = person
        elif what == "cancel":
            services.cancel(one)
        elif what == "move":
            services.move(one, now + chance.randrange(10, 300) * MINUTE)
        elif what == "extend":
            [begins, *_] = {row.starts_at for row in services.running.rows() if row.book_id == one}
            services.extend(one, begins + chance.randrange(10, 400) * MINUTE)
        elif what == "arrive":
            services.check_in(one, moves_start=chance.random() < 0.5)
        else:
            seats = [row for row in services.running.rows() if row.book_id == one]
            start, lid = seats[0].starts_at - now, seats[0].lid
            person = self.books[one]
            self.library.book(start=start, person=person, book_id=one, lid=lid, seat_name="Another")

    def step(self) -> None:
        chance, news = self.chance, self.library.services.libcal.news
        news.tells_cancelled = chance.random() < 0.5
        news.lags = chance.choice([timedelta(0), timedelta(0), 3 * MINUTE])
        what = chance.choice(["pass", "news", "news", "both", "stopped", "fault", "restart"])
        if what == "fault":
            call = chance.choice(["updates", "booking", "bookings", "user"])
            self.library.services.faults.add(call, "503", times=chance.randrange(1, 4))
        if what == "restart":
            self.program = self.library.restart(self.program)
        if what == "stopped":
            calls = chance.randrange(6)
            asked = iter(range(100))
            self.program.ask_news(lambda: next(asked, 100) > calls)
        elif what == "pass":
            self.program.log_new_bookings()
        else:
            self.program.ask_news()
            if what == "both":
                self.program.ask_news()
                self.program.log_new_bookings()


@pytest.mark.parametrize("seed", range(6))
def test_random_days_with_news_in_any_order_late_and_twice(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with Library(tmp_path) as library:
        day = RandomDay(library, chance)
        for _ in range(60):
            day.happen()
            if chance.random() < 0.6:
                day.step()
            library.clock.advance(minutes=chance.choice([0, 0, 1, 2, 5]))
        library.services.faults.clear()
        library.services.libcal.news.lags = timedelta(0)
        for _ in range(3):
            day.program.log_new_bookings()
            library.clock.advance(minutes=20)
            day.program.log_new_bookings()
        of_each = Counter(visit.visitor_id for visit in library.services.visits)
        assert set(of_each.values()) == {1}
        lost = [
            row.label
            for row in day.program.rows()
            if row.is_live and row.group is Group.WAITING and not row.is_over
        ]
        assert lost == []
        known = {row.book_id for row in day.program.rows()}
        assert set(day.books) <= known
