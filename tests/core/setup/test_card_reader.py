"""What to set for a card reader, from what it typed."""

from __future__ import annotations

import pytest

from core.domain.card_text import card_number
from core.setup.card_reader import propose

CARD = "22820000004711"


@pytest.mark.parametrize(
    "typed",
    [CARD, f"A{CARD}B", f";{CARD}?", f"%{CARD}?", f"]C0{CARD}", f"*{CARD}*", f"\x02{CARD}\x03"],
)
def test_what_goes_away_by_itself_needs_no_setting(typed: str) -> None:
    assert propose([(typed, 5)] * 2, CARD)[:3] == ("", "", 45)


@pytest.mark.parametrize(
    ("typed", "prefix", "suffix"),
    [(f"LIB{CARD}#", "LIB", "#"), (f"\x1b{CARD}00", "\x1b", "00"), (f"\x02x{CARD}\x03", "x", "")],
)
def test_what_stands_around_the_printed_number_is_proposed(
    typed: str, prefix: str, suffix: str
) -> None:
    proposal = propose([(typed, 5)] * 2, f"{CARD[:4]} {CARD[4:]}")
    assert proposal.fits
    assert (proposal.prefix, proposal.suffix, proposal.number) == (prefix, suffix, CARD)
    assert card_number(typed, prefix, suffix) == CARD


@pytest.mark.parametrize(("pauses", "slowest"), [((5, 9), 45), ((20, 31), 50), ((80, 61), 120)])
def test_the_pace_leaves_room(pauses: tuple[int, int], slowest: int) -> None:
    assert propose([(CARD, pause) for pause in pauses], "").slowest_ms == slowest


def test_another_cards_number_fits_nothing() -> None:
    assert not propose([(CARD, 5)], "2282999").fits
