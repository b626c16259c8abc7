"""Companions of a booking: who may come, how many, and the group as one decision."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.models import ActionDone, BookingRow, Decision, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.maker import ANNEX, MAIN
from core.practice.records import Card, Person
from tests.builders import a_note
from tests.e2e.library import Library, act, at, row_of

GONE = Person("G44444444", "Ana", "Ruiz", cards=(Card("2282444"),))


class GroupRoom:
    """A booking of 13:00 to 15:00 whose reader is registered, and whoever comes with it."""

    def __init__(
        self, library: Library, *, allowed: int | None = 2, **passagepoint: object
    ) -> None:
        self.library = library
        library.settings["PassagePoint"] = {"companions_per_booking": allowed, **passagepoint}
        self.booking = library.book(minutes=120)
        self.program: LibCal2PP = library.open()
        self.program.log_new_bookings()

    @property
    def row(self) -> BookingRow:
        return row_of(self.program, self.booking.book_id)

    @property
    def companions(self) -> list[BookingRow]:
        return [
            one
            for one in self.program.rows()
            if one.parent_row_id == self.row.row_id and one.libcal_label != "Replaced"
        ]

    @property
    def todo(self) -> list[BookingRow]:
        return [one for one in self.program.rows() if one.group is Group.NEEDS_PERSON]

    def request(self, typed: str, **changes: str) -> DeskRequest:
        row = self.row
        detail = {
            "id": typed,
            "parent_row_id": row.row_id,
            "location_id": row.location_id,
            "ends_at": row.ends_at.isoformat(),
            "initials": "AB",
        }
        now = self.library.clock.now()
        return DeskRequest(
            new_id(), Action.REGISTER_VISIT, new_id(), "anna AB", now, "desk-1", detail | changes
        )

    def ask(self, request: DeskRequest) -> str:
        self.program.submit(request)
        self.program.carry_out()
        dones = [one for one in self.library.events if isinstance(one, ActionDone)]
        [*_, done] = [one for one in dones if one.request_id == request.request_id]
        return done.error or done.text

    def add(self, reader: Person | None = None) -> str:
        who = reader or self.library.services.add_person()
        return self.ask(self.request(who.primary_id))

    def add_with(self, **changes: str) -> str:
        who = self.library.services.add_person()
        return self.ask(self.request(**{"typed": who.primary_id, **changes}))

    def a_pass_later(self, minutes: int = 5) -> None:
        self.library.clock.advance(minutes=minutes)
        self.program.log_new_bookings()


@pytest.fixture
def room(library: Library) -> GroupRoom:
    return GroupRoom(library)


def two_came(room: GroupRoom) -> GroupRoom:
    for _ in range(2):
        assert room.add().startswith("Registered")
    return room


# Who, how many


@pytest.mark.parametrize("by", ["university ID", "card"])
def test_a_companion_is_registered_for_the_place_and_time_of_the_booking(
    room: GroupRoom, by: str
) -> None:
    reader = room.library.services.add_person()
    typed = reader.primary_id if by == "university ID" else reader.barcode or ""
    assert room.ask(room.request(typed)).startswith("Registered")
    [row] = room.companions
    assert (row.libcal_label, row.group, row.primary_id) == (
        "Companion",
        Group.REGISTERED,
        reader.primary_id,
    )
    assert (row.starts_at, row.ends_at, row.seats) == (
        room.row.starts_at,
        room.row.ends_at,
        room.row.seats,
    )
    first, second = room.library.services.visits
    assert (first.start, first.end, first.destination) == (
        second.start,
        second.end,
        second.destination,
    )
    assert room.row.companions == 1
    assert any("Came with" in one.text for one in room.program.history(row.row_id))


def test_it_stands_right_after_its_booking(room: GroupRoom) -> None:
    room.library.books(6)
    room.a_pass_later()
    two_came(room)
    rows = [one.row_id for one in room.program.rows()]
    place = rows.index(room.row.row_id)
    assert set(rows[place + 1 : place + 3]) == {one.row_id for one in room.companions}


def test_no_more_come_than_are_allowed(room: GroupRoom) -> None:
    two_came(room)
    assert Action.ADD_COMPANION not in room.row.offers
    assert room.add() == "This booking has 2 companions already, and no more may come."
    assert room.library.visits == 3


def test_asked_for_at_once_no_more_come_than_are_allowed(library: Library) -> None:
    room = GroupRoom(library, allowed=1)
    people = [library.services.add_person() for _ in range(3)]
    for reader in people:
        room.program.submit(room.request(reader.primary_id))
    room.program.carry_out()
    assert (len(room.companions), library.visits) == (1, 2)


def test_who_was_taken_back_leaves_room_for_another(library: Library) -> None:
    room = GroupRoom(library, allowed=1)
    library.services.faults.add("createPreReg", "429")
    room.add()
    [first] = room.companions
    assert act(room.program, Action.UNDO, first.book_id) == "Undone."
    assert (room.row.companions, room.companions[0].libcal_label) == (0, "Taken back")
    library.services.faults.clear()
    library.clock.advance(minutes=20)
    assert room.add().startswith("Registered")
    room.a_pass_later()
    assert library.visits == 2


def test_where_none_are_allowed_nothing_is_offered_and_none_is_made(library: Library) -> None:
    room = GroupRoom(library, allowed=None)
    assert Action.ADD_COMPANION not in room.row.offers
    assert "switched off" in room.add()
    assert (room.companions, library.visits) == ([], 1)


def test_a_visit_without_a_booking_stays_switched_off_where_only_companions_are_allowed(
    room: GroupRoom,
) -> None:
    reader = room.library.services.add_person()
    assert "switched off" in room.ask(without_parent(room.request(reader.primary_id)))
    assert room.library.visits == 1


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no such booking": ({"parent_row_id": "none"}, "no longer in the list"),
    "another place": ({"location_id": ANNEX}, "at another place"),
    "a longer end": ({"ends_at": at(3.5).isoformat()}, "lasts until"),
    "an earlier end": ({"ends_at": at(2).isoformat()}, "lasts until"),
    "no end": ({"ends_at": ""}, "lasts until"),
    "an end without a zone": ({"ends_at": "2026-11-23T15:00:00"}, "lasts until"),
    "no initials": ({"initials": " "}, "initials"),
    "nobody": ({"id": "G00000000"}, "Alma doesn't know"),
    "a name": ({"id": "Ana Ruiz"}, "Alma doesn't know"),
    "nothing": ({"id": ""}, "Type a university ID"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_a_desk_says_of_the_booking_is_held_against_it(room: GroupRoom, why: str) -> None:
    changes, words = WRONG[why]
    assert words in room.add_with(**changes)
    assert (room.companions, room.library.visits) == ([], 1)


REFUSED_PEOPLE: dict[str, tuple[dict[str, object], str]] = {
    "inactive": ({"status": "INACTIVE"}, "nactive"),
    "deleted": ({"status": "DELETED"}, "eleted"),
    "blocked": ({"block": "Fines"}, "blocked: Fines"),
    "no card": ({"cards": ()}, "barcode"),
}


@pytest.mark.parametrize("why", REFUSED_PEOPLE)
def test_who_may_not_come_in_does_not_come_in_as_a_companion(library: Library, why: str) -> None:
    fields, words = REFUSED_PEOPLE[why]
    library.settings["Alma"] = {"inactive_account": "register", "active_block": "show"}
    room = GroupRoom(library)
    reader = library.services.add_person(dataclasses.replace(GONE, **fields))  # type: ignore[arg-type]
    assert words in room.add(reader)
    assert (room.companions, library.visits) == ([], 1)


def test_alma_is_asked_now(room: GroupRoom) -> None:
    reader = room.library.services.add_person()
    room.library.services.faults.add("Alma", "503")
    assert "Alma has to be asked now" in room.add(reader)
    room.library.services.faults.clear()
    room.a_pass_later(10)
    assert room.library.visits == 1


def test_who_booked_is_no_companion_of_their_own(library: Library) -> None:
    reader = library.services.add_person()
    room = GroupRoom(library)
    other = library.book(person=reader, minutes=120, start=timedelta(hours=3))
    room.a_pass_later(1)
    row = row_of(room.program, other.book_id)
    for typed in (reader.primary_id, reader.barcode or ""):
        said = room.ask(
            room.request(typed, parent_row_id=row.row_id, ends_at=row.ends_at.isoformat())
        )
        assert said == "This reader has booked it: nothing more is needed."
    assert library.visits == 2


def test_nobody_comes_twice(room: GroupRoom) -> None:
    reader = room.library.services.add_person()
    room.add(reader)
    said = room.ask(room.request(reader.barcode or ""))
    assert "is a companion here already: it says “Registered" in said
    assert room.library.visits == 2


def test_who_has_a_booking_at_that_time_is_told_so_and_at_another_time_may_come(
    room: GroupRoom,
) -> None:
    early, late = (room.library.services.add_person() for _ in range(2))
    room.library.book(person=early, start=timedelta(hours=2), minutes=60)
    room.library.book(person=late, start=timedelta(hours=4), minutes=60)
    room.a_pass_later(1)
    assert "has a booking from" in room.add(early)
    assert room.add(late).startswith("Registered")


@pytest.mark.parametrize("how", ["over", "cancelled", "tentative", "a visit", "a companion"])
def test_nobody_comes_with_what_is_no_booking_that_holds(library: Library, how: str) -> None:
    room = GroupRoom(library, walk_in_hours=4)
    row = room.row
    if how == "over":
        room.a_pass_later(181)
    elif how == "cancelled":
        library.services.cancel(room.booking.book_id)
        room.a_pass_later()
    elif how == "tentative":
        booking = library.book(minutes=120, status="Mediated Tentative")
        room.a_pass_later()
        row = row_of(room.program, booking.book_id)
    else:
        reader = library.services.add_person()
        request = room.request(reader.primary_id)
        room.ask(request if how == "a companion" else without_parent(request))
        [row] = [one for one in room.program.rows() if one.book_id.startswith("desk-")]
    visits = library.visits
    changes = {"parent_row_id": row.row_id, "ends_at": row.ends_at.isoformat()}
    said = room.add_with(**changes)
    assert said.startswith("The booking is over." if how == "over" else "Nobody can come with")
    assert library.visits == visits
    assert Action.ADD_COMPANION not in row_of(room.program, row.book_id).offers


def without_parent(request: DeskRequest) -> DeskRequest:
    detail = {name: text for name, text in request.detail.items() if name != "parent_row_id"}
    return dataclasses.replace(request, detail=detail)


def test_a_lost_answer_is_unclear_and_not_sent_a_second_time(room: GroupRoom) -> None:
    reader = room.library.services.add_person()
    room.library.services.faults.add("createPreReg", "cut_before", times=1, processed=True)
    room.add(reader)
    [row] = room.companions
    assert row.passagepoint is PassState.UNCLEAR
    assert "is a companion here already" in room.add(reader)
    room.a_pass_later(10)
    assert room.library.visits == 2
    assert room.row.companions == 1


def test_they_stand_when_libcal_answers_without_them_and_after_a_restart(room: GroupRoom) -> None:
    two_came(room)
    for _ in range(3):
        room.a_pass_later()
    room.program = room.library.restart(room.program)
    room.program.log_new_bookings()
    assert [one.group for one in room.companions] == [Group.REGISTERED] * 2
    assert room.library.visits == 3
    assert room.add() == "This booking has 2 companions already, and no more may come."


# The group is one decision


def test_a_cancelled_group_is_one_decision(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    assert "Remove the 3 visits of this group" in room.row.next_step
    assert {one.passagepoint for one in room.companions} == {PassState.CANCELLED_AFTER}
    assert {one.libcal_label for one in room.companions} == {"Cancelled"}
    said = act(room.program, Action.HANDLED, room.booking.book_id)
    assert said == "Noted: removed in PassagePoint. It counts for 2 more visits of the group."
    assert {one.label for one in (room.row, *room.companions)} == {"Removed"}
    room.a_pass_later()
    assert room.todo == []
    assert room.library.visits == 3


def test_between_two_passes_they_follow_what_is_news_of_their_booking(room: GroupRoom) -> None:
    two_came(room)
    library = room.library
    library.services.libcal.news.tells_cancelled = True
    changes: tuple[Callable[[], None], ...] = (
        lambda: library.services.extend(room.booking.book_id, at(4)),
        lambda: library.services.cancel(room.booking.book_id),
    )
    for change in changes:
        library.clock.advance(minutes=1)
        change()
        library.clock.advance(minutes=1)
        room.program.ask_news()
        assert [one.row_id for one in room.todo] == [room.row.row_id]
        assert {one.passagepoint for one in room.companions} == {room.row.passagepoint}
    assert library.calls("createPreReg") == 3


def test_undone_it_is_undone_for_all(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    act(room.program, Action.HANDLED, room.booking.book_id)
    assert act(room.program, Action.UNDO, room.booking.book_id).startswith("Undone.")
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    assert {one.label for one in room.companions} == {"Still registered"}


def test_a_moved_group_is_one_decision_and_each_visit_is_sent_once(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.move(room.booking.book_id, at(4))
    room.a_pass_later()
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    assert room.row.action is Action.REGISTER_ANEW
    assert "all 3 visits" in room.row.next_step
    assert {one.starts_at for one in room.companions} == {room.row.starts_at}
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    assert {one.group for one in (room.row, *room.companions)} == {Group.REGISTERED}
    assert room.library.visits == 6
    new = [one for one in room.library.services.visits if one.start == at(4)]
    assert len(new) == 3
    assert room.row.companions == 2
    [old] = room.todo  # the three old visits, one decision again
    assert "Remove the 3 visits" in old.next_step
    assert room.program.act(Action.HANDLED, old.row_id)
    room.a_pass_later()
    assert room.todo == []
    assert room.library.visits == 6


def test_where_nothing_goes_by_itself_the_group_still_goes_with_one_press(
    library: Library,
) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    room = GroupRoom(library)
    act(room.program, Action.REGISTER_NOW, room.booking.book_id)
    two_came(room)
    library.services.move(room.booking.book_id, at(4))
    room.a_pass_later()
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    assert {one.group for one in (room.row, *room.companions)} == {Group.REGISTERED}
    assert [one.start for one in library.services.visits].count(at(4)) == 3


def test_old_visits_and_new_ones_are_two_decisions(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.move(room.booking.book_id, at(4))
    room.a_pass_later()
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    [old] = [one for one in room.todo if one.libcal_label == "Replaced"]
    assert [one.row_id for one in room.todo if one.row_id != old.row_id] == [room.row.row_id]
    room.program.act(Action.HANDLED, old.row_id)
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    assert {one.label for one in room.companions} == {"Still registered"}


def test_where_the_one_that_asks_is_over_another_one_asks(room: GroupRoom) -> None:
    """The booker's visit was left as it was, and ends before that of who came later."""
    room.library.services.extend(room.booking.book_id, at(4))
    room.a_pass_later()
    act(room.program, Action.LEAVE, room.booking.book_id)
    room.add()
    room.library.services.move(room.booking.book_id, at(6))
    room.a_pass_later()
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    [asking] = room.todo
    assert (asking.parent_row_id, asking.ends_at) == (room.row.row_id, at(3))
    room.library.clock.advance(minutes=90)  # what was decided now holds until the end
    assert [one.row_id for one in room.todo] == [asking.row_id]
    room.library.clock.advance(minutes=105)
    [asking] = room.todo
    assert asking.ends_at == at(4)


