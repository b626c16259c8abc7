"""One wrong row, one wrong destination: everything else goes on."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.models import SyncReport
from core.domain.status import Action, Group, PassState
from core.practice.maker import ANNEX, MAIN
from core.practice.records import LibCalRow
from core.practice.traffic import Call
from tests.builders import NOON, a_booking, a_note
from tests.e2e.library import Library, act, row_of

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
    note = a_note(library.folder / "elsewhere")
    with SQLiteCache(library.path, clock=library.clock, note=note) as cache:
        cache.known.keep()
        booking = a_booking(starts_at=NOON + timedelta(hours=1), ends_at=NEVER)
        cache.bookings.add(booking, first_seen_at=NOON)
    good = library.book()
    assert row_of(library.open().log_new_bookings(), good.book_id).group is Group.REGISTERED


def test_ten_years_are_a_booking(library: Library) -> None:
    long = library.book(ends_at=(NOON + timedelta(days=3600)).astimezone(ZoneInfo(EAST)))
    assert row_of(library.open().log_new_bookings(), long.book_id).group is Group.REGISTERED


@pytest.fixture
def two_desks(library: Library) -> tuple[list[LibCalRow], list[LibCalRow]]:
    """Ten bookings for each of two destinations, by turns."""
    pairs = [
        (
            library.book(start=timedelta(hours=2, minutes=number)),
            library.book(start=timedelta(hours=2, minutes=number), lid=ANNEX),
        )
        for number in range(10)
    ]
    main, annex = zip(*pairs, strict=True)
    return list(main), list(annex)


def rename(library: Library, old: str, new: str) -> None:
    names = library.services.passagepoint.destinations
    library.services.passagepoint.destinations = [new if one == old else one for one in names]


def states(report: SyncReport, bookings: list[LibCalRow]) -> set[PassState]:
    return {row_of(report, one.book_id).passagepoint for one in bookings}


@pytest.mark.parametrize("renamed", ["Main Desk", "Annex Desk"])
def test_a_renamed_destination_is_a_state_of_its_rows_and_the_other_desk_goes_on(
    library: Library, two_desks: tuple[list[LibCalRow], list[LibCalRow]], renamed: str
) -> None:
    main, annex = two_desks
    wrong, right = (main, annex) if renamed == "Main Desk" else (annex, main)
    rename(library, renamed, "Somewhere")
    program = library.open()
    report = program.log_new_bookings()
    assert states(report, right) == {PassState.REGISTERED}
    assert states(report, wrong) == {PassState.REFUSED}
    for booking in wrong:
        row = row_of(report, booking.book_id)
        assert row.reason == f"{renamed} isn't a destination in PassagePoint."
        assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.BY_HAND)
    assert report.services["PassagePoint"].ok
    assert not report.services["PassagePoint"].sending_stopped
    sent = library.calls("createPreReg")
    assert sent <= 10 + 5  # those that were out before the list was there
    program = library.restart(program)
    assert states(program.log_new_bookings(), wrong) == {PassState.REFUSED}
    assert library.calls("createPreReg") == sent
    rename(library, "Somewhere", renamed)
    assert program.log_new_bookings().counts.registered == 20
    assert library.services.duplicates() == []


def test_a_destination_that_is_in_the_list_all_the_same_is_the_datas_fault(
    library: Library,
) -> None:
    booking, other = library.books(2)
    library.services.faults.add("createPreReg", "400", times=1)
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    report = library.open().log_new_bookings()
    assert row_of(report, booking.book_id).passagepoint is PassState.REFUSED
    assert "destination in PassagePoint" not in (row_of(report, booking.book_id).reason or "")
    assert row_of(report, other.book_id).group is Group.REGISTERED
    assert library.calls("getDestinations") == 1


def test_a_list_without_a_destination_that_works_says_nothing(library: Library) -> None:
    first, second = library.books(2)
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    library.services.passagepoint.listed_as["Main Desk"] = "MAIN DESK"
    report = program.log_new_bookings()
    group = {row_of(report, one.book_id).group for one in (first, second)}
    assert group == {Group.REGISTERED, Group.NEEDS_PERSON}


def test_register_now_tries_a_missing_destination_and_what_works_isnt_missing(
    library: Library,
) -> None:
    booking = library.book()
    rename(library, "Main Desk", "Somewhere")
    program = library.open()
    program.log_new_bookings()
    assert "isn't a destination" in act(program, Action.REGISTER_NOW, booking.book_id)
    rename(library, "Somewhere", "Main Desk")
    assert "Registered" in act(program, Action.REGISTER_NOW, booking.book_id)
    assert row_of(library.restart(program), booking.book_id).group is Group.REGISTERED


def test_a_name_that_the_settings_dont_have_any_more_is_asked_about_no_more(
    library: Library,
) -> None:
    booking = library.book()
    rename(library, "Main Desk", "Front Gate")
    program = library.open()
    program.log_new_bookings()
    gate = {"id": MAIN, "name": "Main Library", "destination": "Front Gate"}
    library.settings["LibCal"] = {"locations": [gate]}
    program = library.restart(program)
    asked = library.calls("getDestinations")
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert library.calls("getDestinations") == asked


def test_an_empty_list_of_destinations_says_nothing(library: Library) -> None:
    booking = library.book()
    library.services.passagepoint.destinations = []
    row = row_of(library.open().log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.REFUSED
    assert "isn't a destination" not in (row.reason or "")


def test_three_refusals_of_different_people_and_places_stop_sending(
    library: Library, two_desks: tuple[list[LibCalRow], list[LibCalRow]]
) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    assert len(two_desks) == 2
    library.services.faults.add("createPreReg", "400")
    program = library.open()
    report = program.log_new_bookings()
    assert library.calls("createPreReg") == 3
    assert report.services["PassagePoint"].sending_stopped
    places = [call.params["destination"] for call in calls(library, "createPreReg")]
    assert places[0] != places[1]
    library.services.faults.clear()
    library.clock.advance(minutes=16)
    report = program.log_new_bookings()
    assert report.counts.registered == 18
    assert len([row for row in report.rows if row.passagepoint is PassState.REFUSED]) == 2


def test_what_is_tried_next_is_unlike_what_was_refused_last(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    person = library.services.add_person()
    for minutes in range(3):
        library.book(start=timedelta(hours=1, minutes=minutes), person=person)
    library.books(2)
    other = library.book(start=timedelta(hours=9), lid=ANNEX)
    library.services.faults.add("createPreReg", "422", times=1)
    program = library.open()
    report = program.log_new_bookings()
    first, second, third, *_ = calls(library, "createPreReg")
    assert first.params["destination"] == "Main Desk"
    assert second.params["barcode"] == row_of(report, other.book_id).barcode
    assert third.params["barcode"] != second.params["barcode"]
    assert report.counts.registered == 5


def calls(library: Library, name: str) -> list[Call]:
    return [call for call in library.services.calls if call.name == name]


def test_another_program_that_holds_the_cache_for_some_seconds_ends_no_watch(
    library: Library,
) -> None:
    booking = library.book()
    program = library.open()
    other = sqlite3.connect(library.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    class Waiting(threading.Event):
        """The time passes at once; meanwhile the other program lets go."""

        def wait(self, timeout: float | None = None) -> bool:
            if other.in_transaction:
                other.execute("ROLLBACK")
            library.clock.advance(seconds=min(timeout or 0, 600))
            return self.is_set()

    stop, reports = Waiting(), []
    begun = library.clock.now()

    def ended(report: SyncReport) -> None:
        reports.append(report)
        assert library.clock.now() - begun <= timedelta(seconds=30)
        stop.set()

    program.run_at_intervals(300, stop, ended)
    other.close()
    assert [row_of(one, booking.book_id).group for one in reports] == [Group.REGISTERED]
    assert library.visits == 1
