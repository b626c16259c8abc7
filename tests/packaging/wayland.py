"""The window on Wayland: a compositor without a screen, and what the program asks of it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.packaging.package import Package

_PATIENCE_SECONDS = 30
_SOCKET = "wayland-packaging"


def opens_its_window_on_wayland(package: Package) -> None:
    """Without X: the platform, its shell and its buffers are in the bundle."""
    with _compositor() as environment, tempfile.TemporaryFile("w+") as asked:
        program = subprocess.Popen(
            [package.windowed, "--practice"], env=environment, stderr=asked, text=True
        )
        try:
            _wait_for_window(program, asked.fileno())
        finally:
            program.kill()
            program.wait()


def _wait_for_window(program: subprocess.Popen[str], asked: int) -> None:
    """libwayland itself notes each request (WAYLAND_DEBUG): a title, then a picture."""
    until = time.monotonic() + _PATIENCE_SECONDS
    said = ""
    while time.monotonic() < until:
        said = os.pread(asked, 10_000_000, 0).decode(errors="replace")
        if "set_title(" in said and ".attach(wl_buffer" in said:
            return
        assert program.poll() is None, said[-2000:]
        time.sleep(0.1)
    raise AssertionError(f"no window: {said[-2000:]}")


@contextmanager
def _compositor() -> Iterator[dict[str, str]]:
    """Weston without a screen; what a program needs to find it, and no X."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        here = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        here |= {"XDG_RUNTIME_DIR": folder}
        weston = subprocess.Popen(
            ["weston", "--backend=headless-backend.so", f"--socket={_SOCKET}", "--idle-time=0"],
            env=here,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + _PATIENCE_SECONDS
            while not (Path(folder) / _SOCKET).exists():
                assert weston.poll() is None, "weston ended"
                assert time.monotonic() < until, "weston doesn't start"
                time.sleep(0.05)
            yield here | {"WAYLAND_DISPLAY": _SOCKET, "WAYLAND_DEBUG": "client"}
        finally:
            weston.terminate()
            weston.wait()
