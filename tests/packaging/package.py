"""The packaged program, and the practice services that it serves to itself."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SECRET_LINE = re.compile(r"^  (LibCal|Alma|PassagePoint) ?(\w*): (\S+)$", re.MULTILINE)
_PORT = "18765"


class Package:
    """The folder that ``make package`` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.console = str(self.folder / "LibCal2PP-console")
        self.windowed = str(self.folder / "LibCal2PP")

    def run(
        self, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.console, *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
        )


@dataclass(frozen=True)
class Served:
    """What ``--practice --serve`` told: the settings to use, and (service, zone, secret)."""

    settings: str
    secrets: list[tuple[str, str, str]]


@contextmanager
def served(package: Package) -> Iterator[Served]:
    """The practice services, served by the packaged program in a process of its own."""
    server = subprocess.Popen(
        [package.console, "--practice", "--serve", _PORT], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    told = ""
    while "  PassagePoint:" not in told:
        line = server.stdout.readline()
        assert line, told
        told += line
    settings = told[told.index("LibCal:") : told.index("And these secrets")]
    try:
        yield Served(settings, _SECRET_LINE.findall(told))
    finally:
        server.terminate()
        server.communicate(timeout=20)


@contextmanager
def settings_file(settings: str) -> Iterator[str]:
    """A config.yml with these settings, and a cache of its own beside it."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        cache = "" if "\nCache:" in settings else f"Cache:\n  path: {folder}/cache.db\n"
        config.write_text(f"{settings}{cache}", encoding="utf-8")
        yield str(config)


def enter_secrets(package: Package, config: str, services: Served) -> None:
    """Put all that the practice services want into the real password store."""
    for service, zone, secret in services.secrets:
        name = [zone] if zone else []
        done = package.run("--config", config, "--set-secret", service, *name, given=secret)
        assert done.returncode == 0, done
