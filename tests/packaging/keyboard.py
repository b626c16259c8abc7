"""A person who has only a keyboard, on an X display without a window manager."""

from __future__ import annotations

import subprocess
import time

_KEY_SECONDS, _BUTTON_SECONDS = 0.05, 0.5
_LOOK_SECONDS = 0.15
_PATIENCE_SECONDS = 40
_QUIET_LOOKS = 4
_CURSOR_BITS = 2 * 40 * 24  # two points wide, forty high, three bytes each


class Keyboard:
    """Types and presses through XTEST, as a real keyboard does, and counts both."""

    def __init__(self) -> None:
        self.fields = self.keys = 0

    def press(self, *keys: str) -> None:
        """Press these keys one after the other: ``Tab``, ``space``, ``alt+n``."""
        for key in keys:
            _xdotool("key", key)
            # Qt lets a button look pressed for 0.1 s before it does anything.
            time.sleep(_BUTTON_SECONDS if "+" in key else _KEY_SECONDS)
        self.keys += len(keys)

    def write(self, text: str) -> None:
        """Type a text into the field that has the keyboard."""
        _xdotool("type", "--delay", "8", text)
        self.fields += 1

    def wait_for(self, title: str) -> None:
        """Wait for a window and give it the keyboard, which a window manager does unasked."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (found := _windows(title)):
            assert time.monotonic() < until, f"no window {title!r}"
            time.sleep(_LOOK_SECONDS)
        _xdotool("windowfocus", "--sync", found[-1])
        self.wait_until_quiet()

    def wait_until_quiet(self) -> None:
        """Wait until nothing changes on the screen any more, as a person does."""
        until = time.monotonic() + _PATIENCE_SECONDS
        last, quiet = b"", 0
        while quiet < _QUIET_LOOKS:
            assert time.monotonic() < until, "the screen never comes to rest"
            time.sleep(_LOOK_SECONDS)
            seen = subprocess.run(
                ["import", "-window", "root", "-depth", "8", "rgb:-"],
                check=True,
                capture_output=True,
            ).stdout
            quiet = quiet + 1 if _are_alike(seen, last) else 0
            last = seen


def _are_alike(one: bytes, other: bytes) -> bool:
    """Whether no more differs than a text cursor that blinks."""
    bits = (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
    return len(one) == len(other) and bits < _CURSOR_BITS


def _windows(title: str) -> list[str]:
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def _xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, stdout=subprocess.DEVNULL)
