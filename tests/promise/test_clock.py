"""Clocks that jump, nights that pass, and days that are longer or shorter than others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.domain.models import Event, RowsChanged
from core.domain.status import Action, Group, PassState
from core.practice.day import make_big_day
from core.practice.records import LibCalRow
from tests.builders import ZONE
from tests.e2e.library import Library, act, row_of

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in the library's time; ``+`` at the end means the second time round."""
    moment = datetime.fromisoformat(text.rstrip("+")).replace(tzinfo=ZONE)
    return moment.replace(fold=1) if text.endswith("+") else moment


def set_clock(library: Library, moment: datetime) -> None:
    """Put the clock to ``moment``; what the computer counts since it started goes on."""
    library.clock._now = moment.astimezone(UTC)
    library.clock.advance(seconds=0.1)


def booked(library: Library, starts_at: datetime, hours: float = 1) -> LibCalRow:
    start = starts_at - library.clock.now()
    return library.book(start=start, minutes=int(hours * 60))


def check_registered(library: Library, *rows: LibCalRow) -> None:
    assert library.services.duplicates() == []
    sent = {(visit.start, visit.end) for visit in library.services.visits}
    assert sent == {(row.starts_at.astimezone(UTC), row.ends_at.astimezone(UTC)) for row in rows}
    assert library.visits == len(rows)


@pytest.mark.parametrize(
    ("now", "starts"),
    [
        ("2026-11-01T00:10", ["2026-11-01T00:30", "2026-11-01T01:30", "2026-11-01T01:30+"]),
        ("2027-03-14T00:10", ["2027-03-14T01:30", "2027-03-14T03:00", "2027-03-14T23:30"]),
        ("2028-02-29T08:00", ["2028-02-29T09:00", "2028-02-29T23:30"]),
        ("2026-12-31T23:00", ["2026-12-31T23:30"]),
    ],
    ids=["clocks back", "clocks forward", "29 February", "New Year"],
)
def test_bookings_of_odd_days_are_sent_with_their_own_times(
    tmp_path: Path, now: str, starts: list[str]
) -> None:
    day = make_big_day(at(now), ZONE, 0)
    with Library(tmp_path, day, now=at(now)) as library:
        rows = [booked(library, at(start)) for start in starts]
        program = library.open()
        report = program.log_new_bookings()
        assert {row.group for row in report.rows} == {Group.REGISTERED}
        check_registered(library, *rows)
        library.clock.advance(minutes=90)
        program.log_new_bookings()
        check_registered(library, *rows)


def test_a_booking_over_midnight_stands_until_it_is_over(library: Library) -> None:
    booking = booked(library, at("2026-11-23T23:30"), hours=2)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:10"))
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    check_registered(library, booking)
    set_clock(library, at("2026-11-24T01:40"))
    assert program.log_new_bookings().rows == ()


def test_an_unclear_booking_over_midnight_is_not_sent_again(library: Library) -> None:
    booking = booked(library, at("2026-11-23T23:30"), hours=2)
    library.services.faults.add("createPreReg", "500", times=1, processed=True)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, at("2026-11-24T00:10"))
    program = library.restart(program)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.UNCLEAR
    check_registered(library, booking)


class Jump:
    """Moves the clock in the middle of a pass, when the first booking is on its way."""

    def __init__(self, library: Library, **by: float) -> None:
        self._library, self._by = library, by
        self.done = False

    def __call__(self, event: Event) -> None:
        if self.done or not isinstance(event, RowsChanged):
            return
        if any(row.passagepoint is PassState.REGISTERING for row in event.rows):
            self.done = True
            set_clock(self._library, self._library.clock.now() + timedelta(**self._by))


@pytest.mark.parametrize("by", [{"hours": 2}, {"hours": 13}, {"hours": -2}, {"days": -1}], ids=str)
def test_the_clock_jumps_in_the_middle_of_a_pass(library: Library, by: dict[str, float]) -> None:
    """Sleep, midnight, and a clock that is put right."""
    rows = [booked(library, at("2026-11-23T20:00") + HOUR / 60 * n) for n in range(5)]
    jump = Jump(library, **by)
    program = library.open(report=jump)
    program.log_new_bookings()
    assert jump.done
    program.log_new_bookings()
    set_clock(library, library.clock.now() - timedelta(**by))
    report = program.log_new_bookings()
    assert {row.group for row in report.rows} == {Group.REGISTERED}
    check_registered(library, *rows)


