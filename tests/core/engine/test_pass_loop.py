"""What is due when, what only waits and what ends it: without a thread, on a clock of our own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from typing import ClassVar

import pytest

from core.domain.errors import AppError, CacheFull, CacheLocked, CredentialsError, OpenQuestion
from core.domain.models import SyncReport
from core.engine.base import Engine
from core.engine.pass_loop import PassLoop
from core.engine.told import OwnBug, Told
from core.settings.config import Config
from tests.builders import FakeClock, a_config
from tests.gui.fake_engine import FakeEngine


class Heard:
    """Everything that a loop told, by what it was."""

    def __init__(self) -> None:
        self.opened: list[Engine] = []
        self.closed = 0
        self.failed: list[AppError] = []
        self.reports: list[SyncReport | None] = []
        self.due: list[datetime | None] = []
        self.settings: list[Config] = []

    def told(self) -> Told:
        return Told(
            opened=self.opened.append,
            closed=self._note_closed,
            failed=self.failed.append,
            pass_ended=self.reports.append,
            next_pass_at=self.due.append,
            settings_changed=self.settings.append,
        )

    def _note_closed(self) -> None:
        self.closed += 1


class Situation:
    """A loop on a fake engine."""

    def __init__(
        self, engine: FakeEngine, *, attended: bool = True, make: Callable[[], Engine] | None = None
    ) -> None:
        self.engine, self.clock, self.heard = engine, FakeClock(), Heard()
        self.stop = threading.Event()
        self.loop = PassLoop(
            make or (lambda: engine.make(lambda _event: None)),
            self.heard.told(),
            self.clock,
            self.stop,
            seconds=300,
            attended=attended,
        )

    def go_on(self, seconds: float) -> None:
        """Take every turn that is due in so many seconds."""
        until = self.clock.monotonic() + seconds
        left = self.loop.turn()
        while self.clock.monotonic() + left <= until:
            self.clock.advance(seconds=left)
            left = self.loop.turn()
        self.clock.advance(seconds=until - self.clock.monotonic())


def test_the_day_is_told_before_the_first_pass() -> None:
    it = Situation(FakeEngine())
    assert it.loop.turn() == 0
    assert (it.heard.opened, it.engine.passes) == ([it.engine], 0)
    assert it.loop.turn() == 60  # until the first news
    assert it.engine.passes == 1


def test_passes_come_at_their_interval_and_say_when() -> None:
    it = Situation(FakeEngine())
    it.go_on(601)
    assert it.engine.passes == 3
    assert it.heard.due[-1] == it.clock.now() + timedelta(seconds=299)


def test_between_passes_news_is_asked_for_each_minute_from_start_to_start() -> None:
    it = Situation(engine := FakeEngine())
    it.go_on(299)
    assert (engine.passes, engine.news) == (1, [False] * 4)
    it.go_on(62)
    assert (engine.passes, engine.news) == (2, [False] * 5)


def test_news_can_come_more_often_or_never() -> None:
    often = Situation(FakeEngine())
    often.engine.settings = a_config(Sync={"news_seconds": 10})
    often.go_on(95)
    assert len(often.engine.news) == 9
    never = Situation(FakeEngine())
    never.engine.settings = a_config(Sync={"news_seconds": None})
    never.go_on(1_000)
    assert never.engine.news == []


def test_paused_nobody_asks_for_news() -> None:
    it = Situation(engine := FakeEngine())
    it.go_on(65)
    it.loop.pause(True)
    it.go_on(600)
    it.loop.ask_news_now()
    assert len(engine.news) == 1
    it.loop.pause(False)
    it.go_on(61)
    assert (engine.passes, len(engine.news)) == (2, 2)


def test_news_for_somebody_is_asked_at_once_but_not_for_each_card() -> None:
    it = Situation(engine := FakeEngine())
    it.go_on(20)
    it.loop.ask_news_now()
    it.loop.ask_news_now()
    assert engine.news == [True]
    it.go_on(6)
    it.loop.ask_news_now()
    assert engine.news == [True, True]
    it.go_on(59)
    assert engine.news == [True, True]
    it.go_on(2)
    assert engine.news == [True, True, False]


@pytest.mark.parametrize("stands_still", [True, False])
def test_after_sleep_news_waits_for_the_network_too(stands_still: bool) -> None:
    it = Situation(engine := FakeEngine())
    it.go_on(30)
    if stands_still:
        it.clock._now += timedelta(seconds=100)
    else:
        it.clock.advance(seconds=100)
    it.go_on(29)
    assert engine.news == []
    it.go_on(31)
    assert len(engine.news) + engine.passes == 2


def test_news_that_fails_is_told_and_asked_for_again() -> None:
    it = Situation(engine := FakeEngine())
    engine.news_error = AppError("The cache is full.")
    it.go_on(121)
    assert [str(error) for error in it.heard.failed] == ["The cache is full."] * 2


class Watched(FakeEngine):
    """Notes each look after those who aren't here: the seconds since a window was used."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[tuple[int, float, bool]] = []
        self.clock: FakeClock | None = None

    attends_each = 5.0

    def look_after(self, untouched_since: datetime, *, is_ending: bool = False) -> None:
        assert self.clock is not None
        idle = (self.clock.now() - untouched_since).total_seconds()
        self.looks.append((self.passes, idle, is_ending))


