"""LibCal's list of changes and its single bookings, as they are played and as they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest

from core.domain.errors import AppError, UnexpectedAnswer
from core.practice.maker import ANNEX, MAIN
from core.practice.services import PracticeServices
from core.services.libcal.requests import LibCalRequests
from core.settings.credentials import Credentials
from tests.builders import FakeClock
from tests.practice.client import Client

HOUR = timedelta(hours=1)


@pytest.fixture
def libcal(services: PracticeServices, clock: FakeClock) -> Iterator[LibCalRequests]:
    config = services.config()
    client = LibCalRequests(config, credentials=Credentials(config, services.store()), clock=clock)
    yield client
    client.close()


def text(clock: FakeClock, **back: float) -> str:
    return (clock.now() - timedelta(**back)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_changes_are_what_was_made_changed_or_checked_in_since(
    services: PracticeServices, client: Client, clock: FakeClock
) -> None:
    old = services.add_booking(clock.now() + HOUR)
    arrives = services.add_booking(clock.now() + HOUR)
    clock.advance(minutes=10)
    new = services.add_booking(clock.now() + HOUR)
    services.check_in(arrives.book_id)
    rows = client.libcal("bookings/updates", date=text(clock, minutes=1), lid=MAIN).json()
    assert {row["bookId"] for row in rows} == {new.book_id, arrives.book_id}
    assert {row["check_in_status"] for row in rows} == {"in", "-"}
    assert not any(name.startswith("q1") for row in rows for name in row)
    assert old.book_id not in str(rows)


@pytest.mark.parametrize("tells", [True, False])
def test_cancelled_rows_may_be_among_the_changes_or_not(
    services: PracticeServices, client: Client, clock: FakeClock, tells: bool
) -> None:
    row = services.add_booking(clock.now() + HOUR)
    services.libcal.news.tells_cancelled = tells
    services.cancel(row.book_id)
    rows = client.libcal("bookings/updates", date=text(clock, minutes=1), lid=MAIN).json()
    assert [one["bookId"] for one in rows].count(row.book_id) == int(tells)


def test_changes_go_no_farther_back_than_a_day(
    services: PracticeServices, client: Client, clock: FakeClock
) -> None:
    row = services.add_booking(clock.now() + 30 * HOUR)
    clock.advance(hours=25)
    rows = client.libcal("bookings/updates", date=text(clock, hours=48), lid=MAIN).json()
    assert row.book_id not in str(rows)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"date": "yesterday"}, "Invalid Date."),
        ({"date": "2026-11-23T12:00:00"}, "Invalid Date."),
        ({"date": "2026-11-23T12:00:00Z", "lid": "Main"}, "Invalid ID."),
    ],
)
def test_bad_values_are_refused_in_plain_text(
    client: Client, params: dict[str, str], words: str
) -> None:
    answer = client.libcal("bookings/updates", **params)
    assert (answer.status_code, answer.text) == (400, words)


def test_bookings_by_id_leave_out_cancelled_ones(
    services: PracticeServices, client: Client, clock: FakeClock
) -> None:
    stays, goes = (services.add_booking(clock.now() + HOUR) for _ in range(2))
    services.cancel(goes.book_id)
    rows = client.libcal(f"booking/{stays.book_id},{goes.book_id}", form_answers=1).json()
    assert [row["bookId"] for row in rows] == [stays.book_id]
    assert rows[0]["q12505"] == stays.answer


def test_both_need_a_token(client: Client) -> None:
    for path in ("bookings/updates", "booking/cs_x"):
        assert client.ask("GET", f"/1.1/space/{path}").status_code == 401


# The program's own questions


def test_the_program_asks_for_changes_of_one_location(
    services: PracticeServices, libcal: LibCalRequests, clock: FakeClock
) -> None:
    here = services.add_booking(clock.now() + HOUR)
    services.add_booking(clock.now() + HOUR, lid=ANNEX)
    [found] = libcal.changed_since(MAIN, clock.now() - timedelta(minutes=1))
    assert (found.book_id, found.id_answer) == (here.book_id, None)
    assert found.starts_at == here.starts_at.astimezone(UTC)


def test_the_program_reads_bookings_by_id_with_their_answers(
    services: PracticeServices, libcal: LibCalRequests, clock: FakeClock
) -> None:
    rows = [services.add_booking(clock.now() + HOUR * n / 100) for n in range(120)]
    services.cancel(rows[0].book_id)
    services.clear_calls()
    found = libcal.bookings_of([row.book_id for row in rows])
    answers = {one.book_id: one.id_answer for one in found}
    assert answers == {row.book_id: row.answer for row in rows[1:]}
    assert sum(call.name == "booking" for call in services.calls) == 3


def test_an_id_never_reaches_another_address(
    services: PracticeServices, libcal: LibCalRequests
) -> None:
    assert libcal.bookings_of(["../locations", "a/b?c", "x,y"]) == []
    assert {call.name for call in services.calls} == {"token", "booking"}


def test_no_booking_asked_for_is_no_call(
    services: PracticeServices, libcal: LibCalRequests
) -> None:
    services.clear_calls()
    assert libcal.bookings_of([]) == []
    assert services.calls == []


def test_a_library_without_the_list_says_so(
    services: PracticeServices, libcal: LibCalRequests, clock: FakeClock
) -> None:
    for kind in ("404", "403", "400"):
        services.faults.add("updates", kind, times=1)
        with pytest.raises(AppError):
            libcal.changed_since(MAIN, clock.now())


def test_a_row_that_cant_be_read_is_said(
    services: PracticeServices, libcal: LibCalRequests, clock: FakeClock
) -> None:
    good, bad = (services.add_booking(clock.now() + HOUR) for _ in range(2))
    services.extend(bad.book_id, bad.starts_at)
    with pytest.raises(UnexpectedAnswer):
        libcal.bookings_of([good.book_id, bad.book_id])
    [found] = libcal.changed_since(MAIN, clock.now() - HOUR)
    assert found.book_id == good.book_id
