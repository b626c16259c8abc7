"""Checking a reader in in LibCal: where it stands with what the desk asked for."""

from __future__ import annotations

from enum import Enum

from core.domain.status import Tone

REFUSED = "refused"
"""In the detail of a kept wish: LibCal's answer, or why nobody asked it any more."""
BUT_FOR_START = "but_for_start"
"""In the detail of any decision: a mark of what was seen, but for the booking's start."""
WAITS_FOR = "waits_for"
"""In the same: why LibCal couldn't be asked."""


class CheckInState(Enum):
    """Of what the desk asked for. NONE: nothing is asked for, or LibCal knows."""

    def __init__(self, label: str, tone: Tone) -> None:
        self.label, self.tone = label, tone

    # label, tone
    NONE = "", Tone.NEUTRAL
    ON_ITS_WAY = "Checking in…", Tone.BUSY
    WAITS = "Check-in waits", Tone.BUSY
    MISSED = "Not checked in", Tone.WARN
