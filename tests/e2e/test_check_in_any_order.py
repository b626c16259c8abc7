"""Check-ins that move the start, before and after registering, seat by seat: 0 twice, 0 lost."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from core.domain.models import DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from tests.e2e.library import Library, act, row_of

FAULTS = ("500", "cut_before", "empty", "429")


class Morning:
    """Bookings of one to three seats whose readers come, one by one, in any order."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library = library
        self.random = random.Random(seed)
        library.settings["LibCal"] = {"check_in": True}
        check_in = library.services.libcal.check_in
        check_in.moves_start, check_in.closes_minutes_after = True, None
        self.bookings = [self._book(number) for number in range(4)]
        self.program: LibCal2PP = library.open()

    def _book(self, number: int) -> str:
        start = timedelta(minutes=20 + number)
        person = self.library.services.add_person()
        first = self.library.book(start=start, person=person)
        for seat in range(self.random.randrange(3)):
            self.library.book(
                start=start, person=person, book_id=first.book_id, seat_name=f"Seat {seat + 70}"
            )
        return first.book_id

    def seats(self, book_id: str) -> list[LibCalRow]:
        return [one for one in self.library.services.running.rows() if one.book_id == book_id]

    def step(self) -> None:
        steps = (self.sync, self.hear_news, self.at_the_desk, self.at_the_seat, self.trouble)
        self.random.choice(steps)()
        self.library.clock.advance(minutes=self.random.randrange(3))

    def sync(self) -> None:
        if self.random.random() < 0.2:
            self.program = self.library.restart(self.program)
        self.program.log_new_bookings()

    def hear_news(self) -> None:
        self.program.ask_news()

    def at_the_desk(self) -> None:
        """Pressed for a booking that the list shows; perhaps in the middle of a pass."""
        rows = [one for one in self.program.rows() if Action.CHECK_IN in one.offers]
        if not rows:
            return
        row_id, now = self.random.choice(rows).row_id, self.library.clock.now()
        request = DeskRequest(new_id(), Action.CHECK_IN, row_id, "anna", now, "desk-1")
        self.program.submit(request)
        if self.random.random() < 0.5:
            self.program.carry_out()
        else:
            self.program.log_new_bookings()

    def at_the_seat(self) -> None:
        """The reader checks in without the desk, at one of the seats."""
        seats = [one for book_id in self.bookings for one in self.seats(book_id)]
        left = [one for one in seats if one.check_in == "-"]
        if left:
            self.library.services.running.arrive_at_seat(self.random.choice(left), moves_start=True)

    def trouble(self) -> None:
        kind, processed = self.random.choice(FAULTS), self.random.random() < 0.5
        self.library.services.faults.add("checkin", kind, times=1, processed=processed)


@pytest.mark.parametrize("seed", range(12))
def test_whenever_they_come_each_is_registered_once_and_nothing_is_raised(
    library: Library, seed: int
) -> None:
    morning = Morning(library, seed)
    for _ in range(16):
        morning.step()
        assert not library.services.duplicates()
        assert library.visits <= len(morning.bookings)
    library.services.faults.clear()
    for book_id in morning.bookings:
        for seat in morning.seats(book_id):
            library.services.running.arrive_at_seat(seat, moves_start=seat.check_in == "-")
    for _ in range(2):
        report = morning.program.log_new_bookings()
    assert library.visits == len(morning.bookings)
    for book_id in morning.bookings:
        row = row_of(report, book_id)
        assert (row.passagepoint, row.group) == (PassState.REGISTERED, Group.REGISTERED)
        assert row.libcal_label == "Arrived"
    assert len(report.rows) == len(morning.bookings)


def test_a_seat_that_moved_alone_is_no_booking_of_its_own(library: Library) -> None:
    library.settings["LibCal"] = {"check_in": True}
    person = library.services.add_person()
    first = library.book(start=timedelta(minutes=10), person=person)
    second = library.book(
        start=timedelta(minutes=10), person=person, book_id=first.book_id, seat_name="Seat 2"
    )
    program = library.open()
    program.log_new_bookings()
    library.services.running.arrive_at_seat(second, moves_start=True)
    report = program.log_new_bookings()
    row = row_of(report, first.book_id)
    assert (len(report.rows), library.visits) == (1, 1)
    assert (row.libcal_label, row.group) == ("Arrived", Group.REGISTERED)
    assert Action.CHECK_IN in row.offers


def test_on_a_first_morning_too(library: Library) -> None:
    person = library.services.add_person()
    first = library.book(start=timedelta(minutes=10), person=person)
    second = library.book(
        start=timedelta(minutes=10), person=person, book_id=first.book_id, seat_name="Seat 2"
    )
    library.services.running.arrive_at_seat(second, moves_start=True)
    program = library.open()
    for _ in range(2):
        report = program.log_new_bookings()
        assert (len(report.rows), library.visits) == (1, 1)
    library.clock.advance(minutes=3)
    library.services.running.arrive_at_seat(first, moves_start=True)
    for _ in range(2):
        report = program.log_new_bookings()
        assert (len(report.rows), library.visits) == (1, 1)
    assert row_of(report, first.book_id).group is Group.REGISTERED


def test_what_the_desk_left_as_it_is_stays_so_when_the_reader_comes(library: Library) -> None:
    booking = library.book(start=timedelta(hours=1))
    program = library.open()
    program.log_new_bookings()
    library.services.move(booking.book_id, library.clock.now() + timedelta(hours=3))
    program.log_new_bookings()
    act(program, Action.LEAVE, booking.book_id)
    library.clock.advance(minutes=172)
    library.services.check_in(booking.book_id, moves_start=True)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.group) == ("Arrived", Group.REGISTERED)
    later = row.ends_at + timedelta(hours=1)
    library.services.extend(booking.book_id, later)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.CHANGED


def test_what_a_visit_covers_stays_covered_when_the_reader_comes(library: Library) -> None:
    library.settings["PassagePoint"] = {"walk_in_hours": 3}
    program = library.open()
    program.log_new_bookings()
    reader, now = library.services.add_person(), library.clock.now()
    detail = {"id": reader.primary_id, "location_id": "8827", "initials": "AB"}
    detail["ends_at"] = (now + timedelta(hours=2)).isoformat()
    visit = DeskRequest(new_id(), Action.REGISTER_VISIT, new_id(), "anna", now, "desk-1", detail)
    program.submit(visit)
    program.carry_out()
    booking = library.book(start=timedelta(minutes=30), person=reader)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.action is Action.COVERED
    act(program, Action.COVERED, booking.book_id)
    library.clock.advance(minutes=20)
    library.services.check_in(booking.book_id, moves_start=True)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.action, row.group) == ("Arrived", None, Group.EXCLUDED)
    assert library.visits == 1
