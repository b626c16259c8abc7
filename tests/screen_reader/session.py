"""What stands around the program: a display, a window manager, a session bus; all of it its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.screen_reader.tree import PATIENCE_SECONDS

_PROJECT = Path(__file__).parents[2]
_SCREEN = "1366x768x24"
_BUS_SERVICE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
_SESSION = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>"""


def surroundings(folder: Path, display: str) -> dict[str, str]:
    """A home of its own; nothing of the session that the tests run in."""
    kept = ("PATH", "VIRTUAL_ENV", "TMPDIR", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    for name in ("home", "run", "data", "cache", "config"):
        (folder / name).mkdir(mode=0o700)
    return env | {
        "DISPLAY": display,
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }


@contextmanager
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    try:
        # Without -noreset it begins anew whenever its last client goes, and refuses the next one.
        options = ["-screen", "0", _SCREEN, "-nolisten", "tcp", "-noreset"]
        with _running(["Xvfb", "-displayfd", str(writing), *options], keeps=writing):
            os.close(writing)
            number = os.read(reading, 16).decode().strip()
            assert number, "no X display"
            yield f":{number}"
    finally:
        os.close(reading)


@contextmanager
def session(surroundings: dict[str, str]) -> Iterator[dict[str, str]]:
    """A session bus on which nothing can be started but the accessibility bus.

    A password store would ask for a password of its own, in front of everything.
    """
    services = Path(surroundings["XDG_RUNTIME_DIR"]) / "services"
    services.mkdir()
    (services / _BUS_SERVICE.name).symlink_to(_BUS_SERVICE)
    rules = services.with_name("session.conf")
    rules.write_text(_SESSION.format(services=services), encoding="utf-8")
    daemon = ["dbus-daemon", f"--config-file={rules}", "--nofork", "--print-address"]
    with _running(daemon, surroundings, tells=True) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        yield surroundings | {"DBUS_SESSION_BUS_ADDRESS": address}


@contextmanager
def window_manager(surroundings: dict[str, str]) -> Iterator[None]:
    """It gives the keys to a window that opens, and back when that closes."""
    with _running(["openbox"], surroundings) as running:
        until = time.monotonic() + PATIENCE_SECONDS
        asks = ["xdotool", "get_num_desktops"]
        while subprocess.run(asks, env=surroundings, capture_output=True).returncode:
            assert running.poll() is None, f"it ended with {running.returncode}"
            assert time.monotonic() < until, "no window manager"
            time.sleep(0.05)
        yield


@contextmanager
def program(
    surroundings: dict[str, str], arguments: tuple[str, ...]
) -> Iterator[subprocess.Popen[str]]:
    """The program itself; where it ended before its time, what it wrote is told."""
    command = [sys.executable, "-X", "faulthandler", str(_PROJECT / "main.py"), *arguments]
    written = Path(surroundings["HOME"]) / "stderr"
    with _running(command, surroundings, writes=written) as running:
        try:
            yield running
        finally:
            ended = running.poll()
            assert ended is None, f"it ended with {ended}:\n{written.read_text()[-4000:]}"


@contextmanager
def _running(
    command: list[str],
    surroundings: dict[str, str] | None = None,
    *,
    keeps: int | None = None,
    tells: bool = False,
    writes: Path = Path(os.devnull),
) -> Iterator[subprocess.Popen[str]]:
    with writes.open("w") as errors:
        running = subprocess.Popen(
            command,
            env=surroundings,
            pass_fds=() if keeps is None else (keeps,),
            stdout=subprocess.PIPE if tells else subprocess.DEVNULL,
            stderr=errors,
            text=True,
        )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        if running.stdout is not None:
            running.stdout.close()
