"""``python -m tests.packaging FOLDER``: run the packaged program in FOLDER; exit 1 if it fails.

Needs an X display (Xvfb will do) and, for the keyring, a Secret Service (see .ci/with-keyring).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from finish import foreign_search_paths

from core import VERSION
from tests.packaging.certificates import believes_the_systems_authorities
from tests.packaging.first_morning import gets_from_nothing_to_the_first_registered_booking
from tests.packaging.first_paint import says_when_it_is_painted
from tests.packaging.locked_store import goes_on_while_the_store_asks_for_its_password
from tests.packaging.package import Package, enter_secrets, served, settings_file
from tests.packaging.screen import take_picture
from tests.packaging.wayland import opens_its_window_on_wayland

MOST_MEGABYTES = 150


def says_its_version(package: Package) -> None:
    """--version works without anything else."""
    done = package.run("--version")
    assert done.stdout == f"{VERSION}\n", done


def is_small_enough(package: Package) -> None:
    """IT copies it to every desk."""
    sizes = [path.lstat().st_size for path in package.folder.rglob("*") if not path.is_symlink()]
    megabytes = sum(sizes) / 2**20
    print(f"  {megabytes:.0f} MB; at most {MOST_MEGABYTES}")
    assert megabytes <= MOST_MEGABYTES, megabytes


def leads_nowhere_else(package: Package) -> None:
    """No link without its end, no library looked for in a folder of the build machine."""
    inside = list(package.folder.rglob("*"))
    assert [path for path in inside if path.is_symlink() and not path.exists()] == []
    libraries = [path for path in inside if path.is_file() and ".so" in path.name]
    assert [
        path for path in (*libraries, Path(package.windowed)) if foreign_search_paths(path)
    ] == []


def brings_its_licences(package: Package) -> None:
    """What the law asks for, and the list of what it is made of."""
    folder = package.folder / "_internal" / "licences"
    texts = {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.txt")}
    assert {"LibCal2PP.txt", "Python.txt", "Qt.txt", "LGPL-3.0.txt"} <= texts.keys()
    assert {"packages/requests.txt", "packages/qtawesome.txt"} <= texts.keys()
    assert all(texts.values())
    bill = json.loads((folder / "sbom.cdx.json").read_text())
    assert bill["metadata"]["component"]["version"] == VERSION


def ends_calmly_without_a_display(package: Package) -> None:
    """A display that is gone is one sentence and exit 2; practice prints its table."""
    gone = os.environ | {"DISPLAY": ":987"}
    done = package.run(environment=gone)
    assert (done.returncode, done.stderr[:22]) == (2, "The window can't open:"), done
    done = package.run("--practice", environment=gone)
    assert (done.returncode, "bookings today" in done.stdout) == (0, True), done


def registers_a_practice_day(package: Package) -> None:
    """Every service and the cache work inside the bundle."""
    done = package.run("--practice", "--once", "--json")
    assert done.returncode == 0, done
    counts = json.loads(done.stdout)["counts"]
    assert counts["registered"] > 50, counts


def keeps_secrets_in_the_real_store(package: Package) -> None:
    """--set-secret and --check go through the system's Secret Service."""
    with served(package) as services, settings_file(services.settings) as config:
        enter_secrets(package, config, services)
        done = package.run("--config", config, "--check")
        assert done.returncode == 0, done


def knows_every_time_zone(package: Package) -> None:
    """Times are the library's, wherever the computer stands."""
    elsewhere = os.environ | {"TZ": "Pacific/Chatham"}
    with served(package) as services, settings_file(services.settings) as config:
        enter_secrets(package, config, services)
        library = ZoneInfo(yaml.safe_load(services.settings)["LibCal"]["time_zone"])
        call = ("--config", config, "--once", "--json", "--assume", "all")
        done = package.run(*call, environment=elsewhere)
    bookings = json.loads(done.stdout)["bookings"]
    starts = [datetime.fromisoformat(one["starts_at"]) for one in bookings]
    assert starts, done
    assert all(start.utcoffset() == start.astimezone(library).utcoffset() for start in starts)


def brings_the_database_driver(package: Package) -> None:
    """A shared cache whose server is away is said to be away: the driver itself is there."""
    with served(package) as services:
        shared = "Cache:\n  url: postgresql://nobody@127.0.0.1:9/none\n"
        with settings_file(services.settings + shared) as config:
            done = package.run("--config", config, "--check")
    said = [line for line in done.stdout.splitlines() if "Cache: " in line]
    assert any("can't be reached" in line for line in said), done


def opens_its_window(package: Package) -> None:
    """The window shows the practice day on an X display."""
    program = subprocess.Popen([package.windowed, "--practice"], stderr=subprocess.PIPE, text=True)
    picture = package.folder.parent / "window.png"
    try:
        for _ in range(40):
            time.sleep(0.5)
            assert program.poll() is None, program.communicate()[1]
            if take_picture(picture) > 200:
                print(f"  {picture}")
                return
        raise AssertionError("the screen stayed empty")
    finally:
        program.terminate()
        program.communicate(timeout=20)


TRIALS: tuple[Callable[[Package], None], ...] = (
    says_its_version,
    is_small_enough,
    leads_nowhere_else,
    brings_its_licences,
    ends_calmly_without_a_display,
    registers_a_practice_day,
    knows_every_time_zone,
    keeps_secrets_in_the_real_store,
    believes_the_systems_authorities,
    brings_the_database_driver,
    opens_its_window,
    opens_its_window_on_wayland,
    gets_from_nothing_to_the_first_registered_booking,
    goes_on_while_the_store_asks_for_its_password,
    says_when_it_is_painted,
)


def main(folder: str) -> int:
    if not os.environ.get("DISPLAY"):
        print("The window needs an X display: run it under xvfb-run.")
        return 1
    package = Package(Path(folder))
    for trial in TRIALS:
        print(f"{trial.__name__}: {(trial.__doc__ or '').splitlines()[0]}", flush=True)
        with _a_new_users_folders():
            trial(package)
    return 0


@contextmanager
def _a_new_users_folders() -> Iterator[None]:
    """Nothing of whoever runs this is read or changed."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = f"{home}/{name.lower()}"
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
