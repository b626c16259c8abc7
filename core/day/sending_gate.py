"""How freely visits are sent by themselves (docs/promise.md, 5).

The first doubtful answer stops automatic sending, and the stop outlives the pass. The next pass
asks ``getDestinations``, sends one at a time until a few in a row went well, then all again.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from core.cache.base import Cache
from core.domain.models import GateState

_FIRST_PAUSE = 60.0
_LONGEST_PAUSE = 100.0
"""No pause outlasts its trouble by more than three minutes: the question is harmless."""


class SendingGate:
    """Open, or being probed. Kept in the cache, so that a restart doesn't open it."""

    def __init__(self, cache: Cache, parallel_calls: int) -> None:
        self._cache = cache
        self._parallel_calls = parallel_calls
        self._state = cache.services.gate()
        self._good_in_a_row = 0
        self._may_send = self.is_open

    @property
    def is_open(self) -> bool:
        return self._state.width is None

    @property
    def reason(self) -> str:
        return self._state.reason

    @property
    def width(self) -> int:
        """How many visits may be out at a time now; 0 while stopped."""
        if not self._may_send:
            return 0
        return self._parallel_calls if self._state.width is None else self._state.width

    def wants_probe(self, now: datetime) -> bool:
        """At the start of a pass: whether PassagePoint is to be asked whether it is well."""
        self._may_send = self.is_open
        if self._state.probe_at is None:
            return not self.is_open
        # Further ahead than any pause: the clock was wrong then and has been put right since.
        pause = (self._state.probe_at - now).total_seconds()
        return not 0 < pause <= _LONGEST_PAUSE

    def probe_went_well(self) -> None:
        """PassagePoint answered a harmless question: one visit may go."""
        self._may_send = True
        self._good_in_a_row = 0

    def probe_failed(self, reason: str, now: datetime) -> None:
        """It isn't well yet: the next probe waits longer."""
        pause = _LONGEST_PAUSE if self._state.pause_seconds else _FIRST_PAUSE
        self._stop(reason, now, pause)

    def ask_again(self) -> None:
        """A person wants it tried: the next pass probes, however long the pause still is."""
        if not self.is_open:
            self._set(dataclasses.replace(self._state, probe_at=None))

    def doubt(self, reason: str, now: datetime) -> None:
        """A visit may or may not have been made: stop."""
        if self.is_open:
            # The next pass may probe at once: passes are minutes apart.
            self._stop(reason, now, 0.0)
        elif self._may_send:
            self.probe_failed(reason, now)
        # Else it was on its way when the first doubt came: that is one stop, not several.

    def _stop(self, reason: str, now: datetime, pause: float) -> None:
        self._may_send = False
        probe_at = now + timedelta(seconds=pause)
        self._set(GateState(width=1, probe_at=probe_at, pause_seconds=pause, reason=reason))

    def went_well(self) -> None:
        """A visit was confirmed."""
        if self.is_open or not self._may_send:
            return
        self._good_in_a_row += 1
        if self._good_in_a_row >= self._parallel_calls:
            self._set(GateState())
        elif self._state.pause_seconds:
            self._set(dataclasses.replace(self._state, pause_seconds=0.0))

    def _set(self, state: GateState) -> None:
        self._state = state
        self._cache.services.set_gate(state)
