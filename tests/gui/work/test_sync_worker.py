"""The background work with a fake engine: real thread, real signals."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from core.domain.errors import AppError, CacheDamaged, CacheLocked
from core.domain.models import BookingRow, DeskRequest, RowsChanged, RowsRemoved
from core.domain.status import Action
from core.engine.told import OwnBug
from core.settings.config import Config
from gui.work.engine_worker import EngineWorker
from gui.work.opening import LookingOn, Opening, ask_to_register
from gui.work.sync_worker import SyncWorker
from tests.builders import NOON, FakeClock, a_config
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_waiting_row

Start = Callable[[FakeEngine], SyncWorker]


@pytest.fixture
def make_worker(qapp: QObject) -> Iterator[Start]:
    workers: list[SyncWorker] = []

    def make(engine: FakeEngine) -> SyncWorker:
        worker = SyncWorker(engine.make, seconds=300, clock=FakeClock())
        workers.append(worker)
        return worker

    yield make
    for worker in workers:
        assert worker.stop()


def a_request(action: Action = Action.REGISTER_NOW, row_id: str = "r1") -> DeskRequest:
    return DeskRequest("q1", action, row_id, "someone", NOON)


def started(qtbot: QtBot, worker: SyncWorker) -> None:
    """Run until the first pass is over."""
    with qtbot.waitSignal(worker.question_changed):
        worker.start()


def test_cached_day_comes_before_the_first_pass(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_row()])
    worker = make_worker(engine)
    order: list[str] = []
    openings: list[Opening] = []
    worker.opened.connect(openings.append)
    worker.opened.connect(lambda _opening: order.append("opened"))
    worker.pass_started.connect(lambda: order.append("pass"))
    started(qtbot, worker)
    assert order == ["opened", "pass"]
    assert openings[0].rows == (a_row(),)


def test_engine_lives_in_one_thread_that_is_not_ours(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    worker = make_worker(engine)
    started(qtbot, worker)
    assert worker.stop()
    assert engine.made_in != threading.get_ident()
    assert engine.closed_in == engine.made_in is not None


def test_signals_arrive_in_the_gui_thread(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_row()])
    worker = make_worker(engine)
    threads: list[int] = []
    worker.rows_changed.connect(lambda _rows: threads.append(threading.get_ident()))
    started(qtbot, worker)
    with qtbot.waitSignal(worker.rows_changed):
        engine.report(RowsChanged((a_row(),)))
    assert threads == [threading.get_ident()]


def test_passes_never_overlap_however_often_one_is_asked_for(
    qtbot: QtBot, make_worker: Start
) -> None:
    engine = FakeEngine()
    engine.holding = threading.Event()
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.pass_started):
        worker.start()
    for _ in range(5):
        worker.sync_now()
    with qtbot.waitSignal(worker.question_changed):
        engine.holding.set()
    assert (engine.passes, engine.most_running) == (1, 1)


def test_sync_now_tries_refused_credentials_again(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    worker = make_worker(engine)
    started(qtbot, worker)
    assert engine.forgiven == 0
    with qtbot.waitSignal(worker.question_changed):
        worker.sync_now()
    assert (engine.forgiven, engine.passes) == (1, 2)


def test_action_during_a_pass_is_done_by_that_pass(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_waiting_row()])
    engine.holding = threading.Event()
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.pass_started):
        worker.start()
    with qtbot.waitSignal(worker.action_done):
        worker.submit(a_request())
    assert not engine.holding.is_set()
    engine.holding.set()


def test_action_between_passes_is_done_at_once(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_waiting_row()])
    worker = make_worker(engine)
    started(qtbot, worker)
    with qtbot.waitSignals([worker.rows_changed, worker.action_done]):
        worker.submit(a_request())
    assert engine.passes == 1


def test_action_before_the_engine_is_there_is_kept(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_waiting_row()])
    worker = make_worker(engine)
    worker.submit(a_request())
    with qtbot.waitSignal(worker.action_done):
        worker.start()
    assert [request.request_id for request in engine.done] == ["q1"]


def test_stop_ends_a_running_pass(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    engine.holding = threading.Event()
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.pass_started):
        worker.start()
    assert worker.stop()
    assert engine.closed_in is not None


def test_engine_that_cannot_be_made_is_told_and_tried_again(
    qtbot: QtBot, make_worker: Start
) -> None:
    engine = FakeEngine()
    engine.open_error = CacheDamaged("The cache is damaged.")
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.failed) as told:
        worker.start()
    assert told.args == [engine.open_error]
    engine.open_error = None
    with qtbot.waitSignal(worker.opened):
        worker.open_again()


def test_sync_now_opens_what_could_not_be_opened(qapp: QObject) -> None:
    engine = FakeEngine([a_row()])
    engine.open_error = CacheLocked("A backup holds it.")
    worker = EngineWorker(engine.make, seconds=300, clock=FakeClock())
    openings: list[Opening] = []
    worker.opened.connect(openings.append)
    worker.open()
    engine.open_error = None
    worker.run_pass_now()
    assert len(openings) == 1
    worker.close()


def test_sync_now_may_be_pressed_again_after_it_could_not_open(
    qtbot: QtBot, make_worker: Start
) -> None:
    engine = FakeEngine([a_row()])
    engine.open_error = CacheLocked("A backup holds it.")
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.failed):
        worker.start()
    with qtbot.waitSignal(worker.failed):
        worker.sync_now()
    engine.open_error = None
    with qtbot.waitSignal(worker.pass_ended):
        worker.sync_now()


class UnreadableFake(FakeEngine):
    """It opens, and then its day can't be read."""

    def rows(self) -> list[BookingRow]:
        raise CacheDamaged("The cache is damaged.")


