"""Whose booking it is: corrections, names, blocks and accounts, case by case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.domain.status import Action, PatronState
from core.verdict import Rules
from core.verdict.person import seen_answer, seen_names
from tests.builders import a_booking, a_config
from tests.core.verdict.cases import RULES, Change, booking, decided, named, patron, verdict_of

BLOCKS = Rules(a_config(Alma={"active_block": "needs_person"}))
TOLERANT = Rules(a_config(Alma={"inactive_account": "register"}))


def state(*changes: Change, rules: Rules = RULES) -> tuple[PatronState, str]:
    verdict = verdict_of(*changes, rules=rules)
    return verdict.person.state, verdict.person.reason


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        (None, None, True),
        (None, "", True),
        ("", " ", True),
        ("g1", " G1 ", True),
        ("oops", "oops!", False),
        (None, "oops", False),
    ],
)
def test_a_correction_holds_while_the_reader_says_the_same(
    before: str | None, now: str | None, holds: bool
) -> None:
    seen = seen_answer(a_booking(id_answer=before))
    correction = decided(Action.CORRECT_ID, seen, primary_id="G99999999")
    row = verdict_of(booking(id_answer=now), correction).row
    assert (row.primary_id == "G99999999") is holds


@pytest.mark.parametrize(
    ("change", "primary_id", "holds"),
    [
        ({}, "G12345678", True),
        ({"starts_at": a_booking().starts_at + timedelta(minutes=5)}, "G12345678", True),
        ({"first_name": "Anna"}, "G12345678", False),
        ({"last_name": "Meyer"}, "G12345678", False),
        ({}, "G87654321", False),
    ],
)
def test_same_person_holds_for_that_name_and_that_id(
    change: dict[str, Any], primary_id: str, holds: bool
) -> None:
    same = decided(Action.SAME_PERSON, seen_names(a_booking(), primary_id))
    found, _ = state(named("Zoe", "Quill"), booking(**change), same)
    assert found is (PatronState.FOUND if holds else PatronState.NAME_DIFFERS)


@pytest.mark.parametrize(
    ("other", "fits"),
    [("Patel, Priya", True), ("Patel,Priya", True), ("Priya Patel", True), ("Patel", False)],
)
def test_another_name_of_alma_fits_when_it_is_whole(other: str, fits: bool) -> None:
    found, _ = state(named("Zoe", "Quill", other))
    assert found is (PatronState.FOUND if fits else PatronState.NAME_DIFFERS)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            [patron(first_name="", last_name="", names=("Quill, Zoe",))],
            "In Alma this ID belongs to Quill, Zoe; the booking is for Priya Patel.",
        ),
        (
            [patron(first_name="", last_name="", names=())],
            "In Alma this ID belongs to (no name); "
            "the booking is for Priya Patel: nothing to compare.",
        ),
        (
            [booking(first_name="", last_name="")],
            "In Alma this ID belongs to Priya Patel; "
            "the booking is for (no name): nothing to compare.",
        ),
        (
            [booking(first_name="-", last_name="-")],
            "In Alma this ID belongs to Priya Patel; "
            "the booking is for (no name): nothing to compare.",
        ),
        (
            [patron(first_name="-", last_name="-", names=())],
            "In Alma this ID belongs to (no name); "
            "the booking is for Priya Patel: nothing to compare.",
        ),
    ],
)
def test_who_has_no_name_is_called_so(changes: list[Change], says: str) -> None:
    assert state(*changes) == (PatronState.NAME_DIFFERS, says)


@pytest.mark.parametrize(
    ("one", "found", "says"),
    [
        (patron(active_block="Fines"), PatronState.INACTIVE, "blocked: Fines."),
        (
            patron(PatronState.INACTIVE, active_block="Fines", reason="It expired."),
            PatronState.INACTIVE,
            "It expired.",
        ),
        (
            patron(PatronState.NO_BARCODE, active_block="Fines", barcode=None),
            PatronState.NO_BARCODE,
            "No barcode in Alma.",
        ),
    ],
)
def test_a_block_is_what_stands_in_the_way_only_of_an_account_that_is_fine(
    one: Change, found: PatronState, says: str
) -> None:
    seen, reason = state(one, rules=BLOCKS)
    assert seen is found
    assert reason.endswith(says)


@pytest.mark.parametrize(
    ("one", "found", "barcode"),
    [
        (patron(PatronState.INACTIVE), PatronState.FOUND, "22820001"),
        (patron(PatronState.INACTIVE, barcode=None), PatronState.NO_BARCODE, None),
        (patron(PatronState.INACTIVE, deleted=True), PatronState.INACTIVE, "22820001"),
        (patron(PatronState.NO_BARCODE, barcode=None), PatronState.NO_BARCODE, None),
        (patron(PatronState.NOT_IN_ALMA, barcode=None), PatronState.NOT_IN_ALMA, None),
    ],
)
def test_where_an_ended_account_may_come_in_its_card_is_what_counts(
    one: Change, found: PatronState, barcode: str | None
) -> None:
    person = verdict_of(one, rules=TOLERANT).person
    assert (person.state, person.barcode) == (found, barcode)
