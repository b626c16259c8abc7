"""Ids of our own: rows, sends, decisions, requests."""

from __future__ import annotations

import os


def new_id() -> str:
    """128 random bits in 32 hexadecimal digits, as of a UUID, whose module takes longer to load."""
    return os.urandom(16).hex()
