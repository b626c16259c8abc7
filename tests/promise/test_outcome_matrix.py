"""Every cell of the outcome matrix, over real HTTP (``matrix.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.domain.models import BookingRow, SyncReport
from core.domain.status import Action, Group, PassState, PatronState, SendState
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from tests.e2e.library import Library, row_of
from tests.promise.matrix import CELLS, SERVICE_OF, Cell, fault_of
from tests.promise.wire import ENDINGS, Wire

ALIVE = [cell for cell in CELLS if not cell.ending.startswith("killed")]


@pytest.mark.parametrize("cell", ALIVE, ids=str)
def test_how_a_call_ends_decides_what_is_recorded_read_and_done_next(
    library: Library, wire: Wire, cell: Cell
) -> None:
    booking = library.book(start=timedelta(hours=3))
    program = library.open()
    spoil(library, wire, cell)
    report = program.log_new_bookings()
    assert recorded(library, booking) == RECORDED[cell.expected]
    READS[cell.expected](cell, report, booking)
    sent, asked = library.calls("createPreReg"), library.calls(cell.call)
    library.services.faults.clear()
    wire.mend()
    library.clock.advance(minutes=16)
    program.log_new_bookings()
    if cell.expected in ("unclear", "refused", "ok"):
        assert library.calls("createPreReg") == sent
    elif cell.expected == "secret":
        assert library.calls(cell.call) == asked
        program.forgive()
        program.log_new_bookings()
    finally_as_expected(library, program, booking, cell)


def spoil(library: Library, wire: Wire, cell: Cell) -> None:
    if cell.call == "byUniqueId":
        # The person is made and the answer lost, so the repeated call leads to the lookup.
        library.services.faults.add("createVisitor", "cut_before", times=1, processed=True)
    if cell.ending in ENDINGS:
        wire.spoil(cell.call, cell.ending)
    elif cell.ending != "good":
        library.services.faults.add(cell.call, fault_of(cell.ending))


def recorded(library: Library, booking: LibCalRow) -> list[SendState]:
    with SQLiteCache(library.path, read_only=True) as cache:
        return [send.state for send in cache.ledger.of_appointment(booking.book_id)]


def finally_as_expected(
    library: Library, program: LibCal2PP, booking: LibCalRow, cell: Cell
) -> None:
    row = row_of(program, booking.book_id)
    if cell.expected in ("unclear", "refused"):
        assert row.passagepoint.value == cell.expected
        assert library.visits <= 1
    else:
        assert row.group is Group.REGISTERED
        assert library.visits == 1


RECORDED = {
    "ok": [SendState.REGISTERED],
    "later": [],
    "blocked": [],
    "secret": [],
    "refused": [SendState.REFUSED],
    "unclear": [SendState.UNCLEAR],
}


def reads_registered(_: Cell, report: SyncReport, booking: LibCalRow) -> None:
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    assert all(status.ok for status in report.services.values())


def reads_trouble(cell: Cell, report: SyncReport, booking: LibCalRow) -> None:
    service = SERVICE_OF[cell.call]
    status = report.services[service]
    assert not status.ok
    assert not status.needs_credentials
    assert service in (status.error or "")
    for row in waiting_rows(report, booking):
        assert row.group is Group.WAITING
        if service == "Alma":
            assert row.patron is PatronState.COULD_NOT_ASK
        else:
            assert row.passagepoint is PassState.FAILED
        assert service in (row.reason or "")


def reads_stopped(cell: Cell, report: SyncReport, booking: LibCalRow) -> None:
    reads_trouble(cell, report, booking)
    assert report.services["PassagePoint"].sending_stopped


def reads_login_refused(cell: Cell, report: SyncReport, booking: LibCalRow) -> None:
    service = SERVICE_OF[cell.call]
    assert report.services[service].needs_credentials
    assert "refused" in (report.services[service].error or "")
    for row in waiting_rows(report, booking):
        assert row.group is Group.WAITING
        assert row.action is Action.BY_HAND
        assert f"{service} refused" in (row.reason or "")


def reads_refused(_: Cell, report: SyncReport, booking: LibCalRow) -> None:
    row = row_of(report, booking.book_id)
    assert (row.passagepoint, row.group) == (PassState.REFUSED, Group.NEEDS_PERSON)
    assert row.action is Action.BY_HAND
    assert "PassagePoint refused" in (row.reason or "")


def reads_unclear(_: Cell, report: SyncReport, booking: LibCalRow) -> None:
    row = row_of(report, booking.book_id)
    assert (row.passagepoint, row.group) == (PassState.UNCLEAR, Group.NEEDS_PERSON)
    assert row.action is Action.RESOLVE
    assert "try the card" in row.next_step
    assert report.services["PassagePoint"].sending_stopped


def waiting_rows(report: SyncReport, booking: LibCalRow) -> list[BookingRow]:
    """The booking's row; none yet where LibCal could not say that there is one."""
    return [row for row in report.rows if row.book_id == booking.book_id]


READS: dict[str, Callable[[Cell, SyncReport, LibCalRow], None]] = {
    "ok": reads_registered,
    "later": reads_trouble,
    "blocked": reads_stopped,
    "secret": reads_login_refused,
    "refused": reads_refused,
    "unclear": reads_unclear,
}
