"""Hours of trouble with one service or all, in passes of five minutes, then peace."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from core.domain.status import PassState
from tests.e2e.library import Library

_DOUBTFUL = ("503", "500", "html", "empty", "cut_before", "cut_within", "truncated")
_REFUSING = ("429", "redirect")
_CALLS = ("LibCal", "Alma", "PassagePoint", "createVisitor", "createPreReg", "getDestinations")
_PASSES = 60


def live_through_an_outage(folder: Path, dice: random.Random) -> str:
    """Other trouble in every other pass, new bookings meanwhile, a restart now and then."""
    with Library(folder) as library:
        program = library.open()
        for _ in range(_PASSES):
            _change_trouble(library, dice)
            if dice.random() < 0.5:
                library.book(start=timedelta(hours=dice.uniform(5.5, 6)))
            if dice.random() < 0.1:
                program = library.restart(program)
            program.log_new_bookings()
            library.clock.advance(minutes=5)
            assert library.services.duplicates() == []
        library.services.faults.clear()
        for _ in range(8):
            program.log_new_bookings()
            library.clock.advance(minutes=5)
        states = [row.passagepoint for row in program.rows()]
        assert set(states) <= {PassState.REGISTERED, PassState.UNCLEAR, PassState.REFUSED}
        assert library.services.duplicates() == []
    return "recovered"


def _change_trouble(library: Library, dice: random.Random) -> None:
    if dice.random() < 0.5:
        library.services.faults.clear()
    if dice.random() < 0.4:
        kind = dice.choice(_DOUBTFUL + _REFUSING)
        library.services.faults.add(
            dice.choice(_CALLS),
            kind,
            times=dice.choice([None, 1, 3]),
            # Whoever refuses a request doesn't act on it: that much is taken for sure.
            processed=kind in _DOUBTFUL and dice.random() < 0.5,
        )


def live_through_slowness(folder: Path, dice: random.Random) -> str:
    """Every answer of one service takes ten seconds."""
    with Library(folder) as library:
        library.books(6)
        service = dice.choice(["LibCal", "Alma", "PassagePoint"])
        library.services.latency[service] = 10.0
        report = library.open().log_new_bookings()
        assert {row.passagepoint for row in report.rows} == {PassState.REGISTERED}
        assert library.services.duplicates() == []
    return "done"
