"""One computer with several accounts, as the README has IT set it up."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.computer.identity import computer
from core.computer.machine import notes_beside
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.practice.setting import practice_zone
from core.settings.credentials import Credentials
from tests.e2e.one_account import Orders

_GROUP = 64100
_UIDS = {"anna": 64101, "bob": 64102, "carol": 64103}
_PATIENCE = 40.0
PROJECT = Path(__file__).parents[2]


class Session:
    """The program, started in one account."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((process.stdout, self.lines), (process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()

    def wait_for(self, words: str) -> str:
        """The first line with these words, from now or before."""
        return self.wait_until(lambda: next((one for one in self.said if words in one), None))

    def wait_until(self, find: Callable[[], str | None]) -> str:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = find()
            if found is not None:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"it never came; instead: {self.said}")

    @property
    def said(self) -> list[str]:
        return [*self.lines, *self.errors]

    @property
    def shows(self) -> str:
        """What the window's strips say now."""
        told = [one for one in self.lines if one.startswith("[")]
        return " | ".join(json.loads(told[-1])) if told else ""

    def press(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        code = self.process.wait(_PATIENCE)
        for reader in self._readers:
            reader.join(5)
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    def _read(self, stream: Any, into: list[str]) -> None:
        for line in stream:
            into.append(line.rstrip("\n"))


class SharedComputer:
    """Its folders, its accounts and the services; every session ends with it."""

    def __init__(self, folder: Path, services: PracticeServices) -> None:
        self.folder, self.services = folder, services
        self.etc, self.data = folder / "etc", folder / "lib" / "LibCal2PP"
        self.notes = notes_beside(self.data)
        self.sessions: list[Session] = []
        for one in (self.etc, self.data.parent):
            one.mkdir(mode=0o755)
        for name, uid in _UIDS.items():
            self.home(name).mkdir(mode=0o700)
            os.chown(self.home(name), uid, uid)
        self.configure(Desk={"registers_on": [computer()]})

    def home(self, name: str) -> Path:
        return self.folder / f"home-{name}"

    def configure(self, **sections: Any) -> None:
        """IT writes the machine's config.yml."""
        sections = {"Alma": {"calls_per_second": 25}, "Sync": {"every_seconds": 30}} | sections
        text = self.services.config_text(**sections)
        (self.etc / "config.yml").write_text(text, encoding="utf-8")

    def make_folders(self) -> None:
        """As root: ``install -d -m 2770 -g GROUP``, word for word as the program says it."""
        for folder in (self.data, self.notes):
            command = ["install", "-d", "-m", "2770", "-g", str(_GROUP), str(folder)]
            subprocess.run(command, check=True)

    def start(self, name: str, *argv: str, has_secrets: bool = True) -> Session:
        """``--once`` and the like; without any: the window."""
        config = self.services.config()
        keys = Credentials(config, self.services.store())
        entries: list[tuple[str, str | None]] = [("LibCal", None), ("PassagePoint", None)]
        entries += [("Alma", zone) for zone in config.alma.zones]
        secrets = [(*keys.entry(*one), keys.secret(*one)) for one in entries if has_secrets]
        orders = Orders(
            name=name,
            uid=_UIDS[name],
            group=_GROUP,
            home=str(self.home(name)),
            machine_config=str(self.etc),
            machine_data=str(self.data),
            argv=list(argv),
            secrets=secrets,
            window=not argv,
        )
        process = subprocess.Popen(
            [
                *self._python(),
                "-m",
                "tests.e2e.one_account",
                json.dumps(dataclasses.asdict(orders)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        self.sessions.append(Session(process))
        return self.sessions[-1]

    def _python(self) -> list[str]:
        """Whom every account can read: a checkout in root's own home lies, for this process
        alone, at an open place, too."""
        if all(folder.stat().st_mode & 0o001 for folder in (PROJECT, *PROJECT.parents)):
            return [sys.executable]
        open_place = self.folder / "checkout"
        open_place.mkdir(exist_ok=True)
        python = open_place / Path(sys.executable).relative_to(PROJECT)
        # In a bare system that was made in a folder "/" is no mount, and private already.
        private = "mount --make-rprivate / 2>/dev/null || true"
        mount = f'{private}; mount --bind "$0" "$1" && cd "$1" && shift && exec "$@"'
        return [
            *("unshare", "--mount", "--propagation", "unchanged", "sh", "-c", mount),
            *(str(PROJECT), str(open_place), str(python)),
        ]

    def run(self, name: str, *argv: str, has_secrets: bool = True) -> tuple[int, str]:
        """One call to its end: exit code, and all that it said."""
        session = self.start(name, *argv, has_secrets=has_secrets)
        code = session.end()
        return code, "\n".join(session.said)


@contextmanager
def shared_computer() -> Iterator[SharedComputer]:
    """Not below pytest's own folder, which is closed to every other account."""
    folder = Path(tempfile.mkdtemp(prefix="libcal2pp-accounts-"))
    folder.chmod(0o755)
    now = datetime.now(UTC)
    day = make_day(now, practice_zone(now), bookings=12)
    try:
        with PracticeServices(day) as services:
            place = SharedComputer(folder, services)
            try:
                yield place
            finally:
                for session in place.sessions:
                    session.close()
    finally:
        shutil.rmtree(folder)
