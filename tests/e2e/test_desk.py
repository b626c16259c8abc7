"""What the desk can do, button by button, against the practice services."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

from core.domain.models import ActionDone, BookingKey, DeskRequest
from core.domain.status import Action, Group, PassState, PatronState
from core.practice.day import make_big_day
from core.practice.records import Card, Person
from tests.builders import NOON, ZONE
from tests.e2e.library import Library, act, row_of


def test_correct_id_takes_a_card_barcode_and_registers(library: Library) -> None:
    reader = library.services.add_person()
    booking = library.book(person=reader, answer=None)
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.CORRECT_ID, booking.book_id, id=f" {reader.barcode} ")
    row = row_of(program, booking.book_id)
    assert said.startswith("Registered")
    assert (row.primary_id, row.id_answer, row.group) == (
        reader.primary_id,
        None,
        Group.REGISTERED,
    )
    assert any(entry.text == "The ID was corrected." for entry in program.history(row.row_id))


def test_a_wrong_correction_changes_nothing_and_says_so(library: Library) -> None:
    booking = library.book(answer="")
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.CORRECT_ID, booking.book_id, id="G00000000")
    assert said == "Alma knows nobody with G00000000. Nothing was changed."
    assert row_of(program, booking.book_id).patron is PatronState.NO_ID


def test_a_correction_after_registering_leaves_the_old_visit_as_a_line_of_its_own(
    library: Library,
) -> None:
    library.settings["Sync"] = {"check_names": False}
    booking, right = library.book(), library.services.add_person()
    program = library.open()
    program.log_new_bookings()
    act(program, Action.CORRECT_ID, booking.book_id, id=right.primary_id)
    old, new = sorted(program.rows(), key=lambda row: row.libcal_label != "Replaced")
    assert (old.passagepoint, old.action) == (PassState.CANCELLED_AFTER, Action.HANDLED)
    assert (new.primary_id, new.group) == (right.primary_id, Group.REGISTERED)
    assert library.visits == 2
    program.act(Action.HANDLED, old.row_id)
    assert {row.group for row in program.rows()} == {Group.EXCLUDED, Group.REGISTERED}


def test_same_person_registers_and_is_remembered(library: Library) -> None:
    booking = library.book(first_name="Zoe", last_name="Quill")
    program = library.open()
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).patron is PatronState.NAME_DIFFERS
    assert act(program, Action.SAME_PERSON, booking.book_id).startswith("Registered")
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_choose_one_of_several_people(tmp_path: Path) -> None:
    day = dataclasses.replace(make_big_day(NOON, ZONE, 0), visitors={"2282": ("111", "222")})
    with Library(tmp_path, day) as library:
        reader = Person("G00000001", "Ana", "Ruiz", cards=(Card("2282"),))
        booking = library.book(person=library.services.add_person(reader))
        program = library.open()
        row = row_of(program.log_new_bookings(), booking.book_id)
        assert (row.passagepoint, row.action) == (PassState.CHOOSE_PERSON, Action.CHOOSE)
        assert "Choose one" in act(program, Action.CHOOSE, booking.book_id, visitor_id="333")
        act(program, Action.CHOOSE, booking.book_id, visitor_id="222")
        assert [visit.visitor_id for visit in library.services.visits] == ["222"]


def test_by_hand_is_never_sent_and_can_be_undone(library: Library) -> None:
    reader = Person("G00000001", "Ana", "Ruiz", cards=(Card("2282", "INACTIVE"),))
    booking = library.book(person=library.services.add_person(reader))
    program = library.open()
    program.log_new_bookings()
    row = row_of(program, booking.book_id)
    done = program.act(Action.BY_HAND, row.row_id)
    assert done is not None
    assert done.decision_id is not None
    assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.BY_HAND
    assert Action.UNDO in row_of(program, booking.book_id).offers
    act(program, Action.UNDO, booking.book_id, decision_id=done.decision_id)
    assert row_of(program, booking.book_id).group is not Group.REGISTERED
    assert library.visits == 0


def test_what_was_sent_cant_be_undone(library: Library) -> None:
    booking = library.book(first_name="Zoe", last_name="Quill")
    program = library.open()
    program.log_new_bookings()
    act(program, Action.SAME_PERSON, booking.book_id)
    assert act(program, Action.UNDO, booking.book_id) == "This can't be undone any more."


def test_handled_after_a_cancellation_and_its_undo(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.cancel(booking.book_id)
    assert row_of(program.log_new_bookings(), booking.book_id).action is Action.HANDLED
    library.clock.advance(seconds=10)
    act(program, Action.HANDLED, booking.book_id)
    assert row_of(program, booking.book_id).group is Group.EXCLUDED
    act(program, Action.UNDO, booking.book_id)
    assert row_of(program, booking.book_id).group is Group.NEEDS_PERSON


def test_register_anew_after_a_move_and_leave_it(library: Library) -> None:
    moved, left = library.book(), library.book()
    program = library.open()
    program.log_new_bookings()
    for booking in (moved, left):
        library.services.move(booking.book_id, library.clock.now() + timedelta(hours=5))
    program.log_new_bookings()
    act(program, Action.REGISTER_ANEW, moved.book_id)
    act(program, Action.LEAVE, left.book_id)
    report = program.log_new_bookings()
    assert row_of(report, moved.book_id).group is Group.REGISTERED
    assert row_of(report, left.book_id).passagepoint is PassState.REGISTERED
    assert library.visits == 3
    library.services.move(left.book_id, library.clock.now() + timedelta(hours=7))
    assert row_of(program.log_new_bookings(), left.book_id).passagepoint is PassState.CHANGED


def test_a_new_card_is_raised_and_registered_anew(library: Library) -> None:
    library.settings["Alma"] = {"recheck_days": 0}
    reader = library.services.add_person()
    booking = library.book(person=reader)
    program = library.open()
    program.log_new_bookings()
    library.services.new_card(reader.primary_id)
    library.clock.advance(minutes=5)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.passagepoint, row.action) == (PassState.CARD_CHANGED, Action.REGISTER_ANEW)
    assert act(program, Action.REGISTER_ANEW, booking.book_id).startswith("Registered")
    assert len(library.services.visitors) == 2


def test_a_tentative_booking_is_registered_only_by_hand(library: Library) -> None:
    booking = library.book(status="Mediated Tentative")
    program = library.open()
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.EXCLUDED
    assert act(program, Action.REGISTER_NOW, booking.book_id).startswith("Registered")
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_register_now_by_its_key(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    key = BookingKey(booking.book_id, booking.starts_at)
    assert program.register_now(key).group is Group.REGISTERED


def test_beside_others_nothing_is_said_to_be_not_registered(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book()
    program = library.open()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.label, row.group) == ("Not known here", Group.WAITING)
    assert row.reason is not None
    assert row.reason.startswith("Another computer may have registered it")
    assert row.next_step.startswith("Ask the reader to try the card.")
    library.clock.advance(hours=3)
    row = row_of(program, booking.book_id)
    assert (row.label, row.is_over) == ("Not known here", True)
    assert "not registered" not in f"{row.label} {row.reason}".lower()


def test_register_now_asks_alma_again_about_someone_who_was_just_given_a_card(
    library: Library,
) -> None:
    stranger = dataclasses.replace(library.services.add_person(), primary_id="G99999999")
    booking = library.book(person=stranger)
    program = library.open()
    program.log_new_bookings()
    assert row_of(program, booking.book_id).patron is PatronState.NOT_IN_ALMA
    library.services.add_person(stranger)
    program.log_new_bookings()
    assert row_of(program, booking.book_id).patron is PatronState.NOT_IN_ALMA
    assert act(program, Action.REGISTER_NOW, booking.book_id).startswith("Registered")


def test_register_now_that_cant_go_out_stays_asked_for_across_a_restart(
    library: Library,
) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    booking = library.book(start=timedelta(hours=3))
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("login", "503")
    said = act(program, Action.REGISTER_NOW, booking.book_id)
    assert said.startswith("Queued: it goes out by itself")
    program = library.restart(program)
    library.services.faults.clear()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, library.visits) == (Group.REGISTERED, 1)


def test_a_request_carried_out_twice_sends_once(library: Library) -> None:
    booking = library.book(first_name="Zoe", last_name="Quill")
    events: list[object] = []
    program = library.open(report=events.append)
    row = row_of(program.log_new_bookings(), booking.book_id)
    request = DeskRequest("once", Action.SAME_PERSON, row.row_id, "AS", library.clock.now())
    program.submit(request)
    program.submit(request)
    program.carry_out()
    assert library.visits == 1
    assert next(one.error for one in events if isinstance(one, ActionDone)) is None


def test_forgotten_people_are_not_sent_again(library: Library) -> None:
    booking = library.book(start=timedelta(hours=3), status="Mediated Tentative")
    program = library.open()
    program.log_new_bookings()
    assert isinstance(booking.answer, str)
    assert program.held_about(booking.answer)
    assert "can't be reached from here" in program.forget(booking.answer)
    assert program.held_about(booking.answer) == []
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, row.name) == (Group.EXCLUDED, "")
    library.services.running._change(
        booking.book_id, lambda one: dataclasses.replace(one, status="Confirmed")
    )
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert (row.group, library.visits) == (Group.EXCLUDED, 0)


def test_another_booking_of_a_forgotten_person_is_forgotten_as_well(library: Library) -> None:
    reader = library.services.add_person()
    library.book(start=timedelta(hours=3), person=reader)
    program = library.open()
    program.log_new_bookings()
    program.forget(reader.primary_id)
    another = library.book(start=timedelta(hours=2), person=reader)
    row = row_of(program.log_new_bookings(), another.book_id)
    assert (row.group, row.name, library.visits) == (Group.EXCLUDED, "", 1)
    assert program.held_about(reader.primary_id) == []


def test_clean_up_shows_first_what_goes_and_keeps_today(library: Library) -> None:
    library.book()
    program = library.open()
    program.log_new_bookings()
    assert program.clean_up_plan().bookings == 0
    library.clock.advance(days=5)
    program = library.restart(program)
    assert program.clean_up_plan().bookings == 1
    assert program.clean_up().bookings == 1
    assert program.clean_up_plan().bookings == 0


def test_whom_the_gate_refuses_is_sent_a_second_time_and_the_first_is_to_be_removed(
    library: Library,
) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    row = row_of(program, booking.book_id)
    assert Action.REGISTER_AGAIN in row.offers
    assert row.next_step.startswith(f"Opens {row.destination} from ")
    assert f"with card {row.barcode}." in row.next_step
    act(program, Action.REGISTER_AGAIN, booking.book_id)
    old, new = sorted(program.rows(), key=lambda one: one.libcal_label != "Replaced")
    assert (old.passagepoint, old.action) == (PassState.CANCELLED_AFTER, Action.HANDLED)
    assert new.group is Group.REGISTERED
    assert library.visits == 2
    program.log_new_bookings()
    assert library.visits == 2
