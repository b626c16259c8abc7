"""When an answer that lacks everything is doubtful, and how each place stands after an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.day.doubt import DayAnswer, doubtful_locations, marks_after
from core.domain.errors import AppError, ServerTrouble
from core.domain.models import CachedBooking, LocationMark
from tests.builders import NOON, a_booking

TODAY = NOON - timedelta(hours=12)
FAILED: dict[str, AppError] = {"8827": ServerTrouble("LibCal", "Down.", http_status=503)}


def rows(count: int, place: str = "8827", *, gone: int = 0) -> list[CachedBooking]:
    return [
        CachedBooking(
            f"{place}-{one}",
            a_booking(f"cs_{place}_{one}", location_id=place),
            NOON,
            gone_at=NOON if one < gone else None,
        )
        for one in range(count)
    ]


def answer(*known: CachedBooking, failed: dict[str, AppError] | None = None) -> DayAnswer:
    return DayAnswer([one.booking for one in known], failed or {})


@pytest.mark.parametrize(
    ("known", "given", "doubtful"),
    [
        (rows(5), answer(), {"8827"}),
        (rows(4), answer(), set()),
        (rows(9), answer(), {"8827"}),
        (rows(6, gone=1), answer(), {"8827"}),
        (rows(6, gone=2), answer(), set()),
        (rows(5), answer(rows(5)[4]), set()),
        (rows(5), answer(*rows(3, "10332")), {"8827"}),
        ([*rows(5), *rows(5, "10332")], answer(*rows(5, "10332")), {"8827"}),
        ([*rows(5), *rows(5, "10332")], answer(), {"8827", "10332"}),
        (rows(5), answer(failed=FAILED), set()),
        ([], answer(), set()),
    ],
)
def test_a_whole_answer_without_any_of_five_known_rows_is_doubtful(
    known: list[CachedBooking], given: DayAnswer, doubtful: set[str]
) -> None:
    assert doubtful_locations(given, known, {}, TODAY) == doubtful


@pytest.mark.parametrize(
    ("doubtful_at", "is_doubtful"),
    [(None, True), (TODAY, False), (NOON, False), (TODAY - timedelta(seconds=1), True)],
)
def test_it_is_doubtful_once_a_day(doubtful_at: object, is_doubtful: bool) -> None:
    mark = LocationMark("8827", doubtful_at=doubtful_at)  # type: ignore[arg-type]
    assert bool(doubtful_locations(answer(), rows(5), {"8827": mark}, TODAY)) is is_doubtful


BEFORE = NOON - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("failed", "doubtful", "mark"),
    [
        ({}, (), LocationMark("8827", complete_at=NOON)),
        ({}, ("8827",), LocationMark("8827", complete_at=BEFORE, doubtful_at=NOON)),
        (
            FAILED,
            (),
            LocationMark("8827", BEFORE, failed_at=NOON, reason="Down.", doubtful_at=BEFORE),
        ),
    ],
)
def test_how_a_place_stands_after_an_answer(
    failed: dict[str, AppError], doubtful: tuple[str, ...], mark: LocationMark
) -> None:
    known = LocationMark("8827", BEFORE, failed_at=BEFORE, reason="Odd.", doubtful_at=BEFORE)
    marks = {"8827": known}
    [after] = marks_after(answer(failed=failed), ["8827"], marks, doubtful, NOON)
    assert after == mark


def test_a_place_that_was_never_asked_begins_with_what_it_says() -> None:
    [good] = marks_after(answer(), ["8827"], {}, (), NOON)
    [bad] = marks_after(answer(failed=FAILED), ["8827"], {}, (), NOON)
    assert (good.complete_at, good.failed_at) == (NOON, None)
    assert (bad.complete_at, bad.failed_at) == (None, NOON)
