"""Turns: evenly, the urgent ones first, and nobody waits who should stop."""

from __future__ import annotations

import itertools
import threading

import pytest

from core.http.pacing import Pacer, Stopped, sleep_unless_stopped
from tests.builders import FakeClock


def moments(pacer: Pacer, clock: FakeClock, turns: int) -> list[float]:
    taken = []
    for _ in range(turns):
        pacer.wait_turn()
        taken.append(clock.monotonic())
    return taken


def most_in_a_second(taken: list[float]) -> int:
    return max(sum(start <= one < start + 1.0 for one in taken) for start in taken)


@pytest.mark.parametrize("per_second", [1, 7, 25])
def test_no_second_has_more_calls_than_allowed(per_second: int) -> None:
    clock = FakeClock()
    taken = moments(Pacer(per_second, clock), clock, 4 * per_second)
    assert most_in_a_second(taken) <= per_second


def test_turns_come_evenly_and_not_much_slower_than_allowed() -> None:
    clock = FakeClock()
    taken = moments(Pacer(10, clock), clock, 30)
    gaps = [later - earlier for earlier, later in itertools.pairwise(taken)]
    assert min(gaps) >= 0.1
    assert max(gaps) < 0.12


def test_a_pause_leaves_no_credit_for_a_burst() -> None:
    clock = FakeClock()
    pacer = Pacer(10, clock)
    clock.advance(minutes=5)
    assert most_in_a_second(moments(pacer, clock, 20)) <= 10


def test_threads_share_the_pace() -> None:
    clock = FakeClock()
    pacer = Pacer(10, clock)
    taken: list[float] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(5):
            pacer.wait_turn()
            with lock:
                taken.append(clock.monotonic())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(taken) == 20
    assert max(taken) - min(taken) >= 19 * 0.1 - 0.2


class Standstill(FakeClock):
    """Sleepers sleep until a test lets them look again."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = threading.Semaphore(0)
        self._awake = threading.Condition()
        self._mornings = 0

    def sleep(self, seconds: float) -> None:
        with self._awake:
            morning = self._mornings
            self.asleep.release()
            self._awake.wait_for(lambda: self._mornings > morning, timeout=20)

    def morning(self, seconds: float) -> None:
        with self._awake:
            self.advance(seconds=seconds)
            self._mornings += 1
            self._awake.notify_all()


def test_the_urgent_call_overtakes_those_that_wait() -> None:
    clock = Standstill()
    pacer = Pacer(1, clock)
    pacer.wait_turn()
    order: list[str] = []

    def wait(name: str, *, urgent: bool) -> threading.Thread:
        def work() -> None:
            pacer.wait_turn(urgent=urgent)
            order.append(name)

        thread = threading.Thread(target=work)
        thread.start()
        assert clock.asleep.acquire(timeout=20)
        return thread

    plain = wait("plain", urgent=False)
    urgent = wait("urgent", urgent=True)
    clock.morning(seconds=1.1)
    urgent.join(20)
    while plain.is_alive():
        clock.morning(seconds=1.1)
        plain.join(0.01)
    assert order == ["urgent", "plain"]


def test_slowed_down_it_gives_no_turn_for_a_while_and_then_fewer() -> None:
    clock = FakeClock()
    pacer = Pacer(10, clock)
    pacer.wait_turn()
    begin = clock.monotonic()
    pacer.slow_down(3.0)
    taken = moments(pacer, clock, 20)
    assert taken[0] >= begin + 3.0
    assert most_in_a_second(taken) <= 5
    clock.advance(minutes=2)
    assert most_in_a_second(moments(pacer, clock, 20)) > 5


def test_who_should_stop_takes_no_turn() -> None:
    pacer = Pacer(10, FakeClock())
    with pytest.raises(Stopped):
        pacer.wait_turn(stop=lambda: True)


def test_a_waiting_call_stops_and_leaves_its_place() -> None:
    clock = FakeClock()
    pacer = Pacer(1, clock)
    pacer.wait_turn()
    before = clock.monotonic()
    with pytest.raises(Stopped):
        pacer.wait_turn(stop=lambda: clock.monotonic() > before)
    assert clock.monotonic() - before < 0.3
    pacer.wait_turn()


def test_a_long_sleep_stops_soon() -> None:
    clock = FakeClock()
    before = clock.monotonic()
    with pytest.raises(Stopped):
        sleep_unless_stopped(clock, 60.0, lambda: clock.monotonic() > before)
    assert clock.monotonic() - before < 0.3


def test_a_sleep_lasts_as_long_as_asked() -> None:
    clock = FakeClock()
    before = clock.monotonic()
    sleep_unless_stopped(clock, 1.6, None)
    assert clock.monotonic() - before == pytest.approx(1.6)
