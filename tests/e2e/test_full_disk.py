"""``--watch`` on a disk that is really full: it waits, and goes on by itself once there is room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from tests.e2e.test_server import PROJECT, command, environment

PATIENCE = 150.0

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0,
    reason="only root can mount a small disk: make fresh",
)


@contextmanager
def a_small_disk(at: Path) -> Iterator[Path]:
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(disk: Path) -> Path:
    """Whatever else is on it has taken the last byte."""
    rest = disk / "rest"
    with suppress(OSError), rest.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass
    return rest


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_it_sends_nothing_that_it_cant_keep_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    day = make_day(now, practice_zone(now), bookings=40)
    with PracticeServices(day) as services, a_small_disk(tmp_path / "disk") as disk:
        services.latency["PassagePoint"] = 0.2
        with (
            (tmp_path / "said").open("w") as said,
            subprocess.Popen(
                command(services, disk, Sync={"every_seconds": 30}),
                cwd=PROJECT,
                env=environment(services, disk),
                stdout=said,
                stderr=said,
            ) as process,
        ):
            try:
                wait_until(lambda: len(services.visits) >= 3)
                rest = fill(disk)
                wait_until(lambda: "no room left" in (tmp_path / "said").read_text())
                assert process.poll() is None
                time.sleep(3)  # calls that were out when the disk was full
                made = len(services.visits)
                time.sleep(3)
                assert len(services.visits) == made
                rest.unlink()
                services.latency["PassagePoint"] = 0.0
                wait_until(lambda: len(services.visits) > made)
            finally:
                process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        assert services.duplicates() == []
