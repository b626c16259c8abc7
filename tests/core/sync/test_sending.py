"""One visit: its intent, its end, and when the next try may come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.cache.ledger import IntentExists
from core.domain.errors import (
    AppError,
    CacheError,
    CredentialsRefused,
    DataRefused,
    NetworkDown,
    NoAnswer,
    ServerTrouble,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.models import AUTOMATIC, DeskRequest, PreRegistration, Tries
from core.domain.outcomes import Outcome
from core.domain.status import Action, PassState, SendState
from core.sync.sending import earliest_retry
from tests.builders import NOON, a_booking, a_patron
from tests.core.parts import PARALLEL, Parts, parts_in

SERVICE = "PassagePoint"
LATER = NOON + timedelta(hours=3)
NO_ANSWER = NoAnswer(SERVICE, "Cut.")
DOWN = NetworkDown(SERVICE, "Offline.")
BROKEN = ServerTrouble(SERVICE, "Down.", http_status=500)
ODD = UnexpectedAnswer(SERVICE, "Odd.", http_status=200)
DATA = DataRefused(SERVICE, "Wrong.", http_status=400)


def book(parts: Parts, number: int = 1, location: str = "8827") -> str:
    """The row of another person's booking."""
    answer = f"G1234567{number}"
    booking = a_booking(
        f"cs_{number}",
        LATER + timedelta(minutes=number),
        id_answer=answer,
        email=f"reader{number}@example.edu",
        location_id=location,
    )
    parts.intake.take_in_some([booking], parts.clock.now())
    parts.book.put_patron(a_patron(answer, barcode=f"2282000{number}"))
    return parts.row(f"cs_{number}").row_id


def intend(parts: Parts, row_id: str) -> PreRegistration:
    send = parts.sending.intend(parts.book.verdict(row_id), "137505764541148", AUTOMATIC)
    assert send is not None
    return send


def kept(parts: Parts, row_id: str) -> list[PreRegistration]:
    return parts.cache.ledger.of_rows([row_id]).get(row_id, [])


def test_the_intent_says_all_that_is_sent_and_who_sends_it(parts: Parts) -> None:
    row_id = book(parts)
    send = intend(parts, row_id)
    assert kept(parts, row_id) == [send]
    assert send == PreRegistration(
        send_id=send.send_id,
        row_id=row_id,
        appt_id="cs_1",
        state=SendState.INTENT,
        starts_at=LATER + timedelta(minutes=1),
        ends_at=LATER + timedelta(minutes=61),
        visitor_id="137505764541148",
        primary_id="G12345671",
        barcode="22820001",
        destination="Main Desk",
        category="Student",
        owner="me",
        who=AUTOMATIC,
        computer="desk-1",
        intended_at=NOON,
    )
    assert parts.sending.out == {send.send_id: send}
    assert parts.book.verdict(row_id).row.passagepoint is PassState.REGISTERING
    with pytest.raises(IntentExists):
        intend(parts, row_id)


def test_an_answer_is_kept_with_its_id(parts: Parts) -> None:
    row_id = book(parts)
    send = intend(parts, row_id)
    parts.sending.note_try(row_id, "Offline.")
    parts.clock.advance(seconds=2)
    assert parts.sending.settle(send, "137505764541999") is Outcome.REGISTERED
    [one] = kept(parts, row_id)
    assert (one.state, one.prereg_id) == (SendState.REGISTERED, "137505764541999")
    assert one.settled_at == NOON + timedelta(seconds=2)
    assert (parts.sending.out, parts.sending.registered) == ({}, 1)
    assert parts.book.verdict(row_id).row.passagepoint is PassState.REGISTERED
    assert parts.book.cached(row_id).tries == Tries()
    assert parts.board.of(SERVICE).ok
    entry = parts.cache.log.of_row(row_id)[-1]
    assert entry.text == "Registered in PassagePoint (visit 137505764541999)."
    assert (entry.who, entry.computer, entry.at) == (AUTOMATIC, "desk-1", NOON + timedelta(0, 2))


