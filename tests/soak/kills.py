"""A process is killed on a library's day, several times in a row; then one finishes."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from tests.e2e.library import Library
from tests.promise.killer import PARALLEL_CALLS, check_promise, finish, the_killer

_LINES = 50_000
"""About as many lines of the core as a pass of this day has."""
_SECONDS = 0.25


def _a_day(folder: Path, dice: random.Random) -> Library:
    library = Library(folder)
    library.settings["PassagePoint"] = {"parallel_calls": PARALLEL_CALLS}
    library.books(dice.randint(3, 12))
    library.book(start=timedelta(hours=2), status="Tentative")
    return library


def kill_at_random_moments(folder: Path, dice: random.Random) -> str:
    """At any executed line, in whatever thread."""
    with _a_day(folder, dice) as library:
        kills = dice.randint(1, 3)
        died = sum(
            the_killer().run(library, line=dice.randrange(_LINES)).signal for _ in range(kills)
        )
        check_promise(library, finish(library), kills=kills)
    return "killed" if died else "not killed in time"


def kill_at_random_times(folder: Path, dice: random.Random) -> str:
    """After any time, with services that take theirs."""
    with _a_day(folder, dice) as library:
        library.services.latency["PassagePoint"] = dice.uniform(0.0, 0.05)
        kills = dice.randint(1, 3)
        died = sum(
            the_killer().run(library, seconds=dice.uniform(0.0, _SECONDS)).signal
            for _ in range(kills)
        )
        library.services.latency.clear()
        check_promise(library, finish(library), kills=kills)
    return "killed" if died else "not killed in time"
