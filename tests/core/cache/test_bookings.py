from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.cache.base import Cache
from core.domain.models import Booking, CachedBooking, LocationMark, Tries
from core.domain.status import SendState, Source
from tests.builders import NOON, a_booking, a_send

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROOM = a_booking("cs_1", seats=("Room 1", "Room 2"), check_in="in", id_answer=" g1 ")
COMPANION = a_booking(
    "desk-1",
    check_in_codes=("A", "B"),
    account="ppatel",
    event_id="7",
    event_title="Book club",
    person="p1",
    source=Source.COMPANION,
    parent_row_id="r1",
    destination="Annex Desk",
)


def _add(cache: Cache, book_id: str = "cs_1", hours: float = 0) -> CachedBooking:
    booking = a_booking(book_id, NOON + timedelta(hours=hours))
    return cache.bookings.add(booking, first_seen_at=NOON)


def _get(cache: Cache, row: CachedBooking) -> CachedBooking:
    kept = cache.bookings.get(row.row_id)
    assert kept is not None
    return kept


@pytest.mark.parametrize("booking", [ROOM, COMPANION], ids=["room", "companion"])
def test_every_field_survives(cache: Cache, booking: Booking) -> None:
    row = cache.bookings.add(booking, first_seen_at=NOON)
    assert _get(cache, row) == row == CachedBooking(row.row_id, booking, NOON)


def test_two_people_under_one_id_and_start_are_two_rows(cache: Cache) -> None:
    one, other = cache.bookings.add_all(
        [a_booking(person="p1"), a_booking(person="p2")], first_seen_at=NOON
    )
    found = {row.booking.person: row for row in cache.bookings.by_book_id("cs_1")}
    assert found == {"p1": one, "p2": other}


def test_a_first_morning_of_many_is_kept_with_few_statements(cache: Cache) -> None:
    before = cache.database.statements
    bookings = [a_booking(f"cs_{number}") for number in range(300)]
    rows = cache.bookings.add_all(bookings, first_seen_at=NOON)
    assert cache.database.statements - before < 10
    assert [row.booking for row in rows] == bookings
    assert sorted(row.row_id for row in rows) == sorted(
        row.row_id for row in cache.bookings.between(NOON - DAY, NOON + DAY)
    )


def test_a_booking_without_an_answer_stays_without(cache: Cache) -> None:
    row = cache.bookings.add(a_booking(id_answer=None, created_at=None), first_seen_at=NOON)
    assert (_get(cache, row).booking.id_answer, _get(cache, row).booking.created_at) == (None, None)


def test_an_unknown_row_is_none(cache: Cache) -> None:
    assert cache.bookings.get("r1") is None


def test_a_day_comes_by_start(cache: Cache) -> None:
    for book_id, hours in (("cs_3", 3), ("cs_1", 0), ("cs_2", 1)):
        _add(cache, book_id, hours)
    day = cache.bookings.between(NOON - HOUR, NOON + DAY)
    assert [row.booking.book_id for row in day] == ["cs_1", "cs_2", "cs_3"]


def test_a_day_leaves_out_what_ended_before_and_starts_after(cache: Cache) -> None:
    _add(cache, "cs_over", -1)
    _add(cache, "cs_now", 0)
    _add(cache, "cs_later", 1)
    day = cache.bookings.between(NOON, NOON + HOUR)
    assert [row.booking.book_id for row in day] == ["cs_now"]


def test_two_rows_of_one_key_are_our_own_bug(cache: Cache) -> None:
    _add(cache)
    with pytest.raises(RuntimeError, match="wrongly"):
        _add(cache)


def test_a_book_id_finds_every_day_of_a_series(cache: Cache) -> None:
    later, first = _add(cache, hours=24), _add(cache)
    _add(cache, "cs_2")
    assert cache.bookings.by_book_id("cs_1") == [first, later]