def test_the_same_answer_again_is_no_other_visits_id(parts: Parts) -> None:
    """As it is where the cache could not be written at first."""
    row_id = book(parts)
    send = intend(parts, row_id)
    parts.sending.settle(send, "137505764541999")
    assert parts.cache.ledger.has_visit("137505764541999", besides="another")
    assert not parts.cache.ledger.has_visit("137505764541999", besides=send.send_id)


def test_another_visits_id_proves_nothing(parts: Parts) -> None:
    first, second = book(parts, 1), book(parts, 2)
    parts.sending.settle(intend(parts, first), "137505764541999")
    send = intend(parts, second)
    assert parts.sending.settle(send, "137505764541999") is Outcome.UNCLEAR
    [one] = kept(parts, second)
    assert (one.state, one.prereg_id) == (SendState.UNCLEAR, None)
    assert "another visit" in one.reason
    assert not parts.gate.is_open


@pytest.mark.parametrize(
    ("error", "outcome", "recorded", "stops", "is_well"),
    [
        (NO_ANSWER, Outcome.UNCLEAR, SendState.UNCLEAR, True, False),
        (BROKEN, Outcome.UNCLEAR, SendState.UNCLEAR, True, False),
        (KeyError("our bug"), Outcome.UNCLEAR, SendState.UNCLEAR, True, False),
        (ODD, Outcome.UNCLEAR, SendState.UNCLEAR, True, False),
        (DATA, Outcome.REFUSED, SendState.REFUSED, False, True),
        (DOWN, Outcome.NOT_SENT, None, False, False),
        (WrongAddress(SERVICE, "HTML.", http_status=404), Outcome.BLOCKED, None, True, False),
        (CredentialsRefused(SERVICE, "No."), Outcome.NOT_SENT, None, False, False),
    ],
    ids=str,
)
def test_each_end_is_recorded_told_and_has_its_consequence(
    parts: Parts,
    error: object,
    outcome: Outcome,
    recorded: SendState | None,
    stops: bool,
    is_well: bool,
) -> None:
    row_id = book(parts)
    parts.board.good(SERVICE)
    send = intend(parts, row_id)
    assert parts.sending.settle(send, error) is outcome
    assert [one.state for one in kept(parts, row_id)] == ([recorded] if recorded else [])
    assert parts.gate.is_open is not stops
    assert parts.sending.out == {}
    assert (parts.board.of(SERVICE).ok, parts.board.of(SERVICE).sending_stopped) == (is_well, stops)
    reads = PassState.WAITING if isinstance(error, CredentialsRefused) else outcome.reads
    assert parts.book.verdict(row_id).row.passagepoint is reads
    message = error.message if isinstance(error, AppError) else "itself failed"
    assert message in parts.texts(row_id)[-1]
    assert parts.sending.registered == 0


def test_a_good_visit_while_sending_carefully_says_that_it_is_still_careful(parts: Parts) -> None:
    rows = [book(parts, number) for number in range(1, PARALLEL + 2)]
    parts.sending.settle(intend(parts, rows.pop()), NO_ANSWER)
    parts.gate.probe_went_well()
    for number, row_id in enumerate(rows, 1):
        parts.sending.settle(intend(parts, row_id), f"13750576454100{number}")
        assert parts.board.of(SERVICE).sending_stopped is (number < PARALLEL)
    assert parts.sending.registered == PARALLEL


def test_without_a_note_nothing_is_sent_and_nothing_is_left_of_the_intent(
    parts: Parts, tmp_path: Path
) -> None:
    row_id = book(parts)
    note = tmp_path / "elsewhere"
    for file in note.iterdir():
        file.unlink()
    note.rmdir()
    note.write_text("no folder any more")
    with pytest.raises(CacheError):
        intend(parts, row_id)
    assert (kept(parts, row_id), parts.sending.out) == ([], {})


