"""Who may call a service when: so many at a time, soonest first, by hand at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest

from core.sync.lanes import AT_ONCE, PASSAGEPOINT, PASSAGEPOINT_NOW, WIDTHS, Job, Lanes
from tests.builders import NOON

PATIENCE = 10.0


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    with closing(Lanes(WIDTHS | {PASSAGEPOINT: 1})) as lanes:
        yield lanes


def bring_all_home(lanes: Lanes) -> None:
    while not lanes.is_idle:
        lanes.hand_over()
        assert lanes.take_home(PATIENCE)


def test_by_hand_has_a_slot_of_its_own_while_all_others_are_taken(lanes: Lanes) -> None:
    done: list[str] = []
    answer = threading.Event()

    def slow() -> str:
        answer.wait(PATIENCE)
        return "by itself"

    lanes.add(PASSAGEPOINT, Job(NOON, slow, done.append))
    lanes.hand_over()
    lanes.add(PASSAGEPOINT_NOW, Job(AT_ONCE, lambda: "by hand", done.append))
    lanes.hand_over()
    assert lanes.take_home(PATIENCE)
    assert done == ["by hand"]
    answer.set()
    bring_all_home(lanes)
    assert done == ["by hand", "by itself"]


def test_the_soonest_start_goes_first_whatever_came_first(lanes: Lanes) -> None:
    called: list[int] = []
    for hours in (3, 1, 2):
        start = NOON + timedelta(hours=hours)
        lanes.add(PASSAGEPOINT, Job(start, partial(called.append, hours), lambda _: None))
    bring_all_home(lanes)
    assert called == [1, 2, 3]
