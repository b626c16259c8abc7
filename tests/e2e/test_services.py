"""Each service's own troubles: the others' work goes on, and what is known stays."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.clock import ClockCompared
from core.domain.models import Booking, SyncReport
from core.domain.service_status import Trouble
from core.domain.status import Action, Group, PassState, PatronState
from core.practice.records import Card, Person
from tests.builders import NOON, FakeClock
from tests.e2e.library import Library, act, row_of

STRANGE = ["html", "empty", "truncated", "wrong_type", "huge", "deep", "500"]


@pytest.mark.parametrize("fault", STRANGE)
def test_a_strange_answer_of_libcal_leaves_the_cached_day_standing(
    library: Library, fault: str
) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("bookings", fault)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert report.services["LibCal"].error
    assert report.services["Alma"].ok


@pytest.mark.parametrize("fault", [*STRANGE, "xml"])
def test_a_strange_answer_of_alma_is_never_not_in_alma(library: Library, fault: str) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("user", "503" if fault == "xml" else fault)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.patron is PatronState.COULD_NOT_ASK
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("fault", STRANGE)
def test_a_strange_answer_to_creating_a_visitor_is_repeated_later(
    library: Library, fault: str
) -> None:
    booking = library.book(start=timedelta(hours=3))
    program = library.open()
    library.services.faults.add("createVisitor", fault, processed=True)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.FAILED
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert [len(ids) for ids in library.services.visitors.values()] == [1]


def test_a_cached_day_shows_without_any_network(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    library.services.clear_calls()
    program = library.open()
    assert row_of(program, booking.book_id).group is Group.REGISTERED
    assert library.services.calls == []


def test_a_known_person_is_used_while_alma_is_away(library: Library) -> None:
    reader = library.services.add_person()
    library.book(person=reader)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=8)
    program = library.restart(program)
    booking = library.book(person=reader)
    library.services.faults.add("user", "500")
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, row.is_old) == (Group.REGISTERED, True)


def test_a_known_person_is_not_asked_for_again_for_a_week(library: Library) -> None:
    reader = library.services.add_person()
    library.book(person=reader)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(hours=2)
    library.book(person=reader)
    program.log_new_bookings()
    assert library.calls("user") == 1


def test_someone_alma_does_not_know_is_asked_for_again_before_the_start(library: Library) -> None:
    stranger = Person("G99999999", "Ana", "Ruiz", cards=(Card("2282"),))
    booking = library.book(start=timedelta(hours=4), person=stranger)
    program = library.open()
    program.log_new_bookings()
    asked = library.calls("user")
    library.clock.advance(hours=2, minutes=59)
    program.log_new_bookings()
    assert library.calls("user") == asked
    library.services.add_person(stranger)
    library.clock.advance(minutes=2)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_a_zone_that_fails_hides_nobody_the_others_know(library: Library) -> None:
    in_law = Person("G10000001", "Ana", "Ruiz", cards=(Card("1"),), zone="Law")
    nowhere = Person("G10000002", "Bo", "Ek", cards=(Card("2"),))
    found = library.book(person=library.services.add_person(in_law))
    unknown = library.book(person=nowhere)
    library.services.faults.add("user", "500", match="Main")
    report = library.open().log_new_bookings()
    assert row_of(report, found.book_id).group is Group.REGISTERED
    assert row_of(report, unknown.book_id).patron is PatronState.COULD_NOT_ASK


def test_a_zone_whose_key_is_refused_is_news_and_the_other_one_works_on(
    library: Library,
) -> None:
    booking = library.book()
    config = library.services.config()
    address = f"libcal2pp:{library.services.url.removeprefix('http://')}"
    library.store.set(address, config.alma.zones[1], "wrong")
    nobody = library.book(person=Person("G10000002", "Bo", "Ek"))
    report = library.open().log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert row_of(report, nobody.book_id).patron is PatronState.COULD_NOT_ASK
    assert "Law" in (report.services["Alma"].error or "")
    assert report.services["Alma"].trouble is Trouble.REFUSED


def test_the_calls_that_are_kept_back_are_for_register_now(library: Library) -> None:
    library.book()
    library.services.alma.remaining = 900
    program = library.open()
    program.log_new_bookings()
    later = library.book(start=timedelta(hours=2))
    report = program.log_new_bookings()
    row = row_of(report, later.book_id)
    assert report.services["Alma"].quota_spent
    assert (row.group, row.action) == (Group.WAITING, Action.BY_HAND)
    assert act(program, Action.REGISTER_NOW, later.book_id).startswith("Registered")


@pytest.mark.parametrize("is_spent", [True, False], ids=["spent", "few left"])
def test_while_alma_has_few_calls_left_it_is_asked_once_an_hour_restarts_included(
    library: Library, is_spent: bool
) -> None:
    library.settings["Alma"] = {"url": library.services.url, "zones": ["Main"]}
    library.book()
    library.services.alma.remaining = 900
    if is_spent:
        library.services.faults.add("user", "daily_threshold")
    program = library.open()
    program.log_new_bookings()
    library.books(3)
    for _ in range(5):
        library.clock.advance(minutes=11)
        program = library.restart(program)
        program.log_new_bookings()
    assert library.calls("user") == 1
    library.clock.advance(minutes=11)
    library.restart(program).log_new_bookings()
    assert library.calls("user") == 2


def test_a_person_may_ask_alma_again_at_once(library: Library) -> None:
    booking = library.book()
    library.services.faults.add("user", "daily_threshold", times=1)
    program = library.open()
    program.log_new_bookings()
    program = library.restart(program)
    program.forgive()
    library.clock.advance(minutes=2)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"Main": 3}', '{"": "soon"}'])
def test_an_unreadable_note_of_almas_calls_holds_nothing_back(library: Library, kept: str) -> None:
    booking = library.book()
    with SQLiteCache(library.path) as cache:
        cache.meta.set("alma_pauses", kept)
    report = library.open().log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED


def test_failures_in_a_row_end_the_asking_for_this_pass(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    library.books(30)
    library.services.faults.add("createVisitor", "503")
    library.open().log_new_bookings()
    assert library.calls("createVisitor") <= 6


def test_a_bad_booking_never_hurts_its_neighbours(library: Library) -> None:
    good = library.book()
    library.book(answer=("", "../../conf/test"), first_name="\x00", last_name="<b>x</b>")
    library.book(answer=None)
    library.book(lid="11200")
    assert row_of(library.open().log_new_bookings(), good.book_id).group is Group.REGISTERED


def test_the_middle_parts_of_a_pass_run_on_their_own(library: Library) -> None:
    rows = library.books(2)
    config = library.services.config()
    bookings = [
        Booking(
            book_id=row.book_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            status=row.status,
            location_id=row.lid,
            location_name=config.libcal.locations[0].name,
            id_answer=str(row.answer),
        )
        for row in rows
    ]
    program = library.open()
    assert len(program.register_new_users(bookings)) == 2
    assert set(program.process_users(bookings)) == {row.answer for row in rows}
    assert library.visits == 0
    assert program.log_new_bookings().counts.registered == 2
    assert library.calls("createVisitor") == 2


def test_passes_go_on_at_their_interval_until_they_are_stopped(library: Library) -> None:
    library.services.faults.add("bookings", "500", times=1)
    program = library.open(report=lambda _: None)
    begun = library.clock.now()
    ended: list[float] = []

    class Waiting(threading.Event):
        """Waits on the library's clock."""

        def wait(self, timeout: float | None = None) -> bool:
            if not self.is_set():
                library.clock.advance(seconds=timeout or 0)
            return self.is_set()

    stop = Waiting()

    def note(_report: SyncReport) -> None:
        ended.append((library.clock.now() - begun).total_seconds())
        if len(ended) == 4:
            stop.set()

    program.run_at_intervals(300, stop, note)
    pauses = [later - earlier for earlier, later in pairwise(ended)]
    assert pauses == [120, 300, 300]  # sooner after a failure


