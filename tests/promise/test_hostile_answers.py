"""A service that was taken over, or is broken: nothing it answers harms the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.domain.clock import SystemClock
from core.domain.errors import UnexpectedAnswer, WrongAddress
from core.domain.status import Group, PassState
from core.http.answer import Answer
from core.http.session import HttpSession
from core.services.passagepoint.answers import new_id_in
from core.settings.config import NetworkSettings
from tests.core.local_server import Behaviour, Visit, head, serving
from tests.e2e.library import Library, row_of

MUCH = 50 * 1024 * 1024


@contextmanager
def asked(behaviour: Behaviour) -> Iterator[HttpSession]:
    """A session to a server that answers by ``behaviour``."""
    with serving(behaviour) as server:
        session = HttpSession(
            "PassagePoint", server.url, NetworkSettings(proxy="none"), clock=SystemClock()
        )
        try:
            yield session
        finally:
            session.close()


@pytest.mark.parametrize(
    "location",
    ["http://[", "http://[::1", "//", "\x7f", "http://x:99999999", "javascript:1", "http://\xff"],
)
def test_a_redirect_to_nonsense_is_a_wrong_address(location: str) -> None:
    def answer(visit: Visit) -> None:
        headers = {"Location": location, "Content-Length": "0"}
        visit.send_raw(head(302, {}).replace(b"\r\n\r\n", b"\r\n") + _raw(headers))

    with asked(answer) as session:
        trouble = session.post("/path").trouble()
    assert isinstance(trouble, WrongAddress)
    assert trouble.surely_not_processed


@pytest.mark.parametrize("status", [200, 302, 400, 500])
def test_fifty_megabytes_are_refused_whatever_the_status(status: int) -> None:
    sent = 0

    def answer(visit: Visit) -> None:
        nonlocal sent
        headers = {"Location": "/elsewhere", "Content-Length": str(MUCH)}
        visit.send_raw(head(status, headers))
        for _ in range(MUCH // 65536):
            visit.send_raw(b"x" * 65536)
            sent += 65536

    with (
        asked(answer) as session,
        pytest.raises(UnexpectedAnswer, match="far too much"),
    ):
        session.get("/path")
    assert sent < MUCH // 2


def test_a_page_of_fifty_megabytes_leaves_the_cached_day_standing(library: Library) -> None:
    booking = library.book()
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("bookings", "huge")
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert "far too much" in (report.services["LibCal"].error or "")


@pytest.mark.parametrize("call", ["token", "bookings", "user", "login", "createVisitor"])
def test_ten_thousand_deep_json_stops_nothing_for_good(library: Library, call: str) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add(call, "deep")
    program.log_new_bookings()
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_ten_thousand_deep_json_for_a_visit_is_unclear(library: Library) -> None:
    booking = library.book()
    library.services.faults.add("createPreReg", "deep")
    report = library.open().log_new_bookings()
    assert row_of(report, booking.book_id).passagepoint is PassState.UNCLEAR


@pytest.mark.parametrize("deep", ['{"a":', "["])
def test_deep_json_is_unexpected_and_no_crash(deep: str) -> None:
    body = (deep * 10_000).encode()
    with (
        asked(lambda visit: visit.answer(body)) as session,
        pytest.raises(UnexpectedAnswer),
    ):
        session.get("/path").json()


def test_a_number_of_a_million_digits_is_unexpected_and_no_crash() -> None:
    body = ("[" + "9" * 1_000_000 + "]").encode()
    with (
        asked(lambda visit: visit.answer(body)) as session,
        pytest.raises(UnexpectedAnswer),
    ):
        session.get("/path").json()


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "1.5", "9" * 60, "true"])
def test_an_id_that_is_no_number_is_none(number: str) -> None:
    body = f'{{"data": [{{"id": {number}}}]}}'.encode()
    with pytest.raises(UnexpectedAnswer, match="without an id"):
        new_id_in(Answer("PassagePoint", 200, {}, body))


def _raw(headers: dict[str, str]) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
