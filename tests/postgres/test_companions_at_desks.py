"""Companions at several desks: the registrar counts, and believes no desk what a booking is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.domain.models import ActionDone, BookingRow, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState
from core.practice.maker import ANNEX
from core.practice.records import LibCalRow
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library, at
from tests.postgres.computers import Computers

ONE = {"companions_per_booking": 1}


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


class Desks:
    """A registrar and two desks, and a booking that is registered."""

    def __init__(self, computers: Computers, library: Library, **settings: object) -> None:
        self.computers, self.library = computers, library
        self.booking: LibCalRow = library.book(minutes=120)
        self.registrar = computers.open("registrar", PassagePoint=settings)
        self.desks = [
            computers.open(name, "desk", PassagePoint=settings) for name in ("desk", "other")
        ]
        self.turns(self.registrar)
        self.registrar.log_new_bookings()
        self.turns(*self.all)

    @property
    def all(self) -> list[SharedEngine]:
        return [self.registrar, *self.desks]

    def turns(self, *engines: SharedEngine) -> None:
        for _ in range(2):
            self.computers.a_second_later(*engines)

    def row(self, engine: SharedEngine) -> BookingRow:
        [row] = [one for one in engine.rows() if one.book_id == self.booking.book_id]
        return row

    def companions(self, engine: SharedEngine) -> list[BookingRow]:
        return [one for one in engine.rows() if one.libcal_label == "Companion"]

    def wish(self, typed: str, **changes: str) -> DeskRequest:
        row = self.row(self.desks[0])
        detail = {
            "id": typed,
            "parent_row_id": row.row_id,
            "location_id": row.location_id,
            "ends_at": row.ends_at.isoformat(),
            "initials": "AB",
        }
        now = self.library.clock.now()
        return DeskRequest(
            new_id(), Action.REGISTER_VISIT, new_id(), "anna AB", now, "desk", detail | changes
        )

    def said(self, name: str, request: DeskRequest) -> ActionDone:
        told = [one for one in self.computers.told[name] if isinstance(one, ActionDone)]
        return [one for one in told if one.request_id == request.request_id][-1]


def test_two_desks_at_once_bring_no_more_than_one(computers: Computers, library: Library) -> None:
    desks = Desks(computers, library, **ONE)
    requests = [desks.wish(library.services.add_person().primary_id) for _ in range(2)]
    for desk, request in zip(desks.desks, requests, strict=True):
        assert Action.ADD_COMPANION in desks.row(desk).offers
        desk.submit(request)
    desks.turns(*desks.desks, *desks.all)
    errors = [
        desks.said(name, one).error for name, one in zip(("desk", "other"), requests, strict=True)
    ]
    assert sorted(one or "" for one in errors) == [
        "",
        "This booking has 1 companion already, and no more may come.",
    ]
    assert library.visits == 2
    for engine in desks.all:
        [companion] = desks.companions(engine)
        assert companion.group is Group.REGISTERED
        assert companion.parent_row_id == desks.row(engine).row_id
        assert Action.ADD_COMPANION not in desks.row(engine).offers
        assert (desks.row(engine).companions, desks.row(engine).companions_allowed) == (1, 1)


def test_the_registrar_believes_no_desk(computers: Computers, library: Library) -> None:
    desks = Desks(computers, library, **ONE)
    reader = library.services.add_person()
    requests = [
        desks.wish(reader.primary_id, parent_row_id="no such row"),
        desks.wish(reader.primary_id, location_id=ANNEX),
        desks.wish(reader.primary_id, ends_at="9999-12-31T00:00:00+00:00"),
        desks.wish(reader.primary_id, initials=""),
        desks.wish("Ana Ruiz"),
    ]
    for request in requests:
        desks.desks[0].submit(request)
    for _ in range(3):
        desks.turns(*desks.desks, desks.registrar)
    assert all(desks.said("desk", request).error for request in requests)
    assert library.visits == 1
    assert desks.companions(desks.registrar) == []


def test_a_booking_that_was_cancelled_meanwhile_takes_nobody(
    computers: Computers, library: Library
) -> None:
    desks = Desks(computers, library, **ONE)
    request = desks.wish(library.services.add_person().primary_id)
    library.services.cancel(desks.booking.book_id)
    desks.registrar.log_new_bookings()
    desks.desks[0].submit(request)
    desks.turns(*desks.desks, desks.registrar, *desks.desks)
    assert "Nobody can come with this booking" in (desks.said("desk", request).error or "")
    assert library.visits == 1


def test_a_desk_decides_for_the_whole_group(computers: Computers, library: Library) -> None:
    desks = Desks(computers, library, companions_per_booking=3)
    for _ in range(2):
        desks.desks[0].submit(desks.wish(library.services.add_person().primary_id))
    for _ in range(3):
        desks.turns(*desks.desks, desks.registrar, *desks.desks)
    assert len(desks.companions(desks.desks[1])) == 2
    library.services.cancel(desks.booking.book_id)
    desks.registrar.log_new_bookings()
    desks.turns(*desks.all)
    rows = desks.desks[1].rows()
    assert {one.passagepoint for one in rows} == {PassState.CANCELLED_AFTER}
    [asking] = [one for one in rows if one.group is Group.NEEDS_PERSON]
    assert asking.book_id == desks.booking.book_id
    computers.ask(desks.desks[1], Action.HANDLED, asking)
    desks.turns(*desks.desks, desks.registrar, *desks.desks)
    for engine in desks.all:
        assert {one.label for one in engine.rows()} == {"Removed"}
    assert library.visits == 3


def test_a_desk_has_the_whole_group_registered_for_the_new_time(
    computers: Computers, library: Library
) -> None:
    desks = Desks(computers, library, companions_per_booking=3)
    desks.desks[0].submit(desks.wish(library.services.add_person().primary_id))
    for _ in range(3):
        desks.turns(*desks.desks, desks.registrar, *desks.desks)
    library.services.move(desks.booking.book_id, at(5))
    desks.registrar.log_new_bookings()
    desks.turns(*desks.all)
    computers.ask(desks.desks[1], Action.REGISTER_ANEW, desks.row(desks.desks[1]))
    for _ in range(3):
        desks.turns(*desks.desks, desks.registrar, *desks.desks)
    assert sorted(one.start for one in library.services.visits) == [at(1), at(1), at(5), at(5)]
    for engine in desks.all:
        [companion] = desks.companions(engine)
        assert (companion.group, companion.starts_at) == (Group.REGISTERED, at(5))
