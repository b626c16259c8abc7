"""``make soak``: the promise for as long as you like, at random moments in real time.

``python -m tests.soak --help`` names the parts. Each prints a line; the first broken promise ends
it with 1, with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.soak.accounts import share_one_computer
from tests.soak.branches import share_one_database
from tests.soak.calendar_days import live_through_a_month
from tests.soak.kills import kill_at_random_moments, kill_at_random_times
from tests.soak.outages import live_through_an_outage, live_through_slowness
from tests.soak.restores import fall_back, put_copies_back
from tests.soak.year import live_for_a_year

Round = Callable[[Path, random.Random], str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--kills", type=int, default=200, help="processes to kill, of each sort")
    parser.add_argument("--outages", type=int, default=20, help="outages to live through")
    parser.add_argument("--slow", type=int, default=2, help="passes with answers of 10 s")
    parser.add_argument("--branches", type=int, default=5, help="days of eight computers")
    parser.add_argument("--accounts", type=int, default=3, help="days of several accounts")
    parser.add_argument("--restores", type=int, default=40, help="days with copies put back")
    parser.add_argument("--falls", type=int, default=10, help="days of a server that falls back")
    parser.add_argument("--years", type=int, default=1, help="years of days")
    parser.add_argument("--months", type=int, default=1, help="months of 200 bookings a day")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    parts: list[tuple[str, Round, int]] = [
        ("killed at a random line", kill_at_random_moments, given.kills),
        ("killed after a random time", kill_at_random_times, given.kills),
        ("an outage of many passes", live_through_an_outage, given.outages),
        ("answers of 10 seconds", live_through_slowness, given.slow),
        ("copies of the cache put back", put_copies_back, given.restores),
        ("a server that falls back", fall_back, given.falls),
        ("a month over both clock changes", live_through_a_month, given.months),
        ("a year of days", live_for_a_year, given.years),
        ("eight computers on one database", share_one_database, given.branches),
        ("accounts on one computer", share_one_computer, given.accounts),
    ]
    return 0 if all(run(*part, given.seed) for part in parts) else 1


def run(title: str, once: Round, count: int, seed: int) -> bool:
    """``count`` rounds; False where one breaks the promise."""
    said: dict[str, int] = {}
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                ended = once(Path(folder), random.Random(f"{seed} {title} {number}"))
            except AssertionError as error:
                print(f"{title}: BROKEN in round {number} of seed {seed}: {error}")
                return False
        said[ended] = said.get(ended, 0) + 1
    words = ", ".join(f"{count} {ended}" for ended, count in sorted(said.items()))
    print(f"{title}: {count} rounds, {words}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
