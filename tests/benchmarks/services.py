"""The practice services in a process of their own: their work must not count as the program's.

``python -m tests.benchmarks.services COUNT`` serves a day of so many bookings until its standard
input is closed. All of them are still ahead, for what is over isn't registered.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.settings.config import Config, check_config
from core.settings.credentials import Credentials, MemoryStore

_EARLY_MORNING = 6
LATENCIES = {"LibCal": 0.30, "Alma": 0.15, "PassagePoint": 0.12}
"""Seconds that each service takes for an answer where the pass is timed."""


@dataclass(frozen=True)
class Services:
    """Practice services that run elsewhere."""

    content: Mapping[str, Mapping[str, Any]]
    secrets: Mapping[str, str]

    def as_json(self) -> str:
        """For a process that works on the same services."""
        return json.dumps({"content": self.content, "secrets": self.secrets})

    @classmethod
    def from_json(cls, text: str) -> Services:
        return cls(**json.loads(text))

    def config(self, **sections: Mapping[str, Any]) -> Config:
        """A config for them; ``Sync={"every_seconds": 60}`` changes single settings."""
        return check_config(self.content_with(**sections))

    def content_with(self, **sections: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What the config.yml of ``config`` says."""
        content = {name: dict(section) for name, section in self.content.items()}
        for name, changes in sections.items():
            content[name] = {**content.get(name, {}), **changes}
        return content

    def entries(self, config: Config) -> list[tuple[str, str, str]]:
        """What the password store has: address, user and secret."""
        entries = []
        for name, secret in self.secrets.items():
            service, _, zone = name.partition(" ")
            address, user = Credentials(config, MemoryStore()).entry(service, zone or None)
            entries.append((address, user, secret))
        return entries

    def credentials(self, config: Config) -> Credentials:
        store = MemoryStore()
        for address, user, secret in self.entries(config):
            store.set(address, user, secret)
        return Credentials(config, store)

    def set_latencies(self, seconds: Mapping[str, float]) -> None:
        self._control("latency", seconds)

    def visits(self) -> list[Mapping[str, str]]:
        """Every visit that PassagePoint took."""
        visits: list[Mapping[str, str]] = self._control("visits")
        return visits

    def _control(self, what: str, wish: object = None) -> Any:
        url = f"{self.content['LibCal']['url']}/practice/{what}"
        body = None if wish is None else json.dumps(wish).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def services_with(bookings: int) -> Iterator[Services]:
    """Practice services in a process of their own, with a day of so many bookings."""
    command = [sys.executable, "-m", "tests.benchmarks.services", str(bookings)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        said = json.loads(child.stdout.readline())
        yield Services(yaml.safe_load(said["config"]), said["secrets"])
        child.stdin.close()


def _early_zone(now: datetime) -> ZoneInfo:
    """A time zone in which the library opens soon."""
    ahead = (_EARLY_MORNING - now.hour + 12) % 24 - 12
    # The names count westwards: Etc/GMT-3 is three hours ahead of UTC.
    return ZoneInfo(f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")


def _serve(bookings: int) -> None:
    now = datetime.now(UTC)
    day = make_big_day(now, _early_zone(now), bookings)
    with PracticeServices(day) as services:
        said = {"config": services.config_text(), "secrets": dict(services.secrets())}
        print(json.dumps(said), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
