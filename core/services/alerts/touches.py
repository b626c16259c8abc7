"""When any of several computers' windows last had a key or click."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.cache.alert_notes import AlertNote, AlertStore

_TOUCHED = "touched"
_EACH = timedelta(minutes=1)


class Touches:
    """One computer's part in it; the clocks of the computers are taken as they are."""

    def __init__(self) -> None:
        self._said: datetime | None = None

    def leave_word(self, store: AlertStore, touched_at: datetime) -> None:
        """This window was used at ``touched_at``; that it was opened is no use of it."""
        if self._said is None:
            self._said = touched_at
        elif touched_at - self._said >= _EACH:
            self._said = touched_at
            store.put([AlertNote(_TOUCHED, touched_at)])

    def latest(self, store: AlertStore, touched_at: datetime, now: datetime) -> datetime:
        """The latest use, here or elsewhere; a clock that is ahead counts as now."""
        note = store.all().get(_TOUCHED)
        return touched_at if note is None else max(touched_at, min(note.since, now))
