"""The door: the interface that is promised, and what holds for the whole cache."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from core.cache.base import Cache
from core.domain.errors import CacheFull, CacheLocked, CacheReadOnly
from core.domain.models import CachedBooking, HistoryEntry
from core.domain.status import SendState
from tests.builders import NOON, a_booking, a_patron, a_send
from tests.core.cache.conftest import Another

USER = {"primary_id": "G12345678", "barcode": "22820001", "visitor_id": "137505764541000"}
HOUR = timedelta(hours=1)


def test_the_tables_of_the_interface_are_made(cache: Cache) -> None:
    cache.database.all(dict, "SELECT primary_id, barcode, visitor_id FROM users")
    cache.database.all(dict, "SELECT appt_id, prereg_id, starts_at, ends_at FROM appts")


def test_a_user_is_found_again(cache: Cache) -> None:
    cache.add_user([USER])
    assert cache.lookup_user("G12345678") == USER


def test_one_user_needs_no_list(cache: Cache) -> None:
    cache.add_user(USER)
    assert cache.lookup_user("G12345678") == USER


def test_case_of_an_id_does_not_matter(cache: Cache) -> None:
    cache.add_user(USER)
    assert cache.lookup_user(" g12345678") == USER


def test_an_unknown_user_is_none(cache: Cache) -> None:
    assert cache.lookup_user("G12345678") is None


def test_a_user_added_again_replaces_the_first(cache: Cache) -> None:
    cache.add_user([USER, USER | {"barcode": "22820002"}])
    assert cache.lookup_user("G12345678") == USER | {"barcode": "22820002"}


def test_a_user_without_a_visitor_stays_without(cache: Cache) -> None:
    cache.add_user(USER | {"visitor_id": None})
    assert cache.lookup_user("G12345678") == USER | {"visitor_id": None}


def test_an_appointment_is_found_again(cache: Cache) -> None:
    cache.add_appt({"appt_id": "cs_1", "prereg_id": "77"})
    found = cache.lookup_appt("cs_1")
    assert found == {"appt_id": "cs_1", "prereg_id": "77", "starts_at": None, "ends_at": None}


def test_an_unknown_appointment_is_none(cache: Cache) -> None:
    assert cache.lookup_appt("cs_1") is None


def test_times_may_be_iso_text(cache: Cache) -> None:
    cache.add_appt({"appt_id": "cs_1", "prereg_id": "77", "starts_at": NOON.isoformat()})
    assert (cache.lookup_appt("cs_1", NOON) or {})["starts_at"] == NOON


def test_days_of_a_series_are_kept_apart(cache: Cache) -> None:
    tomorrow = NOON + timedelta(days=1)
    cache.add_appt(
        [
            {"appt_id": "cs_1", "prereg_id": "78", "starts_at": tomorrow},
            {"appt_id": "cs_1", "prereg_id": "77", "starts_at": NOON},
        ]
    )
    assert (cache.lookup_appt("cs_1", NOON.isoformat()) or {})["prereg_id"] == "77"
    assert (cache.lookup_appt("cs_1") or {})["prereg_id"] == "78"
    assert cache.lookup_appt("cs_1", NOON + HOUR) is None


def test_an_appointment_added_twice_is_one(cache: Cache) -> None:
    for prereg_id in ("77", "78"):
        cache.add_appt({"appt_id": "cs_1", "prereg_id": prereg_id, "starts_at": NOON})
    assert [send.prereg_id for send in cache.ledger.orphans()] == ["78"]


def test_an_appointment_added_again_stays_with_its_booking(cache: Cache) -> None:
    row = cache.bookings.add(a_booking(), first_seen_at=NOON)
    cache.add_appt({"appt_id": "cs_1", "prereg_id": "77"})
    cache.ledger.attach(cache.ledger.orphans()[0].send_id, row.row_id)
    cache.add_appt({"appt_id": "cs_1", "prereg_id": "77"})
    assert list(cache.ledger.of_rows([row.row_id])) == [row.row_id]


def test_what_was_refused_is_no_appointment(cache: Cache) -> None:
    cache.ledger.record(a_send(None, state=SendState.REFUSED, prereg_id=None))
    assert cache.lookup_appt("cs_1") is None


def test_what_is_unclear_is_an_appointment(cache: Cache) -> None:
    cache.ledger.record(a_send(None, state=SendState.UNCLEAR, prereg_id=None))
    assert cache.lookup_appt("cs_1") is not None


def test_everything_is_there_after_reopening(another: Another) -> None:
    with another() as cache:
        row = cache.bookings.add(a_booking(), first_seen_at=NOON)
        cache.ledger.record(a_send(row.row_id))
        cache.people.remember(a_patron())
        cache.meta.set("day", "2026-11-23")
    with another() as cache:
        assert cache.bookings.get(row.row_id) == row
        assert cache.ledger.of_rows([row.row_id]) == {row.row_id: [a_send(row.row_id)]}
        assert cache.people.patrons() == {"G12345678": a_patron()}
        assert cache.meta.get("day") == "2026-11-23"


def test_meta_values_are_replaced(cache: Cache) -> None:
    assert cache.meta.get("day") is None
    cache.meta.set("day", "1")
    cache.meta.set("day", "2")
    assert cache.meta.get("day") == "2"


def test_an_interrupted_transaction_leaves_nothing(cache: Cache) -> None:
    def interrupted() -> None:
        with cache.transaction():
            cache.meta.set("day", "1")
            with cache.transaction():
                cache.add_user(USER)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (cache.meta.get("day"), cache.lookup_user("G12345678")) == (None, None)


def test_a_transaction_is_kept_as_a_whole(cache: Cache) -> None:
    with cache.transaction():
        cache.meta.set("day", "1")
    cache.meta.set("next", "2")
    assert (cache.meta.get("day"), cache.meta.get("next")) == ("1", "2")


def test_text_that_no_database_takes_is_cleaned(cache: Cache) -> None:
    booking = a_booking(first_name="A\x00B", seats=("C\x00D", "\ud800"))
    row = cache.bookings.add(booking, first_seen_at=NOON)
    kept = cache.bookings.get(row.row_id)
    assert kept is not None
    assert kept.booking.first_name == "A\ufffdB"
    assert kept.booking.seats == ("C\ufffdD", "?")


def test_a_time_without_a_zone_is_our_own_bug(cache: Cache) -> None:
    with pytest.raises(ValueError, match="zone"):
        cache.bookings.set_gone("r1", NOON.replace(tzinfo=None))


def test_a_second_cache_reads_what_the_first_wrote(cache: Cache, another: Another) -> None:
    cache.meta.set("day", "1")
    with another(read_only=True) as reader:
        assert reader.meta.get("day") == "1"


def test_a_read_only_cache_refuses_to_write(cache: Cache, another: Another) -> None:
    with another(read_only=True) as reader, pytest.raises(CacheReadOnly):
        reader.meta.set("day", "1")


def test_each_process_has_a_name_of_its_own(cache: Cache, another: Another) -> None:
    with another() as other:
        assert cache.owner != other.owner


def test_closing_twice_does_nothing(another: Another) -> None:
    cache = another()
    cache.claim_writer("jo", "desk-1")
    cache.close()
    cache.close()


def test_a_second_writer_is_told_who_has_it(cache: Cache, another: Another) -> None:
    cache.claim_writer("jo", "desk-1")
    with another() as other, pytest.raises(CacheLocked, match="jo at desk-1"):
        other.claim_writer("al", "desk-2")


def test_the_writer_may_claim_again(cache: Cache) -> None:
    cache.claim_writer("jo", "desk-1")
    cache.claim_writer("jo", "desk-1")


def test_after_closing_the_next_one_may_write(cache: Cache, another: Another) -> None:
    with another() as first:
        first.claim_writer("jo", "desk-1")
    cache.claim_writer("al", "desk-2")


def test_a_full_disk_is_said_and_keeps_what_was_there(cache: Cache, path: Path) -> None:
    def fill_the_disk() -> None:
        with cache.transaction():
            for number in range(1000):
                cache.log.add(HistoryEntry(NOON, f"{number} " * 200))

    cache.meta.set("day", "1")
    cache.database.execute("PRAGMA max_page_count = 1")  # as small as the file is
    with pytest.raises(CacheFull):
        fill_the_disk()
    assert cache.meta.get("day") == "1"
    assert cache.log.latest(10) == []


def test_another_programs_lock_is_said(cache: Cache, path: Path) -> None:
    cache.database.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CacheLocked):
            cache.meta.set("day", "1")


def _fill(cache: Cache, number: int) -> list[CachedBooking]:
    with cache.transaction():
        rows = [
            cache.bookings.add(a_booking(f"cs_{one}"), first_seen_at=NOON) for one in range(number)
        ]
        for row in rows:
            cache.ledger.record(a_send(row.row_id, send_id=row.row_id))
            cache.people.remember(a_patron(f"G{row.row_id}"))
    return rows


def _statements_of_a_day(cache: Cache) -> int:
    before = cache.database.statements
    rows = cache.bookings.between(NOON - HOUR, NOON + HOUR)
    row_ids = [row.row_id for row in rows]
    people = [f"G{row_id}" for row_id in row_ids]
    assert len(cache.ledger.of_rows(row_ids)) == len(cache.people.patrons(people)) == len(rows)
    cache.decisions.of_rows(row_ids)
    cache.people.visitors(people)
    cache.people.touch(people, NOON)
    cache.bookings.mark_seen_ended(row_ids)
    cache.forgotten.among(people)
    return cache.database.statements - before


def test_a_long_day_takes_as_many_statements_as_a_short_one(cache: Cache) -> None:
    _fill(cache, 20)
    short = _statements_of_a_day(cache)
    cache.database.execute("DELETE FROM bookings")
    _fill(cache, 2000)
    assert _statements_of_a_day(cache) == short


def test_times_come_back_in_utc(cache: Cache) -> None:
    row = cache.bookings.add(a_booking(), first_seen_at=NOON)
    kept = cache.bookings.get(row.row_id)
    assert kept is not None
    assert kept.booking.starts_at.tzinfo is UTC
