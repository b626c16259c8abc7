"""Trouble that passes ends by itself, and soon: no pause outlasts it by more than three minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.domain.models import SyncReport
from core.domain.service_status import Trouble
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.engine.pass_loop import PassLoop
from core.engine.told import Told
from tests.e2e.library import Library, act, row_of
from tests.promise.test_clock import at, set_clock

MORNING = at("2026-11-23T07:30")
THREE_MINUTES = timedelta(minutes=3)


class Watch:
    """The program's loop of passes as ``--watch`` has it, on the library's clock."""

    def __init__(self, library: Library, *, seconds: float = 300) -> None:
        self.library = library
        self.reports: list[tuple[datetime, SyncReport | None]] = []
        self.failed: list[Exception] = []
        self.loop = PassLoop(
            library.open,
            Told(pass_ended=self._ended, failed=self.failed.append),
            library.clock,
            threading.Event(),
            seconds=seconds,
            attended=False,
        )

    def _ended(self, report: SyncReport | None) -> None:
        self.reports.append((self.library.clock.now(), report))

    @property
    def engine(self) -> LibCal2PP:
        engine = self.loop.engine
        assert isinstance(engine, LibCal2PP)
        return engine

    def until(self, moment: datetime, stop: Callable[[], bool] = lambda: False) -> datetime:
        """Take every turn that is due until then, or until ``stop``; when that was."""
        clock = self.library.clock
        left = self.loop.turn()
        while clock.now() + timedelta(seconds=left) <= moment and not stop():
            clock.advance(seconds=left)
            left = self.loop.turn()
        if not stop():
            clock.advance(seconds=(moment - clock.now()).total_seconds())
        return clock.now()

    def all_registered(self) -> bool:
        rows = self.engine.rows()
        return bool(rows) and all(row.group is Group.REGISTERED for row in rows)


@pytest.fixture
def morning(library: Library) -> Library:
    set_clock(library, MORNING)
    library.settings["Alma"] = {"calls_per_second": 25}  # else each thread's wait moves the clock
    for number in range(12):
        library.book(start=timedelta(hours=3, minutes=number))
    return library


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("Alma", "503"),
        ("PassagePoint", "503"),
        ("createVisitor", "503"),
        ("createPreReg", "429"),
        ("LibCal", "503"),
        ("PassagePoint", "cut_before"),
        ("*", "503"),
    ],
)
@pytest.mark.parametrize("minutes", [1, 11, 50])
def test_all_is_registered_within_three_minutes_of_the_troubles_end(
    morning: Library, call: str, kind: str, minutes: int
) -> None:
    watch = Watch(morning, seconds=900)
    morning.services.faults.add(call, kind)
    well_at = watch.until(MORNING + timedelta(minutes=minutes))
    morning.services.faults.clear()
    done_at = watch.until(MORNING + timedelta(hours=2), watch.all_registered)
    assert done_at - well_at <= THREE_MINUTES
    assert morning.services.duplicates() == []
    assert morning.visits == 12


def test_a_doubtful_answer_stops_for_no_longer_than_the_trouble_lasts(morning: Library) -> None:
    morning.settings["PassagePoint"] = {"parallel_calls": 1}
    watch = Watch(morning)
    morning.services.faults.add("createPreReg", "500", times=1)
    morning.services.faults.add("getDestinations", "503")
    well_at = watch.until(MORNING + timedelta(hours=1))
    morning.services.faults.clear()

    def goes_on() -> bool:
        return morning.visits == 11

    assert watch.until(MORNING + timedelta(hours=2), goes_on) - well_at <= THREE_MINUTES
    states = [row.passagepoint for row in watch.engine.rows()]
    assert states.count(PassState.UNCLEAR) == 1


# Sessions that end at once


@pytest.mark.parametrize("call", ["createVisitor", "createPreReg"])
def test_a_server_that_restarts_at_eight_costs_no_more_than_minutes(
    morning: Library, call: str
) -> None:
    watch = Watch(morning)
    morning.services.faults.add(call, "expired_session", times=6)
    watch.until(MORNING + timedelta(minutes=15), watch.all_registered)
    assert watch.all_registered()
    assert morning.visits == 12


def test_while_sessions_end_the_login_is_tried_less_and_less_often(morning: Library) -> None:
    watch = Watch(morning)
    for name in ("createVisitor", "createPreReg", "getDestinations"):
        morning.services.faults.add(name, "expired_session")
    well_at = watch.until(MORNING + timedelta(hours=3))
    assert morning.calls("login") < 2 * 20
    status = watch.engine.statuses()["PassagePoint"]
    assert status.trouble is Trouble.SESSIONS_END
    assert not status.needs_credentials
    morning.services.faults.clear()
    done = watch.until(well_at + timedelta(hours=1), watch.all_registered)
    assert done - well_at <= timedelta(minutes=15) + THREE_MINUTES


def test_a_press_tries_at_once_although_sessions_ended(morning: Library) -> None:
    program = morning.open()
    for name in ("createVisitor", "createPreReg", "getDestinations"):
        morning.services.faults.add(name, "expired_session")
    report = program.log_new_bookings()
    morning.services.faults.clear()
    act(program, Action.REGISTER_NOW, report.rows[0].book_id)
    assert row_of(program, report.rows[0].book_id).group is Group.REGISTERED


# Sleep


def test_after_sleep_a_pass_comes_within_three_minutes_of_the_network(morning: Library) -> None:
    watch = Watch(morning)
    watch.until(MORNING + timedelta(minutes=7))
    late = morning.book(start=timedelta(hours=9))
    set_clock(morning, morning.clock.now() + timedelta(hours=5))  # the stopwatch stood still
    morning.services.faults.add("*", "cut_before")
    back_at = watch.until(morning.clock.now() + timedelta(minutes=2))
    morning.services.faults.clear()

    def is_there() -> bool:
        return any(
            row.book_id == late.book_id and row.group is Group.REGISTERED
            for row in watch.engine.rows()
        )

    assert watch.until(back_at + timedelta(minutes=30), is_there) - back_at <= THREE_MINUTES


def test_a_short_look_up_finds_sleep_without_any_window(morning: Library) -> None:
    watch = Watch(morning, seconds=3600)
    watch.until(MORNING + timedelta(minutes=1))
    before = len(watch.reports)
    set_clock(morning, morning.clock.now() + timedelta(minutes=20))
    woke_at = morning.clock.now()
    watch.until(woke_at + timedelta(seconds=40))
    [(ended_at, _report)] = watch.reports[before:]
    assert ended_at - woke_at >= timedelta(seconds=30)


# The end of a day


def test_the_last_minute_of_a_day_and_the_next_ones_first_have_a_pass(library: Library) -> None:
    set_clock(library, at("2026-11-23T23:50"))
    watch = Watch(library, seconds=3600)
    watch.until(at("2026-11-24T00:30"))
    times = [f"{moment.astimezone(MORNING.tzinfo):%H:%M}" for moment, _report in watch.reports]
    assert times == ["23:50", "23:59", "00:00"]


def test_booked_at_23_58_for_23_59_is_registered_before_midnight(library: Library) -> None:
    set_clock(library, at("2026-11-23T23:50"))
    watch = Watch(library)
    watch.until(at("2026-11-23T23:58"))
    booking = library.services.add_booking(at("2026-11-23T23:59"))
    watch.until(at("2026-11-23T23:59") + timedelta(seconds=20))
    assert row_of(watch.engine, booking.book_id).group is Group.REGISTERED
