"""A window opens where a display answers; where none does, that is known before Qt ends it all."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.computer.display import Trial, wayland_answers, window_platform, x_answers

PROJECT = Path(__file__).parents[3]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt knows by itself")


def trials(*answering: str) -> dict[str, Trial]:
    return {"xcb": lambda _: "xcb" in answering, "wayland": lambda _: "wayland" in answering}


@pytest.mark.parametrize(
    ("environment", "answering", "expected"),
    [
        ({"DISPLAY": ":0"}, ("xcb",), "xcb"),
        ({"DISPLAY": ":0"}, (), None),
        ({}, ("xcb", "wayland"), None),
        ({"WAYLAND_DISPLAY": "w"}, ("wayland",), "wayland"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, ("xcb", "wayland"), "xcb"),
        (
            {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"},
            ("xcb", "wayland"),
            "wayland",
        ),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, ("xcb",), "xcb"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, ("wayland",), "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen"}, (), "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, ("xcb",), "xcb"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":0"}, (), None),
    ],
)
def test_the_first_platform_whose_display_answers_is_taken(
    environment: dict[str, str], answering: tuple[str, ...], expected: str | None
) -> None:
    found = window_platform(environment, trials=trials(*answering), system="linux")
    assert found == expected


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_there_is_always_a_display(system: str) -> None:
    assert window_platform({}, trials=trials(), system=system) == ""


def test_one_that_never_answers_is_given_up() -> None:
    never = threading.Event()
    silent = {"xcb": lambda _display: never.wait(), "wayland": lambda _display: False}
    found = window_platform({"DISPLAY": ":0"}, trials=silent, patience=0.05, system="linux")
    never.set()
    assert found is None


# With real displays, or what is left of them


@pytest.fixture
def silent_display() -> Iterator[str]:
    """An X display whose server takes the connection and says nothing, as a stopped one does."""
    first_port = 6000
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        yield f"127.0.0.1:{port - first_port}"


@only_linux
def test_a_display_that_is_gone_does_not_answer(tmp_path: Path) -> None:
    assert not x_answers(":987")
    assert not wayland_answers(str(tmp_path / "wayland-0"))


def started(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    here = {name: value for name, value in os.environ.items() if name not in _OF_SCREENS}
    return subprocess.run(
        [sys.executable, str(PROJECT / "main.py"), *arguments],
        env=here | environment,
        capture_output=True,
        text=True,
        timeout=110,
    )


_OF_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")


@only_linux
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "gone"}])
def test_no_display_is_a_sentence_and_exit_2(environment: dict[str, str], tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = started([], **environment, **own)
    assert done.returncode == 2, done
    assert done.stderr.startswith("The window can't open: this session has no display that answers")
    assert "Traceback" not in done.stderr


@only_linux
def test_a_silent_display_is_a_sentence_and_exit_2(silent_display: str, tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    done = started([], DISPLAY=silent_display, **own)
    assert done.returncode == 2, done


@only_linux
def test_practice_prints_its_table_where_the_display_is_dead() -> None:
    done = started(["--practice"], DISPLAY=":987")
    assert done.returncode == 0, done
    assert "bookings today" in done.stdout
    assert "the practice day is shown as a table" in done.stderr
