"""Which row a booking belongs to: new, moved, vanished; from a whole answer or from a part."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.day.doubt import DayAnswer
from core.domain.errors import AppError, ServerTrouble
from core.domain.models import Booking, CachedBooking, Decision, Tries
from core.domain.status import Action, SendState, Source
from core.services.libcal.rows import Unreadable
from tests.builders import NOON, a_booking, a_send
from tests.core.parts import Parts

AT = NOON + timedelta(hours=2)
MOVED = AT + timedelta(hours=1)
FAILED: dict[str, AppError] = {"8827": ServerTrouble("LibCal", "Down.", http_status=503)}
ELSEWHERE: dict[str, AppError] = {"10332": ServerTrouble("LibCal", "Down.", http_status=503)}


def booked(
    parts: Parts, *starts: int, book_id: str = "cs_1", **changes: Any
) -> list[CachedBooking]:
    """Rows of one ``bookId``, by the hours after AT at which they start."""
    parts.take_in(*(a_booking(book_id, AT + timedelta(hours=one), **changes) for one in starts))
    return rows_of(parts, book_id)


def rows_of(parts: Parts, book_id: str = "cs_1") -> list[CachedBooking]:
    return [row for row in parts.rows() if row.booking.book_id == book_id]


def at(*hours: int, **changes: Any) -> list[Booking]:
    return [a_booking("cs_1", AT + timedelta(hours=one), **changes) for one in hours]


def outline(parts: Parts) -> list[str]:
    """Each row: how many hours after AT, whether gone, held, with a visit."""
    return [
        f"{(row.booking.starts_at - AT) // timedelta(hours=1)}"
        + ("g" if row.gone_at else "")
        + ("h" if row.held else "")
        + ("v" if parts.cache.ledger.of_rows([row.row_id]) else "")
        for row in rows_of(parts)
    ]


# Known starts, the starts in the answer, whether it is whole, with a visit or not → the rows after.
@pytest.mark.parametrize(
    ("known", "answer", "is_whole", "visit", "after"),
    [
        # Nothing new.
        ([0], [0], True, True, ["0v"]),
        ([0], [0], False, True, ["0v"]),
        # Vanished.
        ([0], [], True, False, ["0g"]),
        ([0], [], True, True, ["0gv"]),
        ([0], [], False, True, ["0v"]),
        ([0, 1], [1], True, True, ["0gv", "1"]),
        ([0, 1], [1], False, True, ["0v", "1"]),
        # Moved: one is missing, one is new.
        ([0], [1], True, True, ["1v"]),
        ([0], [1], True, False, ["1"]),
        # From a part of the answer only what has no visit can be said to have moved.
        ([0], [1], False, True, ["0v"]),
        ([0], [1], False, False, ["1"]),
        # One more.
        ([0], [0, 1], True, True, ["0v", "1"]),
        ([0], [0, 1], False, True, ["0v", "1"]),
        # Any other mix: with a visit nothing is sent by itself.
        ([0], [1, 2], True, True, ["0gv", "1h", "2h"]),
        ([0], [1, 2], True, False, ["0g", "1", "2"]),
        ([0], [1, 2], False, True, ["0v"]),
        ([0], [1, 2], False, False, ["0", "1", "2"]),
        ([0, 1], [2], True, True, ["0gv", "1g", "2h"]),
        ([0, 1], [2], False, True, ["0v", "1"]),
        ([0, 1], [2, 3], True, True, ["0gv", "1g", "2h", "3h"]),
    ],
)
def test_what_an_answer_makes_of_the_rows(
    parts: Parts,
    known: list[int],
    answer: list[int],
    is_whole: bool,
    visit: bool,
    after: list[str],
) -> None:
    first, *_ = booked(parts, *known)
    if visit:
        parts.sent(first)
    parts.take_in(*at(*answer), failed={} if is_whole else ELSEWHERE)
    assert outline(parts) == after


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (SendState.REGISTERED, True),
        (SendState.UNCLEAR, True),
        (SendState.INTENT, True),
        (SendState.REFUSED, False),
    ],
)
def test_whatever_may_stand_in_passagepoint_counts_as_a_visit(
    parts: Parts, state: SendState, counts: bool
) -> None:
    [row] = booked(parts, 0)
    parts.sent(row, state=state)
    parts.take_in(*at(1), failed=ELSEWHERE)
    assert outline(parts) == (["0v"] if counts else ["1v"])


@pytest.mark.parametrize("action", [Action.BY_HAND, Action.BY_FILE])
def test_what_staff_made_counts_as_a_visit(parts: Parts, action: Action) -> None:
    [row] = booked(parts, 0)
    parts.cache.decisions.add(Decision("d1", row.row_id, action, NOON, "anna"))
    parts.book.reload([row.row_id])
    parts.take_in(*at(1, 2))
    assert [one.held for one in rows_of(parts)] == [False, True, True]


def test_days_of_a_series_are_settled_each_for_itself(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.sent(row)
    tomorrow = a_booking("cs_1", AT + timedelta(days=1))
    parts.take_in(tomorrow, until=NOON + timedelta(days=2))
    assert [one.gone_at is not None for one in rows_of(parts)] == [True, False]


def test_a_moved_row_keeps_its_id_loses_its_tries_and_says_so(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.sending.note_try(row.row_id, "Offline.")
    parts.take_in(*at(1))
    [moved] = rows_of(parts)
    assert (moved.row_id, moved.booking.starts_at) == (row.row_id, MOVED)
    assert moved.tries == Tries()
    assert parts.texts(row.row_id)[-1] == "LibCal moved the start from 14:00 to 15:00."


def test_what_was_gone_and_moved_is_there_again(parts: Parts) -> None:
    booked(parts, 0)
    parts.take_in()
    parts.take_in(*at(1))
    assert outline(parts) == ["1"]


def test_what_is_gone_is_said_once_and_so_is_its_return(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.take_in()
    parts.clock.advance(minutes=5)
    parts.take_in()
    [gone] = rows_of(parts)
    assert gone.gone_at == NOON
    parts.take_in(*at(0))
    [back] = rows_of(parts)
    assert back.gone_at is None
    said = parts.texts(row.row_id)
    assert said == [
        "Seen in LibCal.",
        "The booking is gone from LibCal.",
        "LibCal has the booking again.",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "Cancelled by User"}, "LibCal's status is now Cancelled by User."),
        ({"ends_at": AT + timedelta(hours=3)}, "LibCal changed the end."),
        ({"id_answer": "G2"}, "The reader's ID answer in LibCal changed."),
    ],
)
def test_a_change_is_kept_and_said(parts: Parts, changes: dict[str, Any], said: str) -> None:
    [row] = booked(parts, 0)
    [booking] = at(0, **changes)
    parts.take_in(booking)
    [changed] = rows_of(parts)
    assert changed.booking == booking
    assert parts.book.facts(row.row_id).booking == booking
    assert parts.texts(row.row_id)[-1] == said


def test_a_booking_that_stands_under_two_places_waits_for_the_one_it_is_known_by(
    parts: Parts,
) -> None:
    [row] = booked(parts, 0)
    parts.take_in(*at(0, location_id="10332"), failed=FAILED)
    assert row.booking == rows_of(parts)[0].booking
    assert parts.book.facts(row.row_id).is_old
    parts.take_in(*at(0, location_id="10332"))
    assert rows_of(parts)[0].booking.location_id == "10332"
    assert not parts.book.facts(row.row_id).is_old


def test_an_incomplete_answer_marks_the_missing_as_old(parts: Parts) -> None:
    here, there = a_booking("cs_1", AT), a_booking("cs_2", AT, location_id="10332")
    parts.take_in(here, there)
    parts.take_in(here, failed=ELSEWHERE)
    is_old = [parts.book.facts(parts.row(one).row_id).is_old for one in ("cs_1", "cs_2")]
    assert is_old == [False, True]
    marks = parts.cache.bookings.location_marks()
    assert (marks["8827"].failed_at, marks["10332"].failed_at) == (None, NOON)
    assert marks["10332"].reason == "Down."


@pytest.mark.parametrize(
    ("unreadable", "after"),
    [
        (Unreadable("8827", "cs_1"), ["0v"]),
        (Unreadable("8827"), ["0v"]),
        (Unreadable("8827", "cs_2"), ["0gv"]),
        (Unreadable("10332"), ["0gv"]),
    ],
)
def test_what_an_unreadable_row_could_be_isnt_missing(
    parts: Parts, unreadable: Unreadable, after: list[str]
) -> None:
    [row] = booked(parts, 0)
    parts.sent(row)
    parts.take_in(unreadable=(unreadable,))
    assert outline(parts) == after
    assert parts.book.facts(row.row_id).is_old is (after == ["0v"])


def test_nobody_calls_missing_what_wasnt_asked_for(parts: Parts) -> None:
    earlier = a_booking("cs_0", NOON - timedelta(days=1), ends_at=AT)
    parts.take_in(earlier, *at(0), a_booking("cs_3", AT, location_id="999"))
    desk = a_booking("desk-1", AT, source=Source.DESK)
    parts.cache.bookings.add(desk, first_seen_at=NOON)
    parts.book.forget_day()
    parts.book.open()
    parts.take_in()
    gone = {row.booking.book_id for row in parts.rows() if row.gone_at}
    assert gone == {"cs_1"}


def test_what_is_over_or_belongs_to_no_day_here_is_not_taken_in(parts: Parts) -> None:
    over = a_booking("cs_0", NOON - timedelta(days=1), ends_at=NOON)
    running = a_booking("cs_1", NOON - timedelta(days=1), ends_at=NOON + timedelta(seconds=1))
    far = a_booking("cs_2", NOON + timedelta(days=3))
    parts.take_in(over, running, far)
    assert [row.booking.book_id for row in parts.rows()] == ["cs_1"]


def test_a_send_of_an_older_cache_finds_its_booking(parts: Parts) -> None:
    for number, starts_at in enumerate((AT, None, MOVED)):
        send = a_send(None, send_id=f"s{number}", appt_id="cs_1", starts_at=starts_at)
        parts.cache.ledger.record(send)
    [row] = booked(parts, 0)
    sends = parts.cache.ledger.of_rows([row.row_id])[row.row_id]
    assert [one.send_id for one in sends] == ["s0", "s1"]
    assert [one.send_id for one in parts.cache.ledger.orphans()] == ["s2"]


def test_a_held_booking_is_known_as_held_at_once(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.sent(row)
    parts.take_in(*at(1, 2))
    held = [parts.book.facts(one.row_id).cached.held for one in rows_of(parts)]
    assert held == [False, True, True]


# The soonest of very many


def many(count: int, **changes: Any) -> list[Booking]:
    return [
        a_booking(f"cs_{number}", NOON + timedelta(minutes=number), **changes)
        for number in range(count)
    ]


@pytest.mark.parametrize(("count", "taken"), [(50, 0), (51, 50), (80, 50)])
def test_of_very_many_new_ones_the_soonest_are_taken_in_first(
    parts: Parts, count: int, taken: int
) -> None:
    answer = DayAnswer(many(count)[::-1], {})
    rows = parts.intake.take_in_soonest(answer, NOON)
    assert len(rows) == taken
    starts = [parts.book.facts(row_id).booking.book_id for row_id in rows]
    assert starts == [f"cs_{number}" for number in range(taken)]
    parts.intake.take_in(answer, ("8827",), NOON, lambda: None)
    assert len(parts.rows()) == count


def test_what_is_known_over_or_tomorrows_isnt_among_the_soonest(parts: Parts) -> None:
    parts.take_in(*many(20))
    tomorrow = [a_booking(f"cs_t{one}", NOON + timedelta(days=1)) for one in range(20)]
    over = [a_booking(f"cs_o{one}", NOON - timedelta(hours=1), ends_at=NOON) for one in range(20)]
    answer = DayAnswer([*many(70), *tomorrow, *over], {})
    assert parts.intake.take_in_soonest(answer, NOON) == []


def test_some_say_nothing_of_the_others(parts: Parts) -> None:
    [known] = booked(parts, 0)
    changed, new = at(0, status="Tentative")[0], a_booking("cs_2", AT)
    rows = parts.intake.take_in_some([changed, new, a_booking("x", NOON + timedelta(days=9))], NOON)
    assert rows == [parts.row("cs_2").row_id, known.row_id]
    assert parts.row("cs_1").booking.status == "Tentative"
    assert parts.intake.take_in_some([new], NOON) == []
    assert parts.row("cs_1").gone_at is None
    assert known.row_id == parts.row("cs_1").row_id


def test_a_forgotten_person_stays_forgotten_whatever_libcal_says(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.cache.retention.forget("G12345678", now=NOON)
    parts.book.forget_day()
    parts.book.open()
    [forgotten] = rows_of(parts)
    parts.take_in(*at(0))
    assert rows_of(parts) == [forgotten]
    parts.take_in(*at(0, status="Cancelled by User"))
    [cancelled] = rows_of(parts)
    assert (cancelled.booking.status, cancelled.booking.first_name) == ("Cancelled by User", "")
    assert cancelled.row_id == row.row_id