def test_a_day_that_cannot_be_read_leaves_no_half_open_engine(qapp: QObject) -> None:
    engine = UnreadableFake()
    worker = EngineWorker(engine.make, seconds=300, clock=FakeClock())
    told: list[AppError] = []
    worker.failed.connect(told.append)
    worker.open()
    assert engine.closed_in is not None
    worker.open()
    assert len(told) == 2
    worker.close()


def test_our_own_bug_in_a_pass_is_logged_and_the_next_pass_comes(
    qtbot: QtBot, make_worker: Start, caplog: pytest.LogCaptureFixture
) -> None:
    engine = FakeEngine()
    engine.pass_error = KeyError("no such thing")
    worker = make_worker(engine)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(worker.failed) as told:
        started(qtbot, worker)
    assert isinstance(told.args[0], OwnBug)
    assert "no such thing" in caplog.text
    engine.pass_error = None
    with qtbot.waitSignal(worker.pass_ended) as ended:
        worker.sync_now()
    assert ended.args[0] is not None


def test_paused_worker_names_no_next_pass(qtbot: QtBot, make_worker: Start) -> None:
    worker = make_worker(FakeEngine())
    started(qtbot, worker)
    with qtbot.waitSignal(worker.next_pass_at) as told:
        worker.pause(paused=True)
    assert told.args == [None]
    with qtbot.waitSignal(worker.pass_started):
        worker.pause(paused=False)