def test_between_passes_it_looks_after_those_who_are_not_here_and_never_before_the_first() -> None:
    it = Situation(engine := Watched())
    engine.clock = it.clock
    it.go_on(130)
    assert engine.looks == [(1, 0, False), (1, 60, False), (1, 120, False)]
    it.loop.touch()
    it.go_on(55)
    assert engine.looks[3:] == [(1, 50, False)]


def test_unattended_an_open_question_is_told_before_it_ends_all() -> None:
    it = Situation(engine := Watched(), attended=False)
    engine.clock = it.clock
    engine.open_question = "Which?"
    it.loop.turn()
    it.loop.turn()
    assert engine.looks == [(1, 0, True)]


def test_what_could_not_be_opened_is_tried_again_by_itself() -> None:
    it = Situation(FakeEngine())
    it.engine.open_error = CacheLocked("A backup holds it.")
    assert it.loop.turn() == 30
    assert it.heard.failed == [it.engine.open_error]
    it.engine.open_error = None
    it.go_on(31)
    assert it.engine.passes == 1


def test_a_turn_held_up_by_sleep_leaves_the_network_time_to_come_back() -> None:
    it = Situation(FakeEngine())
    it.loop.turn()
    it.clock.advance(hours=2)
    assert (it.loop.turn(), it.engine.passes) == (30, 0)
    it.go_on(30)
    assert it.engine.passes == 1


def test_after_sleep_one_pass_comes_when_the_network_is_back() -> None:
    it = Situation(FakeEngine())
    it.go_on(1)
    it.loop.wake(30)
    it.go_on(31)
    assert it.engine.passes == 2


def test_no_pass_comes_by_itself_while_paused() -> None:
    it = Situation(FakeEngine())
    it.go_on(1)
    it.loop.pause(True)
    assert (it.loop.turn(), it.heard.due[-1]) == (inf, None)
    it.loop.pause(False)
    it.loop.turn()
    assert it.engine.passes == 2


def test_a_pass_that_is_asked_for_tries_refused_credentials_again() -> None:
    it = Situation(FakeEngine())
    it.go_on(1)
    it.loop.run_pass_now()
    assert (it.engine.forgiven, it.engine.passes) == (1, 2)


@pytest.mark.parametrize("trouble", [CacheFull("Full."), KeyError("a bug")])
def test_with_a_window_trouble_is_told_and_the_next_pass_comes(trouble: Exception) -> None:
    it = Situation(FakeEngine())
    it.engine.pass_error = trouble
    it.go_on(121)  # sooner than where all is well
    [first, second] = it.heard.failed
    assert first is trouble or isinstance(first, OwnBug)
    assert type(second) is type(first)
    assert it.heard.reports == [None, None]


@pytest.mark.parametrize("trouble", [CacheFull("Full."), KeyError("a bug")])
def test_without_one_it_ends_the_loop(trouble: Exception) -> None:
    it = Situation(FakeEngine(), attended=False)
    it.engine.pass_error = trouble
    it.loop.turn()
    with pytest.raises(type(trouble)):
        it.loop.turn()


