"""A visit without a booking at one of several desks: the registrar makes it, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from core.domain.errors import AppError
from core.domain.models import ActionDone, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, Group
from core.practice.maker import MAIN
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers

VISITS = {"walk_in_hours": 3}


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


def visit(library: Library, typed: str, **changes: str) -> DeskRequest:
    now = library.clock.now()
    detail = {
        "id": typed,
        "location_id": MAIN,
        "ends_at": (now + timedelta(hours=2)).isoformat(),
        "initials": "AB",
    }
    return DeskRequest(
        new_id(), Action.REGISTER_VISIT, new_id(), "anna AB", now, "desk", detail | changes
    )


def two(computers: Computers) -> tuple[SharedEngine, SharedEngine]:
    registrar = computers.open("registrar", PassagePoint=VISITS)
    desk = computers.open("desk", "desk", PassagePoint=VISITS)
    computers.a_second_later(registrar, desk)
    return registrar, desk


def said(computers: Computers, request: DeskRequest) -> ActionDone:
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)]
    return [one for one in told if one.request_id == request.request_id][-1]


def test_the_registrar_makes_what_a_desk_asks_for(computers: Computers, library: Library) -> None:
    registrar, desk = two(computers)
    reader = library.services.add_person()
    request = visit(library, reader.primary_id)
    desk.submit(request)
    computers.a_second_later(desk)
    computers.a_second_later(registrar, desk)
    assert said(computers, request).error is None
    assert library.visits == 1
    for engine in (registrar, desk):
        [row] = engine.rows()
        assert (row.row_id, row.libcal_label) == (request.row_id, "No booking")
        assert row.group is Group.REGISTERED


def test_the_registrar_believes_no_desk(computers: Computers, library: Library) -> None:
    registrar, desk = two(computers)
    blocked = library.services.add_person()
    requests = [
        visit(library, blocked.primary_id, location_id="99999"),
        visit(library, blocked.primary_id, initials=""),
        visit(library, blocked.primary_id, ends_at="9999-12-31T00:00:00+00:00"),
        visit(library, "G00000000"),
    ]
    for request in requests:
        desk.submit(request)
    for _ in range(4):
        computers.a_second_later(desk, registrar)
    assert all(said(computers, request).error for request in requests)
    assert library.visits == 0
    assert registrar.rows() == desk.rows() == []


def test_nothing_waits_for_a_registrar_that_comes_later(
    computers: Computers, library: Library
) -> None:
    registrar, desk = two(computers)
    registrar.close()
    request = visit(library, library.services.add_person().primary_id)
    desk.submit(request)
    desk.attend()
    library.clock.advance(minutes=10)
    again = computers.open("registrar", PassagePoint=VISITS)
    computers.a_second_later(again, desk, again, desk)
    again.log_new_bookings()
    assert library.visits == 0
    assert again.rows() == []


def test_without_a_registrar_a_visit_is_promised_for_two_minutes_only(
    computers: Computers, library: Library
) -> None:
    registrar, desk = two(computers)
    registrar.close()
    request = visit(library, library.services.add_person().primary_id)
    desk.submit(request)
    computers.a_second_later(desk, desk)
    told = said(computers, request)
    assert told.queued
    assert told.text == (
        "Not registered yet: no computer that registers is there. Where that lasts 2 minutes, "
        "nothing is sent any more: ask again then."
    )


def test_while_the_database_is_away_a_visit_is_promised_for_two_minutes_only(
    cluster: Cluster, computers: Computers, library: Library
) -> None:
    registrar, desk = two(computers)
    request = visit(library, library.services.add_person().primary_id)
    cluster.stop()
    try:
        desk.submit(request)
        for _ in range(2):
            with suppress(AppError):
                computers.a_second_later(desk)
        told = said(computers, request)
        assert told.queued
        assert "Kept" not in told.text
        assert told.text == (
            "Not registered yet: the shared database can't be reached. Where that lasts 2 minutes, "
            "nothing is sent any more: ask again then."
        )
        library.clock.advance(minutes=3)
    finally:
        cluster.start()
    for _ in range(4):
        with suppress(AppError):
            computers.a_second_later(registrar, desk)
    assert "nothing was sent" in (said(computers, request).error or "")
    assert library.visits == 0


def test_a_booking_that_it_may_cover_says_so_at_every_desk(
    computers: Computers, library: Library
) -> None:
    registrar, desk = two(computers)
    reader = library.services.add_person()
    desk.submit(visit(library, reader.primary_id))
    computers.a_second_later(desk, registrar, desk)
    booking = library.book(person=reader)
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    for engine in (registrar, desk):
        [row] = [one for one in engine.rows() if one.book_id == booking.book_id]
        assert row.action is Action.COVERED
    assert library.visits == 1