def test_a_moved_group_that_is_left_as_it_is(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.move(room.booking.book_id, at(4))
    room.a_pass_later()
    said = act(room.program, Action.LEAVE, room.booking.book_id)
    assert said == "Left as it is. It counts for 2 more visits of the group."
    room.a_pass_later()
    assert room.todo == []
    assert room.library.visits == 3


def test_what_is_not_sent_yet_goes_out_for_the_new_time(room: GroupRoom) -> None:
    room.library.services.faults.add("createPreReg", "429")
    room.add()
    room.library.services.move(room.booking.book_id, at(4))
    room.a_pass_later()
    room.library.services.faults.clear()
    room.a_pass_later(20)
    [companion] = room.companions
    assert companion.group is Group.REGISTERED
    assert [one.start for one in room.library.services.visits] == [at(1), at(4)]


def test_of_a_cancelled_booking_no_companion_is_sent(room: GroupRoom) -> None:
    room.library.services.faults.add("createPreReg", "429")
    room.add()
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    room.library.services.faults.clear()
    room.a_pass_later(20)
    assert room.companions[0].group is Group.EXCLUDED
    assert room.library.visits == 1


def test_where_only_companions_have_a_visit_one_of_them_asks_for_all(library: Library) -> None:
    room = GroupRoom(library)
    booking = library.book(answer="", minutes=120)
    room.a_pass_later(1)
    row = row_of(room.program, booking.book_id)
    people = [library.services.add_person() for _ in range(2)]
    for one in people:
        changes = {"parent_row_id": row.row_id, "ends_at": row.ends_at.isoformat()}
        assert room.ask(room.request(one.primary_id, **changes)).startswith("Registered")
    library.services.cancel(booking.book_id)
    room.a_pass_later()
    [asking] = room.todo
    assert asking.parent_row_id == row.row_id
    assert "Remove the 2 visits" in asking.next_step
    room.program.act(Action.HANDLED, asking.row_id)
    assert room.todo == []


def test_cancelled_and_booked_again_the_group_comes_back(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    room.library.services.cancel(room.booking.book_id, "Confirmed")
    room.a_pass_later()
    assert {one.group for one in (room.row, *room.companions)} == {Group.REGISTERED}
    assert room.library.visits == 3


def test_a_booking_that_vanished_takes_its_companions_with_it(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.remove(room.booking.book_id)
    room.a_pass_later()
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    act(room.program, Action.HANDLED, room.booking.book_id)
    assert room.todo == []


def test_checking_in_early_moves_nobodys_visit(room: GroupRoom) -> None:
    two_came(room)
    room.library.clock.advance(minutes=50)
    room.library.services.check_in(room.booking.book_id, moves_start=True)
    room.a_pass_later(1)
    assert room.todo == []
    assert {one.group for one in room.companions} == {Group.REGISTERED}


def test_extended_the_group_is_asked_about_once(room: GroupRoom) -> None:
    two_came(room)
    room.library.services.extend(room.booking.book_id, at(4))
    room.a_pass_later()
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    assert {one.ends_at for one in room.companions} == {room.row.ends_at}
    assert {one.group for one in (room.row, *room.companions)} == {Group.REGISTERED}
    assert room.library.visits == 6


def test_where_the_program_ended_in_between_the_others_ask_for_themselves(
    room: GroupRoom,
) -> None:
    """Only the booking's own decision was kept: nobody is silently left as decided."""
    two_came(room)
    room.library.services.cancel(room.booking.book_id)
    room.a_pass_later()
    only_the_booking_is_decided(room)
    room.a_pass_later()
    [asking] = room.todo
    assert asking.parent_row_id == room.row.row_id
    assert "Remove the 2 visits" in asking.next_step
    room.program.act(Action.HANDLED, asking.row_id)
    assert room.todo == []


def only_the_booking_is_decided(room: GroupRoom) -> None:
    library, row_id = room.library, room.row.row_id
    library.close(room.program)
    note = a_note(library.folder / "elsewhere")
    with closing(SQLiteCache(library.path, clock=library.clock, note=note)) as cache:
        [send] = cache.ledger.of_rows([row_id])[row_id]
        now = library.clock.now()
        cache.decisions.add(
            Decision(new_id(), row_id, Action.HANDLED, now, "anna", seen=send.send_id)
        )
    room.program = library.open()


# What is kept


def test_forget_knows_a_companion(room: GroupRoom) -> None:
    reader = room.library.services.add_person()
    room.add(reader)
    held = room.program.held_about(reader.primary_id)
    assert any(reader.primary_id in value for _, value in held)
    room.program.forget(reader.primary_id)
    room.a_pass_later()
    room.a_pass_later()
    assert [one.name for one in room.companions] == [""]
    assert "forgotten" in room.add(reader)
    assert room.row.companions == 1
    assert room.library.visits == 2


def test_forgetting_who_booked_leaves_the_companions(room: GroupRoom) -> None:
    two_came(room)
    room.program.forget(room.row.primary_id or "")
    room.a_pass_later()
    assert [one.group for one in room.companions] == [Group.REGISTERED] * 2


def test_clean_up_removes_them_with_their_booking(room: GroupRoom) -> None:
    two_came(room)
    room.library.clock.advance(hours=24 * 5)
    room.program.log_new_bookings()
    room.program.clean_up()
    assert not room.program.held_about("desk-")
    assert room.program.rows() == []


def test_a_place_that_is_remapped_asks_once_for_the_group(library: Library) -> None:
    room = two_came(GroupRoom(library))
    library.close(room.program)
    places = [
        {"id": MAIN, "name": "Main Library", "destination": "Annex Desk"},
        {"id": ANNEX, "name": "Annex", "destination": "Annex Desk"},
    ]
    library.settings["LibCal"] = {"locations": places}
    room.program = library.open()
    room.a_pass_later()
    assert [one.row_id for one in room.todo] == [room.row.row_id]
    act(room.program, Action.REGISTER_ANEW, room.booking.book_id)
    assert {one.destination for one in room.companions} == {"Annex Desk"}
    assert {one.group for one in (room.row, *room.companions)} == {Group.REGISTERED}
