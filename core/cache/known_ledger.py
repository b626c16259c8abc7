"""Whether the ledger is the one that this computer knows, and knows all that it knew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.cache.database import MetaStore
from core.cache.ledger import Ledger, LedgerPosition
from core.cache.ledger_note import LedgerNote, Noted
from core.cache.values import list_from

_LEDGER_ID = "ledger_id"
_ANSWERED = "answered_notes"
LedgerState = Literal["first", "same", "unknown", "moved", "restored", "replaced", "unreadable"]
"""``first``: nothing was ever sent, and nothing noted. All after ``same``: a person is asked."""
_WORST_FIRST: tuple[LedgerState, ...] = ("unreadable", "replaced", "restored", "moved")


@dataclass(eq=False, repr=False)
class KnownLedger:
    """Holds the ledger against this computer's ``note``; without one it is taken as it is."""

    _ledger: Ledger
    _meta: MetaStore
    note: LedgerNote | None
    _place: Callable[[], str]

    def state(self) -> LedgerState:
        """What became of the ledger since it was noted."""
        if self.note is None:
            return "same"
        # First the notes: a ledger that goes on meanwhile is ahead of them, never behind.
        notes, position = self.note.read(), self._ledger.position()
        if not notes:
            return "first" if self._ledger.is_empty() else "unknown"
        answered = self._answered()
        found = {self._compared(one.noted, position) for one in notes if one.key not in answered}
        return next((state for state in _WORST_FIRST if state in found), "same")

    def keep(self) -> None:
        """Note what the ledger holds now; its ``state`` allows it.

        Raises:
            CacheError: the note can't be written.
        """
        self._write(self._ledger.position(), adopt=False)

    def adopt(self) -> None:
        """From now on this ledger is the one that this computer knows, whatever was noted.

        Other accounts' notes can't be changed; that they were asked about is kept in the ledger.

        Raises:
            CacheError: the note can't be written.
        """
        if self.note is None:
            return
        position = self._ledger.position()
        notes = self.note.read()
        strange = {one.key for one in notes if self._compared(one.noted, position) != "same"}
        if strange:
            self._meta.set(_ANSWERED, json.dumps(sorted(self._answered() | strange)))
        self._write(position, adopt=True)

    def note_send(self, position: LedgerPosition) -> bool:
        """Note an intent, before its call; False where this isn't the ledger that was noted last.

        Raises:
            CacheError: the note can't be written; then nothing may be sent.
        """
        before = self.note.last if self.note is not None else None
        if before is not None and (
            position.number <= before.number
            or self._ledger.counted_at(before.number) != before.send_id
        ):
            return False
        self._write(position, adopt=False)
        return True

    def _compared(self, noted: Noted | None, position: LedgerPosition) -> LedgerState:
        if noted is None:
            return "unreadable"
        if noted.ledger_id != self._id:
            return "replaced"
        is_another_send = noted.send_id is not None and (
            self._ledger.counted_at(noted.number) != noted.send_id
        )
        if noted.number > position.number or is_another_send:
            return "restored"
        place = self._place()
        return "moved" if noted.place and place and noted.place != place else "same"

    def _write(self, position: LedgerPosition, *, adopt: bool) -> None:
        if self.note is not None:
            self.note.write(Noted(self._id, *position, self._place()), adopt=adopt)

    def _answered(self) -> set[str]:
        """Other accounts' notes that a person was asked about."""
        return set(list_from(self._meta.get(_ANSWERED) or "[]"))

    @property
    def _id(self) -> str:
        return self._meta.get(_LEDGER_ID) or ""
