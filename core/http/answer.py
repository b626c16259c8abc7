"""What a service answered, read with care: nothing in it is trusted to have the right type."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import urlsplit

from core.domain.errors import (
    Answered,
    MissingPermission,
    RateLimited,
    ServerTrouble,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.text import clean

_HTML_STARTS = ("<!doctype html", "<html", "<head", "<body")
_LONGEST_PAUSE = 60.0
_LONGEST_TARGET = 100
_HAS_DIGIT = re.compile(r"\d").search
_ASK_IT = "It is tried again; if it lasts, tell IT."
_CHECK_ADDRESS = "Check its address in Settings."


@dataclass(frozen=True, slots=True)
class Answer:
    """One service's answer; ``body`` is whole and already unpacked."""

    service: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8-sig", "replace")

    @property
    def is_html(self) -> bool:
        """Whether it is a web page, so that another program answered than we meant."""
        start = self.body[:200].decode("utf-8-sig", "replace").lstrip().casefold()
        return "html" in self.headers.get("Content-Type", "").casefold() or start.startswith(
            _HTML_STARTS
        )

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float:
        """The pause that the service asks for, in seconds; 1 where it names none that way."""
        asked = self.headers.get("Retry-After", "").strip()
        return min(float(asked), _LONGEST_PAUSE) if asked.isdecimal() else 1.0

    def json(self) -> object:
        """The parsed body.

        Raises:
            WrongAddress: it is a web page.
            UnexpectedAnswer: it is empty, cut off, or not JSON.
        """
        if self.is_html:
            raise self.wrong_address()
        try:
            parsed: object = json.loads(self.text)
        except (ValueError, RecursionError):
            raise self.unexpected() from None
        return parsed

    def json_or_none(self) -> object:
        """The parsed body, None where it is none: for answers that are already known as bad."""
        try:
            return self.json()
        except Answered:
            return None

    def trouble(self) -> Answered | None:
        """What its HTTP status says is wrong; None for 2xx that isn't a web page."""
        if self.status >= 500:
            return ServerTrouble(
                self.service,
                f"{self.service} has a fault of its own (HTTP {self.status}).",
                _ASK_IT,
                http_status=self.status,
            )
        if self.status == 429:
            return RateLimited(
                self.service,
                f"{self.service} was asked too often.",
                _ASK_IT,
                retry_after=self.retry_after,
            )
        if self.is_html or 300 <= self.status < 400 or self.status == 404:
            return self.wrong_address()
        if self.status == 403:
            return MissingPermission(
                self.service,
                f"{self.service} doesn't permit this.",
                "Ask IT to give the program's account the permission.",
                http_status=403,
            )
        return None if self.is_good else self.unexpected()

    def wrong_address(self) -> WrongAddress:
        if self.is_html:
            words = f"{self.service} answered with a web page instead of data."
        elif 300 <= self.status < 400:
            words = f"{self.service} points to another address: {self._target()}."
        else:
            words = f"There is no such service at {self.service}'s address."
        return WrongAddress(self.service, words, _CHECK_ADDRESS, http_status=self.status)

    def _target(self) -> str:
        """Where a redirect leads, as far as that can't hold a reader's number."""
        try:
            parts = urlsplit(clean(self.headers.get("Location", "")).strip())
        except ValueError:
            return "none that could be read"
        words = takewhile(lambda word: not _HAS_DIGIT(word), parts.path.split("/"))
        host = parts.netloc.rpartition("@")[2]
        start = f"{parts.scheme or 'https'}://{host}" if host else ""
        return f"{start}{'/'.join(words)}"[:_LONGEST_TARGET] or "none that it names"

    def unexpected(self, what: str = "something unexpected") -> UnexpectedAnswer:
        return UnexpectedAnswer(
            self.service,
            f"{self.service} answered {what} (HTTP {self.status}).",
            _ASK_IT,
            http_status=self.status,
        )


def text_of(value: object) -> str:
    """A text or number as clean text without blanks around; "" for anything else."""
    if isinstance(value, str):
        return clean(value).strip()
    return id_of(value) or ""


def id_of(value: object) -> str | None:
    """An id as text, whether it came as text or as number (docs/libcal.md, Bookings)."""
    if isinstance(value, str):
        return clean(value).strip() or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**40 else None
    return None


def member(value: object, *names: str) -> object:
    """``value[name][name]…`` where they are objects; None where anything is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def list_in(value: object) -> list[object] | None:
    """A bare list, or the one under ``data``; None where there is neither."""
    found = member(value, "data") if isinstance(value, dict) else value
    return found if isinstance(found, list) else None
