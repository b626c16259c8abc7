"""What ended without registration is listed on the days after, until somebody looked."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.library import Library


def test_what_ended_without_registration_is_listed_from_the_next_day_until_seen(
    library: Library,
) -> None:
    without_id = library.book(answer="")
    library.book()
    library.book(status="Cancelled")
    library.book(lid="11200")
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(hours=3)
    assert program.ended_unseen() == []
    library.clock.advance(days=1)
    program.log_new_bookings()
    [row] = program.ended_unseen()
    assert row.book_id == without_id.book_id
    assert (row.label, row.reason) == (
        "Ended, not registered",
        "It ended without registration. The booking has no university ID.",
    )
    program.mark_seen([row.row_id])
    assert program.ended_unseen() == []


def test_an_unclear_visit_that_ended_is_listed(library: Library) -> None:
    library.book()
    library.services.faults.add("createPreReg", "500", times=1)
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=1)
    program.log_new_bookings()
    [row] = program.ended_unseen()
    assert row.label == "Ended unclear"


def test_what_was_over_when_it_was_first_seen_is_no_news(library: Library) -> None:
    library.book(answer="", start=timedelta(hours=-3))
    program = library.open()
    program.log_new_bookings()
    library.clock.advance(days=1)
    program.log_new_bookings()
    assert program.ended_unseen() == []
