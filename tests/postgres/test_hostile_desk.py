"""What a desk writes is read with distrust: it may be damaged, forged, or far too much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from core.domain.models import ActionDone
from core.domain.status import Action, Group
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers

ASK = (
    "INSERT INTO requests (request_id, action, row_id, who, at, computer, detail, asked_by)"
    " SELECT 'f' || number, {action}, {row}, 'x', '2026-11-23T17:00:00.000000Z', 'x', {detail},"
    " 'libcal2pp_desk at 10.0.0.66' FROM generate_series(1, {count}) AS number"
)


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


@pytest.fixture
def registrar(computers: Computers) -> SharedEngine:
    """Beside a desk, with one booking that isn't registered yet."""
    computers.library.book()
    registrar = computers.open("first", Sync={"register_automatically": False})
    registrar.log_new_bookings()
    computers.open("desk", "desk")
    return registrar


def forge(
    cluster: Cluster,
    url: str,
    *,
    count: int = 1,
    action: str = "leave",
    row: str = "no such row",
    detail: str = "{}",
) -> None:
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        text = ASK.format(action="%s", row="%s", detail="%s", count=count)
        session.execute(text.encode(), [action, row, detail])


def registered_soon(computers: Computers, registrar: SharedEngine) -> bool:
    """A person at the desk presses Register now: it is done within two looks."""
    desk = computers.engines["desk"]
    computers.a_second_later(desk)
    [row] = desk.rows()
    asked = computers.ask(desk, Action.REGISTER_NOW, row)
    for _ in range(3):
        computers.a_second_later(registrar, desk)
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)]
    return [one.error for one in told if one.request_id == asked] == [None]


@pytest.mark.parametrize(
    "detail",
    [
        "{",
        "null",
        "[" * 1000 + "]" * 1000,
        "[" * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        "x" * 9999,
    ],
)
def test_a_damaged_request_stops_nobody(
    cluster: Cluster, computers: Computers, registrar: SharedEngine, url: str, detail: str
) -> None:
    forge(cluster, url, detail=detail)
    assert registered_soon(computers, registrar)
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        found = session.execute("SELECT error FROM requests WHERE request_id = 'f1'").fetchone()
    assert found is not None
    assert found[0]
    assert registrar.registers


@pytest.mark.parametrize("action", ["no such thing", *(one.code for one in Action)])
def test_a_forged_request_stops_nobody(
    cluster: Cluster, computers: Computers, registrar: SharedEngine, url: str, action: str
) -> None:
    forge(cluster, url, action=action, detail='{"id": "\\u0000\\ud800", "visitor_id": "1"}')
    assert registered_soon(computers, registrar)
    assert registrar.registers


@pytest.mark.parametrize("action", [Action.CORRECT_ID, Action.CHOOSE, Action.UNDO, Action.FORGET])
def test_a_forged_request_about_a_booking_of_today_stops_nobody(
    cluster: Cluster, computers: Computers, registrar: SharedEngine, url: str, action: Action
) -> None:
    [row] = registrar.rows()
    detail = '{"id": "\\u0000\\ud800 ../../x", "visitor_id": "1", "decision_id": "no"}'
    forge(cluster, url, action=action.code, row=row.row_id, detail=detail)
    assert registered_soon(computers, registrar)


def test_fifty_thousand_requests_of_one_desk_hold_up_no_other(
    cluster: Cluster, computers: Computers, registrar: SharedEngine, url: str
) -> None:
    forge(cluster, url, count=50_000)
    began = time.monotonic()
    assert registered_soon(computers, registrar)
    assert registrar.log_new_bookings().counts.registered == 1
    assert time.monotonic() - began < 15


def test_fifty_thousand_questions_of_one_desk_hold_up_no_other(
    cluster: Cluster, computers: Computers, registrar: SharedEngine, url: str
) -> None:
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        session.execute(
            "INSERT INTO inquiries (inquiry_id, kind, text, asked_by) SELECT 'i' || number,"
            " 'everywhere', repeat('x', 5000), '10.0.0.66' FROM generate_series(1, 50000) AS number"
        )
    asked = computers.library.calls("bookings")
    assert registered_soon(computers, registrar)
    assert computers.library.calls("bookings") - asked < 200


def test_who_asked_is_in_the_log_beside_who_it_says_it_is(
    computers: Computers, registrar: SharedEngine
) -> None:
    desk = computers.engines["desk"]
    computers.a_second_later(desk)
    [row] = desk.rows()
    computers.ask(desk, Action.BY_HAND, row)
    computers.a_second_later(registrar, desk)
    [line] = [one for one in registrar.history(row.row_id) if one.who == "jo"]
    assert line.computer == "desk (app at the server itself)"
    assert [one.group for one in desk.rows()] == [Group.REGISTERED]
