"""A made-up day in the library, the same for the same seed and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core.practice.maker import ALMA_ZONES, ANNEX, MAIN, PLACES, DayMaker
from core.practice.records import LibCalRow, PracticeDay
from core.practice.trickle import coming_events
from core.practice.trouble import add_trouble

__all__ = ["PracticeDay", "make_big_day", "make_day"]

_BOOKINGS_PER_PERSON = 5 / 3


def make_day(now: datetime, zone: ZoneInfo, *, seed: int = 7, bookings: int = 140) -> PracticeDay:
    """A day around ``now``: mostly plain bookings, and one or more of every trouble.

    ``bookings`` counts bookings, not rows; the examples of trouble are always all there.
    """
    maker = DayMaker(now, zone, seed)
    add_trouble(maker)
    troubled = len({row.key for row in maker.rows})
    for _ in range(bookings - troubled):
        maker.show("plain", _plain_row(maker))
    return replace(_collect(maker), events=coming_events(maker))


def make_big_day(now: datetime, zone: ZoneInfo, count: int) -> PracticeDay:
    """``count`` plain bookings by about 0.6 times as many people, for measuring."""
    maker = DayMaker(now, zone, seed=count)
    people = [maker.person() for _ in range(round(count / _BOOKINGS_PER_PERSON))]
    for number in range(count):
        person = people[number % len(people)] if people else maker.person()
        lid = ANNEX if number % 3 == 2 else MAIN
        maker.show("plain", maker.row(person, maker.random.choice(maker.slots), lid=lid))
    return _collect(maker)


def _plain_row(maker: DayMaker) -> LibCalRow:
    lid = ANNEX if maker.random.random() < 0.3 else MAIN
    row = maker.row(maker.person(), maker.near_now(), lid=lid)
    if row.ends_at <= maker.now:
        return replace(row, check_in=maker.random.choice(("out", "out", "-")))
    if row.starts_at <= maker.now:
        return replace(row, check_in=maker.random.choice(("in", "in", "in", "-")))
    return row


def _collect(maker: DayMaker) -> PracticeDay:
    return PracticeDay(
        now=maker.now,
        zone=maker.zone,
        places=PLACES,
        alma_zones=ALMA_ZONES,
        people=tuple(maker.people),
        rows=tuple(sorted(maker.rows, key=lambda row: (row.starts_at, row.number))),
        other_days=tuple(maker.other_days),
        visitors=dict(maker.visitors),
        refused_barcodes=frozenset(maker.refused_barcodes),
        kinds={kind: tuple(ids) for kind, ids in maker.kinds.items()},
    )
