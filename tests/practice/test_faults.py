"""Each fault as a client meets it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from core.practice.services import PracticeServices
from core.practice.spoil import FOLLOWED_PATH
from tests.practice.client import Client

NOBODY = "G00000000"


def test_a_status_shows_with_the_services_own_words(
    services: PracticeServices, client: Client
) -> None:
    services.faults.add("*", 503)
    alma, token, login = client.alma(NOBODY), client.token(), client.log_in()
    assert {alma.status_code, token.status_code, login.status_code} == {503}
    assert alma.json()["errorList"]["error"][0]["errorCode"] == "INTERNAL_SERVER_ERROR"
    assert "error" in token.json()
    assert "error" in login.json()


def test_a_status_can_come_as_a_web_page(services: PracticeServices, client: Client) -> None:
    services.faults.add("login", "502 html")
    answer = client.log_in()
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("status", "content"),
    [(400, "text/plain"), (403, "application/json"), (404, "text/html"), (599, "application/json")],
)
def test_libcal_words_its_errors_in_several_ways(
    services: PracticeServices, client: Client, status: int, content: str
) -> None:
    services.faults.add("token", status)
    answer = client.token()
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content)


def test_alma_words_a_refused_address(services: PracticeServices, client: Client) -> None:
    services.faults.add("Alma", 403, times=1)
    services.faults.add("Alma", 401, times=1)
    assert client.alma(NOBODY).json()["errorList"]["error"][0]["errorCode"] == "FORBIDDEN"
    assert client.alma(NOBODY).headers["Content-Type"].startswith("text/html")


def test_html_is_a_page_with_200(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "html")
    answer = client.token()
    assert answer.status_code == 200
    assert "<html>" in answer.text


def test_empty_has_no_body(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "empty")
    answer = client.token()
    assert (answer.status_code, answer.content) == (200, b"")


def test_truncated_json_comes_with_its_right_length(
    services: PracticeServices, client: Client
) -> None:
    services.faults.add("bookings", "truncated")
    answer = client.libcal("bookings")
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


def test_a_line_can_break_before_the_answer(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "cut_before", times=1)
    with pytest.raises(requests.ConnectionError, match="reset"):
        client.token()
    assert client.token().status_code == 200


def test_a_line_can_break_within_the_answer(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "cut_within", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.token()
    assert client.token().status_code == 200


def test_the_type_can_be_wrong(services: PracticeServices, client: Client) -> None:
    services.faults.add("*", "wrong_type", after=1)
    client.token()
    assert isinstance(client.token().json(), list)
    services.faults.clear()
    client.libcal("locations")
    services.faults.add("bookings", "wrong_type")
    assert isinstance(client.libcal("bookings").json(), dict)


def test_an_id_can_be_missing(services: PracticeServices, client: Client) -> None:
    visitor_id = client.visitor()
    services.faults.add("createPreReg", "without_id")
    services.faults.add("bookings", "without_id")
    assert client.create_prereg(visitor_id).json() == {"data": [{}]}
    rows = client.libcal("bookings").json()
    assert not any("bookId" in row for row in rows)
    assert all("fromDate" in row for row in rows)


def test_an_error_can_come_with_200(services: PracticeServices, client: Client) -> None:
    services.faults.add("login", "error_200")
    answer = client.log_in()
    assert (answer.status_code, answer.json().keys()) == (200, {"error"})


def test_a_request_can_hang_until_released(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "hang", times=1)
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(client.token)
        assert services.wait_for_calls("token")
        assert services.calls[-1].outcome == ""
        assert not hanging.done()
        services.faults.release()
        assert hanging.result().status_code == 200
    assert services.calls[-1].outcome == "hang"


def test_what_hangs_again_needs_releasing_again(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "hang")
    services.faults.release()
    with pytest.raises(requests.ReadTimeout):
        client.ask("POST", "/1.1/oauth/token", timeout=0.05)


def test_clearing_releases_what_hangs(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "hang")
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(client.token)
        assert services.wait_for_calls("token")
        services.faults.clear()
        assert hanging.result().status_code == 200


def test_a_hanging_visit_is_made_when_it_is_released(
    services: PracticeServices, client: Client
) -> None:
    visitor_id = client.visitor()
    services.faults.add("createPreReg", "hang")
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(client.create_prereg, visitor_id)
        assert services.wait_for_calls("createPreReg")
        assert services.visits == []
        services.faults.release()
        assert hanging.result().status_code == 200
    assert len(services.visits) == 1


def test_a_slow_answer_is_the_real_one(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "slow:0.01")
    assert "access_token" in client.token().json()
    assert services.calls[-1].outcome == "slow:0.01"


@pytest.mark.parametrize(
    ("kind", "code", "pause"),
    [
        ("daily_threshold", "DAILY_THRESHOLD", None),
        ("per_second_threshold", "PER_SECOND_THRESHOLD", "1"),
        ("429", "PER_SECOND_THRESHOLD", None),
    ],
)
def test_alma_has_limits(
    services: PracticeServices, client: Client, kind: str, code: str, pause: str | None
) -> None:
    services.faults.add("user", kind)
    answer = client.alma(NOBODY)
    assert answer.status_code == 429
    assert answer.json()["errorList"]["error"][0]["errorCode"] == code
    assert answer.headers.get("Retry-After") == pause
    assert (answer.headers.get("X-Exl-Api-Remaining") == "0") == (kind == "daily_threshold")


def test_a_redirect_that_is_followed_is_seen(services: PracticeServices, client: Client) -> None:
    services.faults.add("getDestinations", "redirect")
    answer = client.passagepoint("GET", "visit/getDestinations")
    assert (answer.status_code, answer.headers["Location"]) == (302, FOLLOWED_PATH)
    client.passagepoint("GET", "visit/getDestinations", allow_redirects=True)
    assert services.calls[-1].params == {"path": FOLLOWED_PATH}


def test_a_body_can_be_huge(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "huge")
    answer = client.token()
    assert len(answer.content) > 8 * 1024 * 1024
    assert "access_token" in answer.json()


def test_a_body_can_be_deep(services: PracticeServices, client: Client) -> None:
    services.faults.add("token", "deep")
    with pytest.raises(RecursionError):
        client.token().json()


def test_alma_can_answer_its_error_as_xml(services: PracticeServices, client: Client) -> None:
    services.faults.add("Alma", "xml")
    unknown, tested = client.alma(NOBODY), client.alma("operation/test")
    assert (unknown.status_code, tested.status_code) == (400, 500)
    assert unknown.headers["Content-Type"].startswith("application/xml")
    assert "<errorCode>401861</errorCode>" in unknown.text
    assert "<errorCode>INTERNAL_SERVER_ERROR</errorCode>" in tested.text


def test_an_expired_session_stays_expired(services: PracticeServices, client: Client) -> None:
    services.faults.add("getDestinations", "expired_session", times=1)
    services.faults.add("bookings", "expired_session", times=1)
    services.faults.add("user", "expired_session", times=1)
    for _ in range(2):
        assert client.passagepoint("GET", "visit/getDestinations").status_code == 401
        assert client.libcal("bookings").status_code == 401
    assert client.alma(NOBODY).status_code == 401
    assert client.alma(NOBODY).status_code == 400


@pytest.mark.parametrize("kind", ["wrong_type", "without_id", "truncated", "xml", "huge"])
def test_an_answer_that_is_no_json_can_be_spoilt_too(
    services: PracticeServices, client: Client, kind: str
) -> None:
    services.faults.add("user", kind)
    assert client.alma(NOBODY, Accept="*/*").status_code in (200, 400, 500)


def test_an_answer_can_be_about_somebody_else(services: PracticeServices, client: Client) -> None:
    person = services.add_person()
    client.create_visitor(person.barcode or "")
    services.faults.add("*", "somebody_else")
    assert person.primary_id not in client.alma(person.primary_id).text
    assert (person.barcode or "") not in client.alma(person.primary_id).text
    asked = {"uniqueId": person.barcode}
    [found] = client.passagepoint("GET", "person/byUniqueId", params=asked).json()
    assert found["uniqueId"] != person.barcode


@pytest.mark.parametrize(("kind", "given"), [("id:0", 0), ("id:-1", -1), ("id:soon", "soon")])
def test_an_id_can_be_any_text(
    services: PracticeServices, client: Client, kind: str, given: object
) -> None:
    services.faults.add("createVisitor", kind)
    assert client.create_visitor("22820001").json() == {"data": [{"id": given}]}
