"""PassagePoint as it is played (docs/passagepoint.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.practice.day import PracticeDay
from core.practice.services import PracticeServices
from tests.builders import NOON, FakeClock
from tests.practice.client import Client
from tests.practice.examples import person_of


def test_a_login_gives_a_token(client: Client) -> None:
    assert client.log_in().json().keys() == {"token"}


@pytest.mark.parametrize("wrong", ["username", "password"])
def test_a_wrong_login_is_refused(client: Client, wrong: str) -> None:
    answer = client.log_in(**{wrong: "wrong"})
    assert answer.status_code == 401
    assert "error" in answer.json()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "person/createVisitor"),
        ("GET", "person/byUniqueId"),
        ("POST", "visit/createPreReg"),
        ("GET", "visit/getDestinations"),
    ],
)
def test_without_a_session_every_call_is_401(client: Client, method: str, path: str) -> None:
    assert client.ask(method, f"/pp/api/v2/{path}").status_code == 401


def test_a_session_expires(services: PracticeServices, client: Client, clock: FakeClock) -> None:
    services.passagepoint.session_seconds = 60
    assert client.passagepoint("GET", "visit/getDestinations").status_code == 200
    clock.advance(seconds=60)
    assert client.passagepoint("GET", "visit/getDestinations").status_code == 401


def test_a_visitor_is_made_from_the_query_string(
    services: PracticeServices, client: Client
) -> None:
    data = client.create_visitor("22821234").json()["data"]
    assert [len(str(one["id"])) for one in data] == [15]
    assert services.visitors["22821234"] == [str(data[0]["id"])]


def test_a_visitor_in_the_body_is_refused(client: Client) -> None:
    visitor = {"category": "Student", "firstName": "A", "lastName": "B", "uniqueId": "1"}
    answer = client.passagepoint("POST", "person/createVisitor", json=visitor)
    assert answer.status_code == 400


def test_a_known_barcode_already_exists(services: PracticeServices, client: Client) -> None:
    client.create_visitor("22821234")
    services.passagepoint.already_exists_status = 500
    answer = client.create_visitor("22821234")
    assert answer.status_code == 500
    assert "ALREADY_EXIST_UNIQUE_ID" in answer.text
    assert len(services.visitors["22821234"]) == 1


def test_the_days_known_visitor_already_exists(client: Client, day: PracticeDay) -> None:
    barcode = person_of(day, "known_visitor").barcode or ""
    assert "ALREADY_EXIST_UNIQUE_ID" in client.create_visitor(barcode).text


def test_a_refused_barcode_and_category_are_400_json(client: Client, day: PracticeDay) -> None:
    barcode = person_of(day, "barcode_refused").barcode or ""
    for answer in (
        client.create_visitor(barcode),
        client.create_visitor("1", category="Affiliate"),
    ):
        assert answer.status_code == 400
        assert "error" in answer.json()


def test_people_are_found_by_barcode_as_a_bare_list(client: Client, day: PracticeDay) -> None:
    found = [
        client.passagepoint("GET", "person/byUniqueId", params={"uniqueId": barcode}).json()
        for barcode in ("nobody", *day.visitors)
    ]
    assert [len(people) for people in found] == [0, 1, 2]
    assert [str(one["id"]) for one in found[1]] == list(next(iter(day.visitors.values())))


def test_a_visit_is_taken(services: PracticeServices, client: Client) -> None:
    visitor_id = client.visitor()
    visit_id = client.create_prereg(visitor_id).json()["data"][0]["id"]
    visit = services.visits[0]
    assert (visit.visit_id, visit.visitor_id) == (str(visit_id), visitor_id)
    assert (visit.start, visit.end) == (NOON, NOON + timedelta(hours=1))
    assert (visit.destination, visit.at) == ("Main Desk", NOON)


def test_a_visit_sent_twice_is_there_twice(services: PracticeServices, client: Client) -> None:
    visitor_id = client.visitor()
    client.create_prereg(visitor_id)
    assert services.duplicates() == []
    client.create_prereg(visitor_id)
    assert services.duplicates() == services.visits
    assert len(services.visits) == 2


def test_visits_to_two_places_are_no_duplicates(services: PracticeServices, client: Client) -> None:
    visitor_id = client.visitor()
    client.create_prereg(visitor_id)
    client.create_prereg(visitor_id, destination="Annex Desk")
    assert services.duplicates() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("destination", "Nowhere"),
        ("destination", None),
        ("visitorId", "1"),
        ("visitorId", 1),
        ("startTime", 1724320800),
        ("startTime", "soon"),
        ("startTime", "9" * 40),
        ("endTime", "0"),
    ],
)
def test_a_wrong_visit_is_400_json(
    services: PracticeServices, client: Client, field: str, value: object
) -> None:
    answer = client.create_prereg(client.visitor(), **{field: value})
    assert answer.status_code == 400
    assert isinstance(answer.json()["error"], str)
    assert services.visits == []


def test_destinations_are_objects_under_data(client: Client) -> None:
    data = client.passagepoint("GET", "visit/getDestinations").json()["data"]
    assert [one["name"] for one in data] == ["Main Desk", "Annex Desk"]


def test_a_visit_is_noted_with_its_barcode(services: PracticeServices, client: Client) -> None:
    client.create_prereg(client.visitor("22829876"))
    assert services.calls[-1].params["barcode"] == "22829876"