def test_an_update_keeps_what_we_know(cache: Cache) -> None:
    row = _add(cache)
    cache.bookings.set_held(row.row_id, True)
    moved = a_booking("cs_1", NOON + HOUR, status="Cancelled by User")
    cache.bookings.update(row.row_id, moved)
    assert _get(cache, row) == replace(row, booking=moved, held=True)


def test_gone_and_back(cache: Cache) -> None:
    row = _add(cache)
    cache.bookings.set_gone(row.row_id, NOON + HOUR)
    assert _get(cache, row).gone_at == NOON + HOUR
    cache.bookings.set_gone(row.row_id, None)
    assert _get(cache, row).gone_at is None


def test_held_and_released(cache: Cache) -> None:
    row = _add(cache)
    cache.bookings.set_held(row.row_id, True)
    assert _get(cache, row).held
    cache.bookings.set_held(row.row_id, False)
    assert not _get(cache, row).held


def test_tries_survive(cache: Cache) -> None:
    row, tries = _add(cache), Tries(2, NOON, "No answer.", NOON + HOUR)
    cache.bookings.set_tries(row.row_id, tries)
    assert _get(cache, row).tries == tries


def test_tries_are_forgotten_after_a_success(cache: Cache) -> None:
    row = _add(cache)
    cache.bookings.set_tries(row.row_id, Tries(2, NOON, "No answer.", NOON + HOUR))
    cache.bookings.set_tries(row.row_id, Tries())
    assert _get(cache, row) == row


def test_only_these_were_looked_at(cache: Cache) -> None:
    one, other = _add(cache, "cs_1"), _add(cache, "cs_2")
    cache.bookings.mark_seen_ended([one.row_id])
    assert (_get(cache, one).seen_ended, _get(cache, other).seen_ended) == (True, False)


def test_an_old_visit_has_the_times_that_were_sent_last(cache: Cache) -> None:
    row = _add(cache, hours=2)
    cache.ledger.record(a_send(row.row_id, send_id="s1", starts_at=NOON - HOUR))
    cache.ledger.record(a_send(row.row_id, send_id="s2", starts_at=NOON, ends_at=NOON + HOUR))
    old = cache.bookings.split_old_visit(row.row_id, at=NOON)
    assert old == _get(cache, old)
    sent = replace(a_booking("cs_1", NOON), parent_row_id=row.row_id)  # it stays beside its booking
    assert (old.old_visit, old.booking) == (True, sent)


def test_an_old_visit_sent_at_unknown_times_has_the_bookings(cache: Cache) -> None:
    row = _add(cache)
    cache.ledger.record(a_send(row.row_id, starts_at=None, ends_at=None))
    old = cache.bookings.split_old_visit(row.row_id, at=NOON)
    assert old.booking == replace(row.booking, parent_row_id=row.row_id)


def test_what_may_be_there_moves_to_the_old_visit(cache: Cache) -> None:
    row = _add(cache)
    for state in (SendState.REGISTERED, SendState.UNCLEAR, SendState.REFUSED, SendState.INTENT):
        cache.ledger.record(a_send(row.row_id, send_id=state.value, state=state))
    old = cache.bookings.split_old_visit(row.row_id, at=NOON)
    sends = cache.ledger.of_rows([row.row_id, old.row_id])
    assert [send.send_id for send in sends[old.row_id]] == ["registered", "unclear"]
    assert [send.send_id for send in sends[row.row_id]] == ["refused", "intent"]


def test_a_row_that_is_not_there_cannot_be_split(cache: Cache) -> None:
    with pytest.raises(LookupError):
        cache.bookings.split_old_visit("r1", at=NOON)


def test_the_last_mark_of_a_location_counts(cache: Cache) -> None:
    cache.bookings.note_locations([LocationMark("8827", NOON)])
    failed = LocationMark("8827", NOON, NOON + HOUR, "No answer.", NOON, NOON - HOUR)
    cache.bookings.note_locations([failed, LocationMark("10332")])
    assert cache.bookings.location_marks() == {"8827": failed, "10332": LocationMark("10332")}
