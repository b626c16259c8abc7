"""Where intake's rules begin and end: a day's first moment, a doubtful answer, what was asked by
its id, what is written together, and what the caller is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.day.doubt import DayAnswer
from core.domain.models import Booking, CachedBooking
from core.services.libcal.rows import Unreadable
from tests.builders import NOON, a_booking, a_send
from tests.core.day.test_intake import AT, ELSEWHERE, FAILED, at, booked, many, outline, rows_of
from tests.core.parts import LOCATIONS, Parts

HOUR = timedelta(hours=1)


def touched(parts: Parts, *bookings: Booking) -> set[str]:
    """What ``take_in`` says is new or different."""
    answer = DayAnswer(bookings, {})
    return parts.intake.take_in(answer, LOCATIONS, parts.clock.now(), lambda: None)


def is_old(parts: Parts, *rows: CachedBooking) -> list[bool]:
    return [parts.book.facts(one.row_id).is_old for one in rows]


def is_gone(parts: Parts, *rows: CachedBooking) -> list[bool]:
    return [parts.book.facts(one.row_id).cached.gone_at is not None for one in rows]


# What is written, and what is said


def test_the_caller_is_told_what_is_new_or_different_and_nothing_else(parts: Parts) -> None:
    [new] = touched(parts, *at(0))
    [row] = rows_of(parts)
    assert new == row.row_id
    assert touched(parts, *at(0)) == set()
    assert touched(parts, *at(0, status="Tentative")) == {row.row_id}
    assert touched(parts, *at(0, status="Tentative", seats=("Room 2",))) == {row.row_id}
    assert parts.book.facts(row.row_id).booking.seats == ("Room 2",)
    assert touched(parts) == {row.row_id}
    assert touched(parts) == set()


def test_what_is_written_also_is_kept_with_the_rows_or_not_at_all(parts: Parts) -> None:
    def write() -> None:
        parts.cache.meta.set("noted", "1")

    def fail() -> None:
        write()
        raise OSError("disk full")

    answer = DayAnswer(at(0), {})
    with pytest.raises(OSError, match="disk full"):
        parts.intake.take_in(answer, LOCATIONS, NOON, fail)
    parts.book.forget_day()
    parts.book.open()
    assert (parts.rows(), parts.cache.meta.get("noted")) == ([], None)
    parts.intake.take_in(answer, LOCATIONS, NOON, write)
    assert (outline(parts), parts.cache.meta.get("noted")) == (["0"], "1")


def test_what_is_taken_in_first_says_so(parts: Parts) -> None:
    [row_id] = parts.intake.take_in_some(at(0), NOON)
    assert parts.texts(row_id) == ["Seen in LibCal."]


def test_a_forgotten_person_who_books_again_is_known_as_forgotten_at_once(parts: Parts) -> None:
    booked(parts, 0)
    parts.cache.retention.forget("G12345678", now=NOON)
    parts.book.forget_day()
    parts.book.open()
    assert touched(parts, *at(0)) == set()
    [again] = touched(parts, *at(0), a_booking("cs_2", AT))
    assert parts.book.facts(again).is_forgotten


def test_a_send_of_an_older_cache_goes_to_no_other_booking(parts: Parts) -> None:
    parts.cache.ledger.record(a_send(None, send_id="s1", appt_id="cs_9", starts_at=None))
    assert outline_of_sends(parts, booked(parts, 0)) == []
    assert outline_of_sends(parts, booked(parts, 0, book_id="cs_9")) == ["s1"]


def outline_of_sends(parts: Parts, rows: list[CachedBooking]) -> list[str]:
    sends = parts.cache.ledger.of_rows([one.row_id for one in rows])
    return [send.send_id for sends_of_row in sends.values() for send in sends_of_row]


# The first and the last moment


@pytest.mark.parametrize(
    ("after_midnight", "is_taken"),
    [(timedelta(0), True), (-timedelta(seconds=1), False), (9 * HOUR, True)],
)
def test_what_is_over_is_still_todays_if_it_began_today(
    parts: Parts, after_midnight: timedelta, is_taken: bool
) -> None:
    start = parts.book.starts_at + after_midnight
    parts.take_in(a_booking("cs_1", start, ends_at=NOON - HOUR))
    assert (len(parts.rows()) == 1) is is_taken


def test_from_the_end_of_what_is_kept_on_nothing_is_taken_in(parts: Parts) -> None:
    end = parts.book.kept_until
    just_before, just_then = a_booking("cs_1", end - HOUR), a_booking("cs_2", end)
    parts.take_in(just_before, just_then, until=end + 5 * HOUR)
    assert [one.booking.book_id for one in parts.rows()] == ["cs_1"]


@pytest.mark.parametrize("at_midnight", ["begins", "ends"])
def test_what_begins_with_the_day_was_asked_for_and_what_begins_with_the_next_was_not(
    parts: Parts, at_midnight: str
) -> None:
    begins = at_midnight == "begins"
    start = parts.book.starts_at if begins else parts.book.ends_at
    parts.take_in(a_booking("cs_1", start, ends_at=start + 20 * HOUR), until=start + HOUR)
    [row] = parts.rows()
    parts.take_in()
    assert is_gone(parts, row) == [begins]


def test_of_tomorrow_something_is_missing_only_when_tomorrow_was_asked_for(parts: Parts) -> None:
    tomorrow = a_booking("cs_1", AT + timedelta(days=1))
    end = parts.book.kept_until
    parts.take_in(tomorrow, until=end)
    [row] = parts.rows()
    parts.take_in()
    assert is_gone(parts, row) == [False]
    parts.take_in(until=end)
    assert is_gone(parts, row) == [True]


def test_what_begins_with_tomorrow_isnt_among_the_soonest(parts: Parts) -> None:
    tomorrow = a_booking("cs_t", parts.book.ends_at)
    assert parts.intake.take_in_soonest(DayAnswer([*many(50), tomorrow], {}), NOON) == []


# Asked by its id: what began before today and runs


def running(parts: Parts, book_id: str = "cs_1") -> CachedBooking:
    """It began yesterday evening."""
    start: datetime = parts.book.starts_at - HOUR
    parts.take_in(a_booking(book_id, start, ends_at=NOON + HOUR))
    [row] = rows_of(parts, book_id)
    return row


def test_what_began_yesterday_is_missing_only_when_it_was_asked_for(parts: Parts) -> None:
    row = running(parts)
    parts.take_in()
    assert is_gone(parts, row) == [False]
    parts.take_in(earlier=frozenset({row.row_id}))
    assert is_gone(parts, row) == [True]


def test_what_was_left_out_once_stands_as_it_was_last_known_until_the_next_answer(
    parts: Parts,
) -> None:
    row = running(parts)
    asked = frozenset({row.row_id})
    parts.take_in(earlier=asked, left_out_once=asked)
    assert (is_gone(parts, row), is_old(parts, row)) == ([False], [True])
    parts.take_in(earlier=asked)
    assert is_gone(parts, row) == [True]


def test_what_could_not_be_asked_for_is_as_it_was_last_known(parts: Parts) -> None:
    row = running(parts)
    parts.take_in(unasked=frozenset({row.row_id}))
    assert (is_gone(parts, row), is_old(parts, row)) == ([False], [True])


# A doubtful answer


def test_where_all_of_a_place_are_missing_at_once_the_next_answer_decides(parts: Parts) -> None:
    here = [a_booking(f"cs_{one}", AT) for one in range(5)]
    there = a_booking("cs_x", AT, location_id="10332", location_name="Annex")
    parts.take_in(*here, there)
    rows, other = [parts.row(one.book_id) for one in here], parts.row("cs_x")
    parts.take_in()
    assert is_gone(parts, *rows, other) == [False] * 5 + [True]
    assert is_old(parts, *rows, other) == [True] * 5 + [False]
    doubt = "LibCal's answer has none of the bookings of Main Library: the next one decides."
    assert parts.texts().count(doubt) == 1
    parts.take_in()
    assert is_gone(parts, *rows) == [True] * 5


def test_where_one_of_a_place_still_stands_those_missing_are_gone_at_once(parts: Parts) -> None:
    here = [a_booking(f"cs_{one}", AT) for one in range(6)]
    parts.take_in(*here)
    rows = [parts.row(one.book_id) for one in here]
    parts.take_in(here[3])
    assert is_gone(parts, *rows) == [True] * 3 + [False] + [True] * 2


# A part of an answer


def test_what_a_failed_place_did_say_counts(parts: Parts) -> None:
    """A page of it came, another didn't."""
    booked(parts, 0)
    parts.take_in(*at(0, status="Tentative"), failed=FAILED)
    [row] = rows_of(parts)
    assert row.booking.status == "Tentative"


def test_what_moved_by_a_part_of_an_answer_is_no_old_news(parts: Parts) -> None:
    [row] = booked(parts, 0)
    parts.take_in(*at(1), failed=ELSEWHERE)
    assert outline(parts) == ["1"]
    assert is_old(parts, row) == [False]


def test_one_row_that_could_be_the_unreadable_one_makes_its_whole_series_unsure(
    parts: Parts,
) -> None:
    here, there = at(0)[0], at(1, location_id="10332")[0]
    parts.take_in(here, there)
    parts.sent(rows_of(parts)[0])
    parts.take_in(*at(2), unreadable=(Unreadable("8827"),))
    assert outline(parts) == ["0v", "1"]
