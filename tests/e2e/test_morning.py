"""A practice day that the program has known since the morning shows every state there is."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.cli.command_line import Surroundings, run
from core.day.report_text import report_text
from core.domain.errors import ExitCode
from core.domain.models import ActionDone, DeskRequest, Event
from core.domain.new_id import new_id
from core.domain.status import Action, Group, PassState, PatronState
from core.engine.own import LibCal2PP
from core.practice.day import make_day
from core.practice.morning import live_through_the_morning
from core.practice.setting import practice_setting
from core.settings.credentials import Credentials
from tests.builders import NOON, ZONE, FakeClock
from tests.e2e.library import Library

# Registering lasts as long as a call does.
_VISITS = set(PassState) - {PassState.REGISTERING}


@pytest.mark.parametrize("hour", [8, 12, 18])
def test_each_state_of_the_table_occurs_on_a_practice_day(tmp_path: Path, hour: int) -> None:
    now = NOON.replace(hour=hour, minute=59)
    with Library(tmp_path, make_day(now, ZONE), now=now) as library:
        with SQLiteCache(library.path, clock=library.clock) as cache:
            live_through_the_morning(cache, library.services, library.services.config(), now)
        # As in practice mode: a cache that was filled before keeps no note of how much it knew.
        program = library.open(cache=SQLiteCache(library.path, clock=library.clock))
        report = program.log_new_bookings()
        assert not library.services.duplicates()
    assert {row.passagepoint for row in report.rows} == _VISITS
    assert {row.patron for row in report.rows} == set(PatronState)
    assert {row.group for row in report.rows} == set(Group)


def test_each_state_occurs_without_a_window_too() -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    around = Surroundings(io.StringIO(), stdout, stderr, open_window=lambda _: 1)
    assert run(["--practice", "--once", "--json"], around) == ExitCode.DONE, stderr.getvalue()
    day = json.loads(stdout.getvalue())
    assert {one["passagepoint"] for one in day["bookings"]} == _VISITS
    assert {one["patron"] for one in day["bookings"]} == set(PatronState)


def test_no_visit_of_the_morning_has_an_id_that_is_given_again(tmp_path: Path) -> None:
    """What then came back would be another visit's id, and so no proof of a visit."""
    with Library(tmp_path, make_day(NOON, ZONE)) as library:
        with SQLiteCache(library.path, clock=library.clock) as cache:
            live_through_the_morning(cache, library.services, library.services.config(), NOON)
            day = timedelta(days=1)
            row_ids = [one.row_id for one in cache.bookings.between(NOON - day, NOON + day)]
            sends = [one for some in cache.ledger.of_rows(row_ids).values() for one in some]
        library.open(cache=SQLiteCache(library.path, clock=library.clock)).log_new_bookings()
        given = {int(one.visit_id) for one in library.services.visits}
    had = [int(one.prereg_id) for one in sends if one.prereg_id is not None]
    assert len(had) == len(set(had)) > 20
    assert max(had) < min(given)


def test_a_cache_that_is_opened_again_is_not_filled_again() -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    with practice_setting(now) as setting:
        with setting.open_cache() as cache:
            before = len(cache.bookings.between(now - day, now + day))
        with setting.open_cache() as cache:
            assert len(cache.bookings.between(now - day, now + day)) == before > 0


def test_a_group_room_has_companions_and_takes_more(tmp_path: Path) -> None:
    with Library(tmp_path, make_day(NOON, ZONE)) as library:
        library.settings["PassagePoint"] = {"companions_per_booking": 4}
        with SQLiteCache(library.path, clock=library.clock) as cache:
            live_through_the_morning(cache, library.services, library.services.config(), NOON)
        program = library.open(cache=SQLiteCache(library.path, clock=library.clock))
        report = program.log_new_bookings()
    [parent] = [row for row in report.rows if row.companions]
    assert (parent.companions, Action.ADD_COMPANION in parent.offers) == (2, True)
    came = [row for row in report.rows if row.parent_row_id == parent.row_id]
    assert {row.group for row in came} == {Group.REGISTERED}
    table = report_text(report)
    assert all(f"{row.name:<28}" in table for row in came)
    assert table.count("Companion ") == len(came)


def test_a_visit_without_a_booking_can_be_practised_under_its_guards() -> None:
    events: list[Event] = []
    clock = FakeClock(datetime.now(UTC))
    with practice_setting(clock.now()) as setting:
        reader = setting.services.add_person()
        program = LibCal2PP(
            setting.config,
            credentials=Credentials(setting.config, setting.store),
            clock=clock,
            report=events.append,
            cache=setting.open_cache(),
        )
        place = setting.config.libcal.locations[0].id
        until = (clock.now() + timedelta(minutes=20)).isoformat()
        detail = {"id": reader.primary_id, "location_id": place, "ends_at": until}
        for more in ({}, {"initials": "AB"}):
            who, at = "desk", clock.now()
            wish = DeskRequest(
                new_id(), Action.REGISTER_VISIT, new_id(), who, at, "", detail | more
            )
            program.submit(wish)
            program.carry_out()
        program.close()
    refused, done = [one for one in events if isinstance(one, ActionDone)]
    assert "initials" in (refused.error or "")
    assert (done.error, done.text.startswith("Registered")) == (None, True)
