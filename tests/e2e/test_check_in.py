"""Checking a reader in in LibCal: told at once, said to the desk, waited for, and never lost."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from core.domain.check_in_state import CheckInState
from core.domain.models import ActionDone, BookingRow, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from core.services.check import check_connections
from core.settings.credentials import Credentials
from tests.e2e.library import Library, act, row_of

SOON = timedelta(minutes=10)


@pytest.fixture
def library(library: Library) -> Library:
    library.settings["LibCal"] = {"check_in": True}
    return library


def in_libcal(library: Library, book_id: str) -> list[str]:
    """What LibCal itself says of each seat."""
    return [row.check_in for row in library.services.running.rows() if row.book_id == book_id]


def ready(library: Library) -> tuple[LibCal2PP, LibCalRow]:
    """A reader who is there, registered, ten minutes early."""
    booking = library.book(start=SOON)
    program = library.open()
    program.log_new_bookings()
    return program, booking


def check_in(program: LibCal2PP, book_id: str) -> str:
    return act(program, Action.CHECK_IN, book_id)


def test_a_reader_is_checked_in_and_libcals_column_says_so_at_once(library: Library) -> None:
    program, booking = ready(library)
    assert Action.CHECK_IN in row_of(program, booking.book_id).offers
    asked = library.calls("bookings")
    assert check_in(program, booking.book_id) == "Checked in in LibCal."
    row = row_of(program, booking.book_id)
    assert (row.libcal_label, row.group) == ("Arrived", Group.REGISTERED)
    assert Action.CHECK_IN not in row.offers
    assert library.calls("bookings") == asked
    assert in_libcal(library, booking.book_id) == ["in"]
    [entry] = [one for one in program.history(row.row_id) if "hecked in" in one.text]
    again = row_of(program.log_new_bookings(), booking.book_id)
    assert again == row_of(library.restart(program), booking.book_id)
    assert again.libcal_label == "Arrived"
    assert entry.who
    assert entry.text == "Checked in in LibCal."


def test_the_next_whole_pass_stays_the_truth(library: Library) -> None:
    program, booking = ready(library)
    check_in(program, booking.book_id)
    library.services.running.undo_arrival(booking.book_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.check_in) == ("Confirmed", CheckInState.NONE)
    assert Action.CHECK_IN in row.offers


def test_it_is_offered_only_where_the_settings_allow_it(library: Library) -> None:
    library.settings.clear()
    program, booking = ready(library)
    assert Action.CHECK_IN not in row_of(program, booking.book_id).offers
    assert "switched off" in check_in(program, booking.book_id)
    assert library.calls("checkin") == 0


def test_every_seat_of_a_booking_is_checked_in(library: Library) -> None:
    person = library.services.add_person()
    first = library.book(start=SOON, person=person)
    for number in (2, 3):
        library.book(start=SOON, person=person, book_id=first.book_id, seat_name=f"Seat {number}")
    program = library.open()
    program.log_new_bookings()
    assert check_in(program, first.book_id) == "Checked in in LibCal."
    assert in_libcal(library, first.book_id) == ["in"] * 3
    assert library.visits == 1


def three_seats(library: Library) -> tuple[LibCal2PP, list[LibCalRow]]:
    person = library.services.add_person()
    first = library.book(start=SOON, person=person)
    others = [
        library.book(start=SOON, person=person, book_id=first.book_id, seat_name=f"Seat {number}")
        for number in (2, 3)
    ]
    program = library.open()
    program.log_new_bookings()
    return program, [first, *others]


def test_what_is_done_in_part_is_told_and_repeated_safely(library: Library) -> None:
    program, seats = three_seats(library)
    book_id = seats[0].book_id
    library.services.faults.add("checkin", "500", match=seats[1].check_in_code, times=1)
    said = check_in_waits(program, book_id)
    assert "1 of 3 seats is checked in." in said
    row = row_of(program, book_id)
    assert (row.libcal_label, row.check_in) == ("Check-in waits", CheckInState.WAITS)
    assert sorted(in_libcal(library, book_id)) == ["-", "-", "in"]
    row = row_of(program.log_new_bookings(), book_id)
    assert (row.libcal_label, row.check_in) == ("Arrived", CheckInState.NONE)
    assert in_libcal(library, book_id) == ["in"] * 3
    assert library.visits == 1


def test_what_libcal_refuses_for_one_seat_stops_no_other(library: Library) -> None:
    program, seats = three_seats(library)
    book_id = seats[0].book_id
    library.services.faults.add("checkin", "400", match=seats[1].check_in_code)
    said = check_in(program, book_id)
    assert said.startswith("2 of 3 seats are checked in. LibCal says")
    row = row_of(program, book_id)
    assert row.libcal_label == "Arrived"
    assert Action.CHECK_IN in row.offers
    library.services.faults.clear()
    before = library.calls("checkin")
    assert check_in(program, book_id) == "Checked in in LibCal."
    assert library.calls("checkin") == before + 1
    assert in_libcal(library, book_id) == ["in"] * 3


def test_a_reader_who_checked_in_meanwhile_has_arrived(library: Library) -> None:
    program, booking = ready(library)
    library.services.check_in(booking.book_id)
    assert check_in(program, booking.book_id) == "Checked in in LibCal."
    assert row_of(program, booking.book_id).libcal_label == "Arrived"


def test_too_early_is_told_with_from_when_on_and_waits_for_nothing(library: Library) -> None:
    booking = library.book(start=timedelta(hours=2))
    program = library.open()
    program.log_new_bookings()
    starts_at = row_of(program, booking.book_id).starts_at
    opens = starts_at - timedelta(minutes=30)
    assert check_in(program, booking.book_id) == f"Too early: check in from {opens:%H:%M}."
    row = row_of(program, booking.book_id)
    assert (row.libcal_label, row.group) == ("Confirmed", Group.REGISTERED)
    program.log_new_bookings()
    assert library.calls("checkin") == 1


def test_too_late_is_told_with_until_when(library: Library) -> None:
    program, booking = ready(library)
    library.clock.advance(minutes=30)
    closes = row_of(program, booking.book_id).starts_at + timedelta(minutes=15)
    said = check_in(program, booking.book_id)
    assert said == f"Too late: LibCal took check-ins until {closes:%H:%M}."
    assert row_of(program, booking.book_id).check_in is CheckInState.NONE


def test_a_code_that_libcal_does_not_know_is_told(library: Library) -> None:
    program, booking = ready(library)
    library.services.remove(booking.book_id)
    assert "doesn't know this booking's check-in code" in check_in(program, booking.book_id)


def test_a_missing_scope_is_told_with_what_it_needs(library: Library) -> None:
    program, booking = ready(library)
    library.services.libcal.check_in.is_permitted = False
    said = check_in(program, booking.book_id)
    assert "spaces write" in said
    assert row_of(program, booking.book_id).libcal_label == "Confirmed"
    assert program.log_new_bookings().services["LibCal"].ok


@pytest.mark.parametrize("what", ["cancelled", "over", "gone"])
def test_what_is_no_more_is_not_asked_for(library: Library, what: str) -> None:
    program, booking = ready(library)
    if what == "cancelled":
        library.services.cancel(booking.book_id)
    elif what == "gone":
        library.services.remove(booking.book_id)
    else:
        library.clock.advance(hours=2)
    program.log_new_bookings()
    assert Action.CHECK_IN not in row_of(program, booking.book_id).offers
    assert "nobody can be checked in" in check_in(program, booking.book_id)
    assert library.calls("checkin") == 0


def check_in_waits(program: LibCal2PP, book_id: str) -> str:
    """Pressed, and LibCal can't be asked; what the desk reads."""
    done = program.act(Action.CHECK_IN, row_of(program, book_id).row_id)
    assert isinstance(done, ActionDone)
    assert (done.queued, done.error) == (True, None)
    return done.text


