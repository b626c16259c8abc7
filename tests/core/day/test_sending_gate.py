"""The gate, step by step: what closes it, what opens it again, what a restart leaves of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.day.sending_gate import SendingGate
from tests.builders import NOON
from tests.core.parts import PARALLEL, Parts

LONGEST = timedelta(minutes=3)
"""A service in trouble is asked a harmless question at least so often (design: 5)."""

STEPS: dict[str, Callable[[SendingGate], object]] = {
    "doubt": lambda gate: gate.doubt("A time-out.", NOON),
    "pass": lambda gate: gate.wants_probe(NOON),
    "probe good": lambda gate: gate.probe_went_well(),
    "probe bad": lambda gate: gate.probe_failed("Still down.", NOON),
    "good": lambda gate: gate.went_well(),
    "ask again": lambda gate: gate.ask_again(),
}


@pytest.mark.parametrize(
    ("steps", "width", "is_open"),
    [
        ("", PARALLEL, True),
        ("good", PARALLEL, True),
        ("pass", PARALLEL, True),
        ("ask again", PARALLEL, True),
        ("doubt", 0, False),
        ("doubt, doubt", 0, False),
        ("doubt, good", 0, False),
        ("doubt, good, good, good, good", 0, False),
        ("doubt, pass", 0, False),
        ("doubt, probe good", 1, False),
        ("doubt, pass, probe good", 1, False),
        ("doubt, probe good, pass", 0, False),
        ("doubt, probe bad", 0, False),
        ("doubt, probe good, good, good, good", 1, False),
        ("doubt, probe good, good, good, good, good", PARALLEL, True),
        ("doubt, probe good, good, good, good, doubt", 0, False),
        ("doubt, probe good, good, good, good, doubt, probe good, good", 1, False),
        ("doubt, probe good, good, good, good, pass, probe good, good", 1, False),
        ("doubt, good, good, probe good, good, good, good", 1, False),
        ("doubt, probe good, good, good, good, good, doubt", 0, False),
        ("doubt, ask again", 0, False),
    ],
)
def test_each_step_lets_so_many_visits_out_at_a_time(
    parts: Parts, steps: str, width: int, is_open: bool
) -> None:
    for step in filter(None, steps.split(", ")):
        STEPS[step](parts.gate)
    assert (parts.gate.width, parts.gate.is_open) == (width, is_open)


@pytest.mark.parametrize("steps", ["doubt", "doubt, probe good", "doubt, probe good, good"])
def test_a_restart_opens_nothing(parts: Parts, steps: str) -> None:
    for step in steps.split(", "):
        STEPS[step](parts.gate)
    again = SendingGate(parts.cache, PARALLEL)
    assert (again.width, again.is_open, again.reason) == (0, False, "A time-out.")
    assert again.wants_probe(NOON)


def test_a_gate_that_opened_stays_open_after_a_restart(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    parts.gate.probe_went_well()
    for _ in range(PARALLEL):
        parts.gate.went_well()
    again = SendingGate(parts.cache, PARALLEL)
    assert (again.width, again.is_open, again.reason) == (PARALLEL, True, "")


def test_an_open_gate_writes_nothing(parts: Parts) -> None:
    before = parts.cache.database.statements
    for _ in range(2 * PARALLEL):
        parts.gate.went_well()
    assert parts.cache.database.statements == before


def test_an_open_gate_wants_no_probe(parts: Parts) -> None:
    assert not parts.gate.wants_probe(NOON)


def test_the_pass_after_a_doubt_probes_at_once(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    assert parts.gate.wants_probe(NOON)


def pause_of(gate: SendingGate) -> timedelta:
    """How long after NOON it wants no probe, to the second."""
    seconds = range(1, int(LONGEST.total_seconds()) + 2)
    wants = (one for one in seconds if gate.wants_probe(NOON + timedelta(seconds=one)))
    return timedelta(seconds=next(wants))


def test_pauses_between_probes_become_the_longest_at_the_second(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    pauses = []
    for _ in range(4):
        parts.gate.probe_failed("Still down.", NOON)
        pauses.append(pause_of(parts.gate))
    assert pauses[0] == timedelta(seconds=60)
    assert pauses[1:] == [timedelta(seconds=100)] * 3
    assert pauses[3] <= LONGEST
    assert not parts.gate.wants_probe(NOON)


def test_a_doubt_while_sending_carefully_waits_like_a_failed_probe(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    parts.gate.probe_went_well()
    parts.gate.doubt("Another one.", NOON)
    assert (parts.gate.reason, pause_of(parts.gate)) == ("Another one.", timedelta(seconds=60))


def test_doubts_that_were_on_their_way_are_one_stop(parts: Parts) -> None:
    for number in range(4):
        parts.gate.doubt(f"Time-out {number}.", NOON)
    assert parts.gate.wants_probe(NOON)
    assert parts.gate.reason == "Time-out 0."


@pytest.mark.parametrize("goods", [1, 2])
def test_a_good_visit_ends_the_long_pauses(parts: Parts, goods: int) -> None:
    parts.gate.doubt("A time-out.", NOON)
    for _ in range(3):
        parts.gate.probe_failed("Still down.", NOON)
    parts.gate.probe_went_well()
    for _ in range(goods):
        parts.gate.went_well()
    parts.gate.probe_failed("Down again.", NOON)
    assert pause_of(parts.gate) == timedelta(seconds=60)


def test_a_person_who_asks_doesnt_wait_for_the_pause(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    parts.gate.probe_failed("Still down.", NOON)
    assert not parts.gate.wants_probe(NOON)
    parts.gate.ask_again()
    assert parts.gate.wants_probe(NOON)
    assert SendingGate(parts.cache, PARALLEL).wants_probe(NOON)


@pytest.mark.parametrize("seconds", [59, 1, 60])
def test_within_a_pause_nothing_is_asked(parts: Parts, seconds: int) -> None:
    parts.gate.doubt("A time-out.", NOON)
    parts.gate.probe_failed("Still down.", NOON)
    wants = parts.gate.wants_probe(NOON + timedelta(seconds=seconds))
    assert wants is (seconds == 60)


def test_a_clock_that_was_put_back_leaves_no_pause_of_hours(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)
    parts.gate.probe_failed("Still down.", NOON)
    assert parts.gate.wants_probe(NOON - timedelta(hours=1))
    assert not parts.gate.wants_probe(NOON - timedelta(seconds=30))