def test_the_day_rolls_over_at_the_librarys_midnight(library: Library) -> None:
    library.book()
    program = library.open()
    assert len(program.log_new_bookings().rows) == 1
    library.clock.advance(hours=13)
    assert program.rows() == []
    tomorrow = library.book(start=timedelta(hours=9))
    assert row_of(program.log_new_bookings(), tomorrow.book_id).group is Group.REGISTERED


def test_an_email_or_id_goes_to_passagepoint_only_if_the_library_says_so(
    library: Library,
) -> None:
    library.book()
    library.open().log_new_bookings()
    [call] = [one for one in library.services.calls if one.name == "createVisitor"]
    assert not {"email", "mobilePhoneNo"} & set(call.params)


def test_people_created_get_the_category_of_their_user_group(library: Library) -> None:
    teacher = dataclasses.replace(library.services.add_person(), primary_id="G10000003")
    teacher = dataclasses.replace(teacher, user_group="gw fac", cards=(Card("77"),))
    library.book(person=library.services.add_person(teacher))
    library.open().log_new_bookings()
    [call] = [one for one in library.services.calls if one.name == "createVisitor"]
    assert call.params["category"] == "Faculty"


def test_each_pass_compares_this_computers_clock_with_the_services(library: Library) -> None:
    library.book()
    library.clock = FakeClock(NOON - timedelta(minutes=5))
    program = library.open()
    program.log_new_bookings()
    [compared] = [one for one in library.events if isinstance(one, ClockCompared)]
    assert (str(compared), compared.is_off) == ("5 minutes behind LibCal", True)
    library.clock.advance(minutes=5)
    program.log_new_bookings()
    last = [one for one in library.events if isinstance(one, ClockCompared)][-1]
    assert not last.is_off
