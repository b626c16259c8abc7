"""A process that does passes and is killed (SIGKILL) in the middle of one.

Run as ``python -m tests.promise.doomed`` it forks one such process for each line of JSON on its
standard input, and says how that one ended. Forked, a process is ready in milliseconds.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from core.cache.sqlite_cache import SQLiteCache
from core.cache.sqlite_database import SQLiteDatabase
from core.domain.status import Action
from core.engine.own import LibCal2PP
from core.http.answer import Answer
from core.http.connection import _Connection
from core.http.session import HttpSession
from core.settings.config import check_config
from core.settings.credentials import Credentials, MemoryStore
from core.sync.lanes import Lanes
from tests.builders import FakeClock, a_note
from tests.promise.wire import call_in

CORE = str(Path(__file__).resolve().parents[2] / "core") + os.sep
_HARMLESS = ("SELECT", "PRAGMA quick_check", "PRAGMA user_version")
Trace = Callable[[FrameType, str, Any], Any]


@dataclass(frozen=True)
class Fate:
    """What one process works on, and where it dies."""

    config: str
    secrets: list[tuple[str, str, str]]
    folder: str
    now: str
    point: int | None = None
    """At this step boundary, counted from 0."""
    name: str | None = None
    """At the first step boundary of this name."""
    line: int | None = None
    """At this executed line of the core, in whatever thread."""
    seconds: float | None = None
    """After this time; for the soak."""


@dataclass(frozen=True)
class End:
    """How it ended: by a signal or by itself, and what it passed."""

    signal: int
    points: int = 0
    lines: int = 0


class Steps:
    """Counts step boundaries and lines, and kills this process at the chosen one."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._points, self._lines = itertools.count(), itertools.count()

    def at(self, name: str) -> None:
        if next(self._points) == self._fate.point or name == self._fate.name:
            die()

    def trace(self, frame: FrameType, event: str, argument: Any) -> Trace | None:
        if not frame.f_code.co_filename.startswith(CORE):
            return None
        if event == "line" and next(self._lines) == self._fate.line:
            die()
        return self.trace

    def end(self) -> End:
        return End(0, next(self._points), next(self._lines))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def inject(steps: Steps) -> None:
    """Step boundaries: each statement, commit, request, answer, and result brought home."""
    run, send, respond = SQLiteDatabase._run, _Connection.send, HttpSession._answer
    take_home = Lanes.take_home
    last: dict[int, str] = {}

    def running(database: SQLiteDatabase, sql: str, values: Any) -> Any:
        if not sql.startswith(_HARMLESS):
            steps.at("before a statement")
        cursor = run(database, sql, values)
        if sql == "COMMIT":
            steps.at("committed")
        return cursor

    def sending(connection: _Connection, data: Any) -> None:
        call = call_in(data)
        if call:
            last[threading.get_ident()] = call
            steps.at(f"before {call}")
        send(connection, data)
        if call != "createPreReg":  # its body, with which it can be acted on, comes next
            steps.at(f"between {last[threading.get_ident()]}")

    def answering(session: HttpSession, response: Any) -> Answer:
        answer = respond(session, response)
        steps.at(f"after {last[threading.get_ident()]}")
        return answer

    def taking_home(lanes: Lanes, timeout: float) -> bool:
        came = take_home(lanes, timeout)
        if came:
            steps.at("taken home")
        return came

    for owner, name, injected in (
        (SQLiteDatabase, "_run", running),
        (_Connection, "send", sending),
        (HttpSession, "_answer", answering),
        (Lanes, "take_home", taking_home),
    ):
        setattr(owner, name, injected)


def live(fate: Fate) -> End:
    """One pass, and "Register now" for whatever isn't confirmed; dies on the way if it has to."""
    steps = Steps(fate)
    inject(steps)
    if fate.line is not None:
        threading.settrace(steps.trace)
        sys.settrace(steps.trace)
    if fate.seconds is not None:
        threading.Timer(fate.seconds, die).start()
    program = start(fate)
    report = program.log_new_bookings()
    for row in report.rows:
        if not row.is_live:
            program.act(Action.REGISTER_NOW, row.row_id)
    program.close()
    sys.settrace(None)
    return steps.end()


def start(fate: Fate) -> LibCal2PP:
    config, store = check_config(yaml.safe_load(fate.config)), MemoryStore()
    for service, user, secret in fate.secrets:
        store.set(service, user, secret)
    clock, folder = FakeClock(datetime.fromisoformat(fate.now)), Path(fate.folder)
    return LibCal2PP(
        config,
        credentials=Credentials(config, store),
        clock=clock,
        cache=SQLiteCache(
            folder / "cache.db",
            clock=clock,
            note=a_note(folder / "elsewhere"),
        ),
    )


def fork(fate: Fate) -> End:
    """Let a new process live by ``fate``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(asdict(live(fate)), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return End(os.WTERMSIG(status))
    return End(**json.loads(said)) if said else End(-1)


def main(lines: Iterator[str]) -> None:
    for line in lines:
        print(json.dumps(asdict(fork(Fate(**json.loads(line))))), flush=True)


if __name__ == "__main__":
    main(iter(sys.stdin))
