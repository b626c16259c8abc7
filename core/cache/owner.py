"""Whose a booking is, by all that is kept about it."""

from __future__ import annotations

from collections.abc import Sequence

from core.cache.values import id_key
from core.domain.models import CachedBooking, Decision, PreRegistration
from core.domain.status import Action


def owner_of(
    row: CachedBooking, sends: Sequence[PreRegistration], decisions: Sequence[Decision]
) -> str | None:
    """The id a booking belongs to: a mistyped one, since corrected, makes it nobody else's."""
    sent = [send.primary_id or send.barcode for send in reversed(sends)]
    corrected = [
        one.detail.get("primary_id") or one.detail.get("id")
        for one in reversed(decisions)
        if one.action is Action.CORRECT_ID and one.undone_at is None
    ]
    answer = [row.booking.id_answer]
    candidates = sent + corrected + answer if row.old_visit else corrected + answer + sent
    return next((id_key(one) for one in candidates if one and one.strip()), None)
