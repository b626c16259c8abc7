"""What a screen reader says, worked out from what the program tells, as Orca does.

Orca 43 (Debian 12) says what comes to have the focus with its name, role, states and description;
of what has it, a new name, description, state or value; the title of a window that comes to the
front, and a new one of that; and how far a progress bar is, wherever it stands. Announcements it
doesn't know, so what is only announced isn't heard here either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from tests.screen_reader.tree import PATIENCE_SECONDS, AccessibilityBus, Event, Gone, Part

_ROLES_UNSAID = {"cell", "filler", "panel"}
_HOLDS_ITEMS = {"list", "table"}
"""Where one of these has the keys, what Orca goes to is its item, which is told after it."""


class Heard(NamedTuple):
    """One thing that was said aloud."""

    why: str
    """``focus``, ``window``, ``name``, ``description``, ``state`` or ``value``."""
    words: str
    part: Part


class Listener:
    """Listens while it is waited for something; what was told meanwhile is taken in then."""

    def __init__(self, bus: AccessibilityBus) -> None:
        self._bus = bus
        self.heard: list[Heard] = []
        """All that was said, in its order."""
        self.focus: Part | None = None
        """What has the keyboard."""
        self._there: Part | None = None
        """Where Orca is: what has just lost the keys until an item has them."""
        self._window: Part | None = None
        self._named: dict[str, str] = {}

    def wait_for(self, wanted: Callable[[Heard], bool], what: str, since: int) -> Heard:
        """The first thing said since then that is ``wanted``; ``what``: for who reads a failure."""
        until = time.monotonic() + PATIENCE_SECONDS
        at = since
        while True:
            for heard in self.heard[at:]:
                at += 1
                if wanted(heard):
                    return heard
            event = self._bus.next_event(until - time.monotonic())
            assert event is not None, f"{what} was never said; {self.said(since)}"
            self._take(event)

    def settle(self, program: Part) -> None:
        """Take in all that was told until now: an answer comes behind what was told before it."""
        program.states  # noqa: B018
        while (event := self._bus.next_event(0)) is not None:
            self._take(event)

    def said(self, since: int = 0) -> list[str]:
        """The words alone."""
        return [heard.words for heard in self.heard[since:]]

    def _take(self, event: Event) -> None:
        with suppress(Gone):  # nobody can say anything of it any more
            self._hear(event)

    def _hear(self, event: Event) -> None:
        part, is_on = event.part, event.number == 1
        if event.kind == "StateChanged:focused" and is_on:
            if part == self.focus:
                return  # the same once more is no news
            self.focus = part
            self._there = self._there if part.role in _HOLDS_ITEMS else part
            self._say("focus", words_for(part), part)
        elif event.kind == "Activate:":
            self._window = part
            self._say("window", part.name, part)
        elif event.kind == "PropertyChange:accessible-value" and part.role == "progress bar":
            self._say("value", f"{part.value:g}", part)
        elif part not in (self.focus, self._there, self._window):
            return
        elif event.kind == "PropertyChange:accessible-name":
            if self._named.get(part.path) != event.value:
                self._named[part.path] = event.value
                self._say("name", str(event.value), part)
        elif event.kind == "PropertyChange:accessible-description":
            self._say("description", str(event.value), part)  # Orca never compares it
        elif event.kind == "PropertyChange:accessible-value":
            self._say("value", f"{part.value:g}", part)
        elif event.kind == "StateChanged:checked":
            self._say("state", "checked" if is_on else "not checked", part)

    def _say(self, why: str, words: str, part: Part) -> None:
        if words.strip():
            self.heard.append(Heard(why, words.replace("\N{NO-BREAK SPACE}", " ").strip(), part))


def words_for(part: Part) -> str:
    """What is said of a part that comes to have the focus: ``Now, check box, not checked``."""
    role, states = part.role, part.states
    labels = part.labels if role == "combo box" else ()
    said = [*labels, part.name, "" if role in _ROLES_UNSAID else role]
    if "checkable" in states:
        said.append("checked" if "checked" in states else "not checked")
    if "enabled" not in states:
        said.append("unavailable")
    if role == "slider":
        said.append(f"{part.value:g}")
    said.append(part.description)
    return ", ".join(one for one in said if one)
