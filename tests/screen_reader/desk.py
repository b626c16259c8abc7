"""The program in practice on an X display of its own, with nothing but keys and a listener."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import TypeVar

from core.practice.alma import key_of
from core.practice.maker import ALMA_ZONES
from tests.screen_reader.listener import Heard, Listener
from tests.screen_reader.session import display, program, session, surroundings, window_manager
from tests.screen_reader.tree import PATIENCE_SECONDS, AccessibilityBus, Part, Seen

_MOST_PARTS = 80
"""More keys than this never lead anywhere in one window."""
_TRIES, _TRY_SECONDS = 3, 15
_PERSON_MS = 70
"""Between two letters; a card reader takes up to 45. xdotool waits half of what it is told."""
_SERVERS = 2
"""The practice services, and the server for their mails."""
_LISTENING = "0A"
"""The state of a socket in ``/proc/net/tcp``."""
_T = TypeVar("_T")


class Desk:
    """A person who sees nothing and has no mouse, in front of the program."""

    def __init__(
        self, program: Part, listener: Listener, display: str, ports: frozenset[int]
    ) -> None:
        """``ports``: where the practice services listen; none where there is no practice."""
        self.program, self.listener = program, listener
        self._display, self._ports = display, ports
        self.heard_at_start: tuple[Heard, ...] = ()
        """While the day came in and the first pass registered who was coming."""

    # Keys

    def press(self, *keys: str) -> int:
        """Press keys one after the other: ``Tab``, ``ctrl+f``; since when to listen for it."""
        self.listener.settle(self.program)
        since = len(self.listener.heard)
        self._xdotool("key", *keys)
        return since

    def write(self, text: str, *, pause_ms: int = _PERSON_MS) -> int:
        """Type a text; since when to listen for what comes of it."""
        self.listener.settle(self.program)
        since = len(self.listener.heard)
        self._xdotool("type", "--delay", str(2 * pause_ms), text)
        return since

    def scan(self, barcode: str) -> int:
        """As a card reader types: all at once, and Enter."""
        return self.write(f"{barcode}\n", pause_ms=1)

    def hear(self, words: str, since: int) -> Heard:
        """Wait until something is said that has these ``words`` in it."""
        return self.listener.wait_for(lambda heard: words in heard.words, repr(words), since)

    def go(self, key: str) -> Heard:
        """Press a key that moves the focus; what is said of where it comes to be."""
        since = self.press(key)
        self.listener.wait_for(lambda heard: heard.why == "focus", f"a focus for {key}", since)
        self.listener.settle(self.program)
        return [heard for heard in self.listener.heard[since:] if heard.why == "focus"][-1]

    def go_to(self, words: str, key: str = "Tab", most: int = _MOST_PARTS) -> Heard:
        """Press ``key`` until something is said that begins with ``words``."""
        passed: list[str] = []
        for _ in range(most):
            since = len(self.listener.heard)
            self.go(key)
            for heard in self.listener.heard[since:]:
                if heard.why == "focus" and heard.words.startswith(words):
                    return heard
                passed.append(heard.words)
        raise AssertionError(f"{key} never leads to {words!r}, but to {passed}")

    def go_down_to(self, words: str) -> str:
        """In a list from its first item on: Down until ``words`` are said; the item's name."""
        self.press("Home")
        self.listener.settle(self.program)
        for _ in range(_MOST_PARTS):
            focus = self.listener.focus
            assert focus is not None
            if words in (name := focus.name):
                return name
            self.go("Down")
        raise AssertionError(f"{words!r} isn't in this list")

    def last_focus(self) -> str:
        """What was said last of what has the keys."""
        self.listener.settle(self.program)
        return [heard.words for heard in self.listener.heard if heard.why == "focus"][-1]

    def wait_for_pass(self) -> None:
        """Until what runs now is over: else what comes of it is heard among other things."""

        def is_over() -> bool | None:
            names = [seen.name for seen in self.program.in_sight(but="table")]
            fresh = any(one.endswith(", up to date") for one in names)
            return (fresh and any(one.startswith("next sync") for one in names)) or None

        self._wait_until(is_over, "the end of a pass")
        self.listener.settle(self.program)

    def begin_anew(self) -> None:
        """Back to the table, with all of the day in it and nobody selected."""
        self.press("Escape", "Escape", "ctrl+d")
        self.go("ctrl+f")
        self.go_to("Bookings of the day", "Down", most=1)
        self.press("ctrl+Home", "Escape")  # to the first row, and nobody chosen
        self.listener.settle(self.program)

    # The tree

    def open(self, title: str, *keys: str) -> Part:
        """Press ``keys``, of which the first may open a menu, until this window opens.

        Now and then the window manager has the keys for a moment as Alt is pressed, and a menu
        that has just opened closes.
        """
        for _ in range(_TRIES):
            self.begin_anew()
            self.press(*keys)
            until = time.monotonic() + _TRY_SECONDS
            while time.monotonic() < until:
                if any(one.name.startswith(title) for one in self._windows()):
                    return self.window(title)
                time.sleep(0.05)
        raise AssertionError(f"{keys} never open {title!r}")

    def window(self, title: str) -> Part:
        """The window whose title begins so, once it has the keys."""
        found = self._wait_until(
            lambda: next((one for one in self._windows() if one.name.startswith(title)), None),
            f"a window {title!r}",
        ).part
        self._wait_until(lambda: "active" in found.states or None, f"{title!r} in front")
        self.listener.settle(self.program)
        return found

    def _windows(self) -> list[Seen]:
        every = [child.seen() for child in self.program.children]
        return [one for one in every if one is not None and "showing" in one.states]

    def _wait_until(self, look: Callable[[], _T | None], what: str) -> _T:
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := look()) is None:
            assert time.monotonic() < until, f"never came: {what}"
            time.sleep(0.05)
        return found

    # The practice services, as a person at another terminal reaches them

    def break_down(self, call: str, kind: str) -> None:
        """From now on this call of a service fails in this way."""
        self._ask("/practice/faults", "POST", {"call": call, "kind": kind})

    def mend(self) -> None:
        """No call fails any more."""
        self._ask("/practice/faults", "DELETE")

    def is_known_to_alma(self, primary_id: str) -> bool:
        """Whether there is somebody with this ID: what a reader knows of themselves."""
        return self._ask(f"/almaws/v1/users/{primary_id}")

    def _ask(self, path: str, method: str = "GET", wish: dict[str, str] | None = None) -> bool:
        """Whether the services say that all is well."""
        headers = {
            "Authorization": f"apikey {key_of(ALMA_ZONES[0])}",
            "Content-Type": "application/json",
        }
        for port in self._ports:
            address = f"http://127.0.0.1:{port}{path}"
            data = json.dumps(wish).encode() if wish is not None else None
            asked = urllib.request.Request(address, data, headers, method=method)
            try:
                with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS):
                    return True
            except urllib.error.HTTPError as refused:
                refused.close()
                return False
            except (OSError, HTTPException):
                continue  # the mail server's
        raise AssertionError("the practice services aren't to be found")

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=os.environ | {"DISPLAY": self._display},
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        return done.stdout


