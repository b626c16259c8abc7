"""News that comes late, again, in part or against what is known: nothing false, nothing twice."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.status import Action, Group, PassState, PatronState
from core.engine.own import LibCal2PP
from core.practice.maker import ANNEX, MAIN
from tests.builders import a_note
from tests.e2e.library import Library, act, row_of
from tests.e2e.test_news import news


@pytest.fixture
def program(library: Library) -> LibCal2PP:
    """One pass was done."""
    library.book(start=timedelta(hours=5))
    program = library.open()
    program.log_new_bookings()
    return program


def rows_of(program: LibCal2PP, book_id: str) -> list[str]:
    return [one.row_id for one in program.rows() if one.book_id == book_id]


@pytest.mark.parametrize("is_bare", [True, False], ids=["no seat named", "one name for all"])
def test_a_seat_like_the_others_that_is_cancelled_cancels_no_booking(
    library: Library, program: LibCal2PP, is_bare: bool
) -> None:
    person = library.services.add_person()
    first = library.book(person=person, bare=is_bare, seat_name="Computers")
    library.book(person=person, book_id=first.book_id, bare=is_bare, seat_name="Computers")
    news(library, program)
    library.clock.advance(minutes=5)  # the other seat isn't in the list any more
    news(library, program)
    library.services.cancel_seats([first.number])
    for _ in range(3):
        news(library, program)
        assert row_of(program, first.book_id).group is Group.REGISTERED


def test_an_old_list_after_the_booking_came_back_cancels_nothing(
    library: Library, program: LibCal2PP
) -> None:
    row = library.book()
    news(library, program)
    library.services.cancel(row.book_id)
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.CANCELLED_AFTER
    library.services.revive(row.book_id)
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED
    library.clock.advance(seconds=20)
    library.services.libcal.news.lags = timedelta(seconds=50)
    program.ask_news()
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_a_clock_that_is_set_right_stops_no_news(library: Library, program: LibCal2PP) -> None:
    news(library, program)
    library.close(program)
    with closing(
        SQLiteCache(library.path, clock=library.clock, note=a_note(library.folder / "elsewhere"))
    ) as cache:
        far = library.clock.now() + timedelta(hours=3)
        marks = cache.bookings.location_marks().values()
        cache.bookings.note_locations([replace(one, news_at=far) for one in marks])
    program = library.open()
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED


def test_nobody_is_said_to_have_given_no_id_where_the_answers_are_left_out(
    library: Library, program: LibCal2PP
) -> None:
    library.services.libcal.news.brings_answers = False
    row = library.book()
    news(library, program)
    assert all(
        one.patron is not PatronState.NO_ID for one in program.rows() if one.book_id == row.book_id
    )
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("places", [(MAIN, ANNEX), (ANNEX, MAIN)])
def test_a_booking_under_two_locations_is_where_the_pass_has_it(
    library: Library, program: LibCal2PP, places: tuple[str, str]
) -> None:
    person = library.services.add_person()
    first = library.book(person=person, lid=places[0])
    library.book(person=person, lid=places[1], book_id=first.book_id)
    news(library, program)
    assert row_of(program, first.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, first.book_id).group is Group.REGISTERED
    assert library.visits == 2


@pytest.mark.parametrize("book_id", ["..", ".", "cs a,b", "cs/x", "cs_?", "cs_%2C"])
def test_an_odd_id_stops_no_news(library: Library, program: LibCal2PP, book_id: str) -> None:
    library.book(book_id=book_id)
    news(library, program)
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, book_id).group is Group.REGISTERED
    assert not library.services.duplicates()


def test_who_gave_no_id_is_shown_where_answers_are_known_to_come(
    library: Library, program: LibCal2PP
) -> None:
    without = library.book(answer=None)
    library.book()
    news(library, program)
    assert row_of(program, without.book_id).patron is PatronState.NO_ID


def test_where_libcal_tells_nothing_of_single_ids_the_pass_has_them(
    library: Library, program: LibCal2PP
) -> None:
    library.services.faults.add("booking", "404", times=1)
    waits = library.book()
    news(library, program)
    assert rows_of(program, waits.book_id) == []
    row = library.book()
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, waits.book_id).group is Group.REGISTERED


def test_a_pass_takes_no_live_seat_for_the_cancelled_one_that_looks_the_same(
    library: Library, program: LibCal2PP
) -> None:
    person = library.services.add_person()
    first = library.book(person=person, bare=True)
    library.book(person=person, book_id=first.book_id, bare=True)
    library.services.cancel_seats([first.number])
    program.log_new_bookings()
    assert row_of(program, first.book_id).group is Group.REGISTERED
    news(library, program)
    assert row_of(program, first.book_id).group is Group.REGISTERED


def test_a_booking_with_an_old_visit_beside_it_has_news_too(
    library: Library, program: LibCal2PP
) -> None:
    row = library.book()
    news(library, program)
    library.services.extend(row.book_id, row.ends_at + timedelta(hours=1))
    news(library, program)
    before = library.visits
    act(program, Action.REGISTER_ANEW, row.book_id)
    assert library.visits == before + 1
    library.services.cancel(row.book_id)
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.CANCELLED_AFTER


def only_main(library: Library) -> None:
    config = library.services.config()
    [main] = [one for one in config.libcal.locations if one.id == MAIN]
    place = {"id": main.id, "name": main.name, "destination": main.destination}
    library.settings["LibCal"] = {"locations": [place]}


def test_what_stands_under_a_location_that_isnt_looked_after_too_is_where_the_pass_has_it(
    library: Library,
) -> None:
    only_main(library)
    program = library.open()
    program.log_new_bookings()
    person = library.services.add_person()
    elsewhere = library.book(person=person, lid=ANNEX)
    here = library.book(person=person, book_id=elsewhere.book_id)
    news(library, program)
    assert row_of(program, here.book_id).group is Group.REGISTERED
    library.services.cancel_seats([elsewhere.number])
    news(library, program)
    assert row_of(program, here.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, here.book_id).group is Group.REGISTERED
    assert library.visits == 1


def test_answers_of_another_booking_than_the_one_asked_for_are_left_alone(
    library: Library, program: LibCal2PP
) -> None:
    library.services.libcal.news.tells_cancelled = True
    rows = [library.book() for _ in range(3)]
    news(library, program)
    library.services.faults.add("booking", "somebody_else")
    library.services.faults.add("updates", "nothing", match=ANNEX)
    library.services.cancel(rows[0].book_id)
    news(library, program)
    assert [row_of(program, one.book_id).group for one in rows[1:]] == [Group.REGISTERED] * 2
    assert row_of(program, rows[0].book_id).passagepoint is PassState.CANCELLED_AFTER


def test_an_unreadable_seat_may_be_the_live_one(library: Library, program: LibCal2PP) -> None:
    person = library.services.add_person()
    first = library.book(person=person, bare=True)
    library.book(person=person, book_id=first.book_id, bare=True)
    news(library, program)
    library.clock.advance(minutes=5)  # the other seat isn't in the list any more
    news(library, program)
    library.services.cancel_seats([first.number])
    library.services.faults.add("booking", "unreadable_row")
    news(library, program)
    assert row_of(program, first.book_id).group is Group.REGISTERED
    assert program.statuses()["LibCal"].ok


def test_two_people_who_are_known_wait_for_the_whole_pass(
    library: Library, program: LibCal2PP
) -> None:
    first = library.book()
    library.book(person=library.services.add_person(), book_id=first.book_id)
    program.log_new_bookings()
    before = {one.row_id: one.libcal_label for one in program.rows()}
    library.services.cancel(first.book_id)
    news(library, program)
    assert {one.row_id: one.libcal_label for one in program.rows()} == before
    program.log_new_bookings()
    assert {one.row_id: one.libcal_label for one in program.rows()} != before


def test_what_was_gone_is_brought_back_by_the_whole_pass_alone(
    library: Library, program: LibCal2PP
) -> None:
    person = library.services.add_person()
    row = library.book(person=person)
    news(library, program)
    library.services.remove(row.book_id)
    program.log_new_bookings()
    assert row_of(program, row.book_id).passagepoint is PassState.CANCELLED_AFTER
    start = row.starts_at - library.clock.now()
    library.book(person=person, book_id=row.book_id, start=start)
    news(library, program)
    assert row_of(program, row.book_id).passagepoint is PassState.CANCELLED_AFTER
    program.log_new_bookings()
    assert row_of(program, row.book_id).group is Group.REGISTERED
    assert library.visits == 2


def test_another_place_waits_for_the_whole_pass(library: Library, program: LibCal2PP) -> None:
    person = library.services.add_person()
    row = library.book(person=person)
    news(library, program)
    library.services.remove(row.book_id)
    start = row.starts_at - library.clock.now()
    library.book(person=person, book_id=row.book_id, start=start, lid=ANNEX)
    news(library, program)
    assert row_of(program, row.book_id).group is Group.REGISTERED
    program.log_new_bookings()
    assert row_of(program, row.book_id).passagepoint is PassState.CHANGED
    assert library.visits == 2


def test_what_is_of_another_day_or_over_is_not_asked_for(
    library: Library, program: LibCal2PP
) -> None:
    news(library, program)
    library.book(start=timedelta(hours=24))
    library.book(start=timedelta(hours=-3))
    library.services.clear_calls()
    news(library, program)
    assert library.calls("updates") > 0
    assert library.calls("booking") == 0
