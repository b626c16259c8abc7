"""Processes that are computers: ``python -m tests.postgres.one_computer`` forks them.

Each line of JSON on its standard input starts one; its process id comes back. Forked, a computer
is ready in milliseconds. SIGTERM closes its program, SIGKILL is a power cut.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import yaml

from core.cache.postgres.cache import PostgresCache
from core.domain.errors import AppError
from core.domain.models import ActionDone, BookingRow, DeskRequest, Event, SyncReport
from core.settings.config import check_config
from core.settings.credentials import Credentials, MemoryStore
from core.sharing.engine import SharedEngine
from tests.builders import a_note

WISHES = ("register_now", "it_is_there", "by_hand", "leave", "undo")
"""What a desk may do blindly. "Send a second time" is a person's word that no visit is there."""


@dataclass(frozen=True)
class Orders:
    """What one computer works on."""

    name: str
    config: str
    secrets: list[tuple[str, str, str]]
    folder: str
    seed: int
    every_seconds: float = 2.0
    """Between two passes, or two looks of a desk."""
    wishes: int = 1
    """Buttons that are pressed after each."""
    buttons: tuple[str, ...] = WISHES


class Computer:
    """The program on one computer, and whoever sits at it."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._dice = random.Random(orders.seed)
        self._asked: dict[str, float] = {}
        self._folder = Path(orders.folder) / orders.name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._engine: SharedEngine | None = None

    def live(self, stop: threading.Event) -> None:
        """Until told to stop; trouble at the start is tried again."""
        while not stop.is_set():
            try:
                engine = self._open()
            except AppError:
                stop.wait(0.5)
                continue
            self._engine = engine
            engine.run_at_intervals(self._orders.every_seconds, stop, after_pass=self._act)
            engine.close()

    def _open(self) -> SharedEngine:
        config, store = check_config(yaml.safe_load(self._orders.config)), MemoryStore()
        for service, user, secret in self._orders.secrets:
            store.set(service, user, secret)
        url, note = config.cache.url or "", a_note(self._folder)
        return SharedEngine(
            config,
            credentials=Credentials(config, store),
            report=self._hear,
            open_cache=lambda _config, _credentials, clock: PostgresCache(
                url, clock=clock, note=note, any_version=True
            ),
            note=self._folder / "settings.json",
        )

    def _act(self, report: SyncReport) -> None:
        for _ in range(self._orders.wishes):
            chosen = self._choose(report.rows)
            if chosen is not None and self._engine is not None:
                self._asked[chosen.request_id] = time.monotonic()
                self._engine.submit(chosen)
                self._engine.carry_out()

    def _choose(self, rows: Sequence[BookingRow]) -> DeskRequest | None:
        can = [
            (row, action)
            for row in rows
            for action in (row.action, *row.offers)
            if action is not None and action.code in self._orders.buttons
        ]
        if not can:
            return None
        row, action = self._dice.choice(can)
        who, now = self._orders.name, datetime.now(UTC)
        return DeskRequest(uuid4().hex, action, row.row_id, who, now, computer=who)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ActionDone) and event.request_id in self._asked:
            seconds = time.monotonic() - self._asked.pop(event.request_id)
            with (self._folder / "waited").open("a", encoding="utf-8") as file:
                file.write(f"{seconds:.3f}\n")


def _fork(orders: Orders) -> int:
    child = os.fork()
    if child:
        return child
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.getLogger("core").addHandler(logging.NullHandler())
    try:
        Computer(orders).live(stop)
    finally:
        sys.stderr.flush()
        os._exit(0 if stop.is_set() else 1)


def main(lines: Iterator[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for those that end
    for line in lines:
        print(_fork(Orders(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main(iter(sys.stdin.readline, ""))
