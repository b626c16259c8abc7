"""How many calls a day costs: Alma's are the whole institution's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.domain.status import Action, Group, PatronState
from core.engine.own import LibCal2PP
from core.practice.day import make_day
from core.practice.records import LibCalRow, Person
from tests.builders import ZONE
from tests.e2e.library import Library, act, row_of
from tests.promise.test_clock import at, set_clock

MORNING = at("2026-11-23T07:00")


@pytest.fixture
def morning(library: Library) -> Library:
    """An empty day at seven."""
    set_clock(library, MORNING)
    return library


def passes(library: Library, program: LibCal2PP, until: datetime) -> None:
    """A pass every five minutes."""
    while library.clock.now() < until:
        program.log_new_bookings()
        library.clock.advance(minutes=5)


def unknown_to_alma(library: Library) -> Person:
    return library.services.running._maker.draw_person()


def asked(library: Library, row: LibCalRow) -> list[str]:
    """When Alma's first zone was asked for this reader, as the library's clock showed it."""
    calls = [call for call in library.services.calls if call.name == "user"]
    mine = [one for one in calls if one.params["id"] == row.answer and one.params["zone"] == "Main"]
    return [f"{one.at.astimezone(ZONE):%H:%M}" for one in mine]


def test_who_is_not_there_is_asked_for_before_each_start_and_else_every_six_hours(
    morning: Library,
) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T22:00"), person=person)
    passes(morning, morning.open(), at("2026-11-23T22:30"))
    assert asked(morning, row) == ["07:00", "13:00", "21:00", "21:45"]


def test_a_start_that_is_near_saves_the_six_hours(morning: Library) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T16:00"), person=person)
    passes(morning, morning.open(), at("2026-11-23T17:30"))
    assert asked(morning, row) == ["07:00", "15:00", "15:45"]


def test_who_got_a_card_before_the_start_is_registered(morning: Library) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T16:00"), person=person)
    program = morning.open()
    passes(morning, program, at("2026-11-23T15:30"))
    assert row_of(program, row.book_id).patron is PatronState.NOT_IN_ALMA
    morning.services.add_person(person)
    passes(morning, program, at("2026-11-23T15:50"))
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_change_of_the_booking_and_a_new_one_ask_at_once(morning: Library) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T22:00"), person=person)
    program = morning.open()
    passes(morning, program, at("2026-11-23T08:00"))
    morning.services.extend(row.book_id, at("2026-11-23T23:30"))
    passes(morning, program, at("2026-11-23T09:00"))
    morning.services.add_booking(at("2026-11-23T21:30"), person=person)
    passes(morning, program, at("2026-11-23T10:00"))
    assert asked(morning, row) == ["07:00", "08:00", "09:00"]


def test_a_press_asks_at_any_time(morning: Library) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T22:00"), person=person)
    program = morning.open()
    passes(morning, program, at("2026-11-23T07:30"))
    morning.services.add_person(person)
    act(program, Action.REGISTER_NOW, row.book_id)
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_whoever_was_registered_by_hand_is_not_asked_for_again(morning: Library) -> None:
    person = unknown_to_alma(morning)
    row = morning.services.add_booking(at("2026-11-23T22:00"), person=person)
    program = morning.open()
    program.log_new_bookings()
    act(program, Action.BY_HAND, row.book_id)
    passes(morning, program, at("2026-11-23T22:30"))
    assert asked(morning, row) == ["07:00"]


@pytest.fixture(scope="module")
def practice_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The practice day, from seven till half past ten in passes of five minutes."""
    day = make_day(MORNING.replace(hour=12), ZONE)
    with Library(tmp_path_factory.mktemp("day"), day, now=MORNING) as library:
        passes(library, library.open(), at("2026-11-23T22:30"))
        yield library


def test_the_practice_day_asks_alma_hardly_more_than_once_a_person(practice_day: Library) -> None:
    people = Counter(
        call.params["id"] for call in practice_day.services.calls if call.name == "user"
    )
    assert len(people) > 100
    assert people.total() / len(people) <= 1.15


# A day without bookings


def calls_a_location(library: Library) -> float:
    return library.calls("bookings") / len(library.services.config().libcal.locations)


def test_a_day_without_bookings_asks_for_whole_lists_every_quarter_of_an_hour(
    morning: Library,
) -> None:
    passes(morning, morning.open(), at("2026-11-23T19:00"))
    assert calls_a_location(morning) <= 12 * 4


def test_the_first_booking_of_a_day_is_registered_in_the_next_pass(morning: Library) -> None:
    program = morning.open()
    for minutes in (0, 5, 5):
        morning.clock.advance(minutes=minutes)
        program.log_new_bookings()
    row = morning.book()
    morning.clock.advance(minutes=4)
    report = program.log_new_bookings()
    assert row_of(report, row.book_id).group is Group.REGISTERED


def test_without_a_list_of_changes_every_pass_asks_for_whole_lists(morning: Library) -> None:
    morning.services.faults.add("updates", "404")
    program = morning.open()
    program.log_new_bookings()
    row = morning.book()
    morning.clock.advance(minutes=5)
    report = program.log_new_bookings()
    assert report.services["LibCal"].ok
    assert row_of(report, row.book_id).group is Group.REGISTERED


def test_a_quiet_days_passes_say_when_libcal_fails(morning: Library) -> None:
    program = morning.open()
    program.log_new_bookings()
    morning.clock.advance(minutes=5)
    morning.services.faults.add("LibCal", "503")
    assert not program.log_new_bookings().services["LibCal"].ok
    morning.services.faults.clear()
    morning.clock.advance(minutes=5)
    status = program.log_new_bookings().services["LibCal"]
    assert status.ok
    assert status.last_good_at == morning.clock.now()


def test_in_the_evening_tomorrow_is_read_on_a_quiet_day_too(library: Library) -> None:
    set_clock(library, at("2026-11-23T19:58"))
    tomorrow = library.services.add_booking(at("2026-11-24T09:00"), person=None)
    library.clock.advance(hours=-1)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(minutes=59)
    program.log_new_bookings()
    library.clock.advance(minutes=5)
    program.log_new_bookings()
    library.services.faults.add("LibCal", "503")
    set_clock(library, at("2026-11-24T07:00"))
    assert row_of(program.log_new_bookings(), tomorrow.book_id).group is Group.REGISTERED


def test_sync_now_asks_for_whole_lists_on_a_quiet_day(morning: Library) -> None:
    program = morning.open()
    program.log_new_bookings()
    morning.services.clear_calls()
    program.forgive()
    program.log_new_bookings()
    assert morning.calls("bookings") == len(morning.services.config().libcal.locations)
    assert timedelta(0) < morning.clock.now() - MORNING
