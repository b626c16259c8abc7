"""The program without its window, by its public names."""

from core.domain.models import (
    Booking,
    BookingKey,
    BookingRow,
    Decision,
    Patron,
    PreRegistration,
    ServiceStatus,
    SyncReport,
    Visitor,
)
from core.engine.own import LibCal2PP
from core.settings.config import Config, load_config

__all__ = [
    "Booking",
    "BookingKey",
    "BookingRow",
    "Config",
    "Decision",
    "LibCal2PP",
    "Patron",
    "PreRegistration",
    "ServiceStatus",
    "SyncReport",
    "Visitor",
    "load_config",
]
