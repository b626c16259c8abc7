"""heartbeat.json in the data folder: for the library's monitoring. Counts and times, no names."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

from core.computer import paths
from core.domain.clock import Clock
from core.domain.models import SyncReport

logger = logging.getLogger(__name__)
HEARTBEAT_NAME = "heartbeat.json"


def write_heartbeat(report: SyncReport, version: str, clock: Clock, folder: Path) -> None:
    """Say that a pass ended, and how; whoever reads meanwhile finds the old file or the new one.

    A folder that can't be written is logged and stops nothing.
    """
    counts = report.counts
    content = {
        "version": version,
        "at": clock.now().isoformat(timespec="seconds"),
        "day": report.day.isoformat(),
        "complete": all(status.ok for status in report.services.values()),
        "services": {
            name: {
                "ok": status.ok,
                "last_good_at": status.last_good_at.isoformat(timespec="seconds")
                if status.last_good_at
                else None,
            }
            for name, status in report.services.items()
        },
        "counts": asdict(counts) | {"total": counts.total},
    }
    try:
        paths.write_private(folder / HEARTBEAT_NAME, json.dumps(content, indent=1) + "\n")
    except OSError:
        logger.warning("the heartbeat could not be written")
