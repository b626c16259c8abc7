"""Until when Alma's calls are held back, kept across restarts: its quota is a day's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from core.cache.base import Cache
from core.cache.values import from_text, to_text

_NAME = "alma_pauses"


class AlmaPauses:
    """What ``Quota.pauses`` says, in the cache; written only where it is news."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.kept = _read(cache.meta(_NAME) or "{}")

    def keep(self, pauses: Mapping[str, datetime]) -> None:
        if self.kept != pauses:
            self.kept = dict(pauses)
            texts = {zone: to_text(until) for zone, until in pauses.items()}
            self._cache.set_meta(_NAME, json.dumps(texts))


def _read(text: str) -> dict[str, datetime]:
    try:
        return {zone: from_text(until) for zone, until in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        return {}  # Alma says it again
