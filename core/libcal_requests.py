"""LibCal's client, by its public name; it lies in ``core.services.libcal``."""

from core.services.libcal.requests import LibCalRequests

__all__ = ["LibCalRequests"]
