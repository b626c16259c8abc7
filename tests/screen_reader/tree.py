"""The accessibility tree of a running program, asked for over D-Bus as a screen reader does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, NamedTuple, Self

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    new_method_call,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusRouter, Proxy, open_dbus_connection

PATIENCE_SECONDS = 60
"""For anything that a program does, on a busy machine."""
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_PASSWORD_TEXT, _LABELLED_BY = 40, 2
_ROOT = "/org/a11y/atspi/accessible/root"
_NULL = "/org/a11y/atspi/null"
_REGISTRY = "org.a11y.atspi.Registry"
# AT-SPI's AtspiStateType, as far as somebody hears of it or a test looks at it.
_STATES = {
    1: "active",
    4: "checked",
    8: "enabled",
    11: "focusable",
    12: "focused",
    23: "selected",
    25: "showing",
    41: "checkable",
    42: "has a menu",
    43: "read only",
}


class Event(NamedTuple):
    """What a program told about one of its parts."""

    kind: str
    """``StateChanged:focused``, ``PropertyChange:accessible-name``, ``Announcement:``, …"""
    number: int
    value: Any
    part: Part


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the tree; every answer is of the moment when it is asked for.

    Raises:
        Gone: it isn't there any more.
    """

    bus: AccessibilityBus
    program: str
    path: str

    @property
    def name(self) -> str:
        return str(self.bus.get(self, "Name"))

    @property
    def description(self) -> str:
        return str(self.bus.get(self, "Description"))

    @property
    def role(self) -> str:
        # By name Qt tells secrets from other fields no longer.
        is_secret = self.bus.ask(self, "GetRole")[0] == _PASSWORD_TEXT
        return "password text" if is_secret else str(self.bus.ask(self, "GetRoleName")[0])

    @property
    def labels(self) -> tuple[str, ...]:
        """The words of what stands before it as its label; of a choice, the name is what it is."""
        relations = self.bus.ask(self, "GetRelationSet")[0]
        labels = [label for kind, those in relations if kind == _LABELLED_BY for label in those]
        return tuple(Part(self.bus, *label).name for label in labels)

    @property
    def states(self) -> frozenset[str]:
        low, high = self.bus.ask(self, "GetState")[0]
        bits = low | high << 32
        return frozenset(name for at, name in _STATES.items() if bits >> at & 1)

    @property
    def value(self) -> float:
        """Of a slider."""
        return float(self.bus.get(self, "CurrentValue", "org.a11y.atspi.Value"))

    @property
    def text(self) -> str:
        """What stands in a field."""
        asked = self.bus.ask(self, "GetText", "ii", (0, -1), "org.a11y.atspi.Text")
        return str(asked[0])

    @property
    def children(self) -> list[Part]:
        found = self.bus.ask(self, "GetChildren")[0]
        return [Part(self.bus, *one) for one in found if one[1] != _NULL]

    @property
    def parent(self) -> Part | None:
        program, path = self.bus.get(self, "Parent")
        return None if path in (_NULL, self.path) else Part(self.bus, program, path)

    def seen(self) -> Seen | None:
        """All about it at once; None where it is gone."""
        try:
            return Seen(self, self.role, self.name, self.states)
        except Gone:
            return None

    def in_sight(self, *, but: str = "") -> Iterator[Seen]:
        """This part and all in it, from top to bottom, as far as it is on the screen.

        Not what is in parts of role ``but``, nor in what isn't there to be seen: Qt says of some
        parts of that, too, that they are showing.
        """
        seen = self.seen()
        if seen is None or "showing" not in seen.states:
            return
        yield seen
        for child in seen.children if seen.role != but else ():
            yield from child.in_sight(but=but)


class Seen(NamedTuple):
    """A part as it was when it was come to."""

    part: Part
    role: str
    name: str
    states: frozenset[str]

    @property
    def children(self) -> list[Part]:
        """None where it is gone."""
        try:
            return self.part.children
        except Gone:
            return []


class Gone(LookupError):
    """A part of the tree that was taken away before it was asked."""


class AccessibilityBus:
    """The bus that a desktop session has for screen readers; starts it where it isn't running."""

    def __init__(self, session: str) -> None:
        with open_dbus_connection(session) as connection, DBusRouter(connection) as router:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            asked = router.send_and_get_reply(
                new_method_call(bus, "GetAddress"), timeout=PATIENCE_SECONDS
            )
        self._connection = open_dbus_connection(asked.body[0], auth_timeout=PATIENCE_SECONDS)
        self._router = DBusRouter(self._connection)
        self._events: SimpleQueue[Message] = SimpleQueue()
        self._signals = self._router.filter(
            MatchRule(type="signal"),
            queue=self._events,
        )

    def __enter__(self) -> Self:
        self._signals.__enter__()
        server = Proxy(message_bus, self._router, timeout=PATIENCE_SECONDS)
        for about in ("object", "window"):
            server.AddMatch(f"type='signal',interface='org.a11y.atspi.Event.{about.title()}'")
            # A program tells nothing that nobody has registered for.
            registry = DBusAddress("/org/a11y/atspi/registry", _REGISTRY, _REGISTRY)
            self._call(registry, "RegisterEvent", "sass", (f"{about}:", [], ""))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._router.close()
        self._connection.close()

    def programs(self) -> list[Part]:
        """Every program that can be heard."""
        return Part(self, _REGISTRY, _ROOT).children

    def next_event(self, seconds: float) -> Event | None:
        """The next thing that was told; None where nothing is within so many ``seconds``."""
        try:
            message = self._events.get(timeout=max(0.0, seconds))
        except Empty:
            return None
        fields, body = message.header.fields, message.body
        kind = f"{fields[HeaderFields.member]}:{body[0] if body else ''}"
        part = Part(self, fields[HeaderFields.sender], fields[HeaderFields.path])
        if len(body) < 4:
            return Event(kind, 0, None, part)
        return Event(kind, int(body[1]), body[3][1], part)

    def ask(
        self,
        part: Part,
        method: str,
        signature: str | None = None,
        arguments: tuple[object, ...] = (),
        interface: str = _ACCESSIBLE,
    ) -> tuple[Any, ...]:
        """One question to one part."""
        address = DBusAddress(part.path, part.program, interface)
        return self._call(address, method, signature, arguments)

    def get(self, part: Part, name: str, interface: str = _ACCESSIBLE) -> Any:
        """One property of one part."""
        properties = "org.freedesktop.DBus.Properties"
        return self.ask(part, "Get", "ss", (interface, name), properties)[0][1]

    def _call(
        self,
        address: DBusAddress,
        method: str,
        signature: str | None = None,
        arguments: tuple[object, ...] = (),
    ) -> tuple[Any, ...]:
        call = new_method_call(address, method, signature, arguments)
        reply = self._router.send_and_get_reply(call, timeout=PATIENCE_SECONDS)
        if reply.header.message_type is MessageType.error:
            raise Gone(f"{method}: {reply.body}") from DBusErrorResponse(reply)
        return tuple(reply.body)
