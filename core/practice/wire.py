"""Requests and answers as the three services see them, without any web framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from xml.sax.saxutils import escape

JSON, HTML, TEXT, XML = "application/json", "text/html", "text/plain", "application/xml"
BEFORE_ANY_BYTE = -1


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One request."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: object = None
    """The JSON or form that came; None where there is none or it can't be read."""
    segment: str = ""
    """The part of the path that names what is asked for, decoded."""

    @property
    def fields(self) -> Mapping[str, object]:
        """The body's fields; none where it isn't an object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """One answer. ``cut_after`` is how many bytes of the body go out before the line breaks."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One call of a service. ``rule`` may end in ``<segment>``."""

    name: str
    method: str
    rule: str
    handle: Callable[[WireRequest], WireAnswer]
    service: str
    changes: bool = False
    """Whether it makes something: a visitor or a visit."""
    describe: Callable[[WireRequest], Mapping[str, str]] = lambda _asked: {}
    """What else a test wants to know of a request, such as the zone of its key."""


class Played(Protocol):
    """A service that is played here."""

    def routes(self) -> tuple[Route, ...]:
        """Its calls."""

    def forget_sessions(self) -> None:
        """End every session that was begun."""


def json_answer(payload: object, status: int = 200) -> WireAnswer:
    return WireAnswer(status, json.dumps(payload).encode())


def text_answer(text: str, status: int) -> WireAnswer:
    return WireAnswer(status, text.encode(), TEXT)


def html_answer(status: int, title: str) -> WireAnswer:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return WireAnswer(status, page.encode(), HTML)


def xml_answer(root: str, payload: Mapping[str, object], status: int) -> WireAnswer:
    """``payload`` as XML elements; lists repeat their element."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return WireAnswer(status, (head + _element(root, payload)).encode(), XML)


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        inside = "".join(_element(key, one) for key, one in value.items())
    else:
        inside = "" if value is None else escape(str(value))
    return f"<{name}>{inside}</{name}>"
