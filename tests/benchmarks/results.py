"""What was measured, beside its aim: as a table on the terminal and in README.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).with_name("README.md")
_METHOD = """\
Made by `make bench` (`python -m tests.benchmarks`); don't edit. A result of 1.00 is the aim, less
is better; one that is marked was over its aim in that run.

| what | aim | result ÷ aim |
|---|---|---|
{rows}

## Machine

{machine}

## Method

- The practice services run in a process of their own, so their work doesn't count. Where a pass is
  timed they take 0.30 s (LibCal), 0.15 s (Alma) and 0.12 s (PassagePoint) for each answer, and Alma
  may be asked 20 times a second; four calls to PassagePoint run side by side.
- The best possible time is LibCal's token and pages one after the other, Alma's first answer, and
  then the longer of two: all calls to PassagePoint in four rows without a gap, or Alma's turns and
  what follows the last one. No program can be faster; the login to PassagePoint is not counted.
- The step-by-step pass does what the replaced script did, call after call, with the same clients,
  in the same run and on the same day of bookings.
- CPU is the processor's time, not the clock's. A pass with nothing new: of the engine's thread,
  which does all but fetch and read LibCal's pages; the middle of nine passes.
- Memory is the most that the process ever held, all libraries included, after a pass.
- Several computers: a registrar and desks, each a process, on one PostgreSQL of this very machine,
  which keeps every commit on its disk. During the pass over 100 bookings the desks look on; what
  they then wish for sends nothing, so that only the program and the database count.
- The window runs offscreen, 1366×768. First paint counts from the start of the process, the
  interpreter's own included. The bare window has a table of the same 1,000 rows and does nothing
  else; the program is started as by `main.py --config`. They are started in turn, nine times, and
  the middle one of each is taken. The first paint is the whole window with "Reading today's
  bookings…"; what is counted over the day comes in with "until 1,000 cached bookings …".
- "Longest gap" is the longest time that the event loop was busy from the last import of the start
  through the first ten seconds of a first pass over services without latency, in which all bookings
  come in and some 250 people are asked for, by a timer of 5 ms; the middle of five.
- A key: from the changed text to the painted table, the middle of eleven. Idle: 30 s, 3 s after
  the first pass; memory is again the most ever held.
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """One result; less is better."""

    what: str
    value: float
    aim: float
    unit: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.aim

    @property
    def is_over(self) -> bool:
        return round(self.ratio, 2) > 1.0


def table(measures: Sequence[Measure]) -> str:
    """For the terminal."""
    width = max(len(one.what) for one in measures)
    lines = [f"{'what':<{width}}  {'measured':>14}  {'aim':>14}  result ÷ aim"]
    lines += [
        f"{one.what:<{width}}  {_with_unit(one.value, one.unit):>14}"
        f"  {_with_unit(one.aim, one.unit):>14}  {one.ratio:.2f}{' over' if one.is_over else ''}"
        for one in measures
    ]
    return "\n".join(lines)


def write_readme(measures: Sequence[Measure]) -> None:
    rows = "\n".join(
        f"| {one.what} | {_with_unit(one.aim, one.unit)} | "
        f"{one.ratio:.2f}{' **over**' if one.is_over else ''} |"
        for one in measures
    )
    text = "# How fast it is\n\n" + _METHOD.format(rows=rows, machine=_machine())
    README.write_text(text, encoding="utf-8")


def _machine() -> str:
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.python_implementation()} {platform.python_version()}."
    )


def _with_unit(value: float, unit: str) -> str:
    number = f"{value:.2f}" if value < 10 and value != int(value) else f"{value:.0f}"
    return f"{number} {unit}".strip()
