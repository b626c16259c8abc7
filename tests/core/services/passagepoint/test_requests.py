"""PassagePoint on the wire: one login, visitors by barcode, and a visit that is sent once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from responses import matchers

from core.domain.errors import (
    AppError,
    CredentialsRefused,
    DataRefused,
    MissingPermission,
    NetworkDown,
    NoAnswer,
    NotLoggedIn,
    RateLimited,
    SecretMissing,
    ServerTrouble,
    ServiceError,
    SessionExpired,
    SeveralPeople,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.service_status import Trouble
from core.services.passagepoint.requests import PassagePointRequests
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, FakeClock, a_config, some_credentials
from tests.core.local_server import Behaviour, Visit, serving

API = "https://passagepoint.example.edu:2444/pp/api/v2"
LOGIN = f"{API}/auth/login"
CREATE = f"{API}/person/createVisitor"
FIND = f"{API}/person/byUniqueId"
PREREG = f"{API}/visit/createPreReg"
DESTINATIONS = f"{API}/visit/getDestinations"
HTML = {"body": "<html>404</html>", "content_type": "text/html"}
KNOWN = {"status": 400, "json": {"error": "ALREADY_EXIST_UNIQUE_ID"}}
VISITOR_ID = "137505764541148"

Make = Callable[..., PassagePointRequests]


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make(clock: FakeClock) -> Iterator[Make]:
    made: list[PassagePointRequests] = []

    def make(**settings: Any) -> PassagePointRequests:
        config = a_config(PassagePoint=settings)
        credentials = some_credentials(config)
        made.append(PassagePointRequests(config, credentials=credentials, clock=clock))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def passagepoint(wire: responses.RequestsMock, make: Make) -> PassagePointRequests:
    """A client whose logins are answered with token-1, token-2 …"""
    for number in range(1, 9):
        wire.post(LOGIN, json={"token": f"token-{number}"})
    return make()


def create_visitor(client: PassagePointRequests, **changes: Any) -> str:
    person = {
        "first_name": "Priya",
        "last_name": "Patel",
        "barcode": "22820001",
        "category": "Student",
        "email": "priya@example.edu",
        "university_id": "G12345678",
    }
    return client.create_visitor(**(person | changes))


def create_prereg(client: PassagePointRequests) -> str:
    return client.create_prereg(
        visitor_id=VISITOR_ID,
        destination="Main Desk",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )


def calls_to(wire: responses.RequestsMock, url: str) -> int:
    return sum(str(call.request.url).partition("?")[0] == url for call in wire.calls)


def an_id(number: object = 137505764541148) -> dict[str, Any]:
    return {"data": [{"id": number}]}


# Logging in


def test_the_login_is_json_and_calls_carry_the_token(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.get(DESTINATIONS, json=[])
    passagepoint.get_destinations()
    login, call = wire.calls[0].request, wire.calls[1].request
    assert json.loads(login.body or "") == {
        "username": "libcal",
        "password": "passagepoint-secret",
    }
    assert call.headers["token"] == "token-1"
    assert "Authorization" not in call.headers


def test_one_session_serves_every_call(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.get(DESTINATIONS, json=[])
    passagepoint.log_in()
    passagepoint.log_in()
    passagepoint.get_destinations()
    assert calls_to(wire, LOGIN) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"json": {"error": "Invalid"}}, CredentialsRefused),
        ({"json": {"error": "Invalid"}, "status": 401}, CredentialsRefused),
        ({"json": {"message": "Invalid"}, "status": 403}, CredentialsRefused),
        ({"body": "", "status": 400}, CredentialsRefused),
        ({"json": {"error": "Not Found"}, "status": 404}, WrongAddress),
        ({"json": {"error": "Internal"}, "status": 500}, ServerTrouble),
        ({"json": {"error": "slow"}, "status": 429}, RateLimited),
        (HTML, WrongAddress),
        (HTML | {"status": 403}, WrongAddress),
        ({"status": 307, "headers": {"Location": "https://x.example.edu"}}, WrongAddress),
        ({"json": {}}, UnexpectedAnswer),
        ({"json": {"token": 5}}, UnexpectedAnswer),
        ({"json": {"token": "日本"}}, UnexpectedAnswer),
        ({"json": []}, UnexpectedAnswer),
        ({"body": ""}, UnexpectedAnswer),
    ],
)
def test_a_login_that_fails_says_why(
    wire: responses.RequestsMock, make: Make, answer: dict[str, Any], error: type[AppError]
) -> None:
    wire.post(LOGIN, **answer)
    with pytest.raises(AppError) as caught:
        make().log_in()
    assert type(caught.value) is error


def test_without_a_password_nothing_is_sent(wire: responses.RequestsMock) -> None:
    config = a_config()
    client = PassagePointRequests(
        config, credentials=Credentials(config, MemoryStore()), clock=FakeClock()
    )
    with pytest.raises(SecretMissing):
        create_prereg(client)
    assert len(wire.calls) == 0
    client.close()


def test_a_refused_login_is_not_tried_again_until_forgiven(
    wire: responses.RequestsMock, make: Make
) -> None:
    wire.post(LOGIN, json={"error": "Invalid"})
    wire.post(LOGIN, json={"token": "good"})
    client = make()
    for call in (client.log_in, client.get_destinations, lambda: create_prereg(client)):
        with pytest.raises(CredentialsRefused):
            call()
    assert len(wire.calls) == 1
    client.forgive()
    client.log_in()
    assert calls_to(wire, LOGIN) == 2


def test_a_refusal_says_that_nothing_was_processed(
    wire: responses.RequestsMock, make: Make
) -> None:
    wire.post(LOGIN, json={"error": "Invalid"})
    with pytest.raises(CredentialsRefused) as caught:
        create_prereg(make())
    assert caught.value.surely_not_processed


@pytest.mark.parametrize("answer", [{"status": 500}, HTML, {"json": {}}], ids=str)
def test_a_login_that_fails_inside_a_call_means_that_nothing_was_sent(
    wire: responses.RequestsMock, make: Make, answer: dict[str, Any]
) -> None:
    wire.post(LOGIN, **answer)
    with pytest.raises(NotLoggedIn) as caught:
        create_prereg(make())
    assert caught.value.surely_not_processed
    assert calls_to(wire, PREREG) == 0


def test_a_lost_login_is_not_a_lost_visit(make: Make) -> None:
    with serving(Visit.cut) as server, pytest.raises(NotLoggedIn) as caught:
        create_prereg(make(url=server.url))
    assert isinstance(caught.value.__cause__, NoAnswer)


def test_threads_wait_for_one_login(make: Make) -> None:
    def answer(visit: Visit) -> None:
        visit.answer({"token": "good"} if visit.path.endswith("login") else [])

    with serving(answer) as server:
        client = make(url=server.url)
        threads = [threading.Thread(target=client.get_destinations) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    paths = [visit.path.rpartition("/")[2] for visit in server.visits]
    assert sorted(paths) == ["getDestinations"] * 6 + ["login"]


# Expired sessions


def test_after_a_401_the_repeated_calls_answer_is_used(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(PREREG, status=401, json={"error": "expired"})
    wire.post(PREREG, json=an_id(77))
    assert create_prereg(passagepoint) == "77"
    assert wire.calls[-1].request.headers["token"] == "token-2"


def test_an_ended_session_is_not_taken_for_one_when_the_new_login_fails(
    wire: responses.RequestsMock, make: Make
) -> None:
    wire.post(LOGIN, json={"token": "old"})
    wire.post(LOGIN, status=500)
    wire.post(PREREG, status=401)
    client = make()
    with pytest.raises(NotLoggedIn):
        create_prereg(client)
    with pytest.raises(ServerTrouble):
        client.log_in()


def test_a_lasting_401_logs_in_once_a_call(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(PREREG, status=401)
    with pytest.raises(SessionExpired) as caught:
        create_prereg(passagepoint)
    assert caught.value.surely_not_processed
    assert calls_to(wire, LOGIN) == 2
    assert calls_to(wire, PREREG) == 2


def test_sessions_that_end_at_once_are_tried_less_and_less_often(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, clock: FakeClock
) -> None:
    wire.post(PREREG, status=401)
    for minutes in (1, 2, 4, 8, 15, 15):
        with pytest.raises(SessionExpired) as caught:
            create_prereg(passagepoint)
        assert caught.value.trouble is Trouble.SESSIONS_END
        before = len(wire.calls)
        clock.advance(minutes=minutes, seconds=-1)
        with pytest.raises(SessionExpired, match="perhaps another program uses this account"):
            create_prereg(passagepoint)
        assert len(wire.calls) == before  # nothing was asked
        clock.advance(seconds=1)


def test_a_good_call_in_between_starts_the_pauses_again(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, clock: FakeClock
) -> None:
    wire.get(DESTINATIONS, json=[])
    wire.post(PREREG, status=401)
    for minutes in (1, 2):
        with pytest.raises(SessionExpired):
            create_prereg(passagepoint)
        clock.advance(minutes=minutes)
    passagepoint.get_destinations()
    with pytest.raises(SessionExpired):
        create_prereg(passagepoint)
    clock.advance(minutes=1)
    passagepoint.get_destinations()


def test_a_press_ends_the_pause(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.get(DESTINATIONS, json=[])
    wire.post(PREREG, status=401)
    with pytest.raises(SessionExpired):
        create_prereg(passagepoint)
    passagepoint.end_pause()
    passagepoint.get_destinations()


def test_a_clock_that_was_ahead_doesnt_prolong_the_pause(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, clock: FakeClock
) -> None:
    wire.get(DESTINATIONS, json=[])
    wire.post(PREREG, status=401)
    with pytest.raises(SessionExpired):
        create_prereg(passagepoint)
    clock.advance(hours=-5)
    passagepoint.get_destinations()


def test_calls_side_by_side_that_lose_one_session_count_once(make: Make) -> None:
    meet = threading.Barrier(3, timeout=20)
    logins = iter(range(1, 9))

    def answer(visit: Visit) -> None:
        if visit.path.endswith("login"):
            visit.answer({"token": f"token-{next(logins)}"})
        else:
            meet.wait()
            visit.answer({}, status=401)

    ends: list[type[BaseException]] = []

    def call() -> None:
        with pytest.raises(AppError) as caught:
            client.get_destinations()
        ends.append(caught.type)

    with serving(answer) as server:
        client = make(url=server.url)
        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert ends == [SessionExpired] * 3


# Visitors


def sent_query(wire: responses.RequestsMock) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(wire.calls[-1].request.url)).query, keep_blank_values=True)


def test_a_visitor_is_made_by_query_string(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, json=an_id())
    assert create_visitor(passagepoint) == VISITOR_ID
    assert sent_query(wire) == {
        "category": ["Student"],
        "firstName": ["Priya"],
        "lastName": ["Patel"],
        "uniqueId": ["22820001"],
    }
    assert not wire.calls[-1].request.body


def test_email_and_university_id_go_out_as_the_settings_say(
    wire: responses.RequestsMock, make: Make
) -> None:
    wire.post(LOGIN, json={"token": "good"})
    wire.post(CREATE, json=an_id())
    create_visitor(make(send_email=True, university_id_field="mobilePhoneNo"))
    query = sent_query(wire)
    assert query["email"] == ["priya@example.edu"]
    assert query["mobilePhoneNo"] == ["G12345678"]


def test_what_is_not_known_is_left_out(wire: responses.RequestsMock, make: Make) -> None:
    wire.post(LOGIN, json={"token": "good"})
    wire.post(CREATE, json=an_id())
    client = make(send_email=True, university_id_field="mobilePhoneNo")
    create_visitor(client, email=None, university_id="", first_name="")
    assert sent_query(wire).keys() == {"category", "lastName", "uniqueId"}


@pytest.mark.parametrize(
    "content",
    [an_id("137505764541148"), an_id(137505764541148.0), {"data": {"id": 137505764541148}}],
)
def test_ids_are_text_in_every_shape(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, content: object
) -> None:
    wire.post(CREATE, json=content)
    assert create_visitor(passagepoint) == VISITOR_ID


@pytest.mark.parametrize("status", [400, 409, 500])
@pytest.mark.parametrize("shape", [[{"id": 9}], {"data": [{"id": 9}, {"id": "9"}]}])
def test_a_known_barcode_leads_to_its_person(
    wire: responses.RequestsMock,
    passagepoint: PassagePointRequests,
    status: int,
    shape: object,
) -> None:
    wire.post(CREATE, **(KNOWN | {"status": status}))
    asked = matchers.query_param_matcher({"uniqueId": "22820001"})
    wire.get(FIND, json=shape, match=[asked])
    assert create_visitor(passagepoint) == "9"
    assert calls_to(wire, CREATE) == 1


def test_a_known_barcode_is_understood_in_a_good_answer_too(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, **(KNOWN | {"status": 200}))
    wire.get(FIND, json=[{"id": 9}])
    assert create_visitor(passagepoint) == "9"


def test_of_several_people_none_is_picked(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, **KNOWN)
    wire.get(FIND, json=[{"id": 9}, {"id": 10}])
    with pytest.raises(SeveralPeople) as caught:
        create_visitor(passagepoint)
    assert caught.value.candidates == ("9", "10")


def test_a_person_that_cannot_be_read_leaves_no_other_as_the_only_one(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.get(FIND, json=[{"id": 9}, {"id": None}])
    with pytest.raises(UnexpectedAnswer):
        passagepoint.find_visitors("22820001")


def test_who_has_another_barcode_is_no_match(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    people = [{"id": 9, "uniqueId": "99990000"}, {"id": 10, "uniqueId": " 22820001 "}, {"id": 11}]
    wire.get(FIND, json=people)
    assert passagepoint.find_visitors("22820001") == ["10", "11"]


def test_a_known_barcode_that_only_somebody_else_has_is_unexpected(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, **KNOWN)
    wire.get(FIND, json=[{"id": 9, "uniqueId": "99990000"}])
    with pytest.raises(UnexpectedAnswer, match="finds nobody"):
        create_visitor(passagepoint)


@pytest.mark.parametrize("number", [0, -1, "0", "-5", "pending", "1e5", "٣", 2.5, True, None])
def test_an_id_that_is_no_positive_whole_number_proves_nothing(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, number: object
) -> None:
    for url in (CREATE, PREREG):
        wire.post(url, json=an_id(number))
    wire.get(FIND, json=[{"id": number}])
    for call in (create_visitor, create_prereg, lambda one: one.find_visitors("22820001")):
        with pytest.raises(UnexpectedAnswer):
            call(passagepoint)


def test_a_known_barcode_of_nobody_is_unexpected(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, **KNOWN)
    wire.get(FIND, json=[])
    with pytest.raises(UnexpectedAnswer, match="finds nobody"):
        create_visitor(passagepoint)


def test_a_visitor_is_tried_again_once_after_a_passing_fault(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, status=503)
    wire.post(CREATE, json=an_id())
    assert create_visitor(passagepoint) == VISITOR_ID


def test_a_visitor_is_not_tried_for_ever(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, status=503)
    with pytest.raises(ServerTrouble):
        create_visitor(passagepoint)
    assert calls_to(wire, CREATE) == 2


def test_wrong_data_is_not_tried_again(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(CREATE, status=400, json={"error": "Unknown category"})
    with pytest.raises(DataRefused, match="Unknown category"):
        create_visitor(passagepoint)
    assert calls_to(wire, CREATE) == 1


# Visits


def test_a_visit_is_sent_with_times_as_text(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.post(PREREG, json=an_id(4711))
    assert create_prereg(passagepoint) == "4711"
    assert json.loads(wire.calls[-1].request.body or "") == {
        "startTime": "1795453200",
        "endTime": "1795456800",
        "visitorId": VISITOR_ID,
        "destination": "Main Desk",
    }


@pytest.mark.parametrize(
    ("answer", "error", "surely_not"),
    [
        ({"status": 400, "json": {"error": "bad"}}, DataRefused, True),
        ({"status": 404, "json": {"error": "bad"}}, DataRefused, True),
        ({"status": 422, "json": ["bad"]}, DataRefused, True),
        (HTML | {"status": 404}, WrongAddress, True),
        (HTML | {"status": 400}, WrongAddress, True),
        ({"status": 400, "body": "bad"}, UnexpectedAnswer, True),
        ({"status": 404, "body": ""}, WrongAddress, True),
        ({"status": 403, "json": {}}, MissingPermission, True),
        ({"status": 429, "json": {}}, RateLimited, True),
        ({"status": 302, "headers": {"Location": "/x"}}, WrongAddress, True),
        ({"status": 408, "json": {}}, UnexpectedAnswer, False),
        ({"status": 409, "json": {"error": "busy"}}, UnexpectedAnswer, False),
        ({"status": 500, "json": {}}, ServerTrouble, False),
        (HTML | {"status": 503}, ServerTrouble, False),
        ({"json": {"error": "odd"}}, UnexpectedAnswer, False),
        (HTML, WrongAddress, False),
        ({"json": {"data": []}}, UnexpectedAnswer, False),
        ({"json": {"data": [{"id": 1}, {"id": 2}]}}, UnexpectedAnswer, False),
        ({"json": {"data": [{"id": True}]}}, UnexpectedAnswer, False),
        ({"json": "ok"}, UnexpectedAnswer, False),
        ({"json": None}, UnexpectedAnswer, False),
        ({"body": "", "status": 204}, UnexpectedAnswer, False),
        ({"body": '{"data": [{"id": 13750'}, UnexpectedAnswer, False),
    ],
)
def test_a_visit_that_fails_says_whether_it_may_be_there(
    wire: responses.RequestsMock,
    passagepoint: PassagePointRequests,
    answer: dict[str, Any],
    error: type[AppError],
    surely_not: bool,
) -> None:
    wire.post(PREREG, **answer)
    with pytest.raises(ServiceError) as caught:
        create_prereg(passagepoint)
    assert type(caught.value) is error
    assert caught.value.surely_not_processed is surely_not
    assert calls_to(wire, PREREG) == 1


def refused(
    wire: responses.RequestsMock, client: PassagePointRequests, content: object
) -> DataRefused:
    wire.post(PREREG, status=422, json=content)
    with pytest.raises(DataRefused) as caught:
        create_prereg(client)
    return caught.value


def test_passagepoints_own_words_are_kept_short(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    content = {"code": "DEST", "message": "Unknown\n destination\x07 " + "long " * 5000}
    error = refused(wire, passagepoint, content)
    assert error.code == "DEST"
    assert error.http_status == 422
    assert "“Unknown destination long" in error.message
    assert len(error.message) < 300


def test_passagepoints_words_show_no_personal_data(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    words = "uniqueId 22820001 of G12345678 <priya@example.edu> is in use"
    error = refused(wire, passagepoint, {"message": words})
    assert "uniqueId … of … … is in use" in error.message


def test_a_refusal_without_words_is_said_plainly(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    error = refused(wire, passagepoint, {})
    assert error.message == "PassagePoint refused what was sent."


def hold_or_cut(behaviour: Behaviour) -> Behaviour:
    def answer(visit: Visit) -> None:
        if visit.path.endswith("login"):
            visit.answer({"token": "good"})
        else:
            behaviour(visit)

    return answer


def test_a_visit_whose_answer_is_lost_is_sent_once(make: Make) -> None:
    with serving(hold_or_cut(Visit.cut)) as server, pytest.raises(NoAnswer) as caught:
        create_prereg(make(url=server.url))
    assert not caught.value.surely_not_processed
    paths = [visit.path.rpartition("/")[2] for visit in server.visits]
    assert paths == ["login", "createPreReg"]


def test_a_visit_does_not_trust_an_idle_connection() -> None:
    clock = FakeClock()
    with serving(hold_or_cut(lambda visit: visit.answer(an_id()))) as server:
        config = a_config(PassagePoint={"url": server.url})
        client = PassagePointRequests(config, credentials=some_credentials(config), clock=clock)
        client.log_in()
        clock.advance(seconds=3)
        create_prereg(client)
        client.close()
    assert [visit.connection for visit in server.visits] == [1, 2]


def test_a_visit_that_could_not_be_sent_is_surely_not_there(make: Make) -> None:
    with serving(hold_or_cut(Visit.cut)) as server:
        client = make(url=server.url)
        client.log_in()
    with pytest.raises(NetworkDown) as caught:
        create_prereg(client)
    assert caught.value.surely_not_processed


# Destinations


@pytest.mark.parametrize(
    "content",
    [
        ["Main Desk", "Annex Desk"],
        {"data": ["Main Desk", "Annex Desk"]},
        [{"id": 1, "name": "Main Desk"}, {"destination": "Annex Desk"}],
        {"data": [{"destinationName": "Main Desk"}, {"label": "Annex Desk"}]},
        [{"name": "Main Desk"}, None, {"id": 3}, "Annex Desk", "Main Desk"],
    ],
)
def test_destinations_are_names_in_every_shape(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, content: object
) -> None:
    wire.get(DESTINATIONS, json=content)
    assert passagepoint.get_destinations() == ["Main Desk", "Annex Desk"]


@pytest.mark.parametrize("content", [{}, {"data": None}, "Main Desk", 5, {"error": "no"}])
def test_destinations_that_are_no_list_are_unexpected(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests, content: object
) -> None:
    wire.get(DESTINATIONS, json=content)
    with pytest.raises(UnexpectedAnswer):
        passagepoint.get_destinations()


def test_a_wrong_address_for_destinations_is_no_refusal_of_data(
    wire: responses.RequestsMock, passagepoint: PassagePointRequests
) -> None:
    wire.get(DESTINATIONS, status=404, json={"error": "Not Found"})
    with pytest.raises(WrongAddress):
        passagepoint.get_destinations()


def test_the_clock_of_passagepoint_is_known(make: Make) -> None:
    date = {"Date": "Mon, 23 Nov 2026 17:03:00 GMT"}
    with serving(lambda visit: visit.answer({"token": "t"}, headers=date)) as server:
        client = make(url=server.url)
        assert client.clock_offset is None
        client.log_in()
    assert client.clock_offset == timedelta(minutes=3)
