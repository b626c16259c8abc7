"""When somebody is told, and when not: the rules on a clock of our own."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from core.domain.library_day import LibraryDay
from core.domain.service_status import Trouble
from core.services.alerts.rules import APART, Alert, AlertSituation, Kind, Memory, look, told
from core.settings.desk_sections import AlertSettings
from tests.builders import NOON, ZONE

DAY = LibraryDay(ZONE.key)


class Watch:
    """Looks each minute, and sends at once."""

    def __init__(self, *, daily: str | None = None, now: datetime = NOON) -> None:
        self.now = now
        self.settings = AlertSettings(after_minutes=15, daily=daily)
        self.memory = Memory()
        self.sent: list[tuple[int, Alert]] = []
        self.began = now
        self.touched_at = now
        self.is_used = True

    def minutes(self, count: int, **situation: Any) -> list[Alert]:
        """Let so many minutes go by as they are told; what was sent meanwhile."""
        before = len(self.sent)
        for _ in range(count):
            self.now += timedelta(minutes=1)
            if self.is_used:
                self.touched_at = self.now
            self.look(**situation)
        return [alert for _, alert in self.sent[before:]]

    def look(self, **situation: Any) -> None:
        given: dict[str, Any] = {"now": self.now, "untouched_since": self.touched_at}
        seen = AlertSituation(**(given | situation))
        self.memory, alert = look(self.memory, seen, self.settings, DAY)
        if alert is not None:
            self.memory = told(self.memory, alert, self.now)
            self.sent.append(((self.now - self.began) // timedelta(minutes=1), alert))

    @property
    def kinds(self) -> list[tuple[int, Kind]]:
        return [(minute, alert.kind) for minute, alert in self.sent]


DOWN = {"PassagePoint": Trouble.NO_ANSWER}


def test_a_service_that_keeps_bookings_waiting_is_told_once_and_then_its_end() -> None:
    it = Watch()
    it.minutes(100, troubles=DOWN, waiting=4)
    it.minutes(100)
    assert it.kinds == [(16, Kind.ALARM), (116, Kind.WELL)]
    assert it.sent[0][1] == Alert(
        Kind.ALARM, {"PassagePoint": NOON + timedelta(minutes=1)}, DOWN, 4, 0
    )


def test_trouble_that_goes_by_in_time_is_told_to_nobody() -> None:
    it = Watch()
    it.minutes(15, troubles=DOWN, waiting=4)
    assert it.minutes(120) == []


@pytest.mark.parametrize("service", ["Alma", "PassagePoint"])
def test_a_service_that_holds_up_nobody_is_told_to_nobody(service: str) -> None:
    it = Watch()
    assert it.minutes(120, troubles={service: Trouble.REFUSED}, waiting=0) == []


@pytest.mark.parametrize("waiting", [0, None])
def test_libcals_silence_is_told_for_nobody_knows_who_waits(waiting: int | None) -> None:
    it = Watch()
    [alert] = it.minutes(60, troubles={"LibCal": Trouble.UNREACHABLE}, waiting=waiting)
    assert set(alert.since) == {"LibCal"}


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_kind_of_trouble_is_told(trouble: Trouble) -> None:
    it = Watch()
    [alert] = it.minutes(60, troubles={"Alma": trouble}, waiting=1)
    assert alert.troubles == {"Alma": trouble}


def test_the_ledgers_question_is_told() -> None:
    it = Watch()
    [alert] = it.minutes(60, is_asking=True, waiting=2)
    assert set(alert.since) == {"question"}


def test_a_question_that_ends_the_program_is_told_at_once_and_once_an_hour_at_most() -> None:
    it = Watch()
    it.minutes(600, is_asking=True, is_ending=True)
    assert it.kinds == [(1, Kind.ALARM)]


def test_readers_near_their_start_are_told_only_where_nobody_works_at_a_window() -> None:
    it = Watch()
    assert it.minutes(60, near=2) == []
    it.is_used = False
    [alert] = it.minutes(60, near=2)
    assert (alert.since, alert.near) == ({"unattended": it.touched_at}, 2)
    assert it.sent[0][0] == 60 + 15


def test_nobody_at_the_desk_is_no_matter_where_nobody_is_needed() -> None:
    it = Watch()
    it.is_used = False
    assert it.minutes(600, waiting=3) == []


def test_what_comes_and_goes_makes_no_storm() -> None:
    """Bad for 20 minutes, good for 5, for a whole day: one alarm, and no all-clear in between."""
    it = Watch()
    for _ in range(57):
        it.minutes(20, troubles=DOWN, waiting=4)
        it.minutes(5)
    assert it.kinds == [(16, Kind.ALARM)]
    it.minutes(30)
    assert [kind for _, kind in it.kinds] == [Kind.ALARM, Kind.WELL]


@pytest.mark.parametrize("seed", range(30))
def test_on_any_day_alarms_and_all_clears_take_turns_or_name_more_an_hour_apart(seed: int) -> None:
    chance, it = random.Random(seed), Watch()
    for _ in range(60):
        troubles = {
            name: chance.choice(list(Trouble))
            for name in ("LibCal", "Alma", "PassagePoint")
            if chance.random() < 0.3
        }
        it.is_used = chance.random() < 0.7
        it.minutes(
            chance.randint(1, 50),
            troubles=troubles,
            waiting=chance.choice([None, 0, 3]),
            is_asking=chance.random() < 0.1,
            near=chance.choice([0, 0, 2]),
        )
    minutes = [minute for minute, _ in it.sent]
    assert all(b - a >= 60 for a, b in pairwise(minutes))
    named: set[str] = set()
    for _, alert in it.sent:
        if alert.kind is Kind.ALARM:
            assert set(alert.since) - named
            named |= set(alert.since)
        else:
            assert named
            named = set()
    it.is_used = True
    it.minutes(180)
    assert it.memory.told == frozenset()


def test_a_second_cause_is_told_when_the_hour_is_over() -> None:
    it = Watch()
    it.minutes(20, troubles=DOWN, waiting=4)
    both = {**DOWN, "LibCal": Trouble.REFUSED}
    it.minutes(100, troubles=both, waiting=4)
    assert it.kinds == [(16, Kind.ALARM), (76, Kind.ALARM)]
    assert set(it.sent[1][1].since) == {"LibCal", "PassagePoint"}


def test_a_night_without_the_program_is_no_trouble_that_lasted() -> None:
    it = Watch()
    it.minutes(5, troubles=DOWN, waiting=4)
    it.now += timedelta(hours=14)
    assert it.minutes(15, troubles=DOWN, waiting=4) == []
    assert len(it.minutes(2, troubles=DOWN, waiting=4)) == 1


def test_daily_says_at_its_time_that_all_is_well_once_a_day() -> None:
    it = Watch(daily="07:30", now=NOON.replace(hour=7, minute=0))
    it.minutes(3 * 24 * 60)
    assert it.kinds == [(30 + 24 * 60 * day, Kind.DAILY) for day in range(3)]


def test_daily_comes_late_rather_than_not() -> None:
    it = Watch(daily="07:30", now=NOON)
    it.minutes(60)
    assert it.kinds == [(1, Kind.DAILY)]


def test_daily_is_silent_while_all_is_not_well_or_not_known() -> None:
    it = Watch(daily="07:30", now=NOON)
    it.minutes(20, waiting=None)
    it.minutes(10, troubles=DOWN, waiting=1)
    assert it.kinds == []
    it.minutes(10, waiting=0)
    assert [kind for _, kind in it.kinds] == [Kind.DAILY]


def test_daily_holds_up_no_alarm() -> None:
    it = Watch(daily="07:30", now=NOON)
    it.minutes(1)
    it.minutes(20, troubles=DOWN, waiting=1)
    assert it.kinds == [(1, Kind.DAILY), (17, Kind.ALARM)]


def test_a_clock_that_is_set_back_holds_up_nothing() -> None:
    it = Watch()
    it.minutes(20, troubles=DOWN, waiting=1)
    it.now -= timedelta(days=30)
    it.minutes(20, troubles={"LibCal": Trouble.REFUSED}, waiting=1)
    assert [set(alert.since) for _, alert in it.sent] == [{"PassagePoint"}, {"LibCal"}]


def test_an_hour_is_between_an_alarm_and_its_end() -> None:
    it = Watch()
    it.minutes(17, troubles=DOWN, waiting=1)
    it.minutes(100)
    assert it.kinds == [(16, Kind.ALARM), (16 + APART // timedelta(minutes=1), Kind.WELL)]