TROUBLE = ["500", "503 html", "cut_before", "html", "empty", "truncated", "error_200", "wrong_type"]


@pytest.mark.parametrize("kind", [*TROUBLE, "429", "redirect", "404", "expired_session"])
@pytest.mark.parametrize("processed", [False, True])
def test_what_cannot_be_told_waits_in_sight_and_goes_out_by_itself(
    library: Library, kind: str, processed: bool
) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", kind, processed=processed)
    assert "check-in waits" in check_in_waits(program, booking.book_id)
    row = row_of(program, booking.book_id)
    assert (row.libcal_label, row.group) == ("Check-in waits", Group.REGISTERED)
    assert "The check-in waits since" in (row.reason or "")
    assert Action.CHECK_IN not in row.offers
    library.services.faults.clear()
    row = row_of(library.restart(program).log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.reason) == ("Arrived", None)
    assert in_libcal(library, booking.book_id) == ["in"]
    assert library.visits == 1


def test_an_answer_that_is_lost_at_once_is_asked_for_once_more(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "cut_before", times=1, processed=True)
    assert check_in(program, booking.book_id) == "Checked in in LibCal."
    assert library.calls("checkin") == 2


def missed(library: Library, program: LibCal2PP, book_id: str) -> BookingRow:
    row = row_of(program.log_new_bookings(), book_id)
    assert (row.check_in, row.group) == (CheckInState.MISSED, Group.NEEDS_PERSON)
    assert row.libcal_label == "Not checked in"
    assert Action.NOT_CHECKED_IN in (row.action, *row.offers)
    return row


