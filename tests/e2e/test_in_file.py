"""What is in a file for PassagePoint's import is in a person's hands, and sent by nobody else."""

from __future__ import annotations

from datetime import timedelta

from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from tests.e2e.library import Library, act, row_of


def put_into_a_file(library: Library) -> tuple[LibCal2PP, LibCalRow]:
    """PassagePoint was away, so the desk saves a file; now it is back."""
    booking = library.book(start=timedelta(hours=5))
    library.services.faults.add("createPreReg", "429")
    program = library.open()
    program.log_new_bookings()
    act(program, Action.IN_FILE, booking.book_id)
    library.services.faults.clear()
    return program, booking


def test_nothing_of_a_file_is_sent_while_staff_upload_it_and_after_a_restart(
    library: Library,
) -> None:
    program, booking = put_into_a_file(library)
    for _ in range(4):
        library.clock.advance(minutes=20)
        report = program.log_new_bookings()
        program = library.restart(program)
    row = row_of(report, booking.book_id)
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.BY_FILE)
    assert Action.NOT_UPLOADED in row.offers
    assert "file for PassagePoint's import" in str(row.reason)
    assert library.visits == 0


def test_uploaded_it_counts_as_registered_by_file(library: Library) -> None:
    program, booking = put_into_a_file(library)
    assert act(program, Action.BY_FILE, booking.book_id) == "Noted: uploaded by file."
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_FILE
    assert library.visits == 0


def test_not_uploaded_it_goes_out_by_itself(library: Library) -> None:
    program, booking = put_into_a_file(library)
    act(program, Action.NOT_UPLOADED, booking.book_id)
    library.clock.advance(minutes=20)
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


def test_what_was_sent_meanwhile_is_named(library: Library) -> None:
    program, booking = put_into_a_file(library)
    act(program, Action.REGISTER_NOW, booking.book_id)
    assert "It was registered meanwhile" in act(program, Action.BY_FILE, booking.book_id)
    assert row_of(program, booking.book_id).passagepoint is PassState.REGISTERED


def test_what_is_registered_is_put_into_no_file(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    assert "isn't waiting any more" in act(program, Action.IN_FILE, booking.book_id)


def test_a_file_can_be_made_again_after_it_was_not_uploaded(library: Library) -> None:
    program, booking = put_into_a_file(library)
    act(program, Action.NOT_UPLOADED, booking.book_id)
    act(program, Action.IN_FILE, booking.book_id)
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert library.visits == 0
