"""Alma's client, by its public name; it lies in ``core.services.alma``."""

from core.services.alma.requests import AlmaRequests

__all__ = ["AlmaRequests"]