def test_a_ledger_that_knows_less_than_the_note_sends_nothing(parts: Parts) -> None:
    rows = [book(parts, number) for number in (1, 2)]
    parts.sending.settle(intend(parts, rows[0]), "137505764541999")
    parts.hold = None
    before = parts.book.verdict(rows[1])
    parts.cache.database.execute("UPDATE meta SET value = '0' WHERE name = 'sent_count'")
    parts.cache.database.execute("DELETE FROM counted")
    sending = parts.sending.intend(parts.book.verdict(rows[1]), "137505764541148", AUTOMATIC)
    assert sending is None
    assert (kept(parts, rows[1]), parts.sending.out) == ([], {})
    assert parts.question.is_open
    assert parts.book.verdict(rows[1]) is not before


# Refusals in a row


@pytest.mark.parametrize(
    ("places", "outcomes"),
    [
        (["8827", "8827", "8827", "8827"], "RRRR"),
        (["8827", "10332", "8827"], "RRB"),
        (["8827", "8827", "10332"], "RRB"),
        (["8827", "8827", "8827", "10332"], "RRRB"),
        (["8827", "10332", "8827", "10332"], "RRBB"),
    ],
)
def test_only_different_people_at_different_places_are_the_services_fault(
    parts: Parts, places: list[str], outcomes: str
) -> None:
    letters = {Outcome.REFUSED: "R", Outcome.BLOCKED: "B"}
    got = [
        letters[parts.sending.settle(intend(parts, book(parts, number, place)), DATA)]
        for number, place in enumerate(places, 1)
    ]
    assert "".join(got) == outcomes
    assert parts.gate.is_open is ("B" not in outcomes)


def test_only_refusals_are_counted(parts: Parts) -> None:
    for number, place in enumerate(("8827", "10332", "8827", "10332"), 1):
        send = intend(parts, book(parts, number, place))
        assert parts.sending.settle(send, DOWN) is Outcome.NOT_SENT


def test_two_of_several_places_are_enough(tmp_path: Path) -> None:
    places = {"8827": "Main Desk", "10332": "Annex Desk", "999": "Hall Desk"}
    locations = [{"id": one, "name": one, "destination": name} for one, name in places.items()]
    with parts_in(tmp_path, LibCal={"locations": locations}) as parts:
        outcomes = [
            parts.sending.settle(intend(parts, book(parts, number, place)), DATA)
            for number, place in enumerate(("8827", "10332", "8827"), 1)
        ]
    assert outcomes[-1] is Outcome.BLOCKED


def test_one_persons_refusals_are_that_persons(parts: Parts) -> None:
    for number, place in enumerate(("8827", "10332", "8827", "10332"), 1):
        booking = a_booking(f"cs_{number}", LATER + timedelta(hours=number), location_id=place)
        parts.intake.take_in_some([booking], NOON)
        parts.known()
        send = intend(parts, parts.row(f"cs_{number}").row_id)
        assert parts.sending.settle(send, DATA) is Outcome.REFUSED


def test_a_good_visit_begins_the_count_anew(parts: Parts) -> None:
    results: list[object] = [DATA, DATA, "137505764541999", DATA, DATA]
    places = ("8827", "10332", "8827", "10332", "8827")
    outcomes = [
        parts.sending.settle(intend(parts, book(parts, number, place)), result)
        for number, (place, result) in enumerate(zip(places, results, strict=True), 1)
    ]
    assert Outcome.BLOCKED not in outcomes