class SharedFake(FakeEngine):
    """One of several computers, whose database goes away and comes back."""

    attends_each = 0.75
    only_waits_for: ClassVar[tuple[type[AppError], ...]] = (CacheFull, CredentialsError)
    is_due = False
    wanted = False
    next_one: FakeEngine | None = None

    def attend(self, stop: Callable[[], bool] | None = None, *, is_paused: bool = False) -> bool:
        due, self.is_due = self.is_due, False
        return due

    def is_wanted(self) -> bool:
        return self.wanted

    def successor(self) -> FakeEngine | None:
        if self.next_one is not None:
            self.close()
        return self.next_one


def test_one_of_several_waits_for_what_time_mends(caplog: pytest.LogCaptureFixture) -> None:
    engine = SharedFake()
    engine.pass_error = CacheFull("Full.")
    loop = PassLoop(
        lambda: engine, Told(), FakeClock(), threading.Event(), seconds=300, attended=False
    )
    loop.begin_with(engine)
    with caplog.at_level(logging.WARNING):
        assert loop.turn() == 0.75
    assert "Full." in caplog.text


def test_what_others_do_is_seen_between_passes_and_may_make_one_due() -> None:
    it = Situation(SharedFake())
    it.go_on(1)
    it.engine.is_due = True  # type: ignore[attr-defined]
    it.go_on(1)
    assert it.engine.passes == 2


class AskingFake(SharedFake):
    """Its ledger has a question that only a person can answer."""

    only_waits_for = (AppError,)

    def require_answer(self) -> None:
        raise OpenQuestion("Is any of these registered?")


def test_a_question_ends_it_where_nobody_can_answer_and_before_any_pass() -> None:
    it = Situation(AskingFake(), attended=False)
    it.loop.turn()
    with pytest.raises(OpenQuestion):
        it.loop.turn()
    assert it.engine.passes == 0


def test_an_engine_that_another_account_wants_is_closed_and_made_anew() -> None:
    first, second = SharedFake(), FakeEngine()
    engines = iter([first, second])
    it = Situation(first, make=lambda: next(engines))
    it.go_on(1)
    first.wanted = True
    it.go_on(1)
    assert first.closed_in is not None
    assert (it.heard.closed, it.heard.opened, second.passes) == (1, [first, second], 1)


def test_the_successor_of_one_that_looked_on_takes_its_place() -> None:
    looking, own = SharedFake(), FakeEngine()
    it = Situation(looking)
    it.go_on(1)
    looking.next_one = own
    it.go_on(1)
    assert looking.closed_in is not None
    assert (it.heard.closed, it.heard.opened, own.passes) == (1, [looking, own], 1)


def test_without_a_window_it_ends_where_another_account_is_to_register() -> None:
    engine = SharedFake()
    engine.wanted = True
    engine.run_at_intervals(300, threading.Event())
    assert engine.passes == 0


def test_settings_are_told_once_each() -> None:
    it = Situation(FakeEngine())
    it.go_on(301)
    it.engine.settings = a_config(Sync={"every_seconds": 60})
    it.go_on(301)
    assert [one.sync.every_seconds for one in it.heard.settings] == [300, 60]


def test_once_stopped_nothing_more_is_done() -> None:
    it = Situation(FakeEngine())
    it.go_on(1)
    it.stop.set()
    assert it.loop.turn() == inf
    it.loop.run_pass_now()
    it.loop.close()
    assert (it.engine.passes, it.heard.closed) == (1, 1)
    assert it.engine.closed_in is not None


@pytest.mark.parametrize("attended", [True, False])
def test_a_cache_that_another_program_holds_is_tried_again_soon(attended: bool) -> None:
    class Held(FakeEngine):
        only_waits_for = (CacheLocked,)

    it = Situation(Held(), attended=attended)
    it.engine.pass_error = CacheLocked("A backup holds it.")
    it.go_on(1)
    it.engine.pass_error = None
    it.go_on(31)
    assert [report is None for report in it.heard.reports] == [True, False]
