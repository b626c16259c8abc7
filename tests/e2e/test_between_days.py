"""What lies between two days: booked, changed, cancelled and ended around midnight."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.models import BookingRow
from core.domain.status import Group, PassState
from core.practice.maker import MAIN
from core.practice.records import LibCalRow
from tests.e2e.library import Library, row_of
from tests.promise.test_clock import at, booked, check_registered, set_clock

LATE = "2026-11-23T23:50"
NIGHT = "2026-11-24T00:01"


def rows_of(rows: object, book_id: str) -> list[BookingRow]:
    assert isinstance(rows, list | tuple)
    return [row for row in rows if row.book_id == book_id]


@pytest.fixture
def evening(library: Library) -> Library:
    """Shortly before midnight."""
    set_clock(library, at(LATE))
    return library


@pytest.mark.parametrize("tells", [True, False], ids=["cancelled rows told", "not told"])
@pytest.mark.parametrize("start", ["23:45", "23:59"])
def test_booked_in_the_last_minutes_of_a_day_is_found_after_midnight(
    evening: Library, start: str, tells: bool
) -> None:
    evening.services.libcal.news.tells_cancelled = tells
    program = evening.open()
    program.log_new_bookings()
    set_clock(evening, at("2026-11-23T23:57"))
    late = booked(evening, at(f"2026-11-23T{start}"))
    set_clock(evening, at(NIGHT))
    assert row_of(program.log_new_bookings(), late.book_id).group is Group.REGISTERED
    check_registered(evening, late)


def test_it_is_found_by_a_program_that_was_started_after_midnight_too(evening: Library) -> None:
    program = evening.open()
    program.log_new_bookings()
    late = booked(evening, at("2026-11-23T23:55"))
    set_clock(evening, at(NIGHT))
    program = evening.restart(program)
    assert row_of(program.log_new_bookings(), late.book_id).group is Group.REGISTERED


@pytest.mark.parametrize("lacks", ["first", "last"])
def test_a_location_without_the_list_of_changes_hides_no_other_ones(
    evening: Library, lacks: str
) -> None:
    """Nor that another one's couldn't be asked: it is asked again."""
    program = evening.open()
    program.log_new_bookings()
    late = booked(evening, at("2026-11-23T23:55"))
    locations = [one.id for one in evening.services.config().libcal.locations]
    others = [one for one in locations if one != late.lid]
    evening.services.faults.add("updates", "404", match=others[0 if lacks == "first" else -1])
    evening.services.faults.add("updates", "503", match=late.lid)
    set_clock(evening, at(NIGHT))
    report = program.log_new_bookings()
    assert rows_of(report.rows, late.book_id) == []
    assert not report.services["LibCal"].ok
    evening.services.faults.clear()
    evening.services.faults.add("updates", "404", match=others[0 if lacks == "first" else -1])
    report = evening.restart(program).log_new_bookings()
    assert row_of(report, late.book_id).group is Group.REGISTERED


def test_each_locations_changes_are_asked_for_side_by_side(evening: Library) -> None:
    """The day's first bookings wait for them: one after the other they cost a second."""
    program = evening.open()
    program.log_new_bookings()
    set_clock(evening, at(NIGHT))
    evening.services.clear_calls()
    evening.services.faults.add("updates", "hang")
    wanted = len(evening.services.config().libcal.locations)
    at_once = []

    def let_go() -> None:
        at_once.append(evening.services.wait_for_calls("updates", wanted))
        evening.services.faults.clear()

    watching = threading.Thread(target=let_go)
    watching.start()
    program.log_new_bookings()
    watching.join()
    assert wanted > 1
    assert at_once == [True]


