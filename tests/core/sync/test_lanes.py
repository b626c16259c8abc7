"""Who may call a service when: so many at a time, soonest first, by hand at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest

from core.sync.lanes import AT_ONCE, PASSAGEPOINT, PASSAGEPOINT_NOW, WIDTHS, LaneJob, Lanes, about
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

    lanes.add(PASSAGEPOINT, LaneJob(NOON, slow, done.append))
    lanes.hand_over()
    lanes.add(PASSAGEPOINT_NOW, LaneJob(AT_ONCE, lambda: "by hand", done.append))
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
        lanes.add(PASSAGEPOINT, LaneJob(start, partial(called.append, hours), lambda _: None))
    bring_all_home(lanes)
    assert called == [1, 2, 3]


def test_what_is_put_off_goes_after_what_is_least_like_it(lanes: Lanes) -> None:
    done: list[str] = []
    jobs = {
        "same person and place": ("G1", "Main Desk"),
        "same person": ("g1", "Annex Desk"),
        "same place": ("G2", "Main Desk"),
        "unlike, later": ("G3", "Annex Desk"),
        "unlike": ("G3", "Annex Desk"),
    }
    for number, (name, (person, place)) in enumerate(jobs.items()):
        order = NOON + timedelta(minutes=9 if name.endswith("later") else number)
        job = LaneJob(order, partial(str, name), done.append, about=about(person, place))
        lanes.add(PASSAGEPOINT, job)
    lanes.prefer_others(PASSAGEPOINT, about("G1", "Main Desk"))
    bring_all_home(lanes)
    assert done == ["unlike", "unlike, later", "same person", "same place", "same person and place"]


def test_the_soonest_goes_first_again_once_nothing_is_put_off(lanes: Lanes) -> None:
    done: list[str] = []
    lanes.prefer_others(PASSAGEPOINT, about("G1", "Main Desk"))
    for minutes in (1, 0, 2):
        at = NOON + timedelta(minutes=minutes)
        job = LaneJob(at, partial(str, minutes), done.append, about=about("G1", f"{minutes}"))
        lanes.add(PASSAGEPOINT, job)
    lanes.prefer_others(PASSAGEPOINT, ())
    bring_all_home(lanes)
    assert done == ["0", "1", "2"]
