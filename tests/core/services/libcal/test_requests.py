"""LibCal on the wire: token, pages, rows, and how rows become bookings."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import responses
from responses import matchers

from core.domain.errors import (
    AppError,
    CredentialsRefused,
    MissingPermission,
    NoAnswer,
    RateLimited,
    SecretMissing,
    ServerTrouble,
    SessionExpired,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.models import Booking
from core.services.libcal.folding import fold_bookings
from core.services.libcal.requests import LibCalRequests
from core.services.libcal.rows import PartlyRead, Unreadable
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, ZONE, FakeClock, a_booking, a_config, some_credentials
from tests.core.local_server import Visit, serving

URL = "https://booking.library.example.edu"
TOKEN = f"{URL}/1.1/oauth/token"
BOOKINGS = f"{URL}/1.1/space/bookings"
CATEGORIES = f"{URL}/1.1/space/categories/8827"
LOCATIONS = f"{URL}/1.1/space/locations"
HTML = {"body": "<!DOCTYPE html><html></html>", "content_type": "text/html"}
DAY = date(2026, 11, 23)
STATUSES = ("Confirmed", "Mediated Approved")


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def clients() -> Iterator[list[LibCalRequests]]:
    made: list[LibCalRequests] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def libcal(
    wire: responses.RequestsMock, clients: list[LibCalRequests]
) -> Callable[..., LibCalRequests]:
    """Makes a client; the first token is ``first``, the next ``second`` …"""
    for name in ("first", "second", "third"):
        wire.post(TOKEN, json={"access_token": name, "expires_in": 3600})

    def make(clock: FakeClock | None = None, **sections: Any) -> LibCalRequests:
        clients.append(a_client(clock, **sections))
        return clients[-1]

    return make


def a_client(clock: FakeClock | None = None, **sections: Any) -> LibCalRequests:
    config = a_config(**sections)
    return LibCalRequests(config, credentials=some_credentials(config), clock=clock or FakeClock())


def a_row(book_id: str = "cs_1", **changes: Any) -> dict[str, Any]:
    row = {
        "bookId": book_id,
        "id": 1,
        "eid": 71489,
        "cid": 18578,
        "lid": 8827,
        "fromDate": "2026-11-23T10:30:00-05:00",
        "toDate": "2026-11-23T11:30:00-05:00",
        "created": "2026-11-20T09:00:00-05:00",
        "firstName": "Priya",
        "lastName": "Patel",
        "email": "priya@example.edu",
        "status": "Confirmed",
        "item_name": "Room 1",
        "check_in_status": "-",
        "q12505": "G12345678",
    }
    return row | changes


def page(number: int) -> Any:
    return matchers.query_param_matcher({"page": str(number)}, strict_match=False)


def lid(number: int) -> Any:
    return matchers.query_param_matcher({"lid": str(number)}, strict_match=False)


def calls_to(wire: responses.RequestsMock, url: str) -> int:
    return sum(str(call.request.url).partition("?")[0] == url for call in wire.calls)


# The token


def test_the_token_call_sends_a_form(wire: responses.RequestsMock, libcal: Any) -> None:
    libcal()
    sent = wire.calls[0].request
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert sent.body == ("client_id=123&client_secret=libcal-secret&grant_type=client_credentials")


def test_calls_carry_the_token(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, json=[])
    libcal().location_bookings("8827", DAY)
    assert wire.calls[-1].request.headers["Authorization"] == "Bearer first"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"json": {"error": "invalid_client"}}, CredentialsRefused),
        ({"json": {"error": "invalid_client"}, "status": 400}, CredentialsRefused),
        ({"json": {}, "status": 401}, CredentialsRefused),
        ({"json": {}, "status": 400}, UnexpectedAnswer),
        ({"json": {"error": "Not Found"}, "status": 404}, WrongAddress),
        ({"json": {"error": "slow down"}, "status": 429}, RateLimited),
        ({"json": {"error": "oops"}, "status": 500}, ServerTrouble),
        ({"status": 302, "headers": {"Location": "https://x.example.edu"}}, WrongAddress),
        (HTML, WrongAddress),
        (HTML | {"status": 401}, WrongAddress),
        (HTML | {"status": 503}, ServerTrouble),
        ({"json": {"access_token": None}}, UnexpectedAnswer),
        ({"json": {"access_token": "日本"}}, UnexpectedAnswer),
        ({"json": []}, UnexpectedAnswer),
        ({"body": ""}, UnexpectedAnswer),
    ],
)
def test_a_token_call_that_fails_says_why(
    wire: responses.RequestsMock, answer: dict[str, Any], error: type[AppError]
) -> None:
    wire.post(TOKEN, **answer)
    with pytest.raises(AppError) as caught:
        a_client()
    assert type(caught.value) is error
    assert "libcal-secret" not in str(caught.value)


def test_without_a_secret_nothing_is_sent(wire: responses.RequestsMock) -> None:
    config = a_config()
    with pytest.raises(SecretMissing):
        LibCalRequests(config, credentials=Credentials(config, MemoryStore()), clock=FakeClock())
    assert len(wire.calls) == 0


@pytest.mark.parametrize(
    ("minutes", "token"), [(58, "first"), (59.5, "second")], ids=["young", "nearly over"]
)
def test_the_token_is_renewed_before_it_expires(
    wire: responses.RequestsMock, libcal: Any, minutes: float, token: str
) -> None:
    clock = FakeClock()
    wire.get(BOOKINGS, json=[])
    client = libcal(clock)
    clock.advance(minutes=minutes)
    client.location_bookings("8827", DAY)
    assert wire.calls[-1].request.headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("seconds", ["soon", -1, None, 10**400])
def test_an_odd_lifetime_counts_as_an_hour(
    wire: responses.RequestsMock, clients: list[LibCalRequests], seconds: object
) -> None:
    clock = FakeClock()
    wire.post(TOKEN, json={"access_token": "only", "expires_in": seconds})
    wire.get(BOOKINGS, json=[])
    clients.append(a_client(clock))
    clock.advance(minutes=50)
    clients[0].location_bookings("8827", DAY)
    assert calls_to(wire, TOKEN) == 1


def test_a_refused_token_is_renewed_once(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, status=401)
    wire.get(BOOKINGS, json=[a_row()])
    assert len(libcal().location_bookings("8827", DAY)) == 1
    assert calls_to(wire, TOKEN) == 2


def test_a_token_refused_again_ends_the_call(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, status=401)
    with pytest.raises(SessionExpired):
        libcal().location_bookings("8827", DAY)
    assert calls_to(wire, TOKEN) == 2


def test_locations_side_by_side_renew_the_token_once(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    meet = threading.Barrier(2, timeout=20)

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        if request.headers["Authorization"] == "Bearer first":
            meet.wait()
            return 401, {}, ""
        return 200, {}, "[]"

    wire.add_callback("GET", BOOKINGS, answer)
    assert libcal().retrieve_bookings(DAY) == []
    assert calls_to(wire, TOKEN) == 2


# Bookings on the wire


def test_every_parameter_is_asked_for(wire: responses.RequestsMock, libcal: Any) -> None:
    asked = {
        "lid": "8827",
        "date": "2026-11-23",
        "days": "1",
        "limit": "500",
        "page": "1",
        "form_answers": "1",
        "formAnswers": "1",
        "check_in_status": "1",
        "checkInStatus": "1",
        "include_denied": "1",
    }
    wire.get(BOOKINGS, json=[], match=[matchers.query_param_matcher(asked)])
    assert libcal().location_bookings("8827", DAY, days=1) == []


@pytest.mark.parametrize("size", [500, 499, 250, 100, 50, 20, 1])
def test_a_page_is_followed_by_the_next_however_short_it_is(
    wire: responses.RequestsMock, libcal: Any, size: int
) -> None:
    rows = [a_row(f"cs_{number}") for number in range(size + 3)]
    wire.get(BOOKINGS, json=rows[:size], match=[page(1)])
    wire.get(BOOKINGS, json=rows[size : size + 1], match=[page(2)])
    wire.get(BOOKINGS, json=rows[size + 1 :], match=[page(3)])
    wire.get(BOOKINGS, json=[], match=[page(4)])
    found = libcal().location_bookings("8827", DAY)
    assert [one.book_id for one in found] == [row["bookId"] for row in rows]


def test_an_empty_page_is_the_end(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, json=[a_row(f"cs_{n}") for n in range(500)], match=[page(1)])
    wire.get(BOOKINGS, json=[], match=[page(2)])
    assert len(libcal().location_bookings("8827", DAY)) == 500


def test_rows_that_moved_between_pages_come_once(wire: responses.RequestsMock, libcal: Any) -> None:
    rows = [a_row(f"cs_{number}") for number in range(502)]
    wire.get(BOOKINGS, json=rows[:500], match=[page(1)])
    wire.get(BOOKINGS, json=rows[498:], match=[page(2)])
    wire.get(BOOKINGS, json=[], match=[page(3)])
    assert len(libcal().location_bookings("8827", DAY)) == 502


def test_a_server_that_ignores_the_page_ends_nevertheless(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    wire.get(BOOKINGS, json=[a_row(f"cs_{n}") for n in range(500)])
    assert len(libcal().location_bookings("8827", DAY)) == 500
    assert calls_to(wire, BOOKINGS) == 2


def test_a_server_that_never_ends_is_left_after_a_hundred_pages(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    pages = iter(range(10_000))

    def answer(_: Any) -> tuple[int, dict[str, str], str]:
        number = next(pages)
        rows = [a_row(f"cs_{number}_{one}") for one in range(20)]
        return 200, {}, json.dumps(rows)

    wire.add_callback("GET", BOOKINGS, answer)
    with pytest.raises(UnexpectedAnswer, match="no end"):
        libcal().location_bookings("8827", DAY)
    assert calls_to(wire, BOOKINGS) == 100


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"body": 'invalid "date" value', "status": 400}, UnexpectedAnswer),
        (HTML | {"status": 404}, WrongAddress),
        (HTML, WrongAddress),
        ({"status": 301, "headers": {"Location": "/x"}}, WrongAddress),
        ({"status": 403, "json": {}}, MissingPermission),
        ({"json": {"error": "unavailable"}}, UnexpectedAnswer),
        ({"json": {"bookings": []}}, UnexpectedAnswer),
        ({"json": None}, UnexpectedAnswer),
        ({"body": '[{"bookId": "cs'}, UnexpectedAnswer),
        ({"body": "[" * 100_000}, UnexpectedAnswer),
        ({"body": ""}, UnexpectedAnswer),
        ({"status": 502, "body": "bad gateway"}, ServerTrouble),
        ({"status": 429, "headers": {"Retry-After": "soon"}}, RateLimited),
    ],
)
def test_bookings_that_fail_say_why(
    wire: responses.RequestsMock, libcal: Any, answer: dict[str, Any], error: type[AppError]
) -> None:
    wire.get(BOOKINGS, **answer)
    with pytest.raises(AppError) as caught:
        libcal().location_bookings("8827", DAY)
    assert type(caught.value) is error


def test_missing_permission_names_the_scope(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, status=403)
    with pytest.raises(MissingPermission, match="spaces read"):
        libcal().location_bookings("8827", DAY)


# Rows


def test_what_more_a_row_says_is_kept(wire: responses.RequestsMock, libcal: Any) -> None:
    event = {"id": 7, "title": "Book club"}
    wire.get(BOOKINGS, json=[a_row(event=event, account="ppatel", check_in_code="ABC")])
    [booking] = libcal().location_bookings("8827", DAY)
    assert (booking.event_id, booking.event_title) == ("7", "Book club")
    assert (booking.account, booking.check_in_codes) == ("ppatel", ("ABC",))


@pytest.mark.parametrize("event", [None, {}, "", 0, []])
def test_a_row_without_an_event_has_none(
    wire: responses.RequestsMock, libcal: Any, event: object
) -> None:
    wire.get(BOOKINGS, json=[a_row(event=event)])
    [booking] = libcal().location_bookings("8827", DAY)
    assert booking.event_id is None


def test_every_seats_check_in_code_is_kept(wire: responses.RequestsMock, libcal: Any) -> None:
    seats = [
        a_row(seat_id=1, check_in_code="A", status="Cancelled"),
        a_row(seat_id=2, check_in_code="B"),
        a_row(seat_id=3, check_in_code="C"),
    ]
    wire.get(BOOKINGS, json=seats)
    [booking] = libcal().retrieve_bookings(DAY)
    assert booking.check_in_codes == ("B", "C")


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ({"q1": "G1", "q2": "G2"}, "G1"),
        ({"q1": " ", "q2": "G2"}, "G2"),
        ({"q2": None, "account": "G3"}, "G3"),
        ({"q1": " "}, " "),
        ({}, None),
    ],
)
def test_the_first_answered_question_counts(
    wire: responses.RequestsMock, libcal: Any, answers: dict[str, Any], answer: str | None
) -> None:
    wire.get(BOOKINGS, json=[a_row(**answers)])
    client = libcal(LibCal={"primary_id_question": ["q1", "q2", "account"]})
    [booking] = client.location_bookings("8827", DAY)
    assert booking.id_answer == answer


def test_a_row_becomes_a_booking(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, json=[a_row(seat_name="Seat 4", check_in_status="in")])
    assert libcal().location_bookings("8827", DAY) == [
        Booking(
            book_id="cs_1",
            starts_at=datetime(2026, 11, 23, 10, 30, tzinfo=ZONE),
            ends_at=datetime(2026, 11, 23, 11, 30, tzinfo=ZONE),
            first_name="Priya",
            last_name="Patel",
            email="priya@example.edu",
            status="Confirmed",
            location_id="8827",
            location_name="Main Library",
            seats=("Room 1 · Seat 4",),
            id_answer="G12345678",
            created_at=datetime(2026, 11, 20, 9, 0, tzinfo=ZONE),
            check_in="in",
        )
    ]


def the_one(wire: responses.RequestsMock, client: LibCalRequests, **changes: Any) -> Booking:
    wire.get(BOOKINGS, json=[a_row(**changes)])
    (booking,) = client.location_bookings("8827", DAY)
    return booking


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (None, None),
        ("", ""),
        ("  g1234 ", "  g1234 "),
        (["G1", "G2"], "G1, G2"),
        ([], None),
        (12345678, "12345678"),
        ({"value": "G1"}, None),
        ("G1\x00\ud800", "G1\ufffd?"),
    ],
)
def test_the_id_answer_is_kept_as_typed(
    wire: responses.RequestsMock, libcal: Any, answer: object, kept: str | None
) -> None:
    assert the_one(wire, libcal(), q12505=answer).id_answer == kept


def test_a_booking_without_id_does_not_stop_the_others(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    without = a_row("cs_2")
    del without["q12505"]
    wire.get(BOOKINGS, json=[without, a_row()])
    found = libcal().location_bookings("8827", DAY)
    assert [one.id_answer for one in found] == [None, "G12345678"]


def test_each_location_asks_its_own_question(wire: responses.RequestsMock, libcal: Any) -> None:
    annex = {"id": 10332, "name": "Annex", "primary_id_question": "q77"}
    client = libcal(LibCal={"locations": [{"id": 8827, "name": "Main"}, annex]})
    assert the_one(wire, client, lid="10332", q77="G87654321").id_answer == "G87654321"


def test_the_rows_own_location_counts(wire: responses.RequestsMock, libcal: Any) -> None:
    booking = the_one(wire, libcal(), lid=10332)
    assert (booking.location_id, booking.location_name) == ("10332", "Annex")


def test_an_unknown_location_keeps_libcals_name(wire: responses.RequestsMock, libcal: Any) -> None:
    assert the_one(wire, libcal(), lid=1, location_name="Attic").location_name == "Attic"


def test_a_row_without_a_location_has_the_one_asked_for(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    assert the_one(wire, libcal(), lid=None).location_id == "8827"


def test_a_time_without_an_offset_is_the_librarys(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    booking = the_one(wire, libcal(), fromDate="2026-11-23 10:30:00")
    assert booking.starts_at == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


def test_without_a_configured_zone_it_is_this_computers(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    client = libcal(LibCal={"time_zone": None})
    booking = the_one(wire, client, fromDate="2026-11-23T10:30:00")
    assert booking.starts_at == datetime(2026, 11, 23, 10, 30).astimezone()


def test_everything_but_the_key_may_be_missing(wire: responses.RequestsMock, libcal: Any) -> None:
    names = ("bookId", "fromDate", "toDate")
    wire.get(BOOKINGS, json=[{name: a_row()[name] for name in names}])
    (booking,) = libcal().location_bookings("8827", DAY)
    assert (booking.name, booking.status, booking.seats, booking.check_in) == ("", "", (), None)
    assert booking.created_at is None


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "row",
        [],
        a_row(bookId=""),
        a_row(bookId=None),
        a_row(fromDate="soon"),
        a_row(fromDate=20261123),
        a_row(toDate=None),
        a_row(fromDate="0001-01-01T00:00:00+14:00"),
        a_row(toDate="2026-11-23T10:30:00-05:00"),
    ],
)
def test_a_bad_row_is_said_and_hurts_no_neighbour(
    wire: responses.RequestsMock, libcal: Any, bad: object
) -> None:
    wire.get(BOOKINGS, json=[bad, a_row("cs_good"), bad])
    client = libcal()
    with pytest.raises(PartlyRead, match="2 bookings that can't be read") as partly:
        client.location_bookings("8827", DAY)
    assert [one.book_id for one in partly.value.bookings] == ["cs_good"]


def test_a_page_of_bad_rows_alone_doesnt_hide_the_next(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    wire.get(BOOKINGS, json=[a_row("cs_bad", toDate=None), None], match=[page(1)])
    wire.get(BOOKINGS, json=[None, a_row("cs_good")], match=[page(2)])
    wire.get(BOOKINGS, json=[], match=[page(3)])
    client = libcal()
    with pytest.raises(PartlyRead, match=r"2 bookings that can't be read \(cs_bad\)") as partly:
        client.location_bookings("8827", DAY)
    assert [one.book_id for one in partly.value.bookings] == ["cs_good"]
    assert partly.value.unreadable == (Unreadable("8827", "cs_bad"), Unreadable("8827"))


@pytest.mark.parametrize(
    ("row", "could_be"),
    [
        (Unreadable("8827", "cs_1"), True),
        (Unreadable("10332", "cs_1"), True),  # the same booking can come under two locations
        (Unreadable("8827", "cs_2"), False),
        (Unreadable("8827"), True),
        (Unreadable("10332"), False),
    ],
)
def test_a_row_that_cannot_be_read_could_be_what_it_doesnt_contradict(
    row: Unreadable, could_be: bool
) -> None:
    assert row.could_be(a_booking("cs_1", location_id="8827")) is could_be


@pytest.mark.parametrize(
    "changes",
    [
        {"toDate": "9999-12-31T23:59:59+00:00"},
        {"toDate": "2036-12-01T00:00:00-05:00"},
        {"fromDate": "2016-11-01T00:00:00-05:00"},
        {"fromDate": "0001-01-01T00:00:00-05:00"},
    ],
)
def test_a_time_further_than_ten_years_away_is_nonsense(
    wire: responses.RequestsMock, libcal: Any, changes: dict[str, Any]
) -> None:
    wire.get(BOOKINGS, json=[a_row(**changes), a_row("cs_good", created="9999-12-31T23:59:59Z")])
    client = libcal()
    with pytest.raises(PartlyRead) as partly:
        client.location_bookings("8827", DAY)
    [good] = partly.value.bookings
    assert (good.book_id, good.created_at) == ("cs_good", None)


def test_a_day_without_its_bad_rows_is_still_a_day(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    wire.get(BOOKINGS, json=[None, a_row("cs_good")])
    assert [one.book_id for one in libcal().retrieve_bookings(DAY)] == ["cs_good"]


def test_a_day_of_bad_rows_alone_is_an_unexpected_answer(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    wire.get(BOOKINGS, json=[None])
    with pytest.raises(PartlyRead, match="a booking that can't be read"):
        libcal().retrieve_bookings(DAY)


# Folding


def test_seats_of_one_booking_are_joined_without_repeats() -> None:
    rows = [a_booking(seats=(seat,)) for seat in ("B", "A", "B")]
    (booking,) = fold_bookings(rows, STATUSES)
    assert booking.seats == ("B", "A")


def test_days_of_a_series_stay_apart() -> None:
    rows = [a_booking(), a_booking(starts_at=NOON + timedelta(days=1))]
    assert len(fold_bookings(rows, STATUSES)) == 2


@pytest.mark.parametrize(
    ("statuses", "spoken"),
    [
        (("Cancelled", "Confirmed"), "Confirmed"),
        (("Mediated Denied", "Mediated Tentative"), "Mediated Tentative"),
        (("Parked", "Mediated Denied"), "Parked"),
        (("Parked", "Tentative"), "Tentative"),
        (("Cancelled by User", "Mediated Denied"), "Mediated Denied"),
    ],
)
def test_the_liveliest_seat_speaks(statuses: tuple[str, ...], spoken: str) -> None:
    (booking,) = fold_bookings([a_booking(status=one) for one in statuses], STATUSES)
    assert booking.status == spoken


def test_a_cancelled_seat_lends_neither_its_end_nor_its_name() -> None:
    late = a_booking(status="Cancelled", ends_at=NOON + timedelta(hours=5), seats=("Gone",))
    longer = a_booking(ends_at=NOON + timedelta(hours=2), seats=("Two",))
    (booking,) = fold_bookings([late, a_booking(seats=("One",)), longer], STATUSES)
    assert booking.ends_at == NOON + timedelta(hours=2)
    assert booking.seats == ("One", "Two")


def test_the_first_answer_that_is_not_blank_counts() -> None:
    rows = [a_booking(id_answer=answer) for answer in (None, " ", "G2")]
    (booking,) = fold_bookings(rows, STATUSES)
    assert booking.id_answer == "G2"


@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({"id_answer": "G2"}, 2),
        ({"id_answer": " g12345678 "}, 1),
        ({"id_answer": ""}, 1),
        ({"email": "other@example.edu"}, 2),
        ({"email": "PRIYA@example.edu"}, 1),
        ({"email": "", "id_answer": None}, 1),
        ({"email": "", "id_answer": "G2"}, 2),
    ],
)
def test_rows_that_say_other_things_are_two_people(changes: dict[str, Any], people: int) -> None:
    rows = [a_booking(), a_booking(seats=("Room 2",), **changes)]
    for some in (rows, rows[::-1]):
        folded = fold_bookings(some, STATUSES)
        assert len(folded) == people
        assert len({one.key for one in folded}) == people


def test_a_row_that_says_nothing_joins_no_second_person() -> None:
    silent = a_booking(id_answer=None, email="")
    folded = fold_bookings([silent, a_booking(), a_booking(id_answer="G2"), silent], STATUSES)
    assert sorted(one.id_answer or "" for one in folded) == ["G12345678", "G2"]


def test_without_any_answer_there_is_none() -> None:
    (booking,) = fold_bookings([a_booking(id_answer=None)] * 2, STATUSES)
    assert booking.id_answer is None


@pytest.mark.parametrize(
    ("marks", "mark"),
    [((None, "-", "out", "in"), "in"), (("-", "out"), "out"), ((None, "-"), "-"), ((None,), None)],
)
def test_who_arrived_at_one_seat_has_arrived(
    marks: tuple[str | None, ...], mark: str | None
) -> None:
    (booking,) = fold_bookings([a_booking(check_in=one) for one in marks], STATUSES)
    assert booking.check_in == mark


def test_the_earliest_making_counts() -> None:
    early = NOON - timedelta(days=9)
    rows = [a_booking(created_at=one) for one in (None, NOON, early)]
    (booking,) = fold_bookings(rows, STATUSES)
    assert booking.created_at == early


# The day


def test_the_day_is_the_librarys_and_locations_come_side_by_side(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    late = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 22:00 of the 23rd in New York
    meet = threading.Barrier(2, timeout=20)
    dates = set()

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        dates.add(request.params["date"])
        meet.wait()
        return 200, {}, "[]"

    wire.add_callback("GET", BOOKINGS, answer)
    assert libcal(FakeClock(late)).retrieve_bookings() == []
    assert dates == {"2026-11-23"}


def test_a_day_is_folded_over_locations_and_sorted_by_start(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    early = a_row("cs_0", fromDate="2026-11-23T08:00:00-05:00")
    wire.get(BOOKINGS, json=[a_row()], match=[lid(8827)])
    wire.get(BOOKINGS, json=[a_row(lid=8827, seat_id=2), early], match=[lid(10332)])
    assert [one.book_id for one in libcal().retrieve_bookings(DAY)] == ["cs_0", "cs_1"]


def test_a_failing_location_fails_the_day(wire: responses.RequestsMock, libcal: Any) -> None:
    wire.get(BOOKINGS, json=[a_row()], match=[lid(8827)])
    wire.get(BOOKINGS, status=500, match=[lid(10332)])
    with pytest.raises(ServerTrouble):
        libcal().retrieve_bookings(DAY)


# Locations and forms


def test_all_locations_have_id_and_name(wire: responses.RequestsMock, libcal: Any) -> None:
    rows = [{"lid": 8827, "name": "Main"}, {"lid": "7"}, {"name": "No id"}, None]
    wire.get(LOCATIONS, json=rows)
    assert libcal().all_locations() == [("8827", "Main"), ("7", "7")]


@pytest.mark.parametrize(
    "fields",
    [
        {"fname": {"label": "First"}, "q43": {"id": 43, "label": "ID"}, "q44": None},
        [{"id": 43, "label": "ID"}, {"id": "44"}, {"id": "fname"}, None],
    ],
    ids=["by name", "a list"],
)
def test_a_form_shows_its_questions(
    wire: responses.RequestsMock, libcal: Any, fields: object
) -> None:
    wire.get(LOCATIONS, json=[{"lid": 1}, {"lid": 8827, "formid": 4036}])
    wire.get(CATEGORIES, status=404, body="<html>")
    wire.get(f"{URL}/1.1/space/form/4036", json=[{"id": 4036, "fields": fields}])
    assert libcal().form_questions("8827") == [("q43", "ID"), ("q44", "q44")]


def test_a_form_that_cannot_be_read_has_no_questions(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    wire.get(LOCATIONS, json=[{"lid": 8827, "formid": 4036}])
    wire.get(CATEGORIES, status=404, body="<html>")
    wire.get(f"{URL}/1.1/space/form/4036", json=[None, {"fields": 3}])
    assert libcal().form_questions("8827") == []


@pytest.mark.parametrize("rows", [[], [{"lid": 8827, "formid": 0}], [{"lid": 8827}]])
def test_a_location_without_a_form_has_no_questions(
    wire: responses.RequestsMock, libcal: Any, rows: list[object]
) -> None:
    wire.get(LOCATIONS, json=rows)
    wire.get(CATEGORIES, json=[])
    assert libcal().form_questions("8827") == []


def test_forms_hang_on_locations_categories_and_spaces(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    staff_too = [responses.matchers.query_param_matcher({"admin_only": "1"}, strict_match=False)]
    wire.get(LOCATIONS, json=[{"lid": 8827, "formid": 1}], match=staff_too)
    categories = [{"cid": 5, "formid": "2"}, {"cid": 6, "formid": None}]
    wire.get(CATEGORIES, json=[{"lid": 8827, "categories": categories}], match=staff_too)
    spaces = [{"cid": 5, "items": [{"id": 7, "formid": 3}, {"id": 8, "formid": 1}, 9]}]
    wire.get(f"{URL}/1.1/space/category/5,6", json=spaces, match=staff_too)
    forms = [{"id": number, "fields": {f"q{number}": {"label": "ID"}}} for number in (1, 2, 3)]
    wire.get(f"{URL}/1.1/space/form/1,2,3", json=forms)
    assert libcal().form_questions("8827") == [("q1", "ID"), ("q2", "ID"), ("q3", "ID")]


def test_places_that_only_staff_may_book_are_asked_for(
    wire: responses.RequestsMock, libcal: Any
) -> None:
    rows = [{"lid": 2, "name": "S", "admin_only": 1}, {"lid": 1, "name": "Hall", "admin_only": 0}]
    staff_too = [responses.matchers.query_param_matcher({"admin_only": "1"})]
    wire.get(LOCATIONS, json=rows, match=staff_too)
    assert libcal().all_locations() == [("1", "Hall"), ("2", "S")]


# Over a real connection


def test_the_clock_of_libcal_is_known_after_the_token() -> None:
    token = {"access_token": "t"}
    date_header = {"Date": "Mon, 23 Nov 2026 17:00:30 GMT"}
    with serving(lambda visit: visit.answer(token, headers=date_header)) as server:
        client = a_client(LibCal={"url": server.url})
        assert client.clock_offset == timedelta(seconds=30)
        client.close()


def test_a_lost_token_call_is_no_answer_and_not_repeated() -> None:
    with serving(Visit.cut) as server, pytest.raises(NoAnswer):
        a_client(LibCal={"url": server.url})
    assert len(server.visits) == 1
