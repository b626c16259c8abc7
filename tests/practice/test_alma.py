"""Alma as it is played (docs/alma.md)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest

from core.practice.alma import key_of
from core.practice.day import PracticeDay
from core.practice.services import PracticeServices
from tests.builders import FakeClock
from tests.practice.client import Client
from tests.practice.examples import person_of


def test_somebody_known_is_told_with_their_barcode(client: Client, day: PracticeDay) -> None:
    person = person_of(day, "known_visitor")
    answer = client.alma(person.primary_id).json()
    assert answer["primary_id"] == person.primary_id
    assert answer["user_group"]["desc"] == person.user_group
    barcodes = [one for one in answer["user_identifier"] if one["id_type"]["value"] == "BARCODE"]
    assert [(one["value"], one["status"]) for one in barcodes] == [(person.barcode, "ACTIVE")]


def test_case_does_not_matter(client: Client, day: PracticeDay) -> None:
    person = person_of(day, "known_visitor")
    assert client.alma(person.primary_id.lower()).json()["primary_id"] == person.primary_id


def test_a_barcode_finds_its_owner(client: Client, day: PracticeDay) -> None:
    person = person_of(day, "known_visitor")
    assert client.alma(person.barcode or "").json()["primary_id"] == person.primary_id


def test_somebody_unknown_is_400_with_401861(client: Client) -> None:
    answer = client.alma("G00000000")
    payload = answer.json()
    assert answer.status_code == 400
    assert payload["errorsExist"] is True
    assert payload["errorList"]["error"][0]["errorCode"] == "401861"


def test_each_zone_knows_its_own_people(client: Client, day: PracticeDay) -> None:
    lawyer = person_of(day, "in_law_only").primary_id
    assert client.alma(lawyer).status_code == 400
    assert client.alma(lawyer, key=key_of("Law")).status_code == 200


def test_preferred_names_are_told(client: Client, day: PracticeDay) -> None:
    answer = client.alma(person_of(day, "name_preferred").primary_id).json()
    assert (answer["pref_first_name"], answer["pref_last_name"]) == ("Shiv", "Brennan")


def test_a_status_may_be_null_and_the_expiry_absent(client: Client, day: PracticeDay) -> None:
    answer = client.alma(person_of(day, "account_without_status").primary_id).json()
    assert answer["status"] == {"value": None, "desc": ""}
    assert "expiry_date" not in answer


def test_an_expiry_date_ends_in_z(client: Client, day: PracticeDay) -> None:
    answer = client.alma(person_of(day, "account_expired").primary_id).json()
    assert answer["expiry_date"] == "2020-06-30Z"


@pytest.mark.parametrize("path", ["G00000000", "operation/test"])
@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_wrong_key_is_400_unauthorized(client: Client, path: str, key: str) -> None:
    answer = client.alma(path, key=key)
    assert answer.status_code == 400
    assert answer.json()["errorList"]["error"][0]["errorCode"] == "UNAUTHORIZED"


def test_a_key_can_be_tested(client: Client) -> None:
    assert client.alma("operation/test").status_code == 200


def test_every_answer_says_what_is_left_and_when(
    services: PracticeServices, client: Client, clock: FakeClock
) -> None:
    services.alma.remaining = 2
    answers = [client.alma("G00000000") for _ in range(3)]
    assert [one.headers["X-Exl-Api-Remaining"] for one in answers] == ["1", "0", "0"]
    assert parsedate_to_datetime(answers[0].headers["Date"]) == clock.now()


@pytest.mark.parametrize("wanted", ["a/b", "a?b", "a#b", "a%b", " a b ", "é", "/", "a,b"])
def test_an_id_is_one_encoded_segment(
    services: PracticeServices, client: Client, wanted: str
) -> None:
    answer = client.alma(quote(wanted, safe=""))
    assert answer.json()["errorList"]["error"][0]["errorCode"] == "401861"
    assert services.calls[-1].params["id"] == wanted


def test_an_id_that_is_not_encoded_goes_astray(services: PracticeServices, client: Client) -> None:
    assert client.alma("a/b").status_code == 404
    assert services.calls[-1].name == "elsewhere"


def test_without_asking_for_json_xml_comes(client: Client, day: PracticeDay) -> None:
    person = person_of(day, "known_visitor")
    answer = client.alma(person.primary_id, Accept="*/*")
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert f"<primary_id>{person.primary_id}</primary_id>" in answer.text


def test_the_zone_that_was_asked_is_noted(services: PracticeServices, client: Client) -> None:
    client.alma("G00000000", key=key_of("Law"))
    assert services.calls[-1].params == {"id": "G00000000", "zone": "Law"}
