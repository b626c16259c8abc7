"""What the desk reads when an old card was scanned."""

from __future__ import annotations

from core.domain.models import Patron
from core.domain.text import last_four


def old_card(patron: Patron) -> str:
    """That the gate knows another card of this person; empty where the scanned one is theirs."""
    if not patron.asked_old_card:
        return ""
    if patron.barcode is None:
        return "This is an old card, and Alma has no other for this person."
    return f"This is an old card; the gate knows {last_four(patron.barcode)}."
