"""What the desk is told when a button no longer fits, and what survives a stop."""

from __future__ import annotations

from datetime import timedelta

from core.domain.models import ActionDone, DeskRequest
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.records import Card, Person
from tests.e2e.library import Library, act, row_of


def test_a_button_that_no_longer_fits_says_what_the_booking_is_now(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.SAME_PERSON, booking.book_id)
    assert said.startswith("This no longer fits: the booking now says “Registered")
    assert act(program, Action.REGISTER_NOW, booking.book_id) == "It is registered already."
    assert library.visits == 1


def test_nothing_is_done_for_a_booking_that_is_over(library: Library) -> None:
    booking = library.book(answer="")
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(hours=3)
    assert act(program, Action.REGISTER_NOW, booking.book_id) == "The booking is over."


def test_a_booking_that_left_the_list_is_named_as_such(library: Library) -> None:
    program = library.open()
    done = program.act(Action.REGISTER_NOW, "no such row")
    assert done is not None
    assert done.error == "This booking is no longer in the list."


def test_register_now_never_hides_an_unclear_visit(library: Library) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    assert "resolve that first" in act(program, Action.REGISTER_NOW, booking.book_id)
    assert library.calls("createPreReg") == 1


def test_register_now_of_a_cancelled_booking_or_one_without_destination(
    library: Library,
) -> None:
    cancelled, elsewhere = library.book(status="Cancelled"), library.book(lid="11200")
    program = library.open()
    program.log_new_bookings()
    assert act(program, Action.REGISTER_NOW, cancelled.book_id) == "The booking is cancelled."
    assert "no destination" in act(program, Action.REGISTER_NOW, elsewhere.book_id)
    act(program, Action.BY_HAND, elsewhere.book_id)
    assert row_of(program, elsewhere.book_id).group is Group.REGISTERED


def test_register_now_that_turns_out_unclear_says_so(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("createPreReg", "cut_before", times=1)
    act(program, Action.REGISTER_NOW, booking.book_id)
    row = row_of(program, booking.book_id)
    assert row.passagepoint is PassState.UNCLEAR
    assert Action.REGISTER_AGAIN in row.offers


def test_register_now_tries_once_more_what_passagepoint_refused(library: Library) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", "422", times=1)
    assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.REFUSED
    library.clock.advance(seconds=1)
    assert act(program, Action.REGISTER_NOW, booking.book_id).startswith("Registered")


def test_correct_id_without_anything_typed(library: Library) -> None:
    booking = library.book(answer="")
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.CORRECT_ID, booking.book_id, id="  ")
    assert said == "Type a university ID or scan a card."


def test_an_id_typed_while_alma_is_away_is_kept_and_a_barcode_is_not(library: Library) -> None:
    reader = library.services.add_person()
    booking = library.book(person=reader, answer="", start=timedelta(hours=4))
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("user", "500")
    barcode = act(program, Action.CORRECT_ID, booking.book_id, id=str(reader.barcode))
    assert barcode.endswith("Type the university ID, or try again.")
    typed = act(program, Action.CORRECT_ID, booking.book_id, id=reader.primary_id.lower())
    assert typed.startswith("Queued: it goes out by itself")
    library.services.faults.clear()
    library.clock.advance(minutes=20)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.primary_id, row.group) == (reader.primary_id, Group.REGISTERED)


def test_a_correction_of_a_visit_made_by_hand_leaves_that_visit_as_a_line(
    library: Library,
) -> None:
    library.settings["Sync"] = {"check_names": False}
    reader = Person("G10000001", "Ana", "Ruiz", cards=(Card("1", "INACTIVE"),))
    booking = library.book(person=library.services.add_person(reader))
    right = library.services.add_person()
    program = library.open()
    program.log_new_bookings()
    act(program, Action.BY_HAND, booking.book_id)
    act(program, Action.CORRECT_ID, booking.book_id, id=right.primary_id)
    old, new = sorted(program.rows(), key=lambda row: row.libcal_label != "Replaced")
    assert (old.passagepoint, old.group) == (PassState.CANCELLED_AFTER, Group.NEEDS_PERSON)
    assert (new.passagepoint, new.primary_id) == (PassState.REGISTERED, right.primary_id)


def test_live_again_after_it_was_handled_is_registered_anew_without_an_old_line(
    library: Library,
) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.cancel(booking.book_id)
    program.log_new_bookings()
    act(program, Action.HANDLED, booking.book_id)
    library.services.cancel(booking.book_id, status="Confirmed")
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.passagepoint, row.action) == (PassState.CHANGED, Action.REGISTER_ANEW)
    library.clock.advance(seconds=30)
    assert act(program, Action.REGISTER_ANEW, booking.book_id).startswith("Registered")
    assert len(program.rows()) == 1
    assert library.visits == 2


def test_undoing_a_choice_asks_again(library: Library) -> None:
    booking = library.book(answer="")
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.UNDO, booking.book_id)
    assert said == "This can't be undone any more."


def test_it_isnt_there_for_a_cancelled_booking_ends_the_question(library: Library) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    library.services.cancel(booking.book_id)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert Action.IT_IS_NOT in row.offers
    act(program, Action.IT_IS_NOT, booking.book_id)
    assert row_of(program, booking.book_id).group is Group.EXCLUDED


def test_an_upload_by_file_counts_as_registered(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    assert act(program, Action.BY_FILE, booking.book_id) == "Noted: uploaded by file."
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_FILE


def test_a_request_that_was_stored_before_a_kill_is_carried_out_at_the_next_start(
    library: Library,
) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    row = row_of(program.log_new_bookings(), booking.book_id)
    request = DeskRequest("r", Action.REGISTER_NOW, row.row_id, "AS", library.clock.now())
    program._desk.store(request)
    program = library.restart(program)
    events: list[object] = []
    program._listeners.append(events.append)
    program.carry_out()
    assert [one.request_id for one in events if isinstance(one, ActionDone)] == ["r"]
    assert row_of(program, booking.book_id).group is Group.REGISTERED


def test_a_stop_before_anything_was_sent_leaves_the_wish_standing(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    row = row_of(program.log_new_bookings(), booking.book_id)
    program.submit(DeskRequest("r", Action.REGISTER_NOW, row.row_id, "AS", library.clock.now()))
    program.carry_out(stop=lambda: True)
    assert library.visits == 0
    program.log_new_bookings()
    assert row_of(program, booking.book_id).group is Group.REGISTERED


def test_going_through_each_booking_after_a_new_ledger(library: Library) -> None:
    first, second = library.book(start=timedelta(hours=2)), library.book()
    library.close(_passed(library))
    for file in library.folder.glob("cache.db*"):
        file.unlink()
    library.clock.advance(minutes=1)
    program = library.open()
    program.log_new_bookings()
    program.answer_question("each")
    assert program.question() is None
    program.log_new_bookings()
    assert library.visits == 2
    act(program, Action.BY_HAND, first.book_id)
    library.clock.advance(minutes=3)
    assert act(program, Action.REGISTER_NOW, second.book_id).startswith("Registered")
    new = library.book()
    assert row_of(program.log_new_bookings(), new.book_id).group is Group.REGISTERED
    assert library.visits == 4


def _passed(library: Library) -> LibCal2PP:
    program = library.open()
    program.log_new_bookings()
    return program
