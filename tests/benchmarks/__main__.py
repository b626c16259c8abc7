"""Runs every benchmark, or those that are named: ``python -m tests.benchmarks idle memory``."""

from __future__ import annotations

import compileall
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import (
    calls,
    first_paint,
    idle,
    memory,
    news,
    pass_time,
    several,
    start,
    window,
)
from tests.benchmarks.results import Measure, table, write_readme

BENCHMARKS = {
    "idle": idle.measure,
    "start": start.measure,
    "paint": first_paint.measure,
    "window": window.measure,
    "memory": memory.measure,
    "pass": pass_time.measure,
    "several": several.measure,
    "calls": calls.measure,
    "news": news.measure,
}


def main(names: Sequence[str]) -> int:
    """The results as a table; README.md is written only by a run of all."""
    unknown = set(names) - BENCHMARKS.keys()
    if unknown:
        print(f"There are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    _compile()
    measures: list[Measure] = []
    for name in names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        measures += BENCHMARKS[name]()
    print(table(measures))
    if not names:
        write_readme(measures)
    return 0


def _compile() -> None:
    """As make does: else some starts are measured with Python's compiler at work."""
    for folder in ("core", "gui", "tests/benchmarks"):
        compileall.compile_dir(Path(folder), quiet=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
