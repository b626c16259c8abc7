"""Why nothing is sent by itself although all is well with a booking: the first reason counts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.day.hold_reasons import HoldReasons
from core.day.new_ledger import NewLedgerQuestion, answer_at_setup
from core.domain.errors import CredentialsRefused, QuotaSpent, SecretMissing, ServerTrouble
from core.domain.models import CachedBooking, Patron
from core.domain.status import PatronState
from core.verdict import Facts
from tests.builders import NOON, a_booking, a_patron
from tests.core.parts import Parts, parts_in

LEDGER, SIGN_IN, QUOTA = "Not sent: new ledger.", "refused our login", "calls for today are used up"
CAREFUL, BY_HAND, OTHERS = "no clear answer", "registers only by hand", "Another computer"


def stop(parts: Parts) -> None:
    parts.gate.doubt("A time-out.", NOON)


def refuse(service: str) -> Callable[[Parts], None]:
    return lambda parts: parts.board.failed(
        service, CredentialsRefused(service, f"{service} refused our login.")
    )


def spend(service: str) -> Callable[[Parts], None]:
    return lambda parts: parts.board.failed(service, QuotaSpent(service, "Spent."))


def fail(service: str) -> Callable[[Parts], None]:
    return lambda parts: parts.board.failed(service, ServerTrouble(service, "Down."))


def lose_ledger(parts: Parts) -> None:
    answer_at_setup(parts.cache, parts.clock, "each")


def holds_of(parts: Parts, refused_zones: Collection[str] = ()) -> HoldReasons:
    question = NewLedgerQuestion(parts.cache, parts.clock)
    return HoldReasons(parts.config, parts.board, parts.gate, question, lambda: refused_zones)


def facts(patron: Patron | None = None) -> Facts:
    return Facts(CachedBooking("r1", a_booking(), NOON), patron=patron)


KNOWN = a_patron()
UNKNOWN = Patron("G12345678", PatronState.COULD_NOT_ASK, "Down.")


@pytest.mark.parametrize(
    ("happened", "patron", "said"),
    [
        ([], KNOWN, None),
        ([], None, None),
        ([fail("PassagePoint"), fail("Alma"), fail("LibCal")], KNOWN, None),
        ([refuse("LibCal")], KNOWN, None),
        ([stop], KNOWN, CAREFUL),
        ([refuse("PassagePoint")], KNOWN, f"PassagePoint {SIGN_IN}"),
        ([spend("PassagePoint")], KNOWN, QUOTA),
        ([refuse("Alma")], KNOWN, None),
        ([refuse("Alma")], None, f"Alma {SIGN_IN}"),
        ([refuse("Alma")], UNKNOWN, f"Alma {SIGN_IN}"),
        ([spend("Alma")], KNOWN, None),
        ([spend("Alma")], None, f"Alma's {QUOTA}"),
        ([lose_ledger], KNOWN, LEDGER),
        # The first that holds is said.
        ([stop, refuse("Alma")], None, f"Alma {SIGN_IN}"),
        ([stop, refuse("Alma"), refuse("PassagePoint")], None, f"PassagePoint {SIGN_IN}"),
        ([stop, refuse("PassagePoint"), lose_ledger], None, LEDGER),
    ],
)
def test_the_first_reason_is_said(
    parts: Parts, happened: list[Callable[[Parts], None]], patron: Patron | None, said: str | None
) -> None:
    for happen in happened:
        happen(parts)
    hold = holds_of(parts).hold_of(facts(patron))
    if said is None:
        assert hold is None
    else:
        assert hold is not None
        assert said in hold.reason


@pytest.mark.parametrize(
    ("refused", "is_held"), [(["Main"], False), (["Main", "Law"], True), ([], True)]
)
def test_another_zones_good_key_is_enough(parts: Parts, refused: list[str], is_held: bool) -> None:
    refuse("Alma")(parts)
    assert (holds_of(parts, refused).hold_of(facts()) is not None) is is_held


@pytest.mark.parametrize(
    ("happen", "by_hand", "may_be_registered"),
    [
        (stop, False, False),
        (refuse("PassagePoint"), True, False),
        (spend("PassagePoint"), True, False),
        (lose_ledger, False, True),
    ],
)
def test_what_helps_depends_on_the_reason(
    parts: Parts, happen: Callable[[Parts], None], by_hand: bool, may_be_registered: bool
) -> None:
    happen(parts)
    hold = holds_of(parts).hold_of(facts(KNOWN))
    assert hold is not None
    assert (hold.by_hand, hold.may_be_registered) == (by_hand, may_be_registered)


def test_a_missing_secret_is_said_in_its_own_words(parts: Parts) -> None:
    parts.board.failed("PassagePoint", SecretMissing("The password store has no password."))
    hold = holds_of(parts).hold_of(facts(KNOWN))
    assert hold is not None
    assert hold.reason.startswith("The password store has no password.")


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"Sync": {"register_automatically": False}}, OTHERS),
        (
            {
                "Sync": {"register_automatically": False},
                "Cache": {"url": "postgresql://anna@127.0.0.1/ledger"},
            },
            BY_HAND,
        ),
    ],
)
def test_by_hand_alone_is_a_reason_of_its_own(
    tmp_path: Path, sections: dict[str, Any], said: str
) -> None:
    with parts_in(tmp_path, **sections) as parts:
        hold = holds_of(parts).hold_of(facts(KNOWN))
        assert hold is not None
        assert said in hold.reason
        assert hold.may_be_registered is (said == OTHERS)
        stop(parts)
        later = holds_of(parts).hold_of(facts(KNOWN))
        assert later is not None
        assert CAREFUL in later.reason


@pytest.mark.parametrize(
    ("happen", "changed"),
    [
        (stop, True),
        (refuse("PassagePoint"), True),
        (refuse("Alma"), True),
        (spend("Alma"), True),
        (fail("PassagePoint"), False),
        (refuse("LibCal"), False),
    ],
)
def test_what_holds_bookings_back_is_news_once(
    parts: Parts, happen: Callable[[Parts], None], changed: bool
) -> None:
    holds = holds_of(parts)
    holds.have_changed()
    assert not holds.have_changed()
    happen(parts)
    assert holds.have_changed() is changed
    assert not holds.have_changed()


def test_the_end_of_a_stop_is_news_too(parts: Parts) -> None:
    holds = holds_of(parts)
    stop(parts)
    holds.have_changed()
    parts.gate.probe_went_well()
    assert holds.have_changed()
    parts.clock.advance(seconds=timedelta(minutes=1).total_seconds())
    assert holds.hold_of(facts(KNOWN)) is None
