"""LibCal as it is played: shapes of its answers (docs/libcal.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.practice.day import PracticeDay
from core.practice.services import PracticeServices
from tests.builders import NOON, FakeClock
from tests.practice.client import TOKEN_FORM, Client

REQUIRED = {"bookId", "eid", "cid", "lid", "fromDate", "toDate"}
REQUIRED |= {"firstName", "lastName", "email", "status"}


def row_of(client: Client, day: PracticeDay, kind: str, **params: object) -> dict[str, Any]:
    book_id = day.kinds[kind][0]
    return next(row for row in client.rows(**params) if row["bookId"] == book_id)


def key_of_row(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["bookId"], str(row["lid"]), row.get("seat_name", "")


def test_a_token_is_given_for_a_form(client: Client) -> None:
    token = client.token().json()
    assert len(token["access_token"]) == 40
    assert (token["expires_in"], token["token_type"]) == (3600, "Bearer")


def test_a_token_is_given_for_json_too(client: Client) -> None:
    assert client.ask("POST", "/1.1/oauth/token", json=TOKEN_FORM).status_code == 200


@pytest.mark.parametrize("wrong", ["client_id", "client_secret", "grant_type"])
def test_wrong_credentials_are_400_with_an_error(client: Client, wrong: str) -> None:
    answer = client.token(**{wrong: "wrong"})
    assert answer.status_code == 400
    assert "error" in answer.json()


def test_without_a_token_nothing_is_told(client: Client) -> None:
    for path in ("bookings", "locations", "form/4036", "question/12505"):
        assert client.ask("GET", f"/1.1/space/{path}").status_code == 401


def test_a_token_expires(services: PracticeServices, client: Client, clock: FakeClock) -> None:
    services.libcal.token_seconds = 60
    assert services.libcal.token_seconds == 60
    assert client.libcal("bookings").status_code == 200
    clock.advance(seconds=60)
    assert client.libcal("bookings").status_code == 401


def test_rows_are_a_bare_list_with_the_required_fields(client: Client) -> None:
    rows = client.rows()
    assert rows
    assert all(row.keys() >= REQUIRED for row in rows)


def test_a_row_may_have_the_required_fields_only(client: Client, day: PracticeDay) -> None:
    row = row_of(client, day, "only_required_fields")
    assert row.keys() - {"q12505"} == REQUIRED


def test_ids_come_as_numbers_and_as_text(client: Client) -> None:
    rows = client.rows()
    assert {type(row["lid"]) for row in rows} == {int, str}
    assert {type(row["id"]) for row in rows if "id" in row} == {int, str}


def test_times_carry_the_librarys_offset(client: Client) -> None:
    start = datetime.fromisoformat(client.rows()[0]["fromDate"])
    assert start.utcoffset() == timedelta(hours=-5)


def test_a_page_has_twenty_rows_unless_asked_for_more(client: Client) -> None:
    assert len(client.libcal("bookings").json()) == 20


def test_pages_together_are_all_rows_and_past_the_end_is_nothing(client: Client) -> None:
    whole = client.rows()
    pages = [client.rows(limit=50, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, len(whole) - 100, 0]
    assert [row for page in pages for row in page] == whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "501"),
        ("page", "0"),
        ("page", "x"),
        ("days", "366"),
        ("date", "23.11.2026"),
        ("lid", "²"),
        ("page", "9" * 5000),
    ],
)
def test_a_wrong_value_is_400_in_plain_text(client: Client, name: str, value: str) -> None:
    answer = client.libcal("bookings", **{name: value})
    assert (answer.status_code, answer.text) == (400, f'invalid "{name}" value')
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_one_location_can_be_asked_for(client: Client) -> None:
    assert {str(row["lid"]) for row in client.rows(lid=10332)} == {"10332"}


def test_a_location_that_is_not_there_has_no_bookings(client: Client) -> None:
    assert client.rows(lid=1) == []


def test_a_past_date_is_ignored(client: Client) -> None:
    assert client.rows(date="2026-11-01") == client.rows()


def test_another_day_has_the_rest_of_the_series(client: Client, day: PracticeDay) -> None:
    rows = client.rows(date="2026-11-24", lid=8827)
    assert [row["bookId"] for row in rows] == list(day.kinds["series"])


def test_more_days_add_their_rows(client: Client) -> None:
    here = {"lid": 8827}
    assert len(client.rows(days=7, **here)) == len(client.rows(**here)) + 2


@pytest.mark.parametrize("spelling", ["form_answers", "formAnswers"])
def test_answers_come_by_either_spelling(client: Client, day: PracticeDay, spelling: str) -> None:
    asked: dict[str, object] = {"formAnswers": 0, spelling: 1}
    assert "q12505" in row_of(client, day, "known_visitor", **asked)


def test_no_answers_unless_they_are_asked_for(client: Client) -> None:
    assert not any("q12505" in row for row in client.rows(formAnswers=0))


@pytest.mark.parametrize("spelling", ["check_in_status", "checkInStatus"])
def test_check_in_comes_by_either_spelling(client: Client, day: PracticeDay, spelling: str) -> None:
    asked: dict[str, object] = {"checkInStatus": 0, spelling: 1}
    assert row_of(client, day, "checked_in", **asked)["check_in_status"] == "in"


def test_no_check_in_unless_it_is_asked_for(client: Client) -> None:
    assert not any("check_in_status" in row for row in client.rows(checkInStatus=0))


def test_odd_answers_are_given_as_they_are(client: Client, day: PracticeDay) -> None:
    assert "q12505" not in row_of(client, day, "answer_missing")
    assert row_of(client, day, "answer_null")["q12505"] is None
    assert isinstance(row_of(client, day, "answer_list")["q12505"], list)


def test_each_location_has_its_own_question(client: Client) -> None:
    assert any("q12777" in row for row in client.rows(lid=10332))
    assert not any("q12505" in row for row in client.rows(lid=10332))


def test_denied_rows_come_only_when_asked_for(client: Client, day: PracticeDay) -> None:
    denied = day.kinds["denied"][0]
    assert denied not in {row["bookId"] for row in client.rows(include_denied=0)}
    assert denied in {row["bookId"] for row in client.rows()}


@pytest.mark.parametrize(
    ("flag", "kind"),
    [("include_cancel", "cancelled_by_system"), ("include_tentative", "mediated_tentative")],
)
def test_other_rows_come_unless_left_out(
    client: Client, day: PracticeDay, flag: str, kind: str
) -> None:
    book_id = day.kinds[kind][0]
    assert book_id in {row["bookId"] for row in client.rows()}
    asked: dict[str, object] = {flag: 0}
    assert book_id not in {row["bookId"] for row in client.rows(**asked)}


def test_a_cancelled_row_says_when(client: Client, day: PracticeDay) -> None:
    cancelled = row_of(client, day, "cancelled")["cancelled"]
    assert datetime.fromisoformat(cancelled) == NOON - timedelta(minutes=30)


def test_seats_are_rows_of_their_own(client: Client, day: PracticeDay) -> None:
    rows = client.rows_of(day.kinds["several_seats"][0])
    assert len({key_of_row(row) for row in rows}) == 3


def test_locations_are_listed(client: Client) -> None:
    locations = client.libcal("locations").json()
    assert [one["lid"] for one in locations] == [8827, 10332, 11200]
    assert locations[0].keys() == {"lid", "name", "public", "formid", "admin_only"}
    assert "formid" not in locations[1]


def test_what_only_staff_may_book_is_listed_where_it_is_asked_for(client: Client) -> None:
    locations = client.libcal("locations", admin_only=1).json()
    assert [one["lid"] for one in locations if one["admin_only"]] == [12001]


def test_forms_hang_on_categories_and_spaces_too(client: Client) -> None:
    groups = client.libcal("categories/8827,10332", admin_only=1).json()
    assert [one["formid"] for group in groups for one in group["categories"]] == [None, 4101]
    [hall] = client.libcal("category/112000", details=1).json()
    assert [one["formid"] for one in hall["items"]] == [4037, None]
    [bare] = client.libcal("category/112000").json()
    assert bare["items"] == [1120001, 1120002]


def test_a_room_has_no_seat_and_a_seat_has_its_space(client: Client, day: PracticeDay) -> None:
    room = row_of(client, day, "for_an_event")
    assert "seat_name" not in room
    assert room["event"]["title"] == "Finals study night"
    [seat, *_] = client.rows_of(day.kinds["several_seats"][0])
    assert (seat["item_name"][:4], seat["seat_name"][:4]) == ("Zone", "Seat")
    assert seat["event"] is None


def test_a_reader_may_have_signed_on(client: Client, day: PracticeDay) -> None:
    row = row_of(client, day, "answer_in_account")
    assert row["account"].startswith("g")
    assert "q12505" not in row
    assert "q13131" in row_of(client, day, "answer_other_question")


def test_forms_name_their_questions(client: Client) -> None:
    forms = client.libcal("form/4036,4101").json()
    assert [form["id"] for form in forms] == [4036, 4101]
    assert "q12505" in forms[0]["fields"]
    assert "q12777" in forms[1]["fields"]


def test_questions_are_told_by_number(client: Client) -> None:
    questions = client.libcal("question/12777").json()
    assert [one["id"] for one in questions] == [12777]


def test_another_path_is_a_404_page(client: Client) -> None:
    answer = client.ask("GET", "/1.1/space/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
