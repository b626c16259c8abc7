"""Eight computers of one library on one database, killed and cut off again and again."""

from __future__ import annotations

import random
from pathlib import Path

from tests.postgres.branches import Plan, live_through
from tests.postgres.cluster import find_programs, running_cluster

_PLAN = Plan(bookings=500, seconds=60.0, kills=14, restarts=2, forgeries=20)


def share_one_database(folder: Path, dice: random.Random) -> str:
    """500 bookings, three registrars, five desks that press buttons, one that forges, no peace."""
    programs = find_programs()
    if programs is None:
        return "not done: PostgreSQL isn't installed"
    with running_cluster(programs) as cluster:
        outcome = live_through(_PLAN, cluster, folder, dice)
    return f"done, {outcome.unclear} unclear" if outcome.unclear else "done"
