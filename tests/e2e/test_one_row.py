"""One wrong row, one wrong destination: everything else goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.status import Group
from tests.builders import NOON, a_booking
from tests.e2e.library import Library, row_of

NEVER = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
EAST = "Europe/Berlin"


@pytest.mark.parametrize("end", [NEVER, NEVER - timedelta(days=300), NOON + timedelta(days=3700)])
def test_a_booking_without_end_stops_no_other(library: Library, end: datetime) -> None:
    library.settings["LibCal"] = {"time_zone": EAST}
    endless = library.book(ends_at=end)
    good = library.book()
    program = library.open()
    report = program.log_new_bookings()
    assert row_of(report, good.book_id).group is Group.REGISTERED
    assert endless.book_id not in {row.book_id for row in report.rows}
    assert row_of(library.restart(program).log_new_bookings(), good.book_id).prereg_id


def test_a_booking_without_end_that_an_earlier_version_kept_stops_no_start(
    library: Library,
) -> None:
    library.settings["LibCal"] = {"time_zone": EAST}
    with SQLiteCache(library.path, clock=library.clock) as cache:
        booking = a_booking(starts_at=NOON + timedelta(hours=1), ends_at=NEVER)
        cache.bookings.add(booking, first_seen_at=NOON)
    good = library.book()
    assert row_of(library.open().log_new_bookings(), good.book_id).group is Group.REGISTERED


def test_ten_years_are_a_booking(library: Library) -> None:
    long = library.book(ends_at=(NOON + timedelta(days=3600)).astimezone(ZoneInfo(EAST)))
    assert row_of(library.open().log_new_bookings(), long.book_id).group is Group.REGISTERED