@contextmanager
def opened_desk(folder: Path, *arguments: str) -> Iterator[Desk]:
    """Start display, session and program, in front; all of it ends with the block."""
    with ExitStack() as ends:
        number = ends.enter_context(display())
        around = ends.enter_context(session(surroundings(folder, number)))
        ends.enter_context(window_manager(around))
        bus = ends.enter_context(AccessibilityBus(around["DBUS_SESSION_BUS_ADDRESS"]))
        process = ends.enter_context(program(around, arguments))
        listener = Listener(bus)
        until = time.monotonic() + PATIENCE_SECONDS
        ports: frozenset[int] = frozenset()
        # Looked for from the first moment: two seconds later the program lets nobody look into it,
        # its own account neither.
        wanted = _SERVERS if "--practice" in arguments else 0
        while len(ports) < wanted or not bus.programs():
            assert process.poll() is None, f"it ended with {process.returncode}"
            assert time.monotonic() < until, "the program never came"
            time.sleep(0.05)
            if len(ports) < wanted:
                ports = frozenset(_listening(process.pid))
        yield Desk(bus.programs()[0], listener, number, ports)


def _listening(process: int) -> Iterator[int]:
    """The ports on which a process listens."""
    of_process = Path(f"/proc/{process}")
    sockets = set()
    for one in (of_process / "fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            sockets.add(os.readlink(one))
    for line in (of_process / "net/tcp").read_text().splitlines()[1:]:
        _, address, _, state, *_, inode = line.split()[:10]
        if state == _LISTENING and f"socket:[{inode}]" in sockets:
            yield int(address.partition(":")[2], 16)
