"""What an engine knows when it is there: the day without the network, and whose session has it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.errors import AppError
from core.domain.models import BookingRow, ServiceStatus

if TYPE_CHECKING:  # they bring the cache, which the first paint needn't
    from core.day.asked import DayAsked
    from core.engine.base import Engine


@dataclass(frozen=True, slots=True)
class LookingOn:
    """Why this session only shows the day, and whether it may ask to register instead."""

    text: str
    may_ask: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What the cache knew before any network call."""

    rows: tuple[BookingRow, ...]
    statuses: dict[str, ServiceStatus]
    question: str | None
    looks_on: LookingOn | None = None
    """Whose session writes to the cache, so that this one only shows it."""
    asked: DayAsked | None = None
    """Whether LibCal has told today at all; None: there is no cache to say so just now."""


def opening_of(engine: Engine) -> Opening:
    """What the window shows first."""
    rows, statuses = tuple(engine.rows()), dict(engine.statuses())
    asked = None
    with suppress(AppError):
        asked = engine.day_asked()
    return Opening(rows, statuses, engine.question(), looking_on(engine), asked)


def looking_on(engine: Engine) -> LookingOn | None:
    """Whose session registers now; None: this one."""
    why = engine.looks_on
    if why is None:
        return None
    return LookingOn(str(why).replace("\n", " "), engine.may_ask_to_register)


def ask_to_register(engine: Engine) -> None:
    """A job: register here instead of the session that does now."""
    engine.ask_to_register()
