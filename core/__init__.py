"""LibCal2PP without its window: the services, the cache, the rules. No Qt anywhere in it."""

from __future__ import annotations

__version__ = "0.1.0"