def test_refusals_that_are_explained_dont_count(parts: Parts) -> None:
    for number, place in enumerate(("8827", "8827"), 1):
        parts.sending.settle(intend(parts, book(parts, number, place)), DATA)
    parts.sending.explain({"Main Desk"})
    for number in (3, 4):
        send = intend(parts, book(parts, number, "10332"))
        assert parts.sending.settle(send, DATA) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("destinations", "outcome"),
    [(("Main Desk", None), Outcome.BLOCKED), (("Main Desk", "Annex Desk"), Outcome.REFUSED)],
)
def test_where_there_is_one_destination_people_alone_have_to_differ(
    tmp_path: Path, destinations: tuple[str | None, ...], outcome: Outcome
) -> None:
    names = zip(("8827", "10332"), destinations, strict=True)
    locations = [{"id": one, "name": one, "destination": place} for one, place in names]
    with parts_in(tmp_path, LibCal={"locations": locations}) as parts:
        sends = [intend(parts, book(parts, number)) for number in (1, 2, 3)]
        assert [parts.sending.settle(send, DATA) for send in sends][-1] is outcome


# What doesn't go out after all


def test_what_is_withheld_was_never_tried(parts: Parts) -> None:
    row_id = book(parts)
    parts.sending.withhold(intend(parts, row_id))
    assert (kept(parts, row_id), parts.sending.out) == ([], {})
    assert parts.book.verdict(row_id).row.passagepoint is PassState.WAITING
    assert parts.book.cached(row_id).tries == Tries()


def test_what_is_taken_back_is_said_and_not_held_against_it(parts: Parts) -> None:
    row_id = book(parts)
    parts.sending.take_back(intend(parts, row_id), "The person is looked up again.")
    assert (kept(parts, row_id), parts.sending.out) == ([], {})
    assert parts.book.verdict(row_id).row.passagepoint is PassState.WAITING
    entry = parts.cache.log.of_row(row_id)[-1]
    assert (entry.text, entry.who) == ("Not sent. The person is looked up again.", AUTOMATIC)


def test_what_is_still_out_at_the_end_is_unclear(parts: Parts) -> None:
    rows = [book(parts, number) for number in (1, 2)]
    for row_id in rows:
        intend(parts, row_id)
    parts.sending.abandon("The program was closed.")
    assert parts.sending.out == {}
    for row_id in rows:
        [one] = kept(parts, row_id)
        assert (one.state, one.reason) == (SendState.UNCLEAR, "The program was closed.")
        assert parts.book.verdict(row_id).row.passagepoint is PassState.UNCLEAR


def test_a_refused_person_is_refused_like_a_visit(parts: Parts) -> None:
    row_id = book(parts)
    parts.sending.refuse(parts.book.verdict(row_id), DATA)
    [one] = kept(parts, row_id)
    wanted = parts.book.verdict(row_id).outgoing
    assert (one.state, one.visitor_id, one.reason) == (SendState.REFUSED, None, "Wrong.")
    assert (one.starts_at, one.ends_at) == (wanted.starts_at, wanted.ends_at)
    assert (one.primary_id, one.barcode) == (wanted.primary_id, wanted.barcode)
    assert (one.destination, one.category) == (wanted.destination, wanted.category)
    assert (one.appt_id, one.computer) == ("cs_1", "desk-1")
    assert (one.intended_at, one.settled_at) == (NOON, NOON)
    row = parts.book.verdict(row_id).row
    assert (row.passagepoint, row.reason) == (PassState.REFUSED, "Wrong.")
    assert parts.texts(row_id)[-1] == "PassagePoint refused the person. Wrong."


# Pauses between tries


def pauses(parts: Parts, row_id: str, count: int) -> list[float]:
    """Minutes from each failed try to the next that may come."""
    found = []
    for _ in range(count):
        parts.sending.note_try(row_id, "Offline.")
        retry_at = parts.book.cached(row_id).tries.retry_at
        assert retry_at is not None
        found.append((retry_at - parts.clock.now()) / timedelta(minutes=1))
    return found


def test_pauses_double_up_to_a_quarter_of_an_hour(parts: Parts) -> None:
    assert pauses(parts, book(parts), 12) == [1, 2, 4, 8, *[15] * 8]
    tries = parts.book.cached(parts.row("cs_1").row_id).tries
    assert (tries.count, tries.reason, tries.failed_at) == (12, "Offline.", NOON)


