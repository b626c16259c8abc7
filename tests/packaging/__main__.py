"""``python -m tests.packaging FOLDER``: run the packaged program in FOLDER; exit 1 if it fails.

Needs an X display (Xvfb will do) and, for the keyring, a Secret Service (see .ci/with-keyring).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_MEGABYTES = 160
SECRET_LINE = re.compile(r"^  (LibCal|Alma|PassagePoint) ?(\w*): (\S+)$", re.MULTILINE)
PORT = "18765"


class Package:
    """The folder that ``make package`` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.console = str(folder / "LibCal2PP-console")
        self.windowed = str(folder / "LibCal2PP")

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.console, *arguments], input=given, capture_output=True, text=True, timeout=120
        )


def says_its_version(package: Package) -> None:
    """--version works without anything else."""
    done = package.run("--version")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout), done


def is_small_enough(package: Package) -> None:
    """IT copies it to every desk."""
    sizes = [path.lstat().st_size for path in package.folder.rglob("*") if not path.is_symlink()]
    megabytes = sum(sizes) / 2**20
    print(f"  {megabytes:.0f} MB")
    assert megabytes <= MOST_MEGABYTES, megabytes


def registers_a_practice_day(package: Package) -> None:
    """Every service, the cache and the time zones work inside the bundle."""
    done = package.run("--practice", "--once", "--json")
    assert done.returncode == 0, done
    counts = json.loads(done.stdout)["counts"]
    assert counts["registered"] > 50, counts


def keeps_secrets_in_the_real_store(package: Package) -> None:
    """--set-secret and --check go through the system's Secret Service."""
    with _served(package) as (config, secrets):
        for service, zone, secret in secrets:
            name = [zone] if zone else []
            done = package.run("--config", config, "--set-secret", service, *name, given=secret)
            assert done.returncode == 0, done
        done = package.run("--config", config, "--check")
        assert done.returncode == 0, done


def opens_its_window(package: Package) -> None:
    """The window shows the practice day on an X display."""
    program = subprocess.Popen([package.windowed, "--practice"], stderr=subprocess.PIPE, text=True)
    try:
        picture = Path(tempfile.mkdtemp()) / "window.png"
        for _ in range(40):
            time.sleep(0.5)
            assert program.poll() is None, program.communicate()[1]
            if _colours_on_screen(picture) > 200:
                return
        raise AssertionError("the screen stayed empty")
    finally:
        program.terminate()
        program.communicate(timeout=20)


def _colours_on_screen(picture: Path) -> int:
    subprocess.run(["import", "-window", "root", str(picture)], check=True)
    done = subprocess.run(
        ["identify", "-format", "%k", str(picture)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


@contextmanager
def _served(package: Package) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    server = subprocess.Popen(
        [package.console, "--practice", "--serve", PORT], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    told = ""
    while "  PassagePoint:" not in told:
        told += server.stdout.readline()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        settings = told[told.index("LibCal:") : told.index("And these secrets")]
        config.write_text(f"{settings}Cache:\n  path: {folder}/cache.db\n", encoding="utf-8")
        try:
            yield str(config), SECRET_LINE.findall(told)
        finally:
            server.terminate()
            server.communicate(timeout=20)


TRIALS: tuple[Callable[[Package], None], ...] = (
    says_its_version,
    is_small_enough,
    registers_a_practice_day,
    keeps_secrets_in_the_real_store,
    opens_its_window,
)


def main(folder: str) -> int:
    if not os.environ.get("DISPLAY"):
        print("The window needs an X display: run it under xvfb-run.")
        return 1
    package = Package(Path(folder))
    for trial in TRIALS:
        print(f"{trial.__name__}: {(trial.__doc__ or '').splitlines()[0]}", flush=True)
        trial(package)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