def test_one_that_came_too_late_is_to_do_until_decided(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    library.clock.advance(minutes=40)
    library.services.faults.clear()
    row = missed(library, program, booking.book_id)
    assert "Too late: LibCal took check-ins until" in (row.reason or "")
    assert row.passagepoint is PassState.REGISTERED
    library.clock.advance(hours=1)
    program = library.restart(program)
    assert missed(library, program, booking.book_id).is_over
    assert "without a check-in" in act(program, Action.NOT_CHECKED_IN, booking.book_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.check_in, row.group) == (CheckInState.NONE, Group.REGISTERED)


@pytest.mark.parametrize("what", ["over", "cancelled", "gone"])
def test_one_that_was_never_told_is_to_do(library: Library, what: str) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    if what == "cancelled":
        library.services.cancel(booking.book_id, "Cancelled by System")
    elif what == "gone":
        library.services.remove(booking.book_id)
    else:
        library.clock.advance(hours=2)
    library.clock.advance(minutes=20)
    why = missed(library, program, booking.book_id).reason or ""
    assert "didn't reach LibCal in time" in why or "came to nothing" in why
    act(program, Action.NOT_CHECKED_IN, booking.book_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.check_in is CheckInState.NONE
    assert library.visits == 1


def test_one_that_was_missed_yesterday_is_told_until_seen(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    row_id = row_of(program, booking.book_id).row_id
    library.clock.advance(hours=24)
    program = library.restart(program)
    program.log_new_bookings()
    assert [one.row_id for one in program.ended_unseen().rows] == [row_id]
    program.mark_seen([row_id])
    assert not program.ended_unseen().rows


def test_one_that_waits_can_be_given_up(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    act(program, Action.NOT_CHECKED_IN, booking.book_id)
    library.services.faults.clear()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.check_in) == ("Confirmed", CheckInState.NONE)
    assert in_libcal(library, booking.book_id) == ["-"]


@pytest.mark.parametrize("asks", ["a whole pass", "news"])
def test_a_list_that_was_asked_for_before_takes_nothing_back(library: Library, asks: str) -> None:
    program, booking = ready(library)
    library.clock.advance(minutes=1)
    library.services.extend(booking.book_id, booking.ends_at + timedelta(minutes=5))
    row_id = row_of(program, booking.book_id).row_id
    asked = iter([True])
    running = library.services.running
    plain_rows = running.rows

    def rows() -> list[LibCalRow]:
        """LibCal has read its list, and then the reader is checked in."""
        found = plain_rows()
        if library.calls("booking" if asks == "news" else "bookings") and next(asked, False):
            request_check_in(library, program, row_id)
            assert library.services.wait_for_calls("checkin")
        return found

    library.services.clear_calls()
    running.rows = rows  # type: ignore[method-assign]
    if asks == "news":
        program.ask_news()
    else:
        program.log_new_bookings()
    row = row_of(program, booking.book_id)
    assert row.libcal_label == "Arrived"
    assert in_libcal(library, booking.book_id) == ["in"]
    assert next(asked, None) is None


def request_check_in(library: Library, program: LibCal2PP, row_id: str) -> None:
    program.submit(
        DeskRequest(new_id(), Action.CHECK_IN, row_id, "anna", library.clock.now(), "desk-1")
    )


def test_what_would_check_somebody_in_is_in_no_log(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    program, booking = ready(library)
    library.services.faults.add("checkin", "400", times=1)
    check_in(program, booking.book_id)
    check_in(program, booking.book_id)
    assert library.calls("checkin") == 2
    assert booking.check_in_code not in caplog.text
    assert booking.check_in_code not in " ".join(one.text for one in program.activity())


def test_one_that_was_missed_may_be_asked_for_again(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    library.clock.advance(minutes=40)
    library.services.faults.clear()
    missed(library, program, booking.book_id)
    library.services.libcal.check_in.closes_minutes_after = None
    assert check_in(program, booking.book_id) == "Checked in in LibCal."
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.group, row.reason) == ("Arrived", Group.REGISTERED, None)


def test_one_that_the_reader_saw_to_is_to_do_no_more(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    library.clock.advance(minutes=40)
    library.services.faults.clear()
    missed(library, program, booking.book_id)
    library.services.check_in(booking.book_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.group) == ("Arrived", Group.REGISTERED)


def test_a_program_that_ends_in_the_middle_tells_it_the_next_time(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "hang", processed=True)
    request_check_in(library, program, row_of(program, booking.book_id).row_id)
    program.carry_out(lambda: library.calls("checkin") > 0)
    library.services.faults.clear()
    row = row_of(library.restart(program).log_new_bookings(), booking.book_id)
    assert (row.libcal_label, row.reason) == ("Arrived", None)
    assert in_libcal(library, booking.book_id) == ["in"]


def test_what_was_decided_before_can_be_undone_while_a_check_in_waits(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 4}
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book(start=SOON)
    program = library.open()
    program.log_new_bookings()
    act(program, Action.BY_HAND, booking.book_id)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    assert Action.UNDO in row_of(program, booking.book_id).offers
    act(program, Action.UNDO, booking.book_id)
    row = row_of(program, booking.book_id)
    assert (row.passagepoint, row.check_in) == (PassState.WAITING, CheckInState.WAITS)


def test_a_visit_without_a_booking_has_nobody_to_check_in(library: Library) -> None:
    library.settings["PassagePoint"] = {"walk_in_hours": 3}
    program, now = library.open(), library.clock.now()
    detail = {"id": library.services.add_person().primary_id, "location_id": "8827"}
    detail |= {"ends_at": (now + timedelta(hours=1)).isoformat(), "initials": "AB"}
    visit = DeskRequest(new_id(), Action.REGISTER_VISIT, new_id(), "anna", now, "desk-1", detail)
    program.submit(visit)
    program.carry_out()
    [row] = program.rows()
    assert Action.CHECK_IN not in row.offers
    assert "LibCal has no such booking" in act(program, Action.CHECK_IN, row.book_id)


def test_forgotten_nobody_is_checked_in(library: Library) -> None:
    program, booking = ready(library)
    library.services.faults.add("checkin", "500")
    check_in_waits(program, booking.book_id)
    program.forget(str(booking.answer))
    library.services.faults.clear()
    library.services.clear_calls()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.check_in is CheckInState.NONE
    assert (library.calls("checkin"), in_libcal(library, booking.book_id)) == (0, ["-"])


@pytest.mark.parametrize(("tells", "permits"), [(True, True), (True, False), (False, True)])
def test_check_connections_says_whether_the_application_may(
    library: Library, *, tells: bool, permits: bool
) -> None:
    library.book()
    libcal = library.services.libcal.check_in
    libcal.tells_scope, libcal.is_permitted = tells, permits
    config = library.services.config(**library.settings)
    findings = check_connections(config, Credentials(config, library.store), library.clock)
    said = [f"{one.text} {one.hint}" for one in findings if one.subject == "LibCal"][1:]
    words = [] if tells and permits else ["first check-in"] if permits else ["spaces write"]
    assert len([one for one in said if "check" in one]) == len(words)
    assert all(word in " ".join(said) for word in words)
    assert library.calls("checkin") == 0