def test_midnight_in_the_middle_of_a_pass_loses_nothing_of_the_new_day(library: Library) -> None:
    set_clock(library, at("2026-11-23T23:50"))
    late = booked(library, at("2026-11-23T23:55"))
    early = booked(library, at("2026-11-24T00:30"))
    program = library.open(report=Jump(library, minutes=15))
    program.log_new_bookings()
    program.log_new_bookings()
    check_registered(library, late, early)


def test_a_clock_that_was_a_day_ahead_does_not_delay_the_next_try(library: Library) -> None:
    booking = booked(library, at("2026-11-24T20:00"))
    set_clock(library, at("2026-11-24T14:00"))
    program = library.open()
    library.services.faults.add("createVisitor", "503")
    program.log_new_bookings()
    library.services.faults.clear()
    set_clock(library, at("2026-11-24T10:00"))  # the clock is put right
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED


def test_a_clock_that_was_ahead_does_not_stop_sending_until_then(library: Library) -> None:
    set_clock(library, at("2026-11-24T14:00"))
    first = booked(library, at("2026-11-24T20:00"))
    second = booked(library, at("2026-11-24T21:00"))
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    library.services.faults.add("getDestinations", "503")
    program.log_new_bookings()
    program.log_new_bookings()
    library.services.faults.clear()
    set_clock(library, at("2026-11-24T09:00"))
    report = program.log_new_bookings()
    assert row_of(report, first.book_id).passagepoint is PassState.UNCLEAR
    assert row_of(report, second.book_id).group is Group.REGISTERED


def test_a_clock_that_was_ahead_does_not_keep_alma_from_being_asked_again(
    library: Library,
) -> None:
    set_clock(library, at("2026-11-24T14:00"))
    booking = booked(library, at("2026-11-24T20:00"))
    person = library.services.running.find_person("Main", str(booking.answer))
    assert person is not None
    library.services.running._people.remove(person)
    program = library.open()
    program.log_new_bookings()
    library.services.add_person(person)
    set_clock(library, at("2026-11-24T09:00"))
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


@pytest.fixture
def desk_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("desk_in_tokyo")
@pytest.mark.skipif(os.name != "posix", reason="only there a process can have its own zone")
def test_a_library_in_another_time_zone_than_the_desk(library: Library) -> None:
    booking = booked(library, at("2026-11-23T23:00"))
    report = library.open().log_new_bookings()
    assert report.day.isoformat() == "2026-11-23"
    assert row_of(report, booking.book_id).starts_at.isoformat() == "2026-11-23T23:00:00-05:00"
    check_registered(library, booking)


def test_undo_and_resolve_hold_when_the_clock_was_set_back(library: Library) -> None:
    booking = library.book(start=3 * HOUR)
    library.services.faults.add("createPreReg", "500", times=1)
    program = library.open()
    program.log_new_bookings()
    set_clock(library, library.clock.now() - HOUR)
    act(program, Action.REGISTER_AGAIN, booking.book_id)
    assert row_of(program, booking.book_id).group is Group.REGISTERED
    set_clock(library, library.clock.now() - HOUR)
    program = library.restart(program)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


def test_by_hand_after_the_clock_was_put_right_holds(library: Library) -> None:
    """The refusal is of an hour ago by the wrong clock, and yet the desk decided after it."""
    booking = library.book(start=3 * HOUR)
    right = library.clock.now()
    set_clock(library, right + HOUR)
    library.services.faults.add("createPreReg", "422", times=1)
    program = library.open()
    program.log_new_bookings()
    assert row_of(program, booking.book_id).passagepoint is PassState.REFUSED
    set_clock(library, right)
    act(program, Action.BY_HAND, booking.book_id)
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_HAND
    library.services.move(booking.book_id, right + 3 * HOUR + timedelta(minutes=5))
    for _ in range(2):
        library.clock.advance(minutes=5)
        program.log_new_bookings()
    assert library.visits == 0


def test_what_was_sent_after_a_decision_stands_although_the_clock_went_back(
    library: Library,
) -> None:
    booking = library.book(start=5 * HOUR)
    right = library.clock.now()
    set_clock(library, right + HOUR)
    program = library.open()
    library.settings["Sync"] = {"register_automatically": False}
    program = library.restart(program)
    program.log_new_bookings()
    act(program, Action.BY_HAND, booking.book_id)
    act(program, Action.UNDO, booking.book_id)
    set_clock(library, right)
    assert act(program, Action.REGISTER_NOW, booking.book_id).startswith("Registered")
    row = row_of(program, booking.book_id)
    assert row.passagepoint is PassState.REGISTERED
    assert Action.UNDO not in row.offers
    assert library.visits == 1
