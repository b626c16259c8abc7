"""What the README has done by hand because it takes long: a small part of each, by its command."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_NONE = ("outages", "slow", "branches", "accounts", "falls", "years", "months")


def make(target: str, small: str) -> subprocess.CompletedProcess[str]:
    """As somebody types it; not as a part of the make that may have begun these tests."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "COV"))
    }
    command = ["make", target, f"WITH={small}"]
    return subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True)


def test_the_bench_prints_its_table_and_leaves_the_page_of_the_whole_run() -> None:
    page = PROJECT / "tests/benchmarks/README.md"
    before = page.read_bytes()
    done = make("bench", "start")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^--once on a day without bookings: CPU +\d\.\d\d s", done.stdout, re.M)
    assert page.read_bytes() == before


def test_the_soak_kills_and_puts_copies_back() -> None:
    none = " ".join(f"--{part} 0" for part in _NONE)
    done = make("soak", f"--kills 1 --restores 1 --seed 1 {none}")
    assert done.returncode == 0, done.stdout
    assert "killed at a random line: 1 rounds" in done.stdout
    assert "copies of the cache put back: 1 rounds" in done.stdout


def test_the_mutants_of_one_module_are_noticed() -> None:
    done = make("mutants", "core.domain.outcomes")
    assert done.returncode == 0, done.stdout
    told = re.search(r"^(\d+) of (\d+) noticed", done.stdout, re.M)
    assert told is not None
    assert int(told[1]) == int(told[2]) > 20


def test_what_is_no_part_of_them_is_said() -> None:
    for target in ("bench", "mutants"):
        done = make(target, "nothing")
        assert done.returncode != 0
        assert "There are: " in done.stderr