def test_answer_to_a_question_comes_back_here(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    worker = make_worker(engine)
    started(qtbot, worker)
    answers: list[str] = []
    worker.ask(worker, lambda one: one.forget("G1"), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert engine.forgotten == ["G1"]


def test_a_question_is_answered_while_a_pass_runs(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine([a_row()])
    engine.holding = threading.Event()
    worker = make_worker(engine)
    with qtbot.waitSignal(worker.pass_started):
        worker.start()
    answers: list[object] = []
    worker.ask(worker, lambda one: one.history("r1"), answers.append)
    qtbot.waitUntil(lambda: answers == [engine.log])
    assert (engine.running, engine.most_running) == (1, 1)
    engine.holding.set()


def test_what_would_pull_the_rug_from_under_a_pass_waits_for_its_end(
    qtbot: QtBot, make_worker: Start
) -> None:
    engine = FakeEngine([a_row()])
    engine.holding = threading.Event()
    worker = make_worker(engine)
    order: list[str] = []
    worker.pass_ended.connect(lambda _report: order.append("pass ended"))
    with qtbot.waitSignal(worker.pass_started):
        worker.start()
    worker.ask(worker, lambda one: one.clean_up(), lambda _: order.append("clean"), waits=True)
    worker.ask(worker, lambda one: one.history("r1"), lambda _: order.append("history"))
    qtbot.waitUntil(lambda: order == ["history"])
    engine.holding.set()
    qtbot.waitUntil(lambda: order == ["history", "pass ended", "clean"])


def test_failed_job_is_told_to_the_asker_only(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    worker = make_worker(engine)
    errors: list[object] = []
    failures: list[object] = []
    worker.failed.connect(failures.append)
    worker.ask(worker, lambda one: one.rows(), lambda _rows: None, errors.append)
    worker.start()
    qtbot.waitUntil(lambda: worker is not None and engine.passes == 1)
    worker.ask(worker, lambda _one: int("x"), lambda _result: None, errors.append)
    qtbot.waitUntil(lambda: any(isinstance(error, OwnBug) for error in errors))
    assert failures == []


def test_removed_rows_come_after_the_changes_before_them(qtbot: QtBot, make_worker: Start) -> None:
    engine = FakeEngine()
    worker = make_worker(engine)
    started(qtbot, worker)
    order: list[str] = []
    worker.rows_changed.connect(lambda _rows: order.append("changed"))
    worker.rows_removed.connect(lambda _ids: order.append("removed"))
    with qtbot.waitSignal(worker.rows_removed):
        engine.report(RowsChanged((a_row(),)))
        engine.report(RowsRemoved(("r1",)))
    assert order == ["changed", "removed"]


class SharedFake(FakeEngine):
    """One of several computers: something happens elsewhere, and a pass is due."""

    attends_each = 0.01

    def attend(self, stop: Callable[[], bool] | None = None, *, is_paused: bool = False) -> bool:
        return self.passes == 1


def test_what_was_stopped_before_it_began_never_begins(make_worker: Start) -> None:
    engine = FakeEngine([a_row()])
    worker = make_worker(engine)
    assert worker.stop()
    worker.start()
    assert not worker._thread.isRunning()
    assert engine.made_in is None


def test_what_other_computers_do_is_attended_to(qtbot: QtBot, make_worker: Start) -> None:
    engine = SharedFake([a_row()])
    worker = make_worker(engine)
    started(qtbot, worker)
    with qtbot.waitSignal(worker.pass_ended):
        pass
    assert engine.passes == 2


def test_settings_edited_elsewhere_are_told_once_each(qtbot: QtBot, make_worker: Start) -> None:
    engine = SharedFake([a_row()])
    worker = make_worker(engine)
    told: list[Config] = []
    worker.settings_changed.connect(told.append)
    with qtbot.waitSignal(worker.settings_changed):
        worker.start()
    with qtbot.waitSignal(worker.settings_changed):
        engine.settings = a_config(Sync={"every_seconds": 60})
    with qtbot.waitSignal(worker.pass_ended):
        worker.sync_now()
    assert [one.sync.every_seconds for one in told] == [300, 60]


class LookingFake(FakeEngine):
    """The cache belongs to another session until ``free`` is set; ``own`` registers from then."""

    attends_each = 0.01

    def __init__(self, own: FakeEngine) -> None:
        super().__init__([a_row()])
        self._own = own
        self.trouble: AppError = CacheLocked("Anna registers here (last pass 09:10).")
        self.may_ask = True
        self.free = threading.Event()

    @property
    def looks_on(self) -> AppError:
        return self.trouble

    @property
    def may_ask_to_register(self) -> bool:
        return self.may_ask

    def ask_to_register(self) -> None:
        self.trouble, self.may_ask = CacheLocked("Anna is asked to let go…"), False

    def successor(self) -> FakeEngine | None:
        if not self.free.is_set():
            return None
        self.close()
        return self._own.make(self.report)


class YieldingFake(FakeEngine):
    """One that another account wants to take over from once ``wanted`` is set."""

    attends_each = 0.01

    def __init__(self) -> None:
        super().__init__([a_row()])
        self.wanted = threading.Event()

    def is_wanted(self) -> bool:
        return self.wanted.is_set()


def test_another_engine_takes_over_when_the_other_session_ends(qtbot: QtBot) -> None:
    own = FakeEngine([a_row()])
    looking = LookingFake(own)
    worker = SyncWorker(looking.make, seconds=300, clock=FakeClock())
    openings: list[Opening] = []
    worker.opened.connect(openings.append)
    try:
        started(qtbot, worker)
        assert openings[0].looks_on == LookingOn(str(looking.trouble), may_ask=True)
        with qtbot.waitSignal(worker.question_changed):
            looking.free.set()
        assert looking.closed_in is not None
        assert (openings[1].looks_on, own.passes) == (None, 1)
    finally:
        assert worker.stop()


def test_what_became_of_asking_to_register_is_told_once(qtbot: QtBot) -> None:
    worker = SyncWorker(LookingFake(FakeEngine()).make, seconds=300, clock=FakeClock())
    told: list[LookingOn] = []
    worker.looks_on_changed.connect(told.append)
    try:
        started(qtbot, worker)
        with qtbot.waitSignal(worker.looks_on_changed):
            worker.ask(worker, ask_to_register, lambda _nothing: None)
        assert told == [LookingOn("Anna is asked to let go…", may_ask=False)]
    finally:
        assert worker.stop()


def test_an_engine_that_another_account_wants_is_closed_and_made_anew(qtbot: QtBot) -> None:
    first, second = YieldingFake(), LookingFake(FakeEngine())
    engines = iter([first, second])
    worker = SyncWorker(lambda report: next(engines).make(report), seconds=300, clock=FakeClock())
    try:
        started(qtbot, worker)
        assert first.closed_in is None
        with qtbot.waitSignal(worker.opened):
            first.wanted.set()
        assert first.closed_in is not None
    finally:
        assert worker.stop()
