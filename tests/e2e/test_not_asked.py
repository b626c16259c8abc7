"""What wasn't asked is never taken for answered "none"."""

from __future__ import annotations

from core.domain.status import Group, PassState
from core.practice.maker import ANNEX, PLACES
from tests.e2e.library import Library, row_of

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
