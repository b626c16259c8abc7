"""A year of days: restarts, nights, both clock changes; the ledger stays small and true."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from core.domain.status import Group
from tests.e2e.library import Library

_DAYS = 365
_MORNING = timedelta(hours=20)
"""From noon, when a test's clock begins, to eight o'clock of the next day."""
_MOST_BYTES = 4 * 1024 * 1024


def live_for_a_year(folder: Path, dice: random.Random) -> str:
    """Some bookings a day, passes through the day, the program closed every night."""
    sent = 0
    with Library(folder) as library:
        library.settings["Alma"] = {"inactive_account": "register"}  # accounts end with a term
        first = library.clock.now() + _MORNING
        for day in range(_DAYS):
            morning = first + timedelta(days=day)
            library.clock.advance(seconds=(morning - library.clock.now()).total_seconds())
            program = library.open()
            assert program.question() is None, f"asked on day {day}"
            count = dice.randint(0, 8)
            for _ in range(count):
                library.book(start=timedelta(hours=dice.uniform(2, 9)))
            sent += count
            for _ in range(dice.randint(1, 3)):
                groups = [row.group for row in program.log_new_bookings().rows]
                library.clock.advance(minutes=30)
            assert set(groups) <= {Group.REGISTERED}, f"not all registered on day {day}"
            assert library.visits == sent, f"{library.visits} visits of {sent} on day {day}"
            library.close(program)
        assert library.services.duplicates() == []
        size = library.path.stat().st_size
        assert size < _MOST_BYTES, f"the ledger has grown to {size} bytes"
    return f"lived through with {sent} visits, {size // 1024} KB"
