"""Whatever comes in whatever order: no more than are allowed, none twice, one question a group."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from core.domain.models import BookingRow, RowsChanged, RowsRemoved
from core.domain.status import Action, Group, PassState
from tests.e2e.library import Library, at
from tests.e2e.test_companions import GroupRoom

_ALLOWED = 3
_STEPS = 25
_ANSWERS = frozenset(
    {
        Action.HANDLED,
        Action.REGISTER_ANEW,
        Action.LEAVE,
        Action.IT_IS_THERE,
        Action.IT_IS_NOT,
        Action.REGISTER_AGAIN,
        Action.REGISTER_NOW,
    }
)
_SENDS_AGAIN = frozenset({Action.REGISTER_ANEW, Action.REGISTER_AGAIN})


class Chance:
    """One seed always does the same."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library, self.random = library, random.Random(seed)
        self.room = GroupRoom(library, allowed=_ALLOWED)
        self.was_sent_again = False
        book_id, services = self.room.booking.book_id, library.services
        self._steps: list[Callable[[], object]] = [
            self.room.add,
            self.room.add,
            lambda: self.room.a_pass_later(self.random.choice([1, 5, 10])),
            self._news,
            lambda: services.cancel(book_id),
            lambda: services.cancel(book_id, "Confirmed"),
            lambda: services.move(book_id, at(self.random.choice([3, 4, 5, 6]))),
            lambda: services.extend(book_id, at(self.random.choice([7, 8, 9]))),
            lambda: services.check_in(book_id, moves_start=True),
            self._fail_once,
            services.faults.clear,
            self._restart,
            self._decide,
            self._decide,
            self._undo,
        ]

    def step(self) -> None:
        self.random.choice(self._steps)()

    def _fail_once(self) -> None:
        fault = self.random.choice(["429", "cut_before", "503"])
        processed = fault != "429" and self.random.random() < 0.5
        self.library.services.faults.add("createPreReg", fault, times=1, processed=processed)

    def _news(self) -> None:
        self.library.services.libcal.news.tells_cancelled = self.random.random() < 0.5
        self.library.clock.advance(minutes=1)
        self.room.program.ask_news()

    def _restart(self) -> None:
        self.room.program = self.library.restart(self.room.program)

    def _decide(self) -> None:
        if not (todo := self.room.todo):
            return
        row = self.random.choice(todo)
        answers = [one for one in (row.action, *row.offers) if one in _ANSWERS]
        if answers and (action := self.random.choice(answers)):
            self.was_sent_again |= action in _SENDS_AGAIN
            self.room.program.act(action, row.row_id)

    def _undo(self) -> None:
        rows = [one for one in self.room.program.rows() if Action.UNDO in one.offers]
        if rows:
            self.room.program.act(Action.UNDO, self.random.choice(rows).row_id)


def asks_once(rows: list[BookingRow]) -> bool:
    """Of those that ask what LibCal's change means for them, exactly one does so aloud."""
    for code in (PassState.CANCELLED_AFTER, PassState.CHANGED):
        for is_old in (True, False):
            alike = [
                one
                for one in rows
                if one.passagepoint is code and (one.libcal_label == "Replaced") is is_old
            ]
            aloud = [one for one in alike if one.group is Group.NEEDS_PERSON]
            if len(aloud) != bool(alike):
                return False
    return True


def told_of(library: Library) -> dict[str, BookingRow]:
    told: dict[str, BookingRow] = {}
    for event in library.events:
        if isinstance(event, RowsChanged):
            told.update((row.row_id, row) for row in event.rows)
        elif isinstance(event, RowsRemoved):
            for row_id in event.row_ids:
                told.pop(row_id, None)
    return told


@pytest.mark.parametrize("seed", range(10))
def test_a_group_by_chance(library: Library, seed: int) -> None:
    chance = Chance(library, seed)
    for _ in range(_STEPS):
        chance.step()
        rows = chance.room.program.rows()
        assert sum(one.libcal_label == "Companion" for one in rows) <= _ALLOWED
        assert asks_once(rows)
    chance.room.a_pass_later(1)
    booking = chance.room.row
    for one in chance.room.companions:
        if one.libcal_label != "Taken back":
            assert (one.ends_at, one.libcal_state) == (booking.ends_at, booking.libcal_state)
    assert told_of(library) == {one.row_id: one for one in chance.room.program.rows()}
    assert chance.was_sent_again or not library.services.duplicates()
