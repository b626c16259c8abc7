"""Alma on the wire: zones, errors by code, standing, pace and quota."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import responses

from core.domain.errors import (
    AboutSomebodyElse,
    AppError,
    CredentialsRefused,
    NetworkDown,
    NoAnswer,
    QuotaSpent,
    RateLimited,
    SecretMissing,
    ServerTrouble,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.models import Patron
from core.domain.status import PatronState
from core.services.alma.requests import AlmaRequests
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, FakeClock, a_config, some_credentials
from tests.core.local_server import Visit, serving

URL = "https://alma.example.edu"
USERS = f"{URL}/almaws/v1/users"
ASKED = "G12345678"
USER = f"{USERS}/{ASKED}"
KEY_TEST = f"{USERS}/operation/test"
HTML = {"body": "<html>Sign in</html>", "content_type": "text/html; charset=utf-8"}


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def alma() -> Iterator[Callable[..., AlmaRequests]]:
    made: list[AlmaRequests] = []

    def make(clock: FakeClock | None = None, **settings: Any) -> AlmaRequests:
        config = a_config(Alma=settings)
        made.append(
            AlmaRequests(config, credentials=some_credentials(config), clock=clock or FakeClock())
        )
        return made[-1]

    yield make
    for one in made:
        one.close()


def identifier(value: object, status: str = "ACTIVE", kind: str = "BARCODE") -> dict[str, Any]:
    return {"value": value, "id_type": {"value": kind}, "status": status}


def a_user(**changes: Any) -> dict[str, Any]:
    user = {
        "primary_id": ASKED,
        "first_name": "Priya",
        "last_name": "Patel",
        "full_name": "Priya Patel",
        "status": {"value": "ACTIVE"},
        "expiry_date": "2027-06-30Z",
        "user_group": {"value": "01", "desc": "gw und"},
        "user_identifier": [identifier("22820001")],
    }
    return user | changes


def failed(code: str, status: int = 400, **more: Any) -> dict[str, Any]:
    error = {"errorCode": code, "errorMessage": "…", "trackingId": "E01"}
    return {"json": {"errorsExist": True, "errorList": {"error": [error]}}, "status": status} | more


NOT_FOUND = failed("401861")


def keys_used(wire: responses.RequestsMock) -> list[str]:
    prefix = "apikey alma-key-"
    return [str(c.request.headers["Authorization"]).removeprefix(prefix) for c in wire.calls]


# A hit


def test_a_person_is_found(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, json=a_user())
    assert alma().find_patron(ASKED) == Patron(
        asked_id=ASKED,
        state=PatronState.FOUND,
        primary_id=ASKED,
        names=("Patel, Priya", "Priya Patel"),
        first_name="Priya",
        last_name="Patel",
        barcode="22820001",
        user_group="gw und",
        group_code="01",
        zone="Main",
        answered_at=NOON,
    )


def test_the_request_carries_the_zones_key_and_wants_json(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, json=a_user())
    alma().find_patron(ASKED)
    sent = wire.calls[0].request.headers
    assert (sent["Authorization"], sent["Accept"]) == ("apikey alma-key-Main", "application/json")


@pytest.mark.parametrize(
    "changes",
    [
        {"primary_id": ASKED.lower()},
        {"primary_id": "other", "user_identifier": [identifier(ASKED, kind="OTHER_ID_1")]},
        {"primary_id": "other", "user_identifier": [identifier(ASKED, "INACTIVE")]},
        {"primary_id": "other", "user_identifier": [None, {"value": ASKED.lower()}]},
    ],
)
def test_an_answer_that_carries_the_id_asked_for_is_about_that_person(
    wire: responses.RequestsMock, alma: Any, changes: dict[str, Any]
) -> None:
    wire.get(USER, json=a_user(**changes))
    assert alma().find_patron(ASKED).state is not PatronState.COULD_NOT_ASK


@pytest.mark.parametrize(
    "identifiers", [[identifier("22820001")], [identifier(f"{ASKED}0")], [], None, "x"]
)
def test_an_answer_about_somebody_else_is_no_answer(
    wire: responses.RequestsMock, alma: Any, identifiers: object
) -> None:
    wire.get(USER, json=a_user(primary_id="G99999999", user_identifier=identifiers))
    patron = alma(zones=["Main"]).find_patron(ASKED)
    assert patron.state is PatronState.COULD_NOT_ASK
    assert isinstance(patron.cause, AboutSomebodyElse)
    assert patron.barcode is None


def test_the_id_asked_for_stays_beside_almas_own(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(f"{USERS}/22820001", json=a_user())
    patron = alma().find_patron("22820001")
    assert (patron.asked_id, patron.primary_id) == ("22820001", ASKED)


@pytest.mark.parametrize(
    ("identifiers", "barcode"),
    [
        ([identifier("1", "INACTIVE"), identifier("2"), identifier("3")], "2"),
        ([identifier("1", kind="INST_ID"), identifier("0022")], "0022"),
        ([identifier(22820001)], "22820001"),
        ([identifier("1"), identifier(ASKED)], ASKED),
        ([identifier("1"), identifier(ASKED, "INACTIVE")], "1"),
        ([{"value": "7", "id_type": "barcode", "status": {"value": "active"}}], "7"),
        ([None, {}, identifier(None), identifier("9")], "9"),
    ],
)
def test_the_active_barcode_is_taken(
    wire: responses.RequestsMock, alma: Any, identifiers: object, barcode: str
) -> None:
    wire.get(USER, json=a_user(user_identifier=identifiers))
    assert alma().find_patron(ASKED).barcode == barcode


@pytest.mark.parametrize("identifiers", [[], None, {}, [identifier("1", "INACTIVE")]])
def test_nobody_is_registered_without_an_active_barcode(
    wire: responses.RequestsMock, alma: Any, identifiers: object
) -> None:
    wire.get(USER, json=a_user(user_identifier=identifiers))
    patron = alma().find_patron(ASKED)
    assert (patron.state, patron.barcode) == (PatronState.NO_BARCODE, None)
    assert "barcode" in patron.reason


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({"status": {"value": "INACTIVE"}}, PatronState.INACTIVE, "inactive"),
        ({"status": {"value": "DELETED"}}, PatronState.INACTIVE, "deleted"),
        ({"expiry_date": "2026-11-22Z"}, PatronState.INACTIVE, "2026-11-22"),
        ({"expiry_date": "2026-11-23Z"}, PatronState.FOUND, ""),
        ({"expiry_date": "never"}, PatronState.FOUND, ""),
        ({"expiry_date": None, "status": None}, PatronState.FOUND, ""),
        ({"status": {"value": None, "desc": ""}}, PatronState.FOUND, ""),
    ],
)
def test_the_accounts_standing_is_told(
    wire: responses.RequestsMock, alma: Any, changes: dict[str, Any], state: str, words: str
) -> None:
    wire.get(USER, json=a_user(**changes))
    patron = alma().find_patron(ASKED)
    assert patron.state == state
    assert words in patron.reason
    assert patron.barcode == "22820001"


def test_a_deleted_account_is_marked(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, json=a_user(status={"value": "DELETED"}))
    assert alma().find_patron(ASKED).deleted


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ({"value": "01", "desc": "gw und"}, "gw und"),
        ({"value": "01", "desc": ""}, "01"),
        ({"value": None}, None),
        (None, None),
    ],
)
def test_the_group_is_its_description_or_its_code(
    wire: responses.RequestsMock, alma: Any, group: object, name: str | None
) -> None:
    wire.get(USER, json=a_user(user_group=group))
    assert alma().find_patron(ASKED).user_group == name


def test_every_name_is_known_and_a_preferred_one_fills_in(
    wire: responses.RequestsMock, alma: Any
) -> None:
    names = {"first_name": "", "pref_first_name": "Pri", "pref_last_name": "P.", "pref_name": 5}
    wire.get(USER, json=a_user(**names))
    patron = alma().find_patron(ASKED)
    assert patron.names == ("Patel, ", "P., Pri", "Priya Patel", "5")
    assert (patron.first_name, patron.last_name) == ("Pri", "Patel")


# Zones


@pytest.mark.parametrize("code", ["401861", "401890"])
def test_the_next_zone_is_asked_when_the_first_has_no_such_user(
    wire: responses.RequestsMock, alma: Any, code: str
) -> None:
    wire.get(USER, **failed(code))
    wire.get(USER, json=a_user())
    assert alma().find_patron(ASKED).zone == "Law"
    assert keys_used(wire) == ["Main", "Law"]


def test_a_hit_ends_the_search(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, json=a_user())
    alma().find_patron(ASKED)
    assert keys_used(wire) == ["Main"]


def test_not_in_alma_is_said_only_when_every_zone_answered(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, **NOT_FOUND)
    patron = alma().find_patron(ASKED)
    assert (patron.state, patron.answered_at) == (PatronState.NOT_IN_ALMA, NOON)
    assert keys_used(wire) == ["Main", "Law"]


def test_a_zone_that_fails_does_not_hide_the_others(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, status=503)
    wire.get(USER, json=a_user())
    assert alma().find_patron(ASKED).zone == "Law"


@pytest.mark.parametrize("order", [(503, 400), (400, 503)], ids=["first fails", "last fails"])
def test_without_a_hit_a_failed_zone_leaves_it_open(
    wire: responses.RequestsMock, alma: Any, order: tuple[int, int]
) -> None:
    for status in order:
        wire.get(USER, **(NOT_FOUND if status == 400 else {"status": 503}))
    patron = alma().find_patron(ASKED)
    assert patron.state is PatronState.COULD_NOT_ASK
    assert patron.answered_at is None
    assert isinstance(patron.cause, ServerTrouble)
    assert ("Main" if order[0] == 503 else "Law") in patron.reason


# What failed


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (failed("UNAUTHORIZED"), CredentialsRefused),
        (failed("FORBIDDEN", 403), CredentialsRefused),
        (failed("INVALID_REQUEST", 403), CredentialsRefused),
        (failed("INVALID_REQUEST", 400), UnexpectedAnswer),
        ({"status": 401, "json": {}}, CredentialsRefused),
        (HTML | {"status": 401}, WrongAddress),
        (HTML, WrongAddress),
        (HTML | {"status": 502}, ServerTrouble),
        ({"status": 302, "headers": {"Location": "https://x.example.edu"}}, WrongAddress),
        (failed("500000", 500), ServerTrouble),
        (failed("401652", 400), UnexpectedAnswer),
        (failed("401652", 200), UnexpectedAnswer),
        ({"json": {"primary_id": None}}, UnexpectedAnswer),
        ({"json": []}, UnexpectedAnswer),
        ({"body": ""}, UnexpectedAnswer),
        ({"body": '{"primary_id": "G1'}, UnexpectedAnswer),
        ({"status": 429, "body": ""}, RateLimited),
        (failed("DAILY_THRESHOLD", 429), QuotaSpent),
    ],
)
def test_what_failed_is_told_apart_by_its_code(
    wire: responses.RequestsMock, alma: Any, answer: dict[str, Any], cause: type[AppError]
) -> None:
    wire.get(USER, **answer)
    patron = alma(zones=["Main"]).find_patron(ASKED)
    assert patron.state is PatronState.COULD_NOT_ASK
    assert type(patron.cause) is cause
    assert ASKED not in patron.reason


XML = (
    '<?xml version="1.0"?><web_service_result xmlns="http://com/exlibris/urm"><errorList><error>'
    "<errorCode>401861</errorCode></error></errorList></web_service_result>"
)


@pytest.mark.parametrize(
    "answer",
    [
        {"body": XML, "content_type": "application/xml"},
        {"body": XML.replace("<errorCode>", "<ns2:errorCode>\n ")},
        {"json": {"web_service_result": {"errorList": {"error": {"errorCode": "401861"}}}}},
        {"json": {"errorList": {"error": {"errorCode": 401861}}}},
    ],
    ids=["xml", "xml with prefix", "wrapped", "one object"],
)
def test_not_found_is_understood_in_every_shape(
    wire: responses.RequestsMock, alma: Any, answer: dict[str, Any]
) -> None:
    wire.get(USER, status=400, **answer)
    assert alma().find_patron(ASKED).state is PatronState.NOT_IN_ALMA


def test_a_refused_zone_is_not_asked_again_until_forgiven(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, **failed("UNAUTHORIZED"))
    wire.get(USER, **NOT_FOUND)
    client = alma()
    client.find_patron(ASKED)
    patron = client.find_patron(ASKED)
    assert isinstance(patron.cause, CredentialsRefused)
    assert list(client.refused_zones) == ["Main"]
    assert keys_used(wire) == ["Main", "Law", "Law"]
    client.forgive()
    client.find_patron(ASKED)
    assert keys_used(wire)[3:] == ["Main", "Law"]


def test_a_missing_key_is_a_cause_and_not_a_crash(wire: responses.RequestsMock) -> None:
    config = a_config()
    client = AlmaRequests(config, credentials=Credentials(config, MemoryStore()), clock=FakeClock())
    assert isinstance(client.find_patron(ASKED).cause, SecretMissing)
    client.close()


def test_a_forgiven_zone_is_asked_with_its_new_key(wire: responses.RequestsMock) -> None:
    config = a_config()
    credentials = some_credentials(config)
    client = AlmaRequests(config, credentials=credentials, clock=FakeClock())
    wire.get(USER, json=a_user())
    client.find_patron(ASKED)
    credentials.set_secret("Alma", "alma-key-new", "Main")
    client.forgive()
    client.find_patron(ASKED)
    assert keys_used(wire) == ["Main", "new"]
    client.close()


def test_a_key_that_no_header_can_carry_is_refused(wire: responses.RequestsMock) -> None:
    config = a_config()
    credentials = some_credentials(config)
    credentials.set_secret("Alma", "schlüssel", "Main")
    client = AlmaRequests(config, credentials=credentials, clock=FakeClock())
    with pytest.raises(CredentialsRefused):
        client.check_zone("Main")
    client.close()


def test_no_network_is_a_cause_and_not_a_crash(alma: Any) -> None:
    with serving(Visit.cut) as server:
        url = server.url
    patron = alma(url=url).find_patron(ASKED)
    assert isinstance(patron.cause, NetworkDown)


def test_a_lost_answer_is_not_repeated_out_of_turn(alma: Any) -> None:
    with serving(Visit.cut) as server:
        patron = alma(url=server.url, zones=["Main"]).find_patron(ASKED)
    assert isinstance(patron.cause, NoAnswer)
    assert len(server.visits) == 1


# Ids from a public form


@pytest.mark.parametrize("asked", ["", "  ", ".", "..", " ... "])
def test_an_id_that_is_none_is_not_sent(
    wire: responses.RequestsMock, alma: Any, asked: str
) -> None:
    patron = alma().find_patron(asked)
    assert patron.state is PatronState.NOT_IN_ALMA
    assert len(wire.calls) == 0


@pytest.mark.parametrize(
    "asked",
    [
        "../../x",
        "a/../b",
        "operation/test",
        "G1?apikey=2",
        "G1#x",
        "%2E%2E",
        "%2e%2e%2fx",
        "..;",
        "G1 2",
        "a\\..\\b",
        "G1\r\nX: y",
        "日本",
        "@evil.example.edu",
        "//evil",
    ],
)
def test_an_id_never_reaches_another_address(alma: Any, asked: str) -> None:
    with serving(lambda visit: visit.answer(NOT_FOUND["json"], status=400)) as server:
        alma(url=server.url, zones=["Main"]).find_patron(asked)
    (visit,) = server.visits
    segment = visit.path.removeprefix("/almaws/v1/users/")
    assert "/" not in segment
    assert "?" not in segment
    assert unquote(segment) == asked
    assert "x" not in visit.headers


def test_nul_and_lone_surrogates_are_replaced(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(f"{USERS}/G1%EF%BF%BD%3F", json=a_user(primary_id="G1\ufffd?"))
    assert alma().find_patron("G1\x00\ud800").state is PatronState.FOUND


# Several people


def test_found_people_come_with_their_barcodes(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, json=a_user())
    wire.get(f"{USERS}/G2", json=a_user(status={"value": "INACTIVE"}))
    wire.get(f"{USERS}/G3", **NOT_FOUND)
    wire.get(f"{USERS}/G4", status=500)
    assert alma().main([ASKED, "G2", "G3", "G4"]) == {ASKED: "22820001"}


def test_everybody_is_asked_once_and_nobody_is_lost(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, json=a_user())
    wire.get(f"{USERS}/G2", status=500)
    found = {
        one.asked_id: one.state for one in alma(zones=["Main"]).find_patrons([ASKED, "G2"] * 9)
    }
    assert found == {ASKED: PatronState.FOUND, "G2": PatronState.COULD_NOT_ASK}
    assert len(wire.calls) == 2


def test_nobody_asked_for_is_nobody_found(alma: Any) -> None:
    assert list(alma().find_patrons([])) == []


def test_our_own_bug_in_a_thread_comes_out(alma: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AlmaRequests, "find_patron", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(alma().find_patrons([ASKED]))


# Pace


def test_calls_of_all_threads_and_zones_are_paced_at_sending(alma: Any) -> None:
    clock = FakeClock()
    arrived: list[float] = []

    def answer(visit: Visit) -> None:
        arrived.append(clock.monotonic())
        visit.answer(NOT_FOUND["json"], status=400)

    with serving(answer) as server:
        client = alma(clock, url=server.url, calls_per_second=5)
        list(client.find_patrons([f"G{number}" for number in range(10)]))
    assert len(arrived) == 20
    assert clock.monotonic() - 1000.0 >= 19 / 5


def test_too_fast_waits_as_long_as_asked_and_repeats(
    wire: responses.RequestsMock, alma: Any
) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("PER_SECOND_THRESHOLD", 429, headers={"Retry-After": "3"}))
    wire.get(USER, json=a_user())
    assert alma(clock).find_patron(ASKED).state is PatronState.FOUND
    assert clock.monotonic() - 1000.0 == pytest.approx(3.0)


def test_too_fast_without_a_pause_waits_a_second(wire: responses.RequestsMock, alma: Any) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("PER_SECOND_THRESHOLD", 429, headers={"Retry-After": "a while"}))
    wire.get(USER, json=a_user())
    alma(clock).find_patron(ASKED)
    assert clock.monotonic() - 1000.0 == pytest.approx(1.0)


def test_too_fast_holds_the_other_threads_back_too(alma: Any) -> None:
    clock = FakeClock()
    codes = iter(["PER_SECOND_THRESHOLD"])

    def answer(visit: Visit) -> None:
        visit.answer(failed(next(codes, "401861"))["json"], status=400)

    with serving(answer) as server:
        client = alma(clock, url=server.url, zones=["Main"], calls_per_second=10)
        client.find_patron(ASKED)
        before = clock.monotonic()
        client.find_patron("G2")
        client.find_patron("G3")
    assert clock.monotonic() - before >= 0.3  # half the pace for a while


def test_too_fast_again_and_again_is_given_up(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, **failed("PER_SECOND_THRESHOLD", 429))
    patron = alma(zones=["Main"]).find_patron(ASKED)
    assert isinstance(patron.cause, RateLimited)
    assert len(wire.calls) == 6


def test_who_waits_stops_when_told(wire: responses.RequestsMock, alma: Any) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("PER_SECOND_THRESHOLD", 429, headers={"Retry-After": "50"}))
    patron = alma(clock).find_patron(ASKED, stop=lambda: len(wire.calls) > 0)
    assert (patron.state, patron.cause) == (PatronState.COULD_NOT_ASK, None)
    assert "stopped" in patron.reason
    assert clock.monotonic() - 1000.0 < 1.0


def test_nothing_is_sent_once_stopped(alma: Any) -> None:
    with serving(Visit.answer) as server:
        patron = alma(url=server.url).find_patron(ASKED, stop=lambda: True)
    assert patron.state is PatronState.COULD_NOT_ASK
    assert server.visits == []


def test_a_call_whose_turn_has_not_come_is_not_sent_after_a_stop(alma: Any) -> None:
    clock = FakeClock()

    def answer(visit: Visit) -> None:
        visit.answer(NOT_FOUND["json"], status=400)

    with serving(answer) as server:
        client = alma(clock, url=server.url, zones=["Main"], calls_per_second=1)
        client.find_patron(ASKED)
        client.find_patron("G2", stop=lambda: clock.monotonic() > 1000.0)
    assert len(server.visits) == 1


# Quota


def test_the_daily_limit_stops_every_zone(wire: responses.RequestsMock, alma: Any) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("DAILY_THRESHOLD", 429))
    client = alma(clock)
    client.find_patron(ASKED)
    patron = client.find_patron("G2", urgent=True)
    assert isinstance(patron.cause, QuotaSpent)
    assert keys_used(wire) == ["Main"]
    clock.advance(minutes=59)
    assert isinstance(client.find_patron("G2", urgent=True).cause, QuotaSpent)
    assert len(wire.calls) == 1


def test_one_call_an_hour_asks_again(wire: responses.RequestsMock, alma: Any) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("DAILY_THRESHOLD", 429))
    client = alma(clock, zones=["Main"])
    for _ in range(3):
        client.find_patron(ASKED)
        client.find_patron(ASKED)
        clock.advance(hours=1)
    assert len(wire.calls) == 3


def test_the_call_that_asks_again_counts_even_when_it_fails(
    wire: responses.RequestsMock, alma: Any
) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("DAILY_THRESHOLD", 429))
    wire.get(USER, status=503)
    client = alma(clock, zones=["Main"])
    client.find_patron(ASKED)
    clock.advance(hours=1)
    client.find_patron(ASKED)
    assert isinstance(client.find_patron(ASKED).cause, QuotaSpent)
    assert len(wire.calls) == 2


def test_a_good_answer_ends_the_pause(wire: responses.RequestsMock, alma: Any) -> None:
    clock = FakeClock()
    wire.get(USER, **failed("DAILY_THRESHOLD", 429))
    wire.get(USER, json=a_user())
    client = alma(clock)
    client.find_patron(ASKED)
    clock.advance(hours=1)
    assert client.find_patron(ASKED).state is PatronState.FOUND
    assert client.find_patron(ASKED).state is PatronState.FOUND


def left(number: object) -> dict[str, Any]:
    return {"json": a_user(), "headers": {"X-Exl-Api-Remaining": str(number)}}


def test_the_last_calls_are_kept_for_urgent_ones(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(USER, **left(1000))
    client = alma(zones=["Main"], keep_remaining=1000)
    client.find_patron(ASKED)
    wire.get(f"{USERS}/G2", json=a_user(primary_id="G2"))
    held = client.find_patron("G2")
    assert isinstance(held.cause, QuotaSpent)
    assert "Register now" in held.reason
    assert client.find_patron("G2", urgent=True).state is PatronState.FOUND


def test_a_zone_with_calls_left_is_asked_while_another_is_held_back(
    wire: responses.RequestsMock, alma: Any
) -> None:
    wire.get(USER, **left(5))
    wire.get(USER, json=a_user())
    client = alma()
    assert client.find_patron(ASKED).zone == "Main"
    assert client.find_patron(ASKED).zone == "Law"


@pytest.mark.parametrize("number", [1001, "many", ""])
def test_enough_calls_left_hold_nothing_back(
    wire: responses.RequestsMock, alma: Any, number: object
) -> None:
    wire.get(USER, **left(number))
    client = alma(keep_remaining=1000)
    client.find_patron(ASKED)
    assert client.find_patron(ASKED).state is PatronState.FOUND


def test_after_an_hour_one_call_looks_whether_a_new_day_has_begun(
    wire: responses.RequestsMock, alma: Any
) -> None:
    clock = FakeClock()
    wire.get(USER, **left(5))
    wire.get(USER, **left(5))
    wire.get(USER, **left(90_000))
    client = alma(clock, zones=["Main"])
    client.find_patron(ASKED)
    clock.advance(hours=1)
    client.find_patron(ASKED)
    assert client.find_patron(ASKED).state is PatronState.COULD_NOT_ASK
    clock.advance(hours=1)
    client.find_patron(ASKED)
    assert client.find_patron(ASKED).state is PatronState.FOUND
    assert client.find_patron(ASKED).state is PatronState.FOUND


# Test connection


def test_a_good_key_is_forgiven_its_refusal(wire: responses.RequestsMock, alma: Any) -> None:
    wire.get(KEY_TEST, body="")
    client = alma()
    client.refused_zones["Law"] = "Alma refused it before."
    client.check_zone("Law")
    assert client.refused_zones == {}
    assert keys_used(wire) == ["Law"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failed("UNAUTHORIZED"), CredentialsRefused),
        (HTML | {"status": 401}, WrongAddress),
        ({"status": 500}, ServerTrouble),
    ],
)
def test_a_zone_that_fails_its_test_says_why(
    wire: responses.RequestsMock, alma: Any, answer: dict[str, Any], error: type[AppError]
) -> None:
    wire.get(KEY_TEST, **answer)
    with pytest.raises(AppError) as caught:
        alma().check_zone("Main")
    assert type(caught.value) is error


def test_the_clock_of_alma_is_known(alma: Any) -> None:
    date = {"Date": "Mon, 23 Nov 2026 16:58:00 GMT"}
    with serving(lambda visit: visit.answer(a_user(), headers=date)) as server:
        client = alma(url=server.url)
        client.find_patron(ASKED)
    assert client.clock_offset == timedelta(minutes=-2)
