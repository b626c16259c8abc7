"""Copies of the cache put back, and servers fallen back, at random moments of a day."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from core.domain.errors import CacheAway
from core.domain.models import BookingRow
from core.domain.status import Group, LibCalState, PassState
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster, find_programs, running_cluster
from tests.postgres.computers import Computers
from tests.postgres.restoring import Restore, a_lagging_copy
from tests.promise.killer import PARALLEL_CALLS, Killer, the_killer

_LINES = 50_000
_STEPS = 12


def put_copies_back(folder: Path, dice: random.Random) -> str:
    """Bookings, kills in mid-pass, copies made and put back; nobody is there who answers."""
    copies: list[Path] = []
    restored = 0
    with Library(folder) as library:
        library.settings["PassagePoint"] = {"parallel_calls": PARALLEL_CALLS}
        library.close(library.open())
        for step in range(_STEPS):
            _book(library, dice)
            _run(library, dice, the_killer())
            if dice.random() < 0.5:
                copies.append(_copy(library, step))
            if copies and dice.random() < 0.4:
                _put_back(library, dice.choice(copies))
                restored += 1
            assert library.services.duplicates() == []
        rows = _finish(library)
        assert library.services.duplicates() == []
        _check_nothing_is_silent(rows)
    return "with copies put back" if restored else "without any copy put back"


def _book(library: Library, dice: random.Random) -> None:
    library.clock.advance(minutes=dice.randint(3, 10))
    for _ in range(dice.randint(0, 3)):
        library.book(start=timedelta(hours=dice.uniform(5, 8)))


def _run(library: Library, dice: random.Random, killer: Killer) -> None:
    if dice.random() < 0.5:
        killer.run(library, line=dice.randrange(_LINES))
    else:
        program = library.open()
        program.log_new_bookings()
        library.close(program)


def _copy(library: Library, step: int) -> Path:
    copy = library.folder / f"backup-{step}"
    copy.mkdir()
    for file in library.folder.glob("cache.db*"):
        shutil.copy(file, copy)
    return copy


def _put_back(library: Library, copy: Path) -> None:
    for file in library.folder.glob("cache.db*"):
        if file.is_file():
            file.unlink()
    for file in copy.iterdir():
        shutil.copy(file, library.folder)


def _finish(library: Library) -> list[BookingRow]:
    program = library.open()
    for _ in range(8):
        rows = list(program.log_new_bookings().rows)
        library.clock.advance(minutes=16)
    library.close(program)
    return rows


def _check_nothing_is_silent(rows: list[BookingRow]) -> None:
    live = [row for row in rows if row.libcal_state is LibCalState.LIVE]
    silent = [
        row
        for row in live
        if row.group is not Group.REGISTERED
        and row.passagepoint is not PassState.UNCLEAR
        and not row.is_asked_about
    ]
    assert silent == [], "neither registered, unclear nor asked about"


def fall_back(folder: Path, dice: random.Random) -> str:
    """Two registrars and a server that falls back; both had a look before it did."""
    programs = find_programs()
    if programs is None:
        return "not done: PostgreSQL isn't installed"
    with running_cluster(programs) as cluster, Library(folder) as library:
        with Computers(library, cluster.make_database()) as computers:
            fallen = _live(computers, cluster, dice)
        assert library.services.duplicates() == []
    return "fell back" if fallen else "stood"


def _live(computers: Computers, cluster: Cluster, dice: random.Random) -> int:
    library, fallen = computers.library, 0
    engines = {name: computers.open(name) for name in ("first", "second")}
    older: Restore | None = None
    for _ in range(_STEPS):
        _book(library, dice)
        _attend(computers, 3, *engines.values())
        for engine in engines.values():
            if engine.registers:
                engine.log_new_bookings()
        _attend(computers, 2, *engines.values())
        happens = dice.random()
        if happens < 0.3:
            name = dice.choice(list(engines))
            engines[name].close()
            engines[name] = computers.open(name)
        elif happens < 0.6 and older is None:
            older = a_lagging_copy(cluster)
        elif happens < 0.8 and older is not None:
            older()
            older, fallen = None, fallen + 1
        _attend(computers, 30, *engines.values())
        assert library.services.duplicates() == []
    return fallen


def _attend(computers: Computers, seconds: int, *engines: SharedEngine) -> None:
    """Second after second; a server that is away is found again."""
    for _ in range(seconds):
        for engine in engines:
            with suppress(CacheAway):
                computers.a_second_later(engine)
