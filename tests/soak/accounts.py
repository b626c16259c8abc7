"""Accounts of one computer that start, end, hang and are killed at random, side by side."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.errors import ExitCode
from tests.e2e.accounts import SharedComputer, shared_computer

_NAMES = ("anna", "bob", "carol")
_STEPS = 8
_MOST_SECONDS = 4.0


def share_one_computer(_folder: Path, dice: random.Random) -> str:
    """Two sessions at a time: passes, windows that ask for the turn, and power cuts."""
    if os.geteuid() != 0:
        return "not done: only root can be several accounts"
    with shared_computer() as place:
        place.make_folders()
        for _ in range(_STEPS):
            _step(place, dice)
        code, said = place.run(dice.choice(_NAMES), "--once")
        assert code in (ExitCode.DONE, ExitCode.INCOMPLETE), said
        assert place.services.duplicates() == [], "a visit is there twice"
    return "done"


def _step(place: SharedComputer, dice: random.Random) -> None:
    first, second = dice.sample(_NAMES, 2)
    place.services.add_booking(datetime.now(UTC) + timedelta(minutes=dice.randrange(20, 300)))
    sessions = [place.start(first, "--watch"), place.start(second, *dice.choice([("--once",), ()]))]
    time.sleep(2.0 + dice.uniform(0.0, _MOST_SECONDS))
    with suppress(BrokenPipeError):  # one pass may be over
        dice.choice(sessions).press("Register here")
    time.sleep(dice.uniform(0.0, _MOST_SECONDS))
    for session in sessions:
        number = dice.choice([signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP])
        session.process.send_signal(number)
    time.sleep(dice.uniform(0.0, 1.0))
    for session in sessions:
        session.close()
