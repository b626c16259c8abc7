"""A whole practice day over real HTTP: fetched, looked up, registered and remembered."""

from __future__ import annotations

from pathlib import Path

from core.domain.models import SyncReport
from core.domain.status import Group, PassState, PatronState
from core.practice.day import make_day
from tests.builders import NOON, ZONE
from tests.e2e.library import Library


def _first_pass(folder: Path) -> tuple[SyncReport, SyncReport, int, list[object]]:
    with Library(folder, make_day(NOON, ZONE)) as library:
        program = library.open()
        first = program.log_new_bookings()
        second = program.log_new_bookings()
        return first, second, library.visits, list(library.services.duplicates())


def test_a_practice_day_is_registered_once_and_adds_up(tmp_path: Path) -> None:
    first, second, visits, duplicates = _first_pass(tmp_path)
    counts = first.counts
    assert counts.total == len(first.rows)
    assert first.new_visits == visits > 85
    assert counts.registered == visits
    assert second.new_visits == 0
    assert duplicates == []
    assert all(status.ok for status in first.services.values())


def test_a_practice_day_shows_the_troubles_of_a_front_desk(tmp_path: Path) -> None:
    first, _, _, _ = _first_pass(tmp_path)
    patrons = {row.patron for row in first.rows}
    visits = {row.passagepoint for row in first.rows}
    assert patrons >= {
        PatronState.FOUND,
        PatronState.NO_ID,
        PatronState.ID_NOT_VALID,
        PatronState.NOT_IN_ALMA,
        PatronState.NO_BARCODE,
        PatronState.INACTIVE,
        PatronState.NAME_DIFFERS,
    }
    assert visits >= {
        PassState.REGISTERED,
        PassState.NOT_NEEDED,
        PassState.REFUSED,
        PassState.CHOOSE_PERSON,
        PassState.WAITING,
    }
    for row in first.rows:
        if row.group is Group.NEEDS_PERSON:
            assert row.reason, row.label
            assert row.next_step, row.label
            assert row.action is not None
