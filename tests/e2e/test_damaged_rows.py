"""Stored values that can't be read any more: that row is left to a person, the others go on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from core.domain.models import SyncReport
from core.domain.status import Action, Group
from core.practice.records import LibCalRow
from tests.e2e.library import Library, act, row_of


def _visits(library: Library) -> int:
    return library.visits


def _damaged(library: Library, damage: str) -> tuple[LibCalRow, SyncReport]:
    """A visit is made, its stored values are damaged while the program is off, one more comes."""
    first = library.book(start=timedelta(hours=2))
    program = library.open()
    assert row_of(program.log_new_bookings(), first.book_id).group is Group.REGISTERED
    library.close(program)
    with closing(sqlite3.connect(library.path)) as database, database:
        assert database.execute(damage).rowcount
    second = library.book(start=timedelta(hours=3))
    report = library.open().log_new_bookings()
    assert row_of(report, second.book_id).group is Group.REGISTERED
    assert _visits(library) == 2
    return first, report


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE bookings SET starts_at = 'yesterday'",
        "UPDATE bookings SET starts_at = '9'",
        "UPDATE bookings SET ends_at = ''",
        "UPDATE bookings SET ends_at = 'z'",
        "UPDATE bookings SET seats = '[\"Room'",
        "UPDATE bookings SET created_at = 5",
        "UPDATE bookings SET first_seen_at = '?'",
        "UPDATE bookings SET source = 'nobody'",
        "UPDATE bookings SET tries_count = 1, tries_retry_at = 'soon'",
        "UPDATE patrons SET state = 'fond'",
        "UPDATE users SET candidates = '{'",
        "UPDATE locations SET complete_at = 'x'",
        "UPDATE services SET last_good_at = 'x'",
        "UPDATE log SET at = 'x'",
        "UPDATE appts SET starts_at = 'x'",
    ],
)
def test_a_damaged_row_is_put_right_and_sends_nothing_twice(library: Library, damage: str) -> None:
    first, report = _damaged(library, damage)
    assert row_of(report, first.book_id).group is Group.REGISTERED


def test_a_send_whose_state_cannot_be_read_is_left_to_a_person(library: Library) -> None:
    first, report = _damaged(library, "UPDATE appts SET state = 'registerd'")
    row = row_of(report, first.book_id)
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.RESOLVE)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE decisions SET action = 'by_hnd'",
        "UPDATE decisions SET at = 'x'",
        "UPDATE decisions SET detail = '{'",
    ],
)
def test_a_decision_that_cannot_be_read_may_have_been_a_visit(
    library: Library, damage: str
) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    first = library.book(start=timedelta(hours=2))
    program = library.open()
    program.log_new_bookings()
    act(program, Action.BY_HAND, first.book_id)
    library.close(program)
    with closing(sqlite3.connect(library.path)) as database, database:
        assert database.execute(damage).rowcount
    library.settings["Sync"] = {}
    second = library.book(start=timedelta(hours=3))
    program = library.open()
    report = program.log_new_bookings()
    row = row_of(report, first.book_id)
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.RESOLVE)
    assert row_of(report, second.book_id).group is Group.REGISTERED
    assert _visits(library) == 1
    act(program, Action.IT_IS_THERE, first.book_id)
    assert row_of(program.log_new_bookings(), first.book_id).group is Group.REGISTERED
    assert _visits(library) == 1


def test_while_libcal_is_away_nothing_is_sent_for_what_cannot_be_read(library: Library) -> None:
    library.settings["Sync"] = {"register_automatically": False}
    first = library.book(start=timedelta(hours=2))
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    with closing(sqlite3.connect(library.path)) as database, database:
        database.execute("UPDATE bookings SET ends_at = 'late'")
    library.settings["Sync"] = {}
    library.services.faults.add("LibCal", "503")
    report = library.open().log_new_bookings()
    assert "can't be read" in (row_of(report, first.book_id).reason or "")
    assert _visits(library) == 0
