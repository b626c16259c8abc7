"""A visit without a booking: every guard by what it would let in, and the promise as elsewhere."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.models import ActionDone, BookingRow, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState, PatronState
from core.engine.own import LibCal2PP
from core.practice.day import make_big_day
from core.practice.maker import MAIN
from core.practice.records import Card, Person
from tests.builders import NOON, ZONE
from tests.e2e.library import Library, act, at, row_of


class Door:
    """The program with visits without a booking allowed, and what somebody at the door asks for."""

    def __init__(self, library: Library, **passagepoint: object) -> None:
        self.library = library
        library.settings["PassagePoint"] = {"walk_in_hours": 3, **passagepoint}
        self.program: LibCal2PP = library.open()

    def request(self, typed: str, *, hours: float = 2, **changes: str) -> DeskRequest:
        now = self.library.clock.now()
        until = (now + timedelta(hours=hours)).isoformat()
        detail = {"id": typed, "location_id": MAIN, "ends_at": until, "initials": "AB"}
        return DeskRequest(
            new_id(), Action.REGISTER_VISIT, new_id(), "anna AB", now, "desk-1", detail | changes
        )

    def ask(self, request: DeskRequest) -> str:
        self.program.submit(request)
        self.program.carry_out()
        dones = [one for one in self.library.events if isinstance(one, ActionDone)]
        [*_, done] = [one for one in dones if one.request_id == request.request_id]
        return done.error or done.text

    def visit(self, typed: str, *, hours: float = 2, **changes: str) -> str:
        return self.ask(self.request(typed, hours=hours, **changes))

    @property
    def nothing_happened(self) -> bool:
        calls = {"createVisitor", "createPreReg"}
        sent = any(call.name in calls for call in self.library.services.calls)
        return not sent and not self.program.rows() and self.library.visits == 0


def changed(reader: Person, **fields: object) -> Person:
    return dataclasses.replace(reader, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["university ID", "card"])
def test_somebody_whom_alma_knows_is_registered_without_a_booking(
    library: Library, by: str
) -> None:
    door, reader = Door(library), library.services.add_person()
    said = door.visit(reader.primary_id if by == "university ID" else reader.barcode or "")
    assert said.startswith("Registered")
    [row] = door.program.rows()
    assert (row.libcal_label, row.group) == ("No booking", Group.REGISTERED)
    assert (row.primary_id, row.location_id) == (reader.primary_id, MAIN)
    [visit] = library.services.visits
    assert (visit.start, visit.end) == (NOON, at(2))
    assert visit.destination == row.destination
    assert any("without a booking" in entry.text for entry in door.program.history(row.row_id))


def test_a_visit_stays_when_libcal_answers_without_it(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.books(6)
    door.visit(reader.primary_id)
    for _ in range(3):
        library.clock.advance(minutes=5)
        report = door.program.log_new_bookings()
    assert report.counts.registered == 7
    assert library.visits == 7
    again = door.library.restart(door.program)
    assert again.log_new_bookings().counts.registered == 7
    assert library.visits == 7


REFUSED_PEOPLE: dict[str, tuple[dict[str, object], str]] = {
    "expired": ({"expires_on": NOON.date() - timedelta(days=2)}, "expired"),
    "inactive": ({"status": "INACTIVE"}, "nactive"),
    "deleted": ({"status": "DELETED"}, "eleted"),
    "blocked": ({"block": "Fines"}, "blocked: Fines"),
    "no card": ({"cards": ()}, "barcode"),
    "old card only": ({"cards": (Card("2282999", "INACTIVE"),)}, "barcode"),
}


@pytest.mark.parametrize("why", REFUSED_PEOPLE)
def test_who_may_not_come_in_is_not_let_in_whatever_the_settings_say_of_bookings(
    library: Library, why: str
) -> None:
    fields, words = REFUSED_PEOPLE[why]
    library.settings["Alma"] = {"inactive_account": "register", "active_block": "show"}
    door = Door(library)
    reader = library.services.add_person(
        changed(Person("G44444444", "Ana", "Ruiz", cards=(Card("2282444"),)), **fields)
    )
    assert words in door.visit(reader.primary_id)
    assert door.nothing_happened


REFUSED_WISHES: dict[str, tuple[dict[str, str], str]] = {
    "nobody": ({"id": "G00000000"}, "Alma doesn't know"),
    "nothing typed": ({"id": " "}, "Type a university ID"),
    "without initials": ({"initials": " "}, "initials"),
    "unknown place": ({"location_id": "99999"}, "isn't looked after"),
    "no place": ({"location_id": ""}, "isn't looked after"),
    "over already": ({"ends_at": at(-1).isoformat()}, "over already"),
    "over now": ({"ends_at": at(0).isoformat()}, "over already"),
    "too long": ({"ends_at": at(3.01).isoformat()}, "3 hours at most"),
    "no end": ({"ends_at": ""}, "until when"),
    "end without a zone": ({"ends_at": "2026-11-23T14:00:00"}, "until when"),
}


@pytest.mark.parametrize("why", REFUSED_WISHES)
def test_a_wish_that_no_setting_allows_is_refused(library: Library, why: str) -> None:
    changes, words = REFUSED_WISHES[why]
    door, reader = Door(library), library.services.add_person()
    request = door.request(reader.primary_id)
    assert words in door.ask(dataclasses.replace(request, detail={**request.detail, **changes}))
    assert door.nothing_happened


def test_where_the_setting_is_empty_none_are_made(library: Library) -> None:
    door, reader = Door(library, walk_in_hours=None), library.services.add_person()
    assert "switched off" in door.visit(reader.primary_id)
    assert door.nothing_happened


def test_a_place_without_a_destination_takes_none(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    places = door.program.config.libcal.locations
    without = [one.id for one in places if one.destination is None]
    for place in without:
        assert "no destination" in door.visit(reader.primary_id, location_id=place)
    assert without
    assert door.nothing_happened


def test_a_destination_that_passagepoint_lacks_takes_none(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.book()
    passagepoint = library.services.passagepoint
    [lost] = {one.destination for one in door.program.config.libcal.locations if one.id == MAIN}
    passagepoint.destinations = [one for one in passagepoint.destinations if one != lost]
    door.program.log_new_bookings()
    asked = library.calls("createVisitor")
    assert f"{lost} isn't a destination in PassagePoint." == door.visit(reader.primary_id)
    assert library.calls("createVisitor") == asked
    assert len(door.program.rows()) == 1


def test_none_lasts_into_the_next_day(tmp_path: Path) -> None:
    late = NOON.astimezone(ZONE).replace(hour=22)
    with Library(tmp_path, make_big_day(late, ZONE, 0), now=late) as library:
        door, reader = Door(library), library.services.add_person()
        assert "same day" in door.visit(reader.primary_id, hours=2.01)
        assert door.nothing_happened
        assert door.visit(reader.primary_id, hours=2).startswith("Registered")


def test_alma_is_asked_now_whatever_is_known_of_the_card(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    booking = library.book(person=reader, lid="10332")
    door.program.log_new_bookings()
    assert row_of(door.program, booking.book_id).patron is PatronState.FOUND
    library.services.faults.add("Alma", "503")
    visits = library.visits
    assert "Alma has to be asked now" in door.visit(reader.barcode or "")
    library.services.faults.clear()
    library.clock.advance(minutes=10)
    door.program.log_new_bookings()
    assert library.visits == visits, "it was queued"


def test_what_was_asked_for_too_long_ago_is_not_done(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    request = door.request(reader.primary_id)
    library.clock.advance(minutes=3)
    assert "Ask again" in door.ask(request)
    assert door.nothing_happened


def test_a_booking_of_that_person_and_place_is_offered_instead(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.book(person=reader)
    door.program.log_new_bookings()
    for typed in (reader.primary_id, reader.primary_id.lower(), reader.barcode or ""):
        assert "has a booking from" in door.visit(typed)
    assert library.visits == 1


def test_nobody_gets_a_second_visit_at_a_place(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    door.visit(reader.primary_id)
    assert "has a visit from" in door.visit(reader.barcode or "")
    assert library.visits == 1


def test_an_unclear_visit_is_not_made_a_second_time(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createPreReg", "cut_before", times=1, processed=True)
    door.visit(reader.primary_id)
    [row] = door.program.rows()
    assert (row.passagepoint, row.action) == (PassState.UNCLEAR, Action.RESOLVE)
    assert "has a visit from" in door.visit(reader.primary_id)
    library.clock.advance(minutes=10)
    door.program.log_new_bookings()
    assert library.visits == 1
    assert act(door.program, Action.IT_IS_THERE, row.book_id)
    assert row_of(door.program, row.book_id).group is Group.REGISTERED


def test_the_same_request_twice_makes_one_visit(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    request = door.request(reader.primary_id)
    door.ask(request)
    door.program.submit(request)
    door.program.carry_out()
    other = library.services.add_person()
    forged = dataclasses.replace(
        request, request_id=new_id(), detail={**request.detail, "id": other.primary_id}
    )
    assert "asked for before" in door.ask(forged)
    assert library.visits == 1


@pytest.mark.parametrize("fault", ["cut_before", "cut_within", "503"])
@pytest.mark.parametrize("processed", [True, False])
def test_a_visitor_that_was_perhaps_made_is_made_once(
    library: Library, fault: str, processed: bool
) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createVisitor", fault, times=1, processed=processed)
    door.visit(reader.primary_id)
    for _ in range(20):
        library.clock.advance(minutes=1)
        door.program.log_new_bookings()
    [row] = door.program.rows()
    assert row.group is Group.REGISTERED
    assert library.visits == 1


def test_until_it_is_sent_it_can_be_undone(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createPreReg", "429")
    door.visit(reader.primary_id)
    [row] = door.program.rows()
    assert Action.UNDO in row.offers
    assert act(door.program, Action.UNDO, row.book_id) == "Undone."
    library.services.faults.clear()
    library.clock.advance(minutes=20)
    report = door.program.log_new_bookings()
    assert (library.visits, report.rows[0].group) == (0, Group.EXCLUDED)
    assert report.rows[0].libcal_label == "Taken back"
    assert door.visit(reader.primary_id).startswith("Registered")
    assert library.visits == 1


def test_by_hand_is_never_sent(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createPreReg", "429")
    door.visit(reader.primary_id)
    [row] = door.program.rows()
    act(door.program, Action.BY_HAND, row.book_id)
    library.services.faults.clear()
    library.clock.advance(minutes=20)
    assert door.program.log_new_bookings().rows[0].passagepoint is PassState.BY_HAND
    assert library.visits == 0


@pytest.mark.parametrize("action", [Action.CORRECT_ID, Action.SAME_PERSON])
def test_it_never_becomes_another_persons(library: Library, action: Action) -> None:
    door, reader = Door(library), library.services.add_person()
    other = library.services.add_person()
    door.visit(reader.primary_id)
    [row] = door.program.rows()
    assert not {Action.CORRECT_ID, Action.SAME_PERSON} & {row.action, *row.offers}
    assert "one person" in act(door.program, action, row.book_id, id=other.primary_id)
    assert door.program.rows()[0].primary_id == reader.primary_id
    assert library.visits == 1


def late_booking(door: Door) -> BookingRow:
    """Of a reader who was let in until 14:00 and books for 13:00 after that."""
    reader = door.library.services.add_person()
    door.visit(reader.primary_id)
    booking = door.library.book(person=reader)
    door.program.log_new_bookings()
    return row_of(door.program, booking.book_id)


def test_a_booking_that_comes_later_and_overlaps_is_not_sent_by_itself(library: Library) -> None:
    door = Door(library)
    row = late_booking(door)
    assert row.action is Action.COVERED
    assert "made at the desk" in (row.reason or "")
    library.clock.advance(minutes=50)
    door.program.log_new_bookings()
    assert library.visits == 1


COVERED_OR_TOO: dict[Action, int] = {Action.COVERED: 1, Action.REGISTER_NOW: 2}


@pytest.mark.parametrize("action", COVERED_OR_TOO)
def test_the_desk_says_whether_the_visit_covers_it(library: Library, action: Action) -> None:
    door = Door(library)
    act(door.program, action, late_booking(door).book_id)
    library.clock.advance(minutes=5)
    assert door.program.log_new_bookings().counts.needs_person == 0
    assert library.visits == COVERED_OR_TOO[action]


def test_a_booking_after_the_visit_or_elsewhere_goes_on_by_itself(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    door.visit(reader.primary_id)
    library.book(person=reader, start=timedelta(hours=2))
    library.book(person=reader, lid="10332")
    assert door.program.log_new_bookings().counts.registered == 3


def test_once_it_is_undone_it_covers_nothing(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createPreReg", "429")
    door.visit(reader.primary_id)
    [visit] = door.program.rows()
    library.book(person=reader)
    door.program.log_new_bookings()
    act(door.program, Action.UNDO, visit.book_id)
    library.services.faults.clear()
    library.clock.advance(minutes=50)
    assert door.program.log_new_bookings().counts.registered == 1
    assert library.visits == 1


@pytest.mark.parametrize("minutes", [1, 5])
def test_what_was_stored_and_never_begun_is_done_at_once_or_not_at_all(
    library: Library, minutes: int
) -> None:
    door, reader = Door(library), library.services.add_person()
    door.program.submit(door.request(reader.primary_id))
    library.close(door.program)  # it is stored, and nobody has looked at it
    library.clock.advance(minutes=minutes)
    door.program = library.open()
    door.program.log_new_bookings()
    assert library.visits == (1 if minutes < 2 else 0)
    library.clock.advance(minutes=5)
    door.program.log_new_bookings()
    assert library.visits == (1 if minutes < 2 else 0)


def test_forget_knows_it_and_it_is_not_made_again(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    door.visit(reader.primary_id)
    assert any(
        reader.primary_id in value for _, value in door.program.held_about(reader.primary_id)
    )
    door.program.forget(reader.primary_id)
    assert all(row.name == "" for row in door.program.rows())
    assert "forgotten" in door.visit(reader.primary_id)
    assert library.visits == 1


def test_clean_up_removes_it_when_its_days_are_over(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    door.visit(reader.primary_id)
    library.clock.advance(hours=24 * 5)
    door.program.log_new_bookings()
    door.program.clean_up()
    assert not door.program.held_about("desk-")
    assert door.program.rows() == []


def test_what_never_went_out_ends_to_be_seen(library: Library) -> None:
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add("createPreReg", "429")
    door.visit(reader.primary_id, hours=1)
    library.clock.advance(minutes=61)
    door.program.log_new_bookings()
    assert door.program.rows()[0].label == "Ended, not registered"


@pytest.mark.parametrize("call", ["createVisitor", "createPreReg"])
@pytest.mark.parametrize("processed", [True, False])
def test_the_program_ends_while_it_is_on_its_way(
    library: Library, call: str, processed: bool
) -> None:
    """What hadn't begun goes on by itself; what had is unclear, and isn't sent again."""
    door, reader = Door(library), library.services.add_person()
    library.services.faults.add(call, "hang", times=1, processed=processed)
    door.program.submit(door.request(reader.primary_id))
    door.program.carry_out(lambda: library.calls(call) == 1)
    library.close(door.program)
    library.services.faults.release()
    door.program = library.open()
    for _ in range(10):
        library.clock.advance(minutes=1)
        door.program.log_new_bookings()
    [row] = door.program.rows()
    if call == "createVisitor":
        assert (row.group, library.visits) == (Group.REGISTERED, 1)
    else:
        assert row.passagepoint is PassState.UNCLEAR
        assert library.calls("createPreReg") == 1
    assert "has a visit from" in door.visit(reader.primary_id)
