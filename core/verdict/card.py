"""What trying the card at the gate says about a visit (docs/promise.md, 4).

A card that opens proves the visit, at any time. One that stays shut proves nothing before
PassagePoint signs the visitor in by itself, and nothing at all where a guard does that or where
nobody knows when it does (docs/passagepoint.md, Cards).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.models import PreRegistration
from core.verdict.facts import Facts, Rules
from core.verdict.visit import Visit


def shut_gate_proves_from(
    facts: Facts, send: PreRegistration | None, rules: Rules
) -> datetime | None:
    """From when on a card that stays shut proves that there is no visit; None: never.

    ``send`` is the visit that was perhaps made; None: the one that another computer would make.
    """
    minutes = rules.config.passagepoint.card_works_minutes_before
    if minutes is None:
        return None
    sent_from = send.starts_at if send is not None else None
    starts_at = sent_from or rules.visit_times(facts.booking)[0]
    return starts_at - timedelta(minutes=minutes)


def which_gate(visit: Visit | None, rules: Rules) -> str:
    """What was registered, for a reader whom the gate refuses all the same: where, when, and with
    which card."""
    if visit is None or visit.starts_at is None or visit.ends_at is None:
        return ""
    time_of = rules.day.clock_time
    gate = visit.destination or "the gate"
    with_card = f" with card {visit.barcode}" if visit.barcode else ""
    said = f"Opens {gate} from {time_of(visit.starts_at)} to {time_of(visit.ends_at)}{with_card}."
    minutes = rules.config.passagepoint.card_works_minutes_before
    if minutes is not None:
        works_from = visit.starts_at - timedelta(minutes=minutes)
        said += f" The card works from {time_of(works_from)}."
    return f"{said} If the gate stays shut, compare gate, time and card."


def try_the_card(
    proves_from: datetime | None, rules: Rules, now: datetime, opens: str, shut: str
) -> str:
    """What to do with the card, and what each outcome means; ``opens`` and ``shut`` are buttons."""
    said = f"Ask the reader to try the card. If the gate opens, press {opens}."
    if proves_from is not None and now >= proves_from:
        return f"{said} If it stays shut, press {shut}."
    whom = rules.config.desk.contacts.passagepoint or "Security"
    if proves_from is None:
        nothing, look = "nothing here", "look"
    else:
        nothing, look = f"nothing before {rules.day.clock_time(proves_from)}", "until then look"
    return f"{said} If it stays shut, that proves {nothing}: {look} in PassagePoint or call {whom}."
