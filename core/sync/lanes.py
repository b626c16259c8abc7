"""The network threads: jobs wait in lanes, a few of each run side by side, answers come home.

Only calls to the services run in the threads. What happens before and after a call (the ledger,
the decisions) runs in the thread that owns the lanes.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.domain.errors import AppError, CacheError

logger = logging.getLogger(__name__)

# "By hand" has lanes of its own, so that it overtakes.
LIBCAL, LIBCAL_NOW = "LibCal", "LibCal, by hand"
ALMA, ALMA_NOW = "Alma", "Alma, by hand"
PASSAGEPOINT, PASSAGEPOINT_NOW = "PassagePoint", "PassagePoint, by hand"
# How many calls each has at a time; PassagePoint's is a setting.
WIDTHS = {LIBCAL: 6, LIBCAL_NOW: 2, ALMA: 8, ALMA_NOW: 2, PASSAGEPOINT: 4, PASSAGEPOINT_NOW: 1}

AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""The order of a job that goes before all others."""


@dataclass(frozen=True, slots=True)
class LaneJob:
    """One call to a service.

    ``begin`` runs in the owning thread right before the call is handed over; where it answers
    False the job is dropped. ``call`` runs in a network thread. ``done`` gets what it returned,
    or the error it raised, back in the owning thread.
    """

    order: datetime
    """Soonest first."""
    call: Callable[[], Any]
    done: Callable[[Any], None]
    begin: Callable[[], bool] = lambda: True
    dropped: Callable[[], None] = lambda: None
    """Told, in the owning thread, where the job is given up before its call."""
    about: frozenset[str] = frozenset()
    """Whom and what it is about; see ``Lanes.prefer_others``."""


@dataclass
class _Lane:
    width: int
    busy: int = 0
    waiting: list[tuple[datetime, int, LaneJob]] = field(default_factory=list)
    put_off: frozenset[str] = frozenset()

    def next_job(self) -> LaneJob:
        """The soonest of those that are least like what is put off."""
        if not self.put_off:
            return heapq.heappop(self.waiting)[2]
        soonest = min(self.waiting, key=lambda one: (len(one[2].about & self.put_off), one[:2]))
        self.waiting.remove(soonest)
        heapq.heapify(self.waiting)
        return soonest[2]


class Lanes:
    """Daemon threads in named lanes; ``widths`` says how many calls each has at a time."""

    def __init__(self, widths: Mapping[str, int]) -> None:
        self._lanes = {name: _Lane(width) for name, width in widths.items()}
        self._work: queue.SimpleQueue[tuple[str, LaneJob] | None] = queue.SimpleQueue()
        self._home: queue.SimpleQueue[tuple[str, LaneJob, Any] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._numbers = itertools.count()

    def add(self, lane: str, job: LaneJob) -> None:
        """Let the job wait for its turn."""
        heapq.heappush(self._lanes[lane].waiting, (job.order, next(self._numbers), job))

    def set_width(self, lane: str, width: int) -> None:
        """From now on so many calls of this lane run at a time."""
        self._lanes[lane].width = width

    def prefer_others(self, lane: str, about: Collection[str]) -> None:
        """What is about any of these goes after all others, until this is called again."""
        self._lanes[lane].put_off = frozenset(about)

    @property
    def running(self) -> int:
        """Calls that are out."""
        return sum(lane.busy for lane in self._lanes.values())

    @property
    def waiting(self) -> int:
        """Jobs that wait for their turn."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    def is_busy(self, name: str) -> bool:
        """Whether a job of this lane runs or waits."""
        return bool(self._lanes[name].busy or self._lanes[name].waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits that could run."""
        return all(
            not lane.busy and not (lane.waiting and lane.width) for lane in self._lanes.values()
        )

    def hand_over(self) -> None:
        """Start what may start now."""
        for name, lane in self._lanes.items():
            while lane.waiting and lane.busy < lane.width:
                job = lane.next_job()
                if not _begins(job):
                    continue
                lane.busy += 1
                self._ensure_thread()
                self._work.put((name, job))

    def drop_waiting(self) -> None:
        """Give up everything that wasn't handed over."""
        for lane in self._lanes.values():
            waiting, lane.waiting = lane.waiting, []
            for _, _, job in waiting:
                job.dropped()

    def wake(self) -> None:
        """Make ``take_home`` return soon; may be called from any thread."""
        self._home.put(None)

    def take_home(self, timeout: float) -> bool:
        """Wait for one answer, at most ``timeout`` seconds, and bring it to its ``done``.

        Raises:
            CacheError: it can't be written down now; it comes home again.
        """
        try:
            answer = self._home.get(timeout=timeout)
        except queue.Empty:
            return False
        if answer is None:
            return True
        name, job, result = answer
        self._lanes[name].busy -= 1
        try:
            job.done(result)
        except CacheError:
            self._lanes[name].busy += 1
            self._home.put(answer)
            raise
        return True

    def close(self, failures: float = 0.2) -> None:
        """Let idle threads end; one that hangs in a call is a daemon and holds nobody up."""
        for _ in self._threads:
            self._work.put(None)
        until = time.monotonic() + failures
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._threads.clear()

    def _ensure_thread(self) -> None:
        if self.running > len(self._threads):
            thread = threading.Thread(
                target=self._run, name=f"network-{len(self._threads)}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            name, job = work
            self._home.put((name, job, _outcome(job)))


def about(primary_id: str | None, destination: str | None) -> frozenset[str]:
    """What a job for this person and place is about; see ``Lanes.prefer_others``."""
    return frozenset({f"person {(primary_id or '').upper()}", f"destination {destination}"})


def _begins(job: LaneJob) -> bool:
    try:
        if job.begin():
            return True
    except BaseException:
        job.dropped()
        raise
    job.dropped()
    return False


def _outcome(job: LaneJob) -> Any:
    try:
        return job.call()
    except AppError as error:
        return error
    except Exception as error:
        logger.exception("A call to a service ended in a bug")
        return error