def test_the_changes_are_asked_for_again_until_they_were_answered(evening: Library) -> None:
    program = evening.open()
    program.log_new_bookings()
    late = booked(evening, at("2026-11-23T23:55"))
    set_clock(evening, at(NIGHT))
    evening.services.faults.add("updates", "503", times=3)
    report = program.log_new_bookings()
    assert rows_of(report.rows, late.book_id) == []
    assert not report.services["LibCal"].ok
    evening.services.faults.clear()
    report = evening.restart(program).log_new_bookings()
    assert row_of(report, late.book_id).group is Group.REGISTERED


def test_a_library_without_the_list_of_changes_has_whole_passes_alone(evening: Library) -> None:
    running = booked(evening, at("2026-11-23T23:50"), hours=2)
    program = evening.open()
    program.log_new_bookings()
    evening.services.faults.add("updates", "404")
    evening.services.faults.add("booking", "404")
    set_clock(evening, at(NIGHT))
    today = booked(evening, at("2026-11-24T00:30"))
    report = program.log_new_bookings()
    assert report.services["LibCal"].ok
    assert row_of(report, today.book_id).group is Group.REGISTERED
    assert row_of(report, running.book_id).is_old


def test_a_night_without_anything_asks_once_for_what_changed(evening: Library) -> None:
    booked(evening, at("2026-11-24T10:00"))
    program = evening.open()
    set_clock(evening, at(NIGHT))
    program.log_new_bookings()
    evening.services.clear_calls()
    for _ in range(5):
        evening.clock.advance(minutes=5)
        program.log_new_bookings()
    assert evening.calls("updates") == evening.calls("booking") == 0


def live_over_midnight(library: Library) -> LibCalRow:
    """A registered booking from 23:30 to 01:30, and the clock at 00:01."""
    return booked(library, at("2026-11-23T23:30"), hours=2)


def test_cancelled_after_midnight_is_told_once_it_was_left_out_twice(library: Library) -> None:
    booking = live_over_midnight(library)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:02"))
    library.services.cancel(booking.book_id)
    first = row_of(program.log_new_bookings(), booking.book_id)
    assert (first.passagepoint, first.is_old) == (PassState.REGISTERED, True)
    library.clock.advance(minutes=5)
    second = row_of(program.log_new_bookings(), booking.book_id)
    assert second.passagepoint is PassState.CANCELLED_AFTER
    assert library.visits == 1


def test_left_out_once_and_there_again_is_no_cancellation(library: Library) -> None:
    booking = live_over_midnight(library)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:02"))
    for _ in range(3):
        library.services.faults.add("booking", "nothing", times=1)
        assert row_of(program.log_new_bookings(), booking.book_id).is_old
        library.clock.advance(minutes=5)
        row = row_of(program.log_new_bookings(), booking.book_id)
        assert (row.passagepoint, row.is_old) == (PassState.REGISTERED, False)
        library.clock.advance(minutes=5)


def test_an_answer_that_failed_in_between_counts_for_nothing(library: Library) -> None:
    booking = live_over_midnight(library)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:02"))
    for _ in range(4):
        library.services.faults.add("booking", "503")
        row = row_of(program.log_new_bookings(), booking.book_id)
        assert (row.passagepoint, row.is_old) == (PassState.REGISTERED, True)
        library.clock.advance(minutes=5)


def test_extended_after_midnight_is_a_change(library: Library) -> None:
    booking = live_over_midnight(library)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:02"))
    library.services.extend(booking.book_id, at("2026-11-24T03:00"))
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.CHANGED
    assert "03:00" in str(row.reason)


def test_an_id_that_is_put_right_after_midnight_is_registered(library: Library) -> None:
    booking = booked(library, at("2026-11-23T23:30"), hours=2)
    library.services.set_answer(booking.book_id, "")
    program = library.open()
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.NEEDS_PERSON
    set_clock(library, at("2026-11-24T00:02"))
    library.services.set_answer(booking.book_id, booking.answer)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    check_registered(library, booking)


