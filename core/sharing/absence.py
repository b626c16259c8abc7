"""Whether any computer registers, as another one sees it."""

from __future__ import annotations

from core.cache.postgres.lock import RegistrarSeen
from core.domain.clock import Clock
from core.domain.errors import NoRegistrar

_ALONE_AFTER = 10.0
"""Seconds without a registrar before it is said: one may just be taking over."""
_SILENT_AFTER = 12.0
"""Seconds after which a registrar that shows no sign of life doesn't count as one."""


class Absence:
    """How long nobody has registered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: float | None = None

    def note(self, holder: RegistrarSeen | None) -> None:
        """What the database says just now."""
        if holder is not None and holder.silent_seconds <= _SILENT_AFTER:
            self._since = None
        elif self._since is None:
            self._since = self._clock.monotonic()

    def end(self) -> None:
        """This computer registers."""
        self._since = None

    @property
    def is_noted(self) -> bool:
        """Nobody registers now, as far as was seen; one may just be taking over."""
        return self._since is not None

    def trouble(self) -> NoRegistrar | None:
        """What to say of it, once it has lasted."""
        if self._since is None or self._clock.monotonic() - self._since < _ALONE_AFTER:
            return None
        return NoRegistrar(
            "No computer registers just now, so nobody is registered by itself.",
            # What waits goes out as soon as one registers: entered there too, it would be twice.
            "Start the program on one that registers. Before you enter somebody in PassagePoint "
            "yourself, press By hand… on the booking: then nothing is sent for it later.",
        )
