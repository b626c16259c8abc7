"""A registrar on a server: the whole program, started as a service manager starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.cache.sqlite_cache import SQLiteCache
from core.cache.writer_lock import WriterLock
from core.practice.day import make_day
from core.practice.mail_sink import MAIL_PASSWORD
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone

PROJECT = Path(__file__).parents[2]


def test_it_registers_without_a_desktop_says_that_it_lives_and_ends_in_order(
    tmp_path: Path,
) -> None:
    now = datetime.now(UTC)
    day = make_day(now, practice_zone(now), bookings=30)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with PracticeServices(day) as services, closing(door):
        door.bind(str(tmp_path / "notify"))
        door.settimeout(60)
        with subprocess.Popen(
            command(services, tmp_path), cwd=PROJECT, env=environment(services, tmp_path)
        ) as process:
            said = [door.recv(100) for _ in range(2)]
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        assert [*said, door.recv(100)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]
        assert services.visits


def test_while_another_account_registers_it_waits_and_says_that_it_lives(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    lock = WriterLock(tmp_path / "cache.db.lock", who="anna", computer="desk-1")
    with PracticeServices(make_day(now, practice_zone(now), bookings=5)) as services, closing(door):
        door.bind(str(tmp_path / "notify"))
        door.settimeout(60)
        with subprocess.Popen(
            command(services, tmp_path), cwd=PROJECT, env=environment(services, tmp_path)
        ) as process:
            assert [door.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
            assert not services.visits
            lock.close()
            while not services.visits:
                door.recv(100)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0


def test_a_question_that_ends_it_is_told_to_somebody_elsewhere(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with PracticeServices(make_day(now, practice_zone(now), bookings=5)) as services:
        given = environment(services, tmp_path)
        for name, secret in (
            ("Alerts.mail", MAIL_PASSWORD),
            ("Alerts.webhook", services.url + services.hook.path),
        ):
            (tmp_path / "credentials" / f"libcal2pp.{name}").write_text(secret)
        started = command(services, tmp_path, Alerts=services.alerts())
        started[started.index("--watch")] = "--once"
        assert subprocess.run(started, cwd=PROJECT, env=given, capture_output=True).returncode == 0
        visits = len(services.visits)
        with closing(SQLiteCache(tmp_path / "cache.db")) as cache:
            cache.meta.set("ledger_id", "another")
        started[started.index("--once")] = "--watch"
        ended = subprocess.run(started, cwd=PROJECT, env=given, capture_output=True, timeout=60)
        assert ended.returncode == 2, ended.stderr
        [mail] = services.mail.taken
        assert b"Subject: LibCal2PP: bookings are not registered" in mail.content
        [hooked] = services.hook.taken
        assert hooked["kind"] == "alarm"
        assert len(services.visits) == visits


def command(services: PracticeServices, folder: Path, **sections: Any) -> list[str]:
    config = folder / "config.yml"
    cache = {"path": str(folder / "cache.db")}
    config.write_text(services.config_text(Cache=cache, **sections), encoding="utf-8")
    options = ["--watch", "--credentials", "systemd", "--config", str(config)]
    return [sys.executable, "main.py", *options]


def environment(services: PracticeServices, folder: Path) -> dict[str, str]:
    credentials = folder / "credentials"
    credentials.mkdir()
    for what, secret in services.secrets():
        (credentials / f"libcal2pp.{what.replace(' ', '.')}").write_text(secret)
    homes = {f"XDG_{one}_HOME": str(folder / one.lower()) for one in ("DATA", "STATE", "CONFIG")}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **homes,
        "CREDENTIALS_DIRECTORY": str(credentials),
        "NOTIFY_SOCKET": str(folder / "notify"),
    }
