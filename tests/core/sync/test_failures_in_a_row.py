"""How often a service may fail in a row before a pass leaves it alone."""

from __future__ import annotations

import pytest

from core.domain.errors import (
    AboutSomebodyElse,
    AppError,
    CredentialsRefused,
    ServerTrouble,
    UnexpectedAnswer,
)
from core.sync.failures_in_a_row import FailuresInARow
from tests.builders import NOON
from tests.core.parts import Parts

DOWN = ServerTrouble("Alma", "Down.", http_status=500)
ODD = UnexpectedAnswer("Alma", "Odd.", http_status=200)
STRANGER = AboutSomebodyElse("Alma", "Somebody else.", http_status=200)


@pytest.fixture
def patience(parts: Parts) -> FailuresInARow:
    return FailuresInARow(parts.board, parts.gate)


@pytest.mark.parametrize(
    ("answers", "lasts"),
    [
        ([], True),
        ([DOWN], True),
        ([DOWN] * 2, True),
        ([DOWN] * 3, False),
        ([DOWN, ODD, DOWN], False),
        ([DOWN, DOWN, None, DOWN, DOWN], True),
        ([DOWN, DOWN, None, DOWN, DOWN, DOWN], False),
        ([STRANGER] * 9, True),
        ([DOWN, DOWN, STRANGER], True),
        ([DOWN, STRANGER, DOWN, STRANGER, DOWN], False),
    ],
)
def test_three_failures_in_a_row_end_the_asking(
    patience: FailuresInARow, answers: list[AppError | None], lasts: bool
) -> None:
    for answer in answers:
        if answer is None:
            patience.answered("Alma")
        else:
            patience.failed("Alma", answer)
    assert patience.lasts("Alma") is lasts
    assert patience.lasts("PassagePoint")
    patience.begin()
    assert patience.lasts("Alma")


def test_the_board_hears_of_every_answer(parts: Parts, patience: FailuresInARow) -> None:
    patience.failed("Alma", DOWN)
    assert (parts.board.of("Alma").ok, parts.board.of("Alma").error) == (False, "Down.")
    patience.failed("Alma", STRANGER)
    assert parts.board.of("Alma").error == "Somebody else."
    patience.answered("Alma")
    assert (parts.board.of("Alma").ok, parts.board.of("Alma").error) == (True, None)


def test_nothing_is_sent_by_itself_where_anything_speaks_against_it(
    parts: Parts, patience: FailuresInARow
) -> None:
    assert patience.may_send
    for _ in range(3):
        patience.failed("PassagePoint", ServerTrouble("PassagePoint", "Down."))
    assert not patience.may_send
    patience.begin()
    assert patience.may_send
    parts.gate.doubt("A time-out.", NOON)
    assert not patience.may_send
    parts.gate.probe_went_well()
    assert patience.may_send
    patience.failed("PassagePoint", CredentialsRefused("PassagePoint", "No."))
    assert not patience.may_send
    patience.answered("PassagePoint")
    assert patience.may_send
    for _ in range(3):
        patience.failed("Alma", DOWN)
    assert patience.may_send
