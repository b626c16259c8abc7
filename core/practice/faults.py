"""Faults that tests, or a person, switch on in the practice services."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

KINDS = frozenset(
    {
        "html",
        "empty",
        "truncated",
        "cut_before",
        "cut_within",
        "wrong_type",
        "without_id",
        "error_200",
        "hang",
        "slow",
        "daily_threshold",
        "per_second_threshold",
        "redirect",
        "huge",
        "deep",
        "xml",
        "nothing",
        "expired_session",
        "somebody_else",
        "unreadable_row",
    }
)
_LONGEST_WAIT = 600.0


@dataclass(slots=True)
class Fault:
    """One fault: which requests it hits, and what it does to them."""

    call: str
    """Name of a call or of a service, or ``*``."""
    kind: str
    """One of ``KINDS``; ``slow:SECONDS``; ``id:TEXT``, which is answered in place of an id; an HTTP
    status: ``500``, ``500 html``, ``404 json``."""
    times: int | None = None
    """How often it shows; None: until it is cleared."""
    after: int = 0
    """How many requests pass unharmed before."""
    match: str | None = None
    """Only requests that hold this text in an id, a location, a barcode or the like."""
    processed: bool = False
    """Whether the visit or visitor is made although the answer fails."""
    released: threading.Event = field(default_factory=threading.Event)
    """Set when hanging requests may go on."""

    @property
    def seconds(self) -> float | None:
        """How long the request waits before it is looked at; None: until it is released."""
        name, _, number = self.kind.partition(":")
        if name == "slow":
            return float(number)
        return None if name == "hang" else 0.0

    def hits(self, names: Iterable[str], values: Iterable[str]) -> bool:
        fits = self.call == "*" or self.call in names
        return fits and (self.match is None or any(self.match in value for value in values))


class Faults:
    """The faults that are switched on; the first that fits a request shows."""

    def __init__(self, known_calls: Iterable[str]) -> None:
        self._known_calls = frozenset({"*", *known_calls})
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._released = threading.Event()

    def add(
        self,
        call: str,
        kind: str | int,
        *,
        times: int | None = None,
        after: int = 0,
        match: str | None = None,
        processed: bool = False,
    ) -> None:
        """Switch a fault on; see ``Fault``. ``ValueError`` for an unknown call or kind."""
        if call not in self._known_calls:
            raise ValueError(f"no such call; there are {', '.join(sorted(self._known_calls))}")
        checked = _checked_kind(str(kind))
        with self._lock:
            self._faults.append(
                Fault(call, checked, times, after, match, processed, self._released)
            )

    def clear(self) -> None:
        """Switch every fault off; what hangs goes on."""
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self) -> None:
        """Let every request that hangs go on; later ones hang anew."""
        with self._lock:
            released, self._released = self._released, threading.Event()
            for fault in self._faults:
                fault.released = self._released
        released.set()

    def active(self) -> list[Mapping[str, object]]:
        """What is switched on, for a person to read."""
        names = ("call", "kind", "times", "after", "match", "processed")
        with self._lock:
            return [{name: getattr(one, name) for name in names} for one in self._faults]

    def take(self, names: Iterable[str], values: Iterable[str]) -> Fault | None:
        """The fault that this request runs into, as it is now, counted as shown."""
        with self._lock:
            for fault in self._faults:
                if fault.hits(names, values) and _is_due(fault):
                    return replace(fault)
        return None


def _is_due(fault: Fault) -> bool:
    if fault.times == 0:
        return False
    if fault.after > 0:
        fault.after -= 1
        return False
    if fault.times is not None:
        fault.times -= 1
    return True


def _checked_kind(kind: str) -> str:
    name, _, number = kind.partition(":")
    if name == "slow" and number:
        if not 0 <= float(number) <= _LONGEST_WAIT:
            raise ValueError(f"slow takes up to {_LONGEST_WAIT:.0f} seconds")
        return kind
    if name == "id":
        return kind
    status, _, look = kind.partition(" ")
    is_status = status.isascii() and status.isdigit() and 300 <= int(status[:4]) <= 599
    if is_status and look in ("", "html", "json"):
        return kind
    if kind in KINDS and kind != "slow":
        return kind
    raise ValueError(
        f"no such kind; there are {', '.join(sorted(KINDS - {'slow'}))}, slow:SECONDS, "
        "id:TEXT, and an HTTP status such as 500 or 500 html"
    )
