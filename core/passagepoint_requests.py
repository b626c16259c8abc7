"""PassagePoint's client, by its public name; it lies in ``core.services.passagepoint``."""

from core.services.passagepoint.requests import PassagePointRequests

__all__ = ["PassagePointRequests"]
