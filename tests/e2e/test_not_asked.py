"""What wasn't asked is never taken for answered "none"."""

from __future__ import annotations

import pytest

from core.day.report_text import pass_line, report_text
from core.domain.errors import CredentialsError, KeyringLocked, NoKeyring
from core.domain.status import Group, PassState
from core.engine.own import LibCal2PP
from core.practice.maker import ANNEX, PLACES
from core.settings.credentials import Credentials
from tests.e2e.library import Library, row_of
from tests.e2e.test_password_store import UnreadyStore, users
from tests.promise.test_clock import at, set_clock

ALL = [{"id": one.lid, "name": one.name, "destination": one.destination} for one in PLACES]
WITHOUT_ANNEX = [one for one in ALL if one["id"] != ANNEX]


def looks_after(library: Library, locations: list[dict[str, str | None]]) -> None:
    usual = library.services.config().libcal
    library.settings["LibCal"] = {
        "locations": [
            one | {"primary_id_question": usual.questions_of(str(one["id"]))} for one in locations
        ]
    }


def test_an_unticked_location_takes_no_visit_back(library: Library) -> None:
    looks_after(library, ALL)
    rows = [library.book(lid=ANNEX) for _ in range(3)]
    program = library.open()
    program.log_new_bookings()
    looks_after(library, WITHOUT_ANNEX)
    program = library.restart(program)
    for _ in range(3):
        report = program.log_new_bookings()
        library.clock.advance(minutes=5)
    for booking in rows:
        row = row_of(report, booking.book_id)
        assert (row.passagepoint, row.group) == (PassState.REGISTERED, Group.EXCLUDED)
        assert row.reason == (
            "This place is no longer looked after here; the visit stands in PassagePoint."
        )
        assert row.action is None
    assert library.visits == 3


def test_a_location_that_is_ticked_again_goes_on_as_before(library: Library) -> None:
    looks_after(library, ALL)
    registered = library.book(lid=ANNEX)
    program = library.open()
    program.log_new_bookings()
    looks_after(library, WITHOUT_ANNEX)
    waits = library.book(lid=ANNEX)
    program = library.restart(program)
    program.log_new_bookings()
    looks_after(library, ALL)
    library.services.cancel(registered.book_id)
    report = library.restart(program).log_new_bookings()
    assert row_of(report, registered.book_id).passagepoint is PassState.CANCELLED_AFTER
    assert row_of(report, waits.book_id).passagepoint is PassState.REGISTERED


def midnight_without_libcal(library: Library) -> LibCal2PP:
    """Asked at 23:55, and never since."""
    set_clock(library, at("2026-11-23T23:55"))
    program = library.open()
    program.log_new_bookings()
    library.services.faults.add("LibCal", "503")
    set_clock(library, at("2026-11-24T07:00"))
    return program


def test_a_day_that_libcal_never_told_is_not_a_day_without_bookings(library: Library) -> None:
    report = midnight_without_libcal(library).log_new_bookings()
    assert "Today isn't known yet. LibCal was last asked on Monday, 23:55." in report_text(report)
    assert "No bookings" not in report_text(report) + pass_line(report, library.clock.now())


def test_what_was_read_in_the_evening_is_said_to_be_known_from_then(library: Library) -> None:
    library.services.add_booking(at("2026-11-24T09:00"))
    report = midnight_without_libcal(library).log_new_bookings()
    assert "LibCal was last asked on Monday, 23:55. 1 booking known from then." in report_text(
        report
    )


def test_without_a_secret_or_a_store_nothing_is_denied(library: Library) -> None:
    library.store.delete(*Credentials(library.services.config(), library.store).entry("LibCal"))
    report = library.open().log_new_bookings()
    assert "Today isn't known yet. LibCal has not told any day yet." in report_text(report)


@pytest.mark.parametrize("trouble", [NoKeyring("No store."), KeyringLocked("It is locked.")])
def test_without_a_password_store_nothing_is_denied(
    library: Library, trouble: CredentialsError
) -> None:
    library.book()
    library.store = UnreadyStore(library.store, users(library, "LibCal"), trouble)
    report = library.open().log_new_bookings()
    text = report_text(report) + pass_line(report, library.clock.now())
    assert "Today isn't known yet. LibCal has not told any day yet." in text
    assert "No bookings" not in text
    assert "0 to do" not in text


def test_a_laptop_that_wakes_up_on_another_day_denies_nothing(library: Library) -> None:
    set_clock(library, at("2026-11-23T15:00"))
    program = library.open()
    program.log_new_bookings()
    library.services.add_booking(at("2026-11-24T09:00"))
    library.services.faults.add("LibCal", "cut_before")
    set_clock(library, at("2026-11-24T08:00"))
    text = report_text(program.log_new_bookings())
    assert "Today isn't known yet. LibCal was last asked on Monday, 15:00." in text
    assert "No bookings" not in text
    library.services.faults.clear()
    assert "1 booking today" in report_text(program.log_new_bookings())


def test_one_answer_makes_the_day_known(library: Library) -> None:
    program = midnight_without_libcal(library)
    program.log_new_bookings()
    library.services.faults.clear()
    assert "No bookings today." in report_text(program.log_new_bookings())


def test_bookings_of_tomorrow_dont_count_as_todays(library: Library) -> None:
    set_clock(library, at("2026-11-23T21:00"))
    library.settings["Sync"] = {"ahead_hours": 2}
    library.services.add_booking(at("2026-11-23T22:00"))
    library.services.add_booking(at("2026-11-24T01:00"))
    text = report_text(library.open().log_new_bookings())
    assert "1 booking today, 1 booking tomorrow, until 02:00: 0 to do" in text
    assert "Tomorrow, until 02:00\n" in text
