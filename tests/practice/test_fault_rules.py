"""Which requests a fault hits, how often, and whether they are processed."""

from __future__ import annotations

from contextlib import suppress

import pytest
import requests

from core.practice.services import PracticeServices
from tests.practice.client import Client

NOBODY = "G00000000"


@pytest.mark.parametrize("kind", ["500", "cut_before", "truncated", "html", "without_id"])
def test_a_failed_visit_is_not_made(services: PracticeServices, client: Client, kind: str) -> None:
    visitor_id = client.visitor()
    services.faults.add("createPreReg", kind)
    attempt(client, visitor_id)
    assert services.visits == []


@pytest.mark.parametrize("kind", ["500", "cut_before", "truncated", "html", "without_id"])
def test_a_visit_can_be_made_although_its_answer_fails(
    services: PracticeServices, client: Client, kind: str
) -> None:
    visitor_id = client.visitor()
    services.faults.add("createPreReg", kind, processed=True)
    attempt(client, visitor_id)
    assert [visit.visitor_id for visit in services.visits] == [visitor_id]


def attempt(client: Client, visitor_id: str) -> None:
    with suppress(requests.ConnectionError):
        client.create_prereg(visitor_id)


def test_a_failed_visitor_is_not_made(services: PracticeServices, client: Client) -> None:
    services.faults.add("createVisitor", "empty")
    client.create_visitor("22821234")
    assert "22821234" not in services.visitors


def test_a_fault_shows_so_many_times(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", 500, times=2)
    assert [client.token().status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_can_begin_later(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", 500, after=1, times=1)
    assert [client.token().status_code for _ in range(3)] == [200, 500, 200]


def test_a_fault_can_hit_one_id_only(services: PracticeServices, client: Client) -> None:
    services.faults.add("user", 500, match="G0000")
    services.faults.add("bookings", 500, match="10332")
    assert client.alma(NOBODY).status_code == 500
    assert client.alma("G11111111").status_code == 400
    assert client.libcal("bookings", lid=10332).status_code == 500
    assert client.libcal("bookings", lid=8827).status_code == 200


def test_a_fault_can_hit_one_barcodes_visit(services: PracticeServices, client: Client) -> None:
    services.faults.add("createPreReg", 500, match="22829876")
    assert client.create_prereg(client.visitor("22829876")).status_code == 500
    assert client.create_prereg(client.visitor("22821111")).status_code == 200


def test_an_unknown_call_or_kind_is_refused_with_what_there_is(
    services: PracticeServices,
) -> None:
    with pytest.raises(ValueError, match="createPreReg"):
        services.faults.add("createPrereg", 500)
    for kind in ("slow", "slow:x", "slow:1e9", "slow:nan", "200", "999", "5xx", "500 xml", "odd"):
        with pytest.raises(ValueError, match=r"."):
            services.faults.add("user", kind)


def test_a_fault_that_is_spent_says_so(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", 500, times=1)
    for _ in range(3):
        client.token()
    assert [one["times"] for one in services.faults.active()] == [0]


def test_the_first_fault_that_is_not_spent_shows(
    services: PracticeServices, client: Client
) -> None:
    services.faults.add("token", 500, times=1)
    services.faults.add("LibCal", 503)
    assert [client.token().status_code for _ in range(2)] == [500, 503]
