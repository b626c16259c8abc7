"""How an engine's day looks to those who aren't here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.services.alerts.lookout import Alerts, situation_of

if TYPE_CHECKING:
    from core.engine.base import Engine

_SECONDS_AT_THE_END = 4.0


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
