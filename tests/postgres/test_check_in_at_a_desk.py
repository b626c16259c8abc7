"""Check in at one of several desks: the registrar tells LibCal, or all see that it waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from core.domain.check_in_state import CheckInState
from core.domain.errors import AppError
from core.domain.models import ActionDone, BookingRow
from core.domain.status import Action, Group
from core.practice.records import LibCalRow
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers


class Desks:
    """A registrar, a desk that asks, and one reader who is there."""

    def __init__(self, library: Library, computers: Computers, **libcal: object) -> None:
        self.library, self.computers = library, computers
        self.settings: dict[str, Any] = {"LibCal": {"check_in": True} | libcal}
        self.booking: LibCalRow = library.book(start=timedelta(minutes=10))
        self.registrar = computers.open("registrar", **self.settings)
        self.registrar.log_new_bookings()
        self.desk = computers.open("desk", "desk", **self.settings)
        self.a_second_later()

    def a_second_later(self, times: int = 1) -> None:
        there = [one for one in (self.registrar, self.desk) if one in self.open_ones]
        for _ in range(times):
            with suppress(AppError):
                self.computers.a_second_later(*there)

    @property
    def open_ones(self) -> list[SharedEngine]:
        return list(self.computers.engines.values())

    def row(self, engine: SharedEngine | None = None) -> BookingRow:
        [row] = (engine or self.desk).rows()
        return row

    def ask(self, action: Action = Action.CHECK_IN, seconds: int = 3) -> str:
        asked = self.computers.ask(self.desk, action, self.row())
        self.a_second_later(seconds)
        return asked

    def said(self, asked: str) -> ActionDone:
        told = [one for one in self.computers.told["desk"] if isinstance(one, ActionDone)]
        return [one for one in told if one.request_id == asked][-1]

    def end_registrar(self) -> None:
        self.registrar.close()
        del self.computers.engines["registrar"]
        self.a_second_later(20)

    def start_registrar(self) -> None:
        self.registrar = self.computers.open("registrar", **self.settings)
        self.registrar.log_new_bookings()
        self.a_second_later(3)

    @property
    def in_libcal(self) -> str:
        [row] = [
            one
            for one in self.library.services.running.rows()
            if one.book_id == self.booking.book_id
        ]
        return row.check_in


@pytest.fixture
def desks(library: Library, url: str) -> Iterator[Desks]:
    with Computers(library, url) as computers:
        yield Desks(library, computers)


def test_the_registrar_tells_libcal_and_both_see_it(desks: Desks) -> None:
    assert Action.CHECK_IN in desks.row().offers
    done = desks.said(desks.ask())
    assert (done.text, done.error, done.decision_id) == ("Arrived", None, None)
    assert desks.in_libcal == "in"
    for engine in (desks.registrar, desks.desk):
        assert desks.row(engine).libcal_label == "Arrived"
    assert desks.library.visits == 1


def test_libcals_no_comes_back_to_whoever_asked(desks: Desks) -> None:
    desks.library.services.libcal.check_in.opens_minutes_before = 5
    done = desks.said(desks.ask())
    assert (done.error or "").startswith("Too early: check in from ")
    assert desks.row().libcal_label == "Confirmed"


def test_while_libcal_is_away_all_see_that_it_waits(desks: Desks) -> None:
    desks.library.services.faults.add("checkin", "500")
    desks.ask()
    for engine in (desks.registrar, desks.desk):
        row = desks.row(engine)
        assert (row.check_in, row.libcal_label) == (CheckInState.WAITS, "Check-in waits")
        assert row.group is Group.REGISTERED
    desks.library.services.faults.clear()
    desks.registrar.log_new_bookings()
    desks.a_second_later(2)
    assert desks.row().libcal_label == "Arrived"


def test_another_registrar_goes_on_with_what_waits(desks: Desks) -> None:
    desks.library.services.faults.add("checkin", "500")
    desks.ask()
    desks.end_registrar()
    assert desks.row().check_in is CheckInState.WAITS
    desks.library.services.faults.clear()
    desks.start_registrar()
    assert (desks.row().libcal_label, desks.in_libcal) == ("Arrived", "in")


def test_without_a_registrar_it_waits_in_sight_and_can_be_taken_back(desks: Desks) -> None:
    desks.end_registrar()
    desks.ask()
    row = desks.row()
    assert (row.check_in, row.label.startswith("Registered")) == (CheckInState.WAITS, True)
    assert "Waits for a computer that registers" in (row.reason or "")
    assert Action.WITHDRAW in row.offers
    done = desks.said(desks.ask(Action.WITHDRAW))
    assert (done.text, done.error) == ("Withdrawn.", None)
    assert desks.row().check_in is CheckInState.NONE
    desks.start_registrar()
    assert (desks.row().libcal_label, desks.in_libcal) == ("Confirmed", "-")


def test_without_a_registrar_it_goes_out_when_one_comes(desks: Desks) -> None:
    desks.end_registrar()
    desks.ask()
    desks.start_registrar()
    assert (desks.row().libcal_label, desks.in_libcal) == ("Arrived", "in")


def test_one_that_no_registrar_came_for_in_time_is_to_do(desks: Desks) -> None:
    desks.end_registrar()
    desks.ask()
    desks.library.clock.advance(minutes=50)
    desks.start_registrar()
    row = desks.row()
    assert (row.check_in, row.group) == (CheckInState.MISSED, Group.NEEDS_PERSON)
    assert "Too late: LibCal took check-ins until" in (row.reason or "")
    desks.ask(Action.NOT_CHECKED_IN)
    assert (desks.row().check_in, desks.row().group) == (CheckInState.NONE, Group.REGISTERED)


def test_given_up_while_no_registrar_is_there_libcal_is_never_told(desks: Desks) -> None:
    desks.library.services.faults.add("checkin", "500")
    desks.ask()
    desks.end_registrar()
    desks.library.services.faults.clear()
    desks.library.services.clear_calls()
    desks.ask(Action.NOT_CHECKED_IN)
    desks.start_registrar()
    assert desks.row().check_in is CheckInState.NONE
    assert (desks.in_libcal, desks.library.calls("checkin")) == ("-", 0)


def test_what_waits_at_the_registrar_and_is_withdrawn_waits_no_more(
    desks: Desks, cluster: Cluster, url: str
) -> None:
    desks.library.services.faults.add("checkin", "500")
    asked = desks.ask()
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        session.execute(
            b"INSERT INTO withdrawals (request_id, who, at, computer, asked_by)"
            b" SELECT request_id, 'x', '2026-11-23T17:00:00.000000Z', 'x', asked_by FROM requests"
            b" WHERE request_id = %s",
            [asked],
        )
    desks.library.services.faults.clear()
    desks.registrar.log_new_bookings()
    desks.a_second_later(2)
    assert (desks.row().libcal_label, desks.in_libcal) == ("Confirmed", "-")


def forge(
    cluster: Cluster, url: str, row_id: str, *, at: str = "2026-11-23T17:00:00.000000Z"
) -> None:
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        session.execute(
            b"INSERT INTO requests (request_id, action, row_id, who, at, computer, detail,"
            b" asked_by) VALUES ('forged', 'check_in', %s, 'x', %s, 'x',"
            b' \'{"code": "1", "id": "cs_1"}\', \'libcal2pp_desk at 10.0.0.66\')',
            [row_id, at],
        )


@pytest.mark.parametrize("at", ["2026-11-23T12:00:00", "2026-11-23", "soon"])
def test_a_request_without_a_moment_stops_nobody(
    desks: Desks, cluster: Cluster, url: str, at: str
) -> None:
    forge(cluster, url, desks.row().row_id, at=at)
    desks.a_second_later(2)
    assert desks.in_libcal == "-"
    desks.ask()
    assert desks.in_libcal == "in"


def test_the_registrar_goes_by_its_own_settings_and_its_own_codes(
    library: Library, url: str, cluster: Cluster
) -> None:
    with Computers(library, url) as computers:
        desks = Desks(library, computers, check_in=False)
        forge(cluster, url, desks.row().row_id)
        desks.a_second_later(3)
        assert library.calls("checkin") == 0
        assert Action.CHECK_IN not in desks.row().offers
        assert desks.row().group is Group.REGISTERED


def test_a_row_that_is_not_there_is_refused(desks: Desks, cluster: Cluster, url: str) -> None:
    forge(cluster, url, "no such row")
    desks.a_second_later(2)
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        found = session.execute("SELECT error FROM requests WHERE request_id = 'forged'").fetchone()
    assert found is not None
    assert "no longer in the list" in str(found[0])
