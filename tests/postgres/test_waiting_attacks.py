"""Desks that press whatever there is, registrars that come and go: each reader one visit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from core.domain.errors import AppError, CacheAway
from core.domain.models import ActionDone, BookingRow
from core.domain.status import Action, SendState
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.computers import Computers

DESKS = ("east", "west", "north", "south", "door", "hall")
REGISTRARS = ("first", "standby")


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


class Staff:
    """Do what the window says: they enter a visit only once nothing else is sent for it."""

    def __init__(self, computers: Computers, seed: int) -> None:
        self.computers, self.dice = computers, random.Random(seed)
        self.entered: list[str] = []
        """Row ids of visits that were made in PassagePoint by hand."""
        self.hands: dict[str, tuple[str, str]] = {}
        """Row ids, with the desk and the request by which they were taken in hand."""

    def take_turns(self) -> None:
        names = [*DESKS, *REGISTRARS]
        self.dice.shuffle(names)
        for name in names:
            engine = self.computers.engines.get(name)
            if engine is None:
                continue
            with suppress(AppError):
                engine.attend()
            if name in REGISTRARS and self.dice.random() < 0.5:
                with suppress(AppError):
                    engine.log_new_bookings()

    def press_something(self) -> None:
        name = self.dice.choice(DESKS)
        desk = self.computers.engines[name]
        rows = [row for row in desk.rows() if (row.action, *row.offers) != (None,)]
        if rows:
            rows.sort(key=lambda row: row.book_id)  # ids of rows differ from run to run
            self._press(name, desk, self.dice.choice(rows))

    def _press(self, name: str, desk: SharedEngine, row: BookingRow) -> None:
        offered = [one for one in (row.action, *row.offers) if one is not None]
        by_hand = Action.BY_HAND in offered and self.dice.random() < 0.5
        action = Action.BY_HAND if by_hand else self.dice.choice(offered)
        if row.row_id in self.entered:
            return  # nobody takes back what is true
        if row.row_id in self.hands:
            self.finish(row)
        elif action is Action.BY_HAND and Action.NOT_BY_HAND not in offered:
            self._take_in_hand(name, desk, row)
        elif action in (Action.REGISTER_NOW, Action.WITHDRAW):
            with suppress(AppError):
                self.computers.ask(desk, action, row)

    def _take_in_hand(self, name: str, desk: SharedEngine, row: BookingRow) -> None:
        asked = ""
        with suppress(AppError):
            asked = self.computers.ask(desk, Action.IN_HAND, row)
        for _ in range(4):
            told = [
                one
                for one in self.computers.told.get(name, [])
                if isinstance(one, ActionDone) and one.request_id == asked and not one.queued
            ]
            if told:
                if told[-1].error is None:
                    self.hands[row.row_id] = (name, asked)
                return
            self.computers.library.clock.advance(seconds=1)
            with suppress(AppError):
                desk.attend()

    def finish(self, row: BookingRow) -> None:
        """Say that it was entered, or wasn't."""
        name, asked = self.hands.pop(row.row_id)
        desk = self.computers.engines[name]
        if self.dice.random() < 0.6:
            self.entered.append(row.row_id)
            self.computers.ask(desk, Action.BY_HAND, row)
        else:
            self.computers.ask(desk, Action.NOT_BY_HAND, row, decision_id=asked)


def shake(computers: Computers, staff: Staff) -> None:
    """Registrars come and go, a desk loses its connection, PassagePoint refuses for a while."""
    dice, faults = staff.dice, computers.library.services.faults
    match dice.randrange(4):
        case 0:
            name = dice.choice(REGISTRARS)
            engine = computers.engines.pop(name, None)
            if engine is not None:
                engine.close()
            else:
                computers.open(name)
        case 1:
            name = dice.choice(DESKS)
            if name in computers.refusing:
                computers.refusing.pop(name)
            else:
                computers.lose(name, lambda: CacheAway("gone"))
        case 2:
            faults.clear()
            if dice.random() < 0.5:
                faults.add("createPreReg", "429")
        case 3:
            computers.library.clock.advance(seconds=dice.choice([5, 30, 120]))
        case _:
            pass


@pytest.mark.parametrize("seed", range(4))
def test_each_reader_has_one_visit_whatever_is_pressed(
    computers: Computers, library: Library, seed: int
) -> None:
    for name in REGISTRARS:
        computers.open(name)
    for _ in range(5):
        library.book(start=timedelta(hours=9))
    library.services.faults.add("createPreReg", "429")
    computers.engines["first"].log_new_bookings()
    for name in DESKS:
        computers.open(name, "desk")
    staff = Staff(computers, seed)
    for _ in range(70):
        library.clock.advance(seconds=1)
        staff.take_turns()
        staff.press_something()
        shake(computers, staff)
    settle(computers, staff)
    visits = dict.fromkeys((row.row_id for row in computers.engines["first"].rows()), 0)
    for row_id in staff.entered:
        visits[row_id] += 1
    with computers.cache(library.folder) as cache:
        for row_id, sends in cache.ledger.of_rows(list(visits)).items():
            visits[row_id] += sum(one.state is SendState.REGISTERED for one in sends)
    assert set(visits.values()) == {1}
    assert library.visits + len(staff.entered) == 5


def settle(computers: Computers, staff: Staff) -> None:
    """All come back, what is in hand is finished, and there is time for the rest."""
    computers.refusing.clear()
    computers.library.services.faults.clear()
    for name in REGISTRARS:
        if name not in computers.engines:
            computers.open(name)
    for _ in range(4):
        computers.library.clock.advance(minutes=20)
        staff.take_turns()
    for row in sorted(computers.engines["first"].rows(), key=lambda row: row.book_id):
        if row.row_id in staff.hands:
            staff.finish(row)
        elif Action.NOT_BY_HAND in row.offers:  # under To do since a desk came back that had asked
            computers.ask(computers.engines[DESKS[0]], Action.NOT_BY_HAND, row)
    for _ in range(8):
        computers.library.clock.advance(minutes=2)
        for engine in computers.engines.values():
            with suppress(AppError):
                engine.attend()
        for name in REGISTRARS:
            with suppress(AppError):
                computers.engines[name].log_new_bookings()
