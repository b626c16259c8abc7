"""When secrets were last changed on this computer."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from core.computer import paths
from core.domain.clock import Clock

logger = logging.getLogger(__name__)
DATES_NAME = "secrets-changed.json"


class SecretDates:
    """When each secret was last changed on this computer: the password store doesn't say."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self.file = file
        self._clock = clock

    def note(self, address: str, user: str) -> None:
        """This secret was changed just now; a folder that can't be written stops nothing."""
        dates = self._read() | {_key(address, user): self._clock.now().isoformat()}
        try:
            paths.make_private(self.file.parent)
            self.file.write_text(json.dumps(dates, indent=1), encoding="utf-8")
            paths.restrict(self.file)
        except OSError:
            logger.warning("when secrets were changed could not be noted")

    def of(self, address: str, user: str) -> datetime | None:
        """When it was last changed; None where that isn't known."""
        try:
            return datetime.fromisoformat(self._read()[_key(address, user)])
        except (KeyError, ValueError):
            return None

    def entries(self) -> list[tuple[str, str]]:
        """Every entry that was ever made here, so that all of them can be removed."""
        split = [key.partition("|") for key in self._read()]
        return [(address, user) for address, bar, user in split if bar]

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def _key(address: str, user: str) -> str:
    return f"{address}|{user}"
