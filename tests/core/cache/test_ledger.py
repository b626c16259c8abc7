from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.cache.base import Cache
from core.cache.ledger import IntentExists
from core.domain.models import Decision, PreRegistration
from core.domain.status import Action, SendState
from tests.builders import NOON, a_booking, a_send
from tests.core.cache.conftest import Another

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def row_id(cache: Cache) -> str:
    return cache.bookings.add(a_booking(), first_seen_at=NOON).row_id


def _intent(row_id: str, send_id: str = "s1", owner: str = "us") -> PreRegistration:
    return a_send(
        row_id,
        send_id=send_id,
        state=SendState.INTENT,
        prereg_id=None,
        owner=owner,
        who="jo",
        computer="desk-1",
        settled_at=None,
    )


def _sends(cache: Cache, row_id: str) -> list[PreRegistration]:
    return cache.ledger.of_rows([row_id]).get(row_id, [])


def test_every_field_of_an_intent_survives(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    assert _sends(cache, row_id) == [_intent(row_id)]


def test_another_process_sees_an_intent_at_once(
    cache: Cache, another: Another, row_id: str
) -> None:
    cache.ledger.intend(_intent(row_id))
    with another(read_only=True) as other:
        assert _sends(other, row_id) == [_intent(row_id)]


def test_a_booking_has_one_open_intent(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    with pytest.raises(IntentExists):
        cache.ledger.intend(_intent(row_id, "s2"))
    assert _sends(cache, row_id) == [_intent(row_id)]


def test_after_the_outcome_a_booking_may_be_sent_again(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.unclear("s1", "No answer.", LATER)
    cache.ledger.intend(_intent(row_id, "s2"))
    assert [send.send_id for send in _sends(cache, row_id)] == ["s1", "s2"]


def test_a_withdrawn_intent_never_was_but_counts(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.withdraw("s1")
    assert (_sends(cache, row_id), cache.ledger.position()) == ([], (1, "s1"))


def test_what_was_sent_cannot_be_withdrawn(cache: Cache, row_id: str) -> None:
    cache.ledger.record(a_send(row_id))
    cache.ledger.withdraw("s1")
    assert _sends(cache, row_id) == [a_send(row_id)]


def test_registered_keeps_the_answers_id(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.registered("s1", "77", LATER)
    sent = replace(_intent(row_id), state=SendState.REGISTERED, prereg_id="77", settled_at=LATER)
    assert _sends(cache, row_id) == [sent]


def test_unclear_says_why(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.unclear("s1", "No answer.", LATER)
    sent = replace(_intent(row_id), state=SendState.UNCLEAR, reason="No answer.", settled_at=LATER)
    assert _sends(cache, row_id) == [sent]


def test_an_unclear_send_can_turn_out_registered(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.unclear("s1", "No answer.", LATER)
    cache.ledger.registered("s1", "77", LATER)
    [send] = _sends(cache, row_id)
    assert (send.state, send.reason) == (SendState.REGISTERED, "")


def test_refused_says_why(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.ledger.refused("s1", "No such destination.", LATER)
    [send] = _sends(cache, row_id)
    assert (send.state, send.reason) == (SendState.REFUSED, "No such destination.")


def test_an_outcome_of_nothing_is_our_own_bug(cache: Cache) -> None:
    with pytest.raises(LookupError):
        cache.ledger.registered("s1", "77", NOON)


def test_an_outcome_of_nothing_counts_nothing(cache: Cache) -> None:
    with pytest.raises(LookupError):
        cache.ledger.unclear("s1", "", NOON)
    assert cache.ledger.position().number == 0


def test_each_intent_counts_and_what_becomes_of_it_does_not(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id, "s1"))
    cache.ledger.refused("s1", "", LATER)
    cache.ledger.intend(_intent(row_id, "s2"))
    cache.ledger.unclear("s2", "", LATER)
    cache.ledger.registered("s2", "77", LATER)
    cache.ledger.record(a_send(row_id, send_id="s3"))
    cache.ledger.record(a_send(row_id, send_id="s4", state=SendState.REFUSED))
    assert cache.ledger.position() == (2, "s2")
    cache.ledger.outdate_copies()
    assert cache.ledger.position().number == 3
    assert [cache.ledger.counted_at(one) for one in (0, 1, 2, 4)] == [None, "s1", "s2", None]


def test_an_intent_that_may_not_be_counts_nothing(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id, "s1"))
    with pytest.raises(IntentExists):
        cache.ledger.intend(_intent(row_id, "s2"))
    assert cache.ledger.position() == (1, "s1")


def test_an_intent_and_its_count_are_kept_together_or_not_at_all(cache: Cache, row_id: str) -> None:
    def fail_after_the_intent() -> None:
        with cache.transaction():
            cache.ledger.intend(_intent(row_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_the_intent()
    assert (_sends(cache, row_id), cache.ledger.position()) == ([], (0, None))


def test_what_is_removed_lowers_no_count(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    cache.database.execute("DELETE FROM appts WHERE send_id = 's1'")
    assert (_sends(cache, row_id), cache.ledger.position().number) == ([], 1)


def test_intents_of_others_become_unclear(cache: Cache, row_id: str) -> None:
    other = cache.bookings.add(a_booking("cs_2"), first_seen_at=NOON)
    cache.ledger.intend(_intent(row_id, "s1", owner="gone"))
    cache.ledger.intend(_intent(other.row_id, "s2", owner="us"))
    abandoned = cache.ledger.settle_abandoned("us", LATER, "The program ended.")
    assert abandoned == _sends(cache, row_id)
    assert [(send.state, send.reason) for send in abandoned] == [
        (SendState.UNCLEAR, "The program ended.")
    ]
    assert [send.state for send in _sends(cache, other.row_id)] == [SendState.INTENT]
    assert cache.ledger.position() == (2, "s2")


def test_settled_sends_of_others_stand(cache: Cache, row_id: str) -> None:
    cache.ledger.record(a_send(row_id, owner="gone"))
    assert cache.ledger.settle_abandoned("us", LATER, "") == []
    assert _sends(cache, row_id) == [a_send(row_id, owner="gone")]


def test_an_orphan_finds_its_booking(cache: Cache, row_id: str) -> None:
    cache.ledger.record(a_send(None))
    assert cache.ledger.orphans() == [a_send(None)]
    cache.ledger.attach("s1", row_id)
    assert cache.ledger.orphans() == []
    assert _sends(cache, row_id) == [a_send(row_id)]


def test_rows_without_a_send_are_missing(cache: Cache, row_id: str) -> None:
    assert cache.ledger.of_rows([row_id, "r2"]) == {}


def test_a_send_for_no_booking_is_our_own_bug(cache: Cache) -> None:
    with pytest.raises(RuntimeError, match=r"(?i)foreign key"):
        cache.ledger.record(a_send("r1"))


def _in_state(cache: Cache, row_id: str, state: SendState) -> None:
    cache.ledger.intend(_intent(row_id))
    if state is not SendState.INTENT:
        _become(cache, state)


def _become(cache: Cache, state: SendState) -> None:
    match state:
        case SendState.REGISTERED:
            cache.ledger.registered("s1", "77", LATER)
        case SendState.UNCLEAR:
            cache.ledger.unclear("s1", "Why.", LATER)
        case SendState.REFUSED:
            cache.ledger.refused("s1", "Why.", LATER)
        case SendState.WITHDRAWN:
            cache.ledger.withdraw("s1")
        case SendState.INTENT:
            raise ValueError("a send begins with it")


_SETTLED = (SendState.REGISTERED, SendState.UNCLEAR, SendState.REFUSED)


@pytest.mark.parametrize("after", _SETTLED)
@pytest.mark.parametrize("before", [SendState.INTENT, *_SETTLED])
def test_a_send_becomes_only_what_it_may(
    cache: Cache, row_id: str, before: SendState, after: SendState
) -> None:
    _in_state(cache, row_id, before)
    if after in before.may_become:
        _become(cache, after)
        assert [one.state for one in _sends(cache, row_id)] == [after]
    else:
        with pytest.raises(LookupError):
            _become(cache, after)
        assert [one.state for one in _sends(cache, row_id)] == [before]


@pytest.mark.parametrize("before", [SendState.INTENT, *_SETTLED])
def test_only_what_surely_isnt_there_is_withdrawn(
    cache: Cache, row_id: str, before: SendState
) -> None:
    _in_state(cache, row_id, before)
    cache.ledger.withdraw("s1")
    goes = before in (SendState.INTENT, SendState.REFUSED)
    assert [one.state for one in _sends(cache, row_id)] == ([] if goes else [before])


def test_sends_and_decisions_have_one_order_whatever_the_clock_says(
    cache: Cache, row_id: str
) -> None:
    late, early = LATER, NOON
    cache.ledger.intend(replace(_intent(row_id, "s1"), intended_at=late))
    cache.ledger.refused("s1", "", late)
    cache.decisions.add(Decision("d1", row_id, Action.BY_HAND, early, "jo"))
    cache.ledger.record(a_send(row_id, send_id="s2", intended_at=early))
    cache.decisions.add(Decision("d2", row_id, Action.LEAVE, early, "jo"))
    cache.ledger.record(a_send(row_id, send_id="s1"))  # said again, it keeps its place
    sends, decisions = _sends(cache, row_id), cache.decisions.of_rows([row_id])[row_id]
    assert [one.sequence for one in sends] == [1, 3]
    assert [one.sequence for one in decisions] == [2, 4]


def test_what_was_sent_for_people_is_found_by_who_they_are_in_passagepoint(
    cache: Cache, row_id: str
) -> None:
    for number, visitor_id in enumerate(["v1", "v2", "v1", "v3"]):
        cache.ledger.record(a_send(row_id, send_id=f"s{number}", visitor_id=visitor_id))
    found = cache.ledger.of_visitors(["v1", "v3", "v9"])
    assert [one.send_id for one in found] == ["s0", "s2", "s3"]
    assert cache.ledger.of_visitors([]) == []


@pytest.mark.parametrize(
    ("prereg_id", "besides", "has_it"),
    [("77", "s2", True), ("77", "s1", False), ("78", "s2", False)],
)
def test_a_visit_that_another_send_was_answered_with_is_known(
    cache: Cache, row_id: str, prereg_id: str, besides: str, has_it: bool
) -> None:
    cache.ledger.record(a_send(row_id, send_id="s1", prereg_id="77"))
    assert cache.ledger.has_visit(prereg_id, besides=besides) is has_it


def test_a_ledger_is_empty_until_something_is_counted(cache: Cache) -> None:
    assert cache.ledger.is_empty()
    cache.ledger.outdate_copies()
    assert not cache.ledger.is_empty()


def test_a_ledger_that_has_seen_a_booking_is_not_empty(cache: Cache, row_id: str) -> None:
    assert not cache.ledger.is_empty()


def test_an_intent_is_told_how_far_the_ledger_has_come_with_it(cache: Cache, row_id: str) -> None:
    assert cache.ledger.intend(_intent(row_id)) == (1, "s1")


def test_a_ledger_that_has_lost_its_count_is_at_its_beginning_and_takes_nothing(
    cache: Cache, row_id: str
) -> None:
    cache.database.execute("DELETE FROM meta WHERE name = 'sent_count'")
    assert cache.ledger.position() == (0, None)
    with pytest.raises(LookupError, match="without its count"):
        cache.ledger.intend(_intent(row_id))
    assert _sends(cache, row_id) == []


def test_a_second_intent_says_what_to_do(cache: Cache, row_id: str) -> None:
    cache.ledger.intend(_intent(row_id))
    with pytest.raises(IntentExists) as refused:
        cache.ledger.intend(_intent(row_id, "s2"))
    assert (refused.value.message, refused.value.hint) == (
        "This booking is just being registered.",
        "Wait a moment, then look at it again.",
    )


@pytest.mark.parametrize(
    ("column", "state"),
    [("state", SendState.UNCLEAR), ("settled_at", SendState.REGISTERED)],
)
def test_of_a_damaged_send_stands_what_can_be_read_and_without_its_state_it_is_unclear(
    cache: Cache, row_id: str, column: str, state: SendState
) -> None:
    cache.ledger.record(a_send(row_id))
    cache.database.execute(f"UPDATE appts SET {column} = 'yesterday'")
    [send] = _sends(cache, row_id)
    assert (send.state, send.send_id, send.prereg_id) == (state, "s1", "137505764541148")
