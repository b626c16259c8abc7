"""A ledger that is new although this computer had one before: a person answers first.

Lost, restored from a copy or replaced, it no longer says what was sent. Nothing is sent by itself
for bookings made earlier, until the desk says what is there (docs/promise.md, 8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from core.cache.base import Cache
from core.cache.known_ledger import LedgerState
from core.cache.ledger import LedgerPosition
from core.cache.values import from_text, to_text
from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.domain.errors import OpenQuestion
from core.domain.models import BookingRow, Decision, HistoryEntry
from core.domain.new_id import new_id
from core.domain.status import Action, SendState
from core.verdict import Facts, Hold

LedgerAnswer = Literal["none", "all", "each"]

_STATE, _SINCE, _REASON = "ledger_question", "ledger_question_since", "ledger_question_reason"
_OPEN, _EACH, _ALL, _CLOSED = "open", "each", "all", "closed"
_FIRST = "This computer has no record yet of what was registered."
_CLOCKS_APART = timedelta(minutes=2)
"""How far LibCal's clock may be ahead of ours before the desk is warned."""
_WRONG_CLOCK = "The clock was ahead, so the record of what was registered may have been cleaned up."
_WHY: Mapping[LedgerState, str] = {
    "unknown": "This computer has no note of what was registered.",
    "moved": "The record of what was registered was put back, or moved to another server.",
    "restored": "The record of what was registered is an older copy.",
    "replaced": "The record of what was registered on this computer is new.",
    "unreadable": "This computer's note of what was registered can't be read.",
}


class NewLedgerQuestion:
    """Asks once, and remembers the answer in the cache, for every computer that shares it."""

    def __init__(self, cache: Cache, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock
        self._state, self._since = _CLOSED, clock.now()
        self.read()

    def read(self) -> None:
        """What was asked and answered so far, by whatever computer."""
        self._state = self._cache.meta.get(_STATE) or _CLOSED
        since = self._cache.meta.get(_SINCE)
        self._since = from_text(since) if since else self._clock.now()

    def look(self, *, leads: bool = True) -> None:
        """Ask where the ledger isn't the one that this computer knows, and note what it holds.

        Who only looks on at a computer that registers takes a ledger that is new to it as it is.
        """
        became = self._cache.known.state()
        self.read()
        if became in _WHY and (leads or became != "unknown"):
            self._ask(_WHY[became])
        else:
            self._cache.known.keep()

    def may_send(self, position: LedgerPosition) -> bool:
        """Note an intent on the disk, before its call; False: the ledger was changed under us.

        Raises:
            CacheError: the note can't be written; then nothing may be sent.
        """
        if self._cache.known.note_send(position):
            return True
        self._ask(_WHY["restored"])
        return False

    @property
    def is_open(self) -> bool:
        return self._state == _OPEN

    @property
    def text(self) -> str | None:
        """The question for the desk; None where there is none."""
        if not self.is_open:
            return None
        return f"{self._cache.meta.get(_REASON)} Is any of these registered already?"

    def hold(self, facts: Facts) -> Hold | None:
        """Why a booking waits: it was made before the ledger began, so it may be registered."""
        is_known = any(one.state is not SendState.REFUSED for one in facts.sends)
        if self._state == _CLOSED or is_known:
            return None
        created = facts.booking.created_at
        if created is not None and created >= self._since + _CLOCKS_APART:
            return None
        if self._state == _EACH and facts.booking.starts_at >= self._last_start:
            return None
        return Hold("Not sent: new ledger.", may_be_registered=True, is_asked_about=self.is_open)

    def answer(self, answer: LedgerAnswer, book: DayBook, who: str, computer: str) -> None:
        """ "none" is registered yet, "all" are, or the desk goes through "each" of them."""
        if not self.is_open:
            return
        now = self._clock.now()
        with self._cache.transaction():
            if answer == "all":
                self._note_all(book, who, computer, now)
            self._keep({"each": _EACH, "all": _ALL, "none": _CLOSED}[answer])
            text = f"New ledger: “{answer}” of the earlier bookings are registered, the desk says."
            self._cache.log.add(HistoryEntry(at=now, text=text, who=who, computer=computer))
        self._cache.known.keep()

    def settle(self, book: DayBook, who: str, computer: str) -> bool:
        """After a complete day: "all" also means those that were not known when it was said.

        True where that was so; from then on earlier bookings are sent like any other.
        """
        if self._state != _ALL:
            return False
        with self._cache.transaction():
            self._note_all(book, who, computer, self._clock.now())
            self._keep(_CLOSED)
        self._cache.known.keep()
        return True

    def _note_all(self, book: DayBook, who: str, computer: str, now: datetime) -> None:
        touched = []
        for verdict in list(book.verdicts()):
            facts = book.facts(verdict.row.row_id)
            is_noted = facts.last(Action.BY_HAND) is not None
            if is_noted or not verdict.standing.is_wanted or self.hold(facts) is None:
                continue
            touched.append(verdict.row.row_id)
            wanted = verdict.outgoing
            self._cache.decisions.add(
                Decision(
                    decision_id=new_id(),
                    row_id=verdict.row.row_id,
                    action=Action.BY_HAND,
                    at=now,
                    who=who,
                    computer=computer,
                    detail={
                        "starts_at": wanted.starts_at.isoformat(),
                        "ends_at": wanted.ends_at.isoformat(),
                        "destination": wanted.destination or "",
                    },
                )
            )
        book.reload(touched)

    def ask_after_wrong_clock(self) -> None:
        """A clean-up took today's bookings for past ones, so the ledger no longer knows them."""
        self._ask(_WRONG_CLOCK)

    def require_answer(self, rows: Callable[[], Sequence[BookingRow]] = list) -> None:
        """Without a window nobody can answer; of ``rows`` it says how many are asked about.

        Raises:
            OpenQuestion: the question is open.
        """
        if self.is_open:
            number = sum(row.is_asked_about for row in rows())
            asked = f", {number} of today's so far" if number else ""
            raise OpenQuestion(
                f"{self._cache.meta.get(_REASON)} Nothing is sent for earlier bookings{asked}.",
                "Start the window and answer, or add --assume none (none of them is registered) "
                "or --assume all (all are).",
            )

    def _ask(self, why: str) -> None:
        self._since = self._clock.now()
        with self._cache.transaction():
            self._cache.meta.set(_REASON, why)
            self._cache.meta.set(_SINCE, to_text(self._since))
            self._keep(_OPEN)
        self._cache.known.adopt()  # asked once; the next time it is known

    def _keep(self, state: str) -> None:
        self._cache.meta.set(_STATE, state)
        self._cache.ledger.outdate_copies()  # which know neither question nor answer
        self._state = state

    @property
    def _last_start(self) -> datetime:
        """Only the bookings of about that day can have been registered by the lost ledger."""
        return self._since + timedelta(days=1)


def answer_at_setup(cache: Cache, clock: Clock, answer: LedgerAnswer) -> None:
    """The same question, asked by the assistant before this ledger's first pass."""
    with cache.transaction():
        cache.meta.set(_REASON, _FIRST)
        cache.meta.set(_SINCE, to_text(clock.now()))
        cache.meta.set(_STATE, {"each": _EACH, "all": _ALL, "none": _CLOSED}[answer])
        cache.ledger.outdate_copies()  # which know neither this answer nor what was taken over
    cache.known.keep()
