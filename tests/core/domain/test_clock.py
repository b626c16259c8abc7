"""Asked at every step, looked up seldom."""

from __future__ import annotations

from core.domain.clock import seldom


def test_the_first_answer_holds_for_a_while() -> None:
    answers = iter([True, False])
    wanted = seldom(lambda: next(answers), seconds=3600)
    assert [wanted() for _ in range(100)] == [True] * 100


def test_afterwards_it_is_asked_again() -> None:
    answers = iter([False, False, True])
    wanted = seldom(lambda: next(answers), seconds=0)
    assert [wanted(), wanted(), wanted()] == [False, False, True]
