"""The replaced script's files: to be deleted, but only after this program's first good pass."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from core.computer import paths
from core.domain.models import SyncReport

logger = logging.getLogger(__name__)
LEFT_BEHIND_NAME = "old-script-files.json"


class LeftBehind:
    """Remembers them, across restarts, until somebody has read which to delete."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LEFT_BEHIND_NAME

    def note(self, files: Iterable[Path]) -> None:
        """These were taken over; a folder that can't be written stops nothing."""
        try:
            paths.write_private(self._file, json.dumps([str(one.absolute()) for one in files]))
        except OSError:
            logger.warning("the old script's files could not be noted")

    def still_there(self) -> list[Path]:
        """Those of them that nobody has deleted yet."""
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        listed = [Path(one) for one in content if isinstance(one, str)]
        return [one for one in listed if one.is_file()]

    def forget(self) -> None:
        """They were named to somebody."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError:
            logger.warning("the note of the old script's files could not be removed")


def went_well(report: SyncReport | None) -> bool:
    """Whether a pass was a whole one: the day is known, and no service failed."""
    return (
        report is not None
        and report.is_known
        and not report.stopped
        and all(status.ok for status in report.services.values())
    )
