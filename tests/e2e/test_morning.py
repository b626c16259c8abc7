"""A practice day that the program has known since the morning shows every state there is."""

from __future__ import annotations

from pathlib import Path

from core.practice.day import make_day
from core.practice.morning import live_through_the_morning
from core.sqlite_cache import SQLiteCache
from core.status import PassState, PatronState
from tests.builders import NOON, ZONE
from tests.e2e.library import Library


def test_each_state_of_the_table_occurs_on_a_practice_day(tmp_path: Path) -> None:
    with Library(tmp_path, make_day(NOON, ZONE)) as library:
        with SQLiteCache(library.path, clock=library.clock) as cache:
            live_through_the_morning(cache, library.services, library.services.config(), NOON)
        program = library.open()
        report = program.log_new_bookings()
        assert not library.services.duplicates()
    shown = {row.passagepoint for row in report.rows}
    # Registering lasts as long as a call does.
    assert shown == set(PassState) - {PassState.REGISTERING}
    patrons = {row.patron for row in report.rows}
    assert patrons == set(PatronState) - {PatronState.COULD_NOT_ASK}
