"""What was sent for bookings and decided about them, as far as it can be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from core.cache.base import Cache
from core.domain.models import CachedBooking, Decision, PreRegistration
from core.domain.status import SendState
from core.verdict import Facts

_UNREADABLE = "What was noted here of this booking can't be read any more."


class StoredEvents(NamedTuple):
    """By row; rows without any are missing."""

    sends: Mapping[str, tuple[PreRegistration, ...]]
    decisions: Mapping[str, tuple[Decision, ...]]
    """Undone ones left out."""

    def facts(self, cached: CachedBooking) -> Facts:
        """A booking with what was sent and decided, and nothing else that is known of it."""
        sends, decisions = self.sends.get(cached.row_id, ()), self.decisions.get(cached.row_id, ())
        return Facts(cached=cached, sends=sends, decisions=decisions)


def read_events(cache: Cache, row_ids: Collection[str]) -> StoredEvents:
    """All of these bookings, oldest first.

    A decision that can't be read may have said that there is a visit: it stands as a send of which
    nobody knows what became of it, so that a person looks before anything is sent.
    """
    sends = cache.ledger.of_rows(row_ids)
    decisions, unreadable = cache.decisions.read(row_ids)
    for lost in unreadable:
        unclear = PreRegistration(
            send_id=f"{lost.row_id}-{lost.sequence}",
            row_id=lost.row_id,
            appt_id="",
            state=SendState.UNCLEAR,
            starts_at=None,
            ends_at=None,
            reason=_UNREADABLE,
            sequence=lost.sequence,
        )
        sends.setdefault(lost.row_id, []).append(unclear)
    return StoredEvents(
        {
            row_id: tuple(sorted(ones, key=lambda one: one.sequence))
            for row_id, ones in sends.items()
        },
        {
            row_id: tuple(one for one in ones if one.undone_at is None)
            for row_id, ones in decisions.items()
        },
    )
