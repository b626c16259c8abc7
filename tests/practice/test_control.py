"""What a person at another terminal can switch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.practice.services import PracticeServices
from core.settings.credentials import Credentials
from core.setup.alert_trial import send_test
from tests.builders import NOON, FakeClock
from tests.practice.client import Client

SOON = NOON + timedelta(hours=2)


def test_a_person_can_switch_faults_over_http(services: PracticeServices, client: Client) -> None:
    wish = {"call": "user", "kind": 500, "times": 1, "match": "G0"}
    shown = client.ask("POST", "/practice/faults", json=wish).json()
    assert shown == client.ask("GET", "/practice/faults").json()
    assert shown[0]["kind"] == "500"
    assert client.alma("G00000000").status_code == 500
    assert client.ask("DELETE", "/practice/faults").json() == []


@pytest.mark.parametrize(
    "wish",
    [
        None,
        [],
        {},
        {"call": "user"},
        {"call": "user", "kind": "odd"},
        {"call": "user", "kind": 500, "time": 1},
        {"call": "user", "kind": 500, "times": 0},
    ],
)
def test_a_wrong_wish_is_explained(client: Client, wish: object) -> None:
    answer = client.ask("POST", "/practice/faults", json=wish)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_web_page_cannot_switch_faults(services: PracticeServices, client: Client) -> None:
    body = '{"call": "user", "kind": 500}'
    headers = {"Content-Type": "text/plain"}
    answer = client.ask("POST", "/practice/faults", data=body, headers=headers)
    assert answer.status_code == 400
    assert services.faults.active() == []


def test_a_person_can_make_a_service_slow(services: PracticeServices, client: Client) -> None:
    answer = client.ask("POST", "/practice/latency", json={"Alma": 0.001})
    assert answer.json() == {"Alma": 0.001}
    assert services.latency == client.ask("GET", "/practice/latency").json()
    assert client.alma("G00000000").status_code == 400


@pytest.mark.parametrize("wish", [{"Elma": 1}, {"Alma": -1}, {"Alma": 1e9}, "Alma"])
def test_a_wrong_latency_is_refused(client: Client, wish: object) -> None:
    assert client.ask("POST", "/practice/latency", json=wish).status_code == 400


def test_a_person_can_see_the_visits(client: Client) -> None:
    visitor_id = client.visitor()
    client.create_prereg(visitor_id)
    visits = client.ask("GET", "/practice/visits").json()
    assert [visit["visitor_id"] for visit in visits] == [visitor_id]


def test_a_person_can_see_what_alerts_have_told(services: PracticeServices, client: Client) -> None:
    assert client.ask("GET", "/practice/alerts").json() == {"mail": [], "hook": []}
    config = services.config(Alerts=services.alerts())
    known = Credentials(config, services.store())
    assert all(one.ok for one in send_test(config, known, FakeClock(), lambda: False))
    told = client.ask("GET", "/practice/alerts").json()
    assert "Subject: LibCal2PP: a test" in told["mail"][0]
    assert told["hook"][0]["kind"] == "test"


def test_a_person_can_delete_the_visitors(services: PracticeServices, client: Client) -> None:
    client.create_visitor("22820001")
    assert client.ask("GET", "/practice/visitors").json().keys() == services.visitors.keys()
    assert client.ask("DELETE", "/practice/visitors").json() == {}
    assert services.visitors == {}


def test_a_person_can_switch_what_a_service_does_without_saying_so(
    services: PracticeServices, client: Client
) -> None:
    before = client.ask("GET", "/practice/oddities").json()
    assert before["most_rows"] == 500
    shown = client.ask("POST", "/practice/oddities", json={"most_rows": 50}).json()
    assert shown == before | {"most_rows": 50}
    wish = {"tells_running": True, "destinations": ["Front Gate"]}
    client.ask("POST", "/practice/oddities", json=wish)
    assert (services.libcal.most_rows, services.libcal.tells_running) == (50, True)
    assert services.passagepoint.destinations == ["Front Gate"]


@pytest.mark.parametrize("wish", [{"most_rows": 0}, {"rows": 5}, {"destinations": "x"}, [1]])
def test_a_wrong_oddity_is_refused(client: Client, wish: object) -> None:
    assert client.ask("POST", "/practice/oddities", json=wish).status_code == 400
