"""What LibCal says to a check-in, in staff's words; and what is to be asked again."""

from __future__ import annotations

import pytest

from core.domain.errors import (
    AppError,
    MissingPermission,
    RateLimited,
    ServerTrouble,
    UnexpectedAnswer,
    WrongAddress,
)
from core.http.answer import Answer
from core.services.libcal.check_in_answer import (
    Arrival,
    CheckInAnswer,
    CheckInRefused,
    check_in_all,
    read_check_in,
)

CODE = "7QX"


def answer(status: int, body: str, content_type: str = "text/plain") -> Answer:
    return Answer("LibCal", status, {"Content-Type": content_type}, body.encode())


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("This booking has already been Checked In.", Arrival.IN),
        ("Already checked in", Arrival.IN),
        ("This booking has already been checked out.", Arrival.OUT),
    ],
)
def test_whoever_is_there_already_has_arrived(text: str, known: Arrival) -> None:
    assert read_check_in(answer(400, text), CODE) is known


def test_a_time_is_a_good_answer() -> None:
    good = answer(200, '{"checkinTime": "2026-11-23T12:00:00-05:00"}', "application/json")
    assert read_check_in(good, CODE) is Arrival.IN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Unable to Check In for this booking until 10:30 (booking starts at 11:00).",
            "Too early: check in from 10:30.",
        ),
        ("Unable to Check In for this booking until 1:05pm.", "Too early: check in from 13:05."),
        ("Unable to check in until 12:30 AM", "Too early: check in from 00:30."),
        (
            "Unable to Check In for this booking until tomorrow.",
            "Too early. LibCal says: “Unable to Check In for this booking until tomorrow.”",
        ),
        (
            "Sorry, the latest possible Check In time for this booking was 11:15.",
            "Too late: LibCal took check-ins until 11:15.",
        ),
        (
            "Unable to find booking matching code.",
            "LibCal doesn't know this booking's check-in code. Press Sync now and try again.",
        ),
        (
            "Invalid value.",
            "LibCal doesn't know this booking's check-in code. Press Sync now and try again.",
        ),
        ("Closed  for 7QX.\n", "LibCal says: “Closed for ….”"),
        ("", "LibCal refused it and doesn't say why."),
    ],
)
def test_a_refusal_is_said_in_staffs_words(text: str, words: str) -> None:
    with pytest.raises(CheckInRefused) as refused:
        read_check_in(answer(400, text), CODE)
    assert refused.value.message == words


def test_a_refusal_without_end_is_cut() -> None:
    with pytest.raises(CheckInRefused) as refused:
        read_check_in(answer(400, "no " * 100_000), CODE)
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, "try later", ServerTrouble),
        (429, "", RateLimited),
        (403, "", MissingPermission),
        (404, "<html></html>", WrongAddress),
        (400, "<html></html>", WrongAddress),
        (302, "", WrongAddress),
        (200, "<html></html>", WrongAddress),
        (200, "", UnexpectedAnswer),
        (200, '{"error": "no"}', UnexpectedAnswer),
        (200, "{}", UnexpectedAnswer),
        (200, '["checkinTime"]', UnexpectedAnswer),
        (200, '{"checkinTime": null}', UnexpectedAnswer),
        (409, "already checked in", UnexpectedAnswer),
    ],
)
def test_all_else_says_nothing_of_the_reader(status: int, body: str, kind: type[AppError]) -> None:
    with pytest.raises(kind):
        read_check_in(answer(status, body, "application/json"), CODE)


def test_trouble_ends_the_round_and_a_refusal_does_not() -> None:
    asked = []

    def check_in(code: str) -> Arrival:
        asked.append(code)
        if code == "B":
            raise CheckInRefused("no")
        if code == "D":
            raise UnexpectedAnswer("LibCal", "What?")
        return Arrival.IN

    found = check_in_all(check_in, ("A", "B", "C", "D", "E"))
    assert asked == ["A", "B", "C", "D"]
    assert (set(found.arrived), set(found.refused)) == ({"A", "C"}, {"B"})
    assert isinstance(found.trouble, UnexpectedAnswer)


def test_what_would_check_somebody_in_is_not_in_its_repr() -> None:
    found = CheckInAnswer({CODE: Arrival.IN}, {CODE: CheckInRefused("no")})
    assert CODE not in repr(found)