@pytest.mark.parametrize(
    ("minutes_to_start", "pause"), [(60, 8), (23, 8), (20, 5), (15, 0), (3, 0), (-10, 0)]
)
def test_no_pause_reaches_past_a_quarter_of_an_hour_before_the_start(
    parts: Parts, minutes_to_start: int, pause: int
) -> None:
    booking = a_booking(starts_at=NOON + timedelta(minutes=minutes_to_start))
    parts.intake.take_in_some([booking], NOON)
    assert pauses(parts, parts.row("cs_1").row_id, 4)[-1] == pause


def test_a_try_of_a_row_that_is_gone_is_nothing(parts: Parts) -> None:
    parts.sending.note_try("gone", "Offline.")


@pytest.mark.parametrize(
    ("error", "count"), [(DOWN, 1), (CredentialsRefused(SERVICE, "No."), 0), (DATA, 0)], ids=str
)
def test_what_failed_for_a_while_waits_and_what_a_person_mends_doesnt(
    parts: Parts, error: AppError, count: int
) -> None:
    row_id = book(parts)
    parts.sending.settle(intend(parts, row_id), error)
    assert parts.book.cached(row_id).tries.count == count


@pytest.mark.parametrize(
    ("seconds", "may"),
    [(None, True), (-1, True), (0, True), (1, False), (900, False), (901, True), (86400, True)],
)
def test_it_may_be_tried_again_once_its_pause_is_over(seconds: int | None, may: bool) -> None:
    retry_at = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert earliest_retry(Tries(1, retry_at=retry_at), NOON) is may


def test_an_old_ledgers_send_without_a_row_can_end_too(parts: Parts) -> None:
    lost = PreRegistration("s1", None, "cs_old", SendState.INTENT, None, None)
    for result, state in ((DOWN, None), ("137505764541999", SendState.REGISTERED)):
        parts.cache.ledger.intend(lost)
        parts.sending.settle(lost, result)
        found = parts.cache.ledger.of_appointment("cs_old")
        assert [one.state for one in found] == ([state] if state else [])


def asked(parts: Parts, row_id: str, action: Action) -> None:
    request = DeskRequest(f"q{action.code}", action, row_id, "anna", NOON)
    parts.cache.requests.store(request)


@pytest.mark.parametrize(
    ("who", "asks", "goes"),
    [
        (AUTOMATIC, [], True),
        (AUTOMATIC, [Action.REGISTER_NOW], True),
        (AUTOMATIC, [Action.BY_HAND], False),
        ("anna", [], False),
        ("anna", [Action.REGISTER_NOW], True),
        ("anna", [Action.REGISTER_NOW, Action.BY_HAND], False),
        ("anna", [Action.BY_HAND, Action.REGISTER_NOW], True),
    ],
)
def test_what_a_desk_took_over_or_back_at_the_last_moment_does_not_go_out(
    parts: Parts, who: str, asks: list[Action], goes: bool
) -> None:
    row_id, other = book(parts, 1), book(parts, 2)
    for action in asks:
        asked(parts, row_id, action)
    send = parts.sending.intend(parts.book.verdict(row_id), "137505764541148", who)
    assert (send is not None) is goes
    assert len(kept(parts, row_id)) == goes
    assert parts.sending.out.keys() == ({send.send_id} if send else set())
    intend(parts, other)


def test_an_answer_that_comes_after_its_day_is_kept_and_brings_the_row_into_no_other_day(
    parts: Parts,
) -> None:
    row_id = book(parts)
    send = intend(parts, row_id)
    parts.clock.advance(days=3)
    parts.book.forget_day()
    parts.book.open()
    assert parts.sending.settle(send, "77") is Outcome.REGISTERED
    assert [one.state for one in kept(parts, row_id)] == [SendState.REGISTERED]
    assert not parts.book.has(row_id)
