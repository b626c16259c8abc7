"""Bookings that are silently not there: two people, doubtful answers, rows that can't be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.domain.models import BookingRow, SyncReport
from core.domain.status import Action, Group, PassState, PatronState
from core.engine.own import LibCal2PP
from core.practice.maker import ANNEX
from core.practice.records import LibCalRow
from tests.builders import NOON
from tests.e2e.library import Library, row_of


def rows_of(report: SyncReport, booking: LibCalRow) -> list[BookingRow]:
    return [row for row in report.rows if row.book_id == booking.book_id]


# Two people under one bookId and start


def shared(library: Library, **changes: Any) -> tuple[LibCalRow, LibCalRow]:
    first = library.book(**changes)
    second = library.services.add_booking(
        first.starts_at, book_id=first.book_id, ends_at=first.ends_at, **changes
    )
    return first, second


@pytest.mark.parametrize("bare", [True, False])
def test_two_people_under_one_booking_are_both_shown_and_none_is_sent(
    library: Library, bare: bool
) -> None:
    first, second = shared(library, bare=bare)
    other = library.book()
    program = library.open()
    for _ in range(2):
        report = program.log_new_bookings()
        rows = rows_of(report, first)
        assert {row.name for row in rows} == {
            f"{one.first_name} {one.last_name}" for one in (first, second)
        }
        for row in rows:
            assert row.patron is PatronState.TWO_PEOPLE
            assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.BY_HAND)
        assert report.counts.total == 3
    assert row_of(report, other.book_id).group is Group.REGISTERED
    assert library.visits == 1
    program = library.restart(program)
    assert len(rows_of(program.log_new_bookings(), first)) == 2


@pytest.mark.parametrize("what", ["email", "answer"])
def test_one_difference_makes_two_people_and_a_blank_none(library: Library, what: str) -> None:
    person = library.services.add_person()
    one = library.book(person=person, email="a@example.edu")
    same: dict[str, Any] = {
        "book_id": one.book_id,
        "ends_at": one.ends_at,
        "email": "A@example.edu ",
    }
    other = {"email": "b@example.edu", "answer": "G00000001"}
    add = library.services.add_booking
    add(one.starts_at, person=person, seat_name="Seat 2", **{**same, "answer": ""})
    program = library.open()
    [row] = rows_of(program.log_new_bookings(), one)
    assert row.group is Group.REGISTERED
    add(one.starts_at, person=person, seat_name="Seat 3", **{**same, what: other[what]})
    assert len(rows_of(program.log_new_bookings(), one)) == 2


def test_a_second_person_who_comes_later_leaves_the_first_ones_visit_alone(
    library: Library,
) -> None:
    first = library.book()
    program = library.open()
    registered = row_of(program.log_new_bookings(), first.book_id)
    second = library.services.add_booking(
        first.starts_at, book_id=first.book_id, ends_at=first.ends_at
    )
    rows = {row.name: row for row in rows_of(program.log_new_bookings(), first)}
    mine = rows[f"{first.first_name} {first.last_name}"]
    theirs = rows[f"{second.first_name} {second.last_name}"]
    assert (mine.row_id, mine.passagepoint) == (registered.row_id, PassState.REGISTERED)
    assert (theirs.patron, theirs.action) == (PatronState.TWO_PEOPLE, Action.BY_HAND)
    assert library.visits == 1
    act_on(program, theirs, Action.BY_HAND)
    rows = {row.name: row for row in rows_of(program.log_new_bookings(), first)}
    assert {row.passagepoint for row in rows.values()} == {
        PassState.REGISTERED,
        PassState.BY_HAND,
    }


def act_on(program: LibCal2PP, row: BookingRow, action: Action) -> None:
    done = program.act(action, row.row_id)
    assert done is not None
    assert done.error is None


def test_the_order_of_the_rows_changes_nobodys_row(library: Library) -> None:
    first, second = shared(library)
    program = library.open()
    before = {row.name: row.row_id for row in rows_of(program.log_new_bookings(), first)}
    library.services.remove(first.book_id)
    for one in (second, first):
        library.services.add_booking(
            one.starts_at,
            book_id=one.book_id,
            ends_at=one.ends_at,
            first_name=one.first_name,
            last_name=one.last_name,
            email=one.email,
            answer=one.answer,
        )
    after = {row.name: row.row_id for row in rows_of(program.log_new_bookings(), first)}
    assert before == after


def test_who_is_left_alone_is_registered_by_itself(library: Library) -> None:
    first, second = shared(library)
    program = library.open()
    program.log_new_bookings()
    library.services.remove(first.book_id)
    library.services.add_booking(
        second.starts_at,
        book_id=second.book_id,
        ends_at=second.ends_at,
        first_name=second.first_name,
        last_name=second.last_name,
        email=second.email,
        answer=second.answer,
    )
    rows = {row.name: row for row in rows_of(program.log_new_bookings(), first)}
    assert rows[f"{second.first_name} {second.last_name}"].group is Group.REGISTERED
    assert rows[f"{first.first_name} {first.last_name}"].libcal_label == "Gone from LibCal"
    assert library.visits == 1


def test_when_the_second_comes_back_the_first_ones_visit_stands(library: Library) -> None:
    first, second = shared(library)
    program = library.open()
    program.log_new_bookings()
    library.services.remove(first.book_id)
    again: dict[str, Any] = {
        "book_id": first.book_id,
        "ends_at": first.ends_at,
        "first_name": first.first_name,
        "last_name": first.last_name,
        "email": first.email,
        "answer": first.answer,
    }
    library.services.add_booking(first.starts_at, **again)
    program.log_new_bookings()
    library.services.add_booking(
        second.starts_at, book_id=second.book_id, email=second.email, answer=second.answer
    )
    report = program.log_new_bookings()
    rows = rows_of(report, first)
    assert len(rows) == 2
    assert sorted(row.passagepoint.value for row in rows) == ["registered", "waiting"]
    assert library.visits == 1


# An answer that lacks everything


def registered(library: Library, count: int) -> list[LibCalRow]:
    return [library.book(start=timedelta(hours=1, minutes=one)) for one in range(count)]


def test_an_empty_answer_for_five_known_rows_is_doubtful_once(library: Library) -> None:
    bookings = registered(library, 5)
    elsewhere = library.book(lid=ANNEX)
    program = library.open()
    assert program.log_new_bookings().counts.registered == 6
    library.services.faults.add("bookings", "nothing", match="8827")
    report = program.log_new_bookings()
    assert report.counts.registered == 6
    for booking in bookings:
        row = row_of(report, booking.book_id)
        assert (row.group, row.is_old) == (Group.REGISTERED, True)
    assert not row_of(report, elsewhere.book_id).is_old
    library.services.faults.clear()
    report = program.log_new_bookings()
    assert not any(row.is_old for row in report.rows)
    library.services.faults.add("bookings", "nothing", match="8827")
    program = library.restart(program)
    assert program.log_new_bookings().counts.registered == 6
    report = program.log_new_bookings()
    for booking in bookings:
        row = row_of(report, booking.book_id)
        assert (row.passagepoint, row.libcal_label) == (
            PassState.CANCELLED_AFTER,
            "Gone from LibCal",
        )


def test_four_rows_can_all_be_gone_at_once(library: Library) -> None:
    bookings = registered(library, 4)
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("bookings", "nothing")
    report = program.log_new_bookings()
    states = {row_of(report, one.book_id).passagepoint for one in bookings}
    assert states == {PassState.CANCELLED_AFTER}


def test_one_of_five_that_is_still_there_makes_the_answer_good(library: Library) -> None:
    first, *others = registered(library, 5)
    program = library.open()
    program.log_new_bookings()
    for booking in others:
        library.services.remove(booking.book_id)
    report = program.log_new_bookings()
    assert row_of(report, first.book_id).group is Group.REGISTERED
    states = {row_of(report, one.book_id).passagepoint for one in others}
    assert states == {PassState.CANCELLED_AFTER}


def test_what_is_new_in_a_doubtful_answer_is_taken_in(library: Library) -> None:
    bookings = registered(library, 5)
    program = library.open()
    program.log_new_bookings()
    for booking in bookings:
        library.services.remove(booking.book_id)
    new = library.book()
    report = program.log_new_bookings()
    assert row_of(report, new.book_id).group is Group.REGISTERED
    assert {row_of(report, one.book_id).group for one in bookings} == {Group.REGISTERED}


# Rows that can't be read


def test_a_row_that_cannot_be_read_is_named_and_no_failure(library: Library) -> None:
    good, gone = library.books(2)
    program = library.open()
    program.log_new_bookings()
    bad = library.book(ends_at=NOON)
    library.services.remove(gone.book_id)
    report = program.log_new_bookings()
    libcal = report.services["LibCal"]
    assert (libcal.ok, libcal.error) == (True, None)
    assert f"a booking that can't be read ({bad.book_id})" in libcal.hint
    assert not any(row.is_old for row in report.rows)
    assert row_of(report, good.book_id).group is Group.REGISTERED
    assert row_of(report, gone.book_id).passagepoint is PassState.CANCELLED_AFTER
    library.services.remove(bad.book_id)
    assert program.log_new_bookings().services["LibCal"].hint == ""


def test_only_what_the_unreadable_row_could_be_isnt_called_missing(library: Library) -> None:
    booking, gone = library.books(2)
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("bookings", "unreadable_row", match="8827")
    library.services.remove(gone.book_id)
    report = program.log_new_bookings()
    row = row_of(report, booking.book_id)
    assert (row.group, row.is_old) == (Group.REGISTERED, True)
    assert row_of(report, gone.book_id).passagepoint is PassState.CANCELLED_AFTER
    library.services.faults.clear()
    assert not row_of(program.log_new_bookings(), booking.book_id).is_old


def test_a_moved_booking_whose_other_row_cannot_be_read_is_not_guessed(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.move(booking.book_id, booking.starts_at + timedelta(hours=2))
    bad = library.services.add_booking(
        booking.starts_at, book_id=booking.book_id, ends_at=booking.starts_at
    )
    report = program.log_new_bookings()
    [row] = rows_of(report, bad)
    assert (row.passagepoint, row.is_old) == (PassState.REGISTERED, True)
    assert library.visits == 1


# What began before today


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize("first_start", [True, False])
def test_what_began_earlier_and_is_in_the_answer_is_registered_on_a_first_start_too(
    library: Library, days: int, first_start: bool
) -> None:
    library.services.libcal.tells_running = True
    program = library.open()
    if not first_start:
        program.log_new_bookings()
    long = library.book(start=-timedelta(days=days), ends_at=NOON + timedelta(hours=3))
    over = library.book(start=-timedelta(days=days), ends_at=NOON - timedelta(hours=3))
    report = program.log_new_bookings()
    assert row_of(report, long.book_id).group is Group.REGISTERED
    assert rows_of(report, over) == []
    assert report.counts.total == 1
    library.services.libcal.tells_running = False
    assert row_of(program.log_new_bookings(), long.book_id).group is Group.REGISTERED
    assert library.visits == 1
