"""What a loop of passes tells, and to whom: those who listen here, and somebody elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.errors import AppError
from core.domain.models import SyncReport
from core.services.alerts.lookout import Alerts, situation_of
from core.settings.config import Config

if TYPE_CHECKING:
    from core.engine.base import Engine

logger = logging.getLogger(__name__)
_SECONDS_AT_THE_END = 4.0


class OwnBug(AppError):
    """LibCal2PP itself failed; the log has the traceback."""

    def __init__(self) -> None:
        super().__init__(
            "Something went wrong in LibCal2PP itself.",
            "It tries again by itself. If it stays, tell IT: the log has the details.",
        )


def _ignore(*_told: object) -> None:
    """Nobody wants to hear that."""


def _log(error: AppError) -> None:
    logger.warning("%s", error.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who hears what of the loop, in its thread."""

    opened: Callable[[Engine], None] = _ignore
    """Before its first pass; what this raises is as if the engine couldn't be made."""
    closed: Callable[[], None] = _ignore
    """The engine is gone, and another is made in its place."""
    failed: Callable[[AppError], None] = _log
    pass_started: Callable[[], None] = _ignore
    pass_ended: Callable[[SyncReport | None], None] = _ignore
    """With what it found and did; None where it failed."""
    question: Callable[[str | None], None] = _ignore
    """What the ledger has to ask, after each pass."""
    next_pass_at: Callable[[datetime | None], None] = _ignore
    """None while paused."""
    settings_changed: Callable[[Config], None] = _ignore


def look_after(
    engine: Engine,
    alerts: Alerts,
    now: datetime,
    untouched_since: datetime,
    *,
    is_ending: bool,
) -> None:
    """Tell whom the settings name what ``Engine.look_after`` says."""
    situation = situation_of(
        engine.rows(),
        engine.statuses(),
        now=now,
        is_known=engine.day_asked().is_known,
        is_asking=engine.question() is not None,
        untouched_since=untouched_since,
        is_ending=is_ending,
    )
    alerts.look(situation)
    if is_ending:
        alerts.finish(_SECONDS_AT_THE_END)
