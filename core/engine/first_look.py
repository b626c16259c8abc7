"""What the window shows first: the rows around now, before the whole day is read and judged."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from core.cache.own_cache import own_cache
from core.day.day_view import DayView
from core.domain.clock import Clock
from core.domain.errors import AppError
from core.domain.models import BookingRow, ServiceStatus
from core.settings.config import Config

log = logging.getLogger(__name__)
_BEFORE, _AFTER = 20, 40
"""So many rows fill a tall screen whose upper third is before now."""
_BUSY_SECONDS = 0.05
"""A cache that a backup holds is the engine's to wait for: no window has opened yet."""


class FirstLook(NamedTuple):
    """A part of the day, and how each service answered last."""

    rows: Sequence[BookingRow] = ()
    statuses: Mapping[str, ServiceStatus] = {}


def first_look(config: Config, clock: Clock) -> FirstLook:
    """What starts next to now, as this computer's cache has it; nothing is written.

    Nothing of a cache that can't be read as it is, nor of a shared one, which may be slow: the
    engine opens it in its own thread, and says what is wrong.
    """
    if config.cache.url is not None:
        return FirstLook()
    try:
        return _looked(config, clock)
    except AppError:
        return FirstLook()
    except Exception:
        log.exception("The first look failed")  # the window opens all the same
        return FirstLook()


def _looked(config: Config, clock: Clock) -> FirstLook:
    waits_little = own_cache(config, clock, read_only=True, busy_seconds=_BUSY_SECONDS)
    with closing(waits_little) as cache:
        view = DayView(config, cache, clock, only_around_now=(_BEFORE, _AFTER))
        return FirstLook(view.rows(), view.statuses)