def test_the_other_days_of_a_series_are_not_taken_for_the_one_that_runs(library: Library) -> None:
    booking = live_over_midnight(library)
    person = library.services.running.find_person("Main", str(booking.answer))
    later = library.services.add_booking(
        at("2026-11-25T23:30"), person=person, minutes=120, book_id=booking.book_id
    )
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:02"))
    for _ in range(3):
        rows = rows_of(program.log_new_bookings().rows, booking.book_id)
        assert [row.starts_at.day for row in rows] == [23]
        library.clock.advance(minutes=5)
    assert later.book_id == booking.book_id
    check_registered(library, booking)


# Tomorrow, read in the evening


def test_from_the_evening_on_tomorrow_is_kept_and_not_sent(library: Library) -> None:
    tomorrow = booked(library, at("2026-11-24T09:00"))
    set_clock(library, at("2026-11-23T19:50"))
    program = library.open()
    program.log_new_bookings()
    key = tomorrow.book_id, tomorrow.starts_at.astimezone(UTC)
    assert key not in {(one.book_id, one.starts_at) for one in kept(library, program)}
    set_clock(library, at("2026-11-23T20:01"))
    report = program.log_new_bookings()
    assert report.rows == ()
    assert key in {(one.book_id, one.starts_at) for one in kept(library, program)}
    assert library.visits == 0


def kept(library: Library, program: object) -> list[BookingRow]:
    cache = program._cache  # type: ignore[attr-defined]
    since = datetime(2026, 11, 1, tzinfo=UTC)
    return [one.booking for one in cache.bookings.between(since, since + timedelta(days=60))]


def test_a_day_whose_libcal_is_down_begins_with_what_is_known(library: Library) -> None:
    tomorrow = booked(library, at("2026-11-24T09:00"))
    set_clock(library, at("2026-11-23T23:00"))
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("LibCal", "503")
    set_clock(library, at("2026-11-24T07:00"))
    row = row_of(program.log_new_bookings(), tomorrow.book_id)
    assert (row.group, row.is_old) == (Group.REGISTERED, True)
    check_registered(library, tomorrow)


def test_what_is_cancelled_in_the_evening_is_not_sent_in_the_morning(library: Library) -> None:
    stays = booked(library, at("2026-11-24T09:00"))
    goes = booked(library, at("2026-11-24T10:00"))
    moves = booked(library, at("2026-11-24T11:00"))
    set_clock(library, at("2026-11-23T21:00"))
    program = library.open()
    program.log_new_bookings()
    library.services.remove(goes.book_id)
    library.services.move(moves.book_id, at("2026-11-24T12:00"))
    program.log_new_bookings()
    library.services.faults.add("LibCal", "503")
    set_clock(library, at("2026-11-24T07:00"))
    report = program.log_new_bookings()
    assert row_of(report, stays.book_id).group is Group.REGISTERED
    assert row_of(report, goes.book_id).group is Group.EXCLUDED
    assert row_of(report, moves.book_id).starts_at.hour == 12
    assert library.visits == 2


def test_a_person_of_today_sends_nothing_of_tomorrow(library: Library) -> None:
    set_clock(library, at("2026-11-23T20:30"))
    today = booked(library, at("2026-11-23T21:00"))
    person = library.services.running.find_person("Main", str(today.answer))
    library.services.add_booking(at("2026-11-24T09:00"), person=person, lid=MAIN)
    program = library.open()
    program.log_new_bookings()
    program.log_new_bookings()
    check_registered(library, today)


def test_hours_ahead_and_the_evening_go_together(library: Library) -> None:
    set_clock(library, at("2026-11-23T22:00"))
    early, later = booked(library, at("2026-11-24T00:30")), booked(library, at("2026-11-24T09:00"))
    library.settings["Sync"] = {"ahead_hours": 2}
    program = library.open()
    report = program.log_new_bookings()
    assert [row.book_id for row in report.rows] == [early.book_id]
    set_clock(library, at(NIGHT))
    program.log_new_bookings()
    check_registered(library, early, later)
