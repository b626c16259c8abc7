"""The memory of alerts as notes in the cache, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.cache.alert_notes import AlertNote
from core.services.alerts.rules import Memory

_CAUSE = "cause:"
_MOMENTS = ("well_since", "sent_at", "daily_at", "looked_at")


def memory_of(notes: Mapping[str, AlertNote]) -> Memory:
    """What these notes say; those of the channels are no part of it."""
    causes = {
        name.removeprefix(_CAUSE): note for name, note in notes.items() if name.startswith(_CAUSE)
    }
    return Memory(
        since={name: note.since for name, note in causes.items()},
        told=frozenset(name for name, note in causes.items() if note.told_at is not None),
        **{name: notes[name].since for name in _MOMENTS if name in notes},
    )


def notes_of(memory: Memory) -> dict[str, AlertNote]:
    """The same as notes, by their names."""
    notes = [
        AlertNote(_CAUSE + name, since, since if name in memory.told else None)
        for name, since in memory.since.items()
    ]
    for name in _MOMENTS:
        moment: datetime | None = getattr(memory, name)
        if moment is not None:
            notes.append(AlertNote(name, moment))
    return {note.name: note for note in notes}
