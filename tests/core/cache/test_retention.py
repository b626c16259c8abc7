"""What is kept for how long, and that it is really gone afterwards."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from core.cache.base import Cache
from core.cache.schema import copy_before
from core.domain.models import (
    AUTOMATIC,
    CachedBooking,
    CleanUpPlan,
    Decision,
    DeskRequest,
    HistoryEntry,
    Visitor,
)
from core.domain.status import Action, SendState
from core.settings.config import CacheSettings
from tests.builders import NOON, ZONE, FakeClock, a_booking, a_patron, a_send

TODAY = datetime(2026, 11, 23, tzinfo=ZONE)
DAY = timedelta(days=1)
SECRET = "Zaphodine"


def _add(cache: Cache, days_ago: float, book_id: str = "cs_1") -> CachedBooking:
    booking = a_booking(book_id, NOON - timedelta(days=days_ago), last_name=SECRET)
    return cache.bookings.add(booking, first_seen_at=NOON)


def _clean_up(cache: Cache, *, keep_days: int = 3, keep_rows: Collection[str] = ()) -> CleanUpPlan:
    """Clean up; the preview must say the same."""
    plan = cache.retention.plan(
        CacheSettings(keep_days=keep_days), today_start=TODAY, keep_rows=keep_rows
    )
    done = cache.retention.run(
        CacheSettings(keep_days=keep_days), today_start=TODAY, keep_rows=keep_rows
    )
    assert plan == done
    return done


def _traces(path: Path, text: str = SECRET) -> list[str]:
    """The files of the cache that hold ``text`` anywhere in their bytes."""
    return [file.name for file in path.parent.iterdir() if text.encode() in file.read_bytes()]


def test_past_bookings_go_and_later_ones_stay(cache: Cache) -> None:
    for days_ago in (5, 4, 3, 1, 0, -1):
        _add(cache, days_ago)
    plan = _clean_up(cache)
    assert plan == CleanUpPlan(bookings=2, oldest=date(2026, 11, 18), newest=date(2026, 11, 19))
    assert len(cache.bookings.by_book_id("cs_1")) == 4


def test_nothing_of_today_goes_even_where_nothing_is_kept(cache: Cache) -> None:
    row = cache.bookings.add(a_booking(starts_at=TODAY - timedelta(hours=1)), first_seen_at=NOON)
    assert row.booking.ends_at == TODAY
    assert _clean_up(cache, keep_days=0).bookings == 0


def test_an_empty_cache_has_nothing_to_remove(cache: Cache) -> None:
    assert _clean_up(cache) == CleanUpPlan()


def test_rows_that_wait_for_a_look_stay(cache: Cache) -> None:
    row = _add(cache, 5)
    assert _clean_up(cache, keep_rows=[row.row_id]) == CleanUpPlan(kept_waiting=1)
    assert cache.bookings.get(row.row_id) == row


@pytest.mark.parametrize("state", [SendState.INTENT, SendState.UNCLEAR])
def test_what_is_unclear_stays_until_it_was_looked_at(cache: Cache, state: SendState) -> None:
    row = _add(cache, 5)
    cache.ledger.record(a_send(row.row_id, state=state))
    assert _clean_up(cache) == CleanUpPlan(kept_waiting=1)
    cache.bookings.mark_seen_ended([row.row_id])
    assert _clean_up(cache).bookings == 1


@pytest.mark.parametrize("state", [SendState.REGISTERED, SendState.REFUSED])
def test_what_is_settled_goes(cache: Cache, state: SendState) -> None:
    row = _add(cache, 5)
    cache.ledger.record(a_send(row.row_id, state=state))
    assert _clean_up(cache).bookings == 1


def test_all_about_a_booking_goes_with_it(cache: Cache) -> None:
    gone, stays = _add(cache, 5, "cs_1"), _add(cache, 0, "cs_2")
    for number, row in enumerate((gone, stays)):
        cache.ledger.record(a_send(row.row_id, send_id=f"s{number}"))
        cache.decisions.add(Decision(f"d{number}", row.row_id, Action.LEAVE, NOON, "jo"))
        cache.requests.store(DeskRequest(f"q{number}", Action.LEAVE, row.row_id, "jo", NOON))
        cache.log.add(HistoryEntry(NOON, "Registered.", row_id=row.row_id))
    assert _clean_up(cache).log_entries == 1
    rows = [gone.row_id, stays.row_id]
    assert list(cache.ledger.of_rows(rows)) == list(cache.decisions.of_rows(rows)) == rows[1:]
    assert [one.request_id for one in cache.requests.pending()] == ["q1"]
    assert [entry.row_id for entry in cache.log.latest(9)] == rows[1:]


def test_who_let_whom_in_outlives_the_booking(cache: Cache, path: Path) -> None:
    row = _add(cache, 5)
    cache.ledger.record(a_send(row.row_id, send_id="s1", who=AUTOMATIC))
    cache.ledger.record(a_send(row.row_id, send_id="s2", who="jo", destination="Main Desk"))
    cache.decisions.add(Decision("d1", row.row_id, Action.SAME_PERSON, NOON, "al"))
    cache.decisions.add(Decision("d2", row.row_id, Action.BY_HAND, NOON, "al"))
    cache.decisions.undo("d2", NOON, "al")
    assert _clean_up(cache).bookings == 1
    by_person, decided = [value for _, value in cache.retention.person.held_about("G12345678")]
    assert "Register now, Main Desk, jo" in by_person
    assert "Same person, al" in decided
    cache.close()
    assert _traces(path) == []


def test_which_send_was_which_is_kept_for_the_last_ones(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cache.retention._COUNTS_KEPT", 3)
    for _ in range(5):
        cache.ledger.outdate_copies()
    _clean_up(cache)
    kept = [number for number in range(7) if cache.ledger.counted_at(number)]
    assert (kept, cache.ledger.position().number) == ([3, 4, 5], 5)


def test_who_let_whom_in_goes_after_its_own_time(cache: Cache) -> None:
    row = _add(cache, 5)
    cache.decisions.add(Decision("d1", row.row_id, Action.SAME_PERSON, NOON, "al"))
    _clean_up(cache)
    for days, is_there in ((30, True), (31, False)):
        cache.retention.run(
            CacheSettings(keep_decisions_days=30), today_start=TODAY + days * DAY, keep_rows=()
        )
        assert bool(cache.retention.person.held_about("G12345678")) is is_there


def test_old_lines_without_a_booking_go(cache: Cache) -> None:
    for days, row_id in ((61, None), (61, "long gone"), (59, None)):
        cache.log.add(HistoryEntry(TODAY - days * DAY, f"{days}", row_id=row_id))
    assert _clean_up(cache).log_entries == 2
    assert [entry.text for entry in cache.log.latest(9)] == ["59"]


def test_the_history_of_a_booking_stays_as_long_as_it(cache: Cache) -> None:
    row = _add(cache, 0)
    cache.log.add(HistoryEntry(TODAY - 61 * DAY, "Seen.", row_id=row.row_id))
    assert _clean_up(cache).log_entries == 0
    assert len(cache.log.of_row(row.row_id)) == 1


def test_done_requests_go(cache: Cache) -> None:
    cache.requests.store(DeskRequest("q1", Action.LEAVE, "r1", "jo", NOON, detail={"a": SECRET}))
    cache.requests.done("q1", NOON - 5 * DAY)
    _clean_up(cache)
    assert cache.retention.person.held_about("r1") == []
    assert cache.database.one(dict, "SELECT * FROM requests") is None


def test_people_are_counted_once(cache: Cache, clock: FakeClock) -> None:
    clock.advance(days=-61)
    cache.people.remember(a_patron("G1"))
    cache.people.remember_visitor(Visitor("G1", "b1", "v1"))
    clock.advance(days=2)
    cache.people.remember(a_patron("G2"))
    assert _clean_up(cache).people == 1
    assert list(cache.people.patrons()) == ["G2"]
    assert cache.people.visitors() == {}


def test_taken_over_sends_go_after_their_time(cache: Cache) -> None:
    old, new = NOON - 5 * DAY, NOON
    cache.ledger.record(a_send(None, send_id="s1", starts_at=old, ends_at=old))
    cache.ledger.record(a_send(None, send_id="s2", starts_at=None, ends_at=None, intended_at=old))
    cache.ledger.record(a_send(None, send_id="s3", starts_at=None, ends_at=None, intended_at=new))
    _clean_up(cache)
    assert [send.send_id for send in cache.ledger.orphans()] == ["s3"]


def test_what_went_is_in_no_file(cache: Cache, path: Path) -> None:
    for number in range(300):
        _add(cache, 5, f"cs_{number}")
        _add(cache, 0, f"cs_{number}")
        cache.log.add(HistoryEntry(NOON, "Registered.", row_id=f"r{number}"))
    cache.database.execute("UPDATE bookings SET last_name = 'Patel' WHERE starts_at > :t", t=TODAY)
    assert _traces(path)
    assert _clean_up(cache).bookings == 300
    assert _traces(path) == []


def test_what_went_is_not_left_in_the_gaps_of_a_page(
    cache: Cache, path: Path, clock: FakeClock
) -> None:
    # SQLite moves rows about as pages fill, and leaves copies that secure_delete doesn't reach.
    chance = Random(1)
    clock.advance(days=-61)
    for number in range(400):
        name = SECRET.upper() if number % 4 else "G"
        asked_id = f"{chance.randrange(10**8):08}{name}"
        cache.people.remember(a_patron(asked_id, names=("x" * chance.randrange(300),)))
    cache.people.touch([one for one in cache.people.patrons() if one.endswith("G")], NOON)
    assert _clean_up(cache).people == 300
    assert _traces(path, SECRET.upper()) == []


def test_what_somebody_still_reads_is_wiped_the_next_time(cache: Cache, path: Path) -> None:
    _add(cache, 5)
    cache.database.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM bookings").fetchone() == (1,)
        assert _clean_up(cache).bookings == 1
        assert _traces(path)
    assert _clean_up(cache).bookings == 0
    assert _traces(path) == []


def test_old_copies_go_and_new_ones_stay(cache: Cache, path: Path) -> None:
    old, new = copy_before(path, 2), copy_before(path, 3)
    for copy, at in ((old, TODAY - 4 * DAY), (new, TODAY - 2 * DAY)):
        copy.write_text(SECRET)
        os.utime(copy, (at.timestamp(), at.timestamp()))
    _clean_up(cache)
    assert (old.exists(), new.exists()) == (False, True)
