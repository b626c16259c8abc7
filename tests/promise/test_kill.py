"""Killed at any moment: a new process finishes, nothing is sent twice, nothing is lost."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.library import Library
from tests.promise.killer import PARALLEL_CALLS, Killer, a_killer, check_promise, finish
from tests.promise.matrix import CELLS, Cell
from tests.promise.wire import Wire

SHARES = 8
"""The boundaries are shared out among so many tests."""
MOMENTS = 8
KILLED = [cell for cell in CELLS if cell.ending.startswith("killed")]


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with a_killer() as killer:
        yield killer


def a_day(folder: Path) -> Library:
    """More bookings than go out at once, and one that only "Register now" sends."""
    folder.mkdir()
    library = Library(folder)
    library.settings["PassagePoint"] = {"parallel_calls": PARALLEL_CALLS}
    library.books(PARALLEL_CALLS + 1)
    library.book(start=timedelta(hours=2), status="Tentative")
    return library


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_every_step_boundary(killer: Killer, tmp_path: Path, share: int) -> None:
    with a_day(tmp_path / "whole") as library:
        count = killer.run(library).points
    for point in range(share, count, SHARES):
        with a_day(tmp_path / str(point)) as library:
            killer.run(library, point=point)
            check_promise(library, finish(library))


@pytest.mark.parametrize("seed", range(MOMENTS))
def test_killed_at_any_line(killer: Killer, tmp_path: Path, seed: int) -> None:
    with a_day(tmp_path / "whole") as library:
        count = killer.run(library, line=-1).lines
    for moment in random.Random(seed).sample(range(count), 4):
        with a_day(tmp_path / str(moment)) as library:
            killer.run(library, line=moment)
            check_promise(library, finish(library))


@pytest.mark.parametrize("cell", KILLED, ids=str)
def test_killed_around_each_call(killer: Killer, library: Library, wire: Wire, cell: Cell) -> None:
    booking = library.book(start=timedelta(hours=3))
    _, _, when = cell.ending.partition("_")
    if cell.call == "byUniqueId":
        library.services.faults.add("createVisitor", "cut_before", times=1, processed=True)
    end = killer.run(library, name=f"{when} {cell.call}")
    assert end.signal == signal.SIGKILL
    [row] = [row for row in finish(library) if row.book_id == booking.book_id]
    assert row.passagepoint.value == {"ok": "registered"}.get(cell.expected, cell.expected)
    assert library.services.duplicates() == []


def test_killed_while_very_many_new_ones_are_written(killer: Killer, library: Library) -> None:
    library.books(80)
    end = killer.run(library, name="before user")  # Alma is asked about the soonest then
    assert end.signal == signal.SIGKILL
    rows = finish(library)
    check_promise(library, rows)
    assert len(rows) == library.visits == 80
