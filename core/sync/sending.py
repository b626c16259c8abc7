"""One visit on its way to PassagePoint: intent, hand-over, outcome (docs/promise.md, At most once).

Everything here runs in the engine's one thread; only the call itself runs in a network thread.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.errors import AppError, CredentialsError, UnexpectedAnswer, as_app_error
from core.domain.models import AUTOMATIC, HistoryEntry, PreRegistration, Tries
from core.domain.new_id import new_id
from core.domain.outcomes import Outcome, judge
from core.domain.status import SendState
from core.verdict import Verdict
from core.verdict.facts import SOON

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=15)
_REFUSALS_IN_A_ROW = 3

_ANOTHER_VISIT = UnexpectedAnswer(
    "PassagePoint",
    "PassagePoint answered with the id of another visit.",
    "If it lasts, tell IT.",
    http_status=200,
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who this process is, for the ledger."""

    owner: str
    """This process; an intent of another one was left behind."""
    who: str
    """The account that is logged in."""
    computer: str


@dataclass(eq=False, repr=False)
class Sending:
    """Records each visit before and after its call, and stops on the first doubt."""

    _cache: Cache
    _book: DayBook
    _board: ServiceBoard
    _gate: SendingGate
    _question: NewLedgerQuestion
    _clock: Clock
    _sender: Sender

    def __post_init__(self) -> None:
        self._refused_in_a_row: list[PreRegistration] = []
        self.out: dict[str, PreRegistration] = {}
        """Handed over and not answered yet, by ``send_id``."""
        self.registered = 0
        """Visits made by this process."""

    def intend(self, verdict: Verdict, visitor_id: str, who: str) -> PreRegistration | None:
        """Commit the intent, then note it on the disk; from here on it was perhaps sent.

        None where this isn't the ledger that was there a moment ago, or a person has just taken
        it over or back: nothing may be sent.

        Raises:
            CacheError: one of the two can't be written; then nothing may be sent either.
        """
        send = replace(
            self._outgoing(verdict, SendState.INTENT),
            visitor_id=visitor_id,
            owner=self._sender.owner,
            who=who,
        )
        position = self._cache.ledger.intend(send)
        may_go = False
        try:
            may_go = self._question.may_send(position) and self._is_still_wanted(send)
        finally:
            if not may_go:
                self._cache.ledger.withdraw(send.send_id)
        if not may_go:
            self._book.reconsider()
            return None
        self.out[send.send_id] = send
        self._book.reload([verdict.row.row_id])
        return send

    def _is_still_wanted(self, send: PreRegistration) -> bool:
        """Asked once the intent is committed: a desk takes a booking over, or takes its request
        back, and only then looks for an intent. So at least one of the two sees the other."""
        by_itself = send.who == AUTOMATIC
        return self._cache.requests.lets_send(send.row_id or "", by_itself=by_itself)

    def settle(self, send: PreRegistration, result: Any) -> Outcome:
        """Record what came back, at once: the visit's id, or why there is none.

        Where the cache can't be written now it may be called again with the same answer.
        """
        if isinstance(result, str) and self._cache.ledger.has_visit(result, besides=send.send_id):
            result = _ANOTHER_VISIT
        if isinstance(result, str):
            outcome = self._registered(send, result)
        else:
            outcome = judge(result)
            outcome = self._failed(send, outcome, as_app_error(result, "PassagePoint"))
        self.out.pop(send.send_id, None)
        self._reload(send)
        return outcome

    def take_back(self, send: PreRegistration, why: str) -> None:
        """It was refused for something else than its data: as if it had never been tried."""
        with self._cache.transaction():
            self._cache.ledger.withdraw(send.send_id)
            self._log(send.row_id, f"Not sent. {why}", send.who)
        self.out.pop(send.send_id, None)
        self._reload(send)

    def explain(self, destinations: Collection[str]) -> None:
        """Visits for these were refused because PassagePoint doesn't know the place."""
        others = [one for one in self._refused_in_a_row if one.destination not in destinations]
        self._refused_in_a_row = others

    def withhold(self, send: PreRegistration) -> None:
        """It was intended, and then not handed over after all: as if it had never been."""
        self._cache.ledger.withdraw(send.send_id)
        self.out.pop(send.send_id, None)
        self._reload(send)

    def abandon(self, reason: str) -> None:
        """What is still out becomes unclear: nobody waits for the answer any more."""
        for send in list(self.out.values()):
            self._unclear(send, reason)
            self.out.pop(send.send_id, None)
            self._reload(send)

    def refuse(self, verdict: Verdict, error: AppError) -> None:
        """PassagePoint refused the person: as final as a refused visit with the same data."""
        send = self._outgoing(verdict, SendState.REFUSED)
        self._cache.ledger.record(replace(send, settled_at=send.intended_at, reason=error.message))
        self._log(verdict.row.row_id, f"PassagePoint refused the person. {error.message}")
        self._book.reload([verdict.row.row_id])

    def note_try(self, row_id: str, reason: str) -> None:
        """A try failed: the next one waits, twice as long each time (docs/promise.md, 3)."""
        if not self._book.has(row_id):
            return
        cached = self._book.facts(row_id).cached
        now = self._clock.now()
        count = cached.tries.count + 1
        pause = min(_FIRST_PAUSE * 2 ** min(count - 1, 8), _LONGEST_PAUSE)
        soon = max(now, cached.booking.starts_at - SOON)
        tries = Tries(count, failed_at=now, reason=reason, retry_at=min(now + pause, soon))
        self._cache.bookings.set_tries(row_id, tries)
        self._book.reload([row_id])

    def _outgoing(self, verdict: Verdict, state: SendState) -> PreRegistration:
        """What is sent for this booking, or would be, as of now."""
        wanted = verdict.outgoing
        return PreRegistration(
            send_id=new_id(),
            row_id=verdict.row.row_id,
            appt_id=verdict.row.book_id,
            state=state,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            primary_id=wanted.primary_id,
            barcode=wanted.barcode,
            destination=wanted.destination,
            category=wanted.category,
            computer=self._sender.computer,
            intended_at=self._clock.now(),
        )

    def _registered(self, send: PreRegistration, prereg_id: str) -> Outcome:
        with self._cache.transaction():
            self._cache.ledger.registered(send.send_id, prereg_id, self._clock.now())
            self._log(send.row_id, f"Registered in PassagePoint (visit {prereg_id}).", send.who)
            if send.row_id:
                self._cache.bookings.set_tries(send.row_id, Tries())
        self.registered += 1
        self._refused_in_a_row.clear()
        self._gate.went_well()
        self._board.good("PassagePoint")
        self._board.stopped(sending_stopped=not self._gate.is_open)
        return Outcome.REGISTERED

    def _failed(self, send: PreRegistration, outcome: Outcome, error: AppError) -> Outcome:
        if outcome is Outcome.REFUSED and self._is_the_services_fault(send):
            outcome = Outcome.BLOCKED
        match outcome:
            case Outcome.UNCLEAR:
                self._unclear(send, error.message)
            case Outcome.REFUSED:
                self._refused(send, error)
            case Outcome.NOT_SENT | Outcome.BLOCKED:
                self._withdraw(send, error)
            case Outcome.REGISTERED:
                raise ValueError("an error registers nothing")
            case _:
                assert_never(outcome)
        if outcome.stops_sending:
            self._gate.doubt(error.message, self._clock.now())
        if outcome is not Outcome.REFUSED:
            self._board.failed("PassagePoint", error)
            self._board.stopped(sending_stopped=not self._gate.is_open)
        return outcome

    def _is_the_services_fault(self, send: PreRegistration) -> bool:
        """Several refusals in a row, of different people for different places: not the data."""
        self._refused_in_a_row.append(send)
        people = {one.primary_id for one in self._refused_in_a_row}
        places = {one.destination for one in self._refused_in_a_row}
        locations = self._book.rules.config.libcal.locations
        known_places = {one.destination for one in locations} - {None}
        return len(people) >= _REFUSALS_IN_A_ROW and len(places) >= min(2, len(known_places))

    def _unclear(self, send: PreRegistration, reason: str) -> None:
        with self._cache.transaction():
            self._cache.ledger.unclear(send.send_id, reason, self._clock.now())
            self._log(send.row_id, f"Unclear whether the visit was made. {reason}", send.who)

    def _refused(self, send: PreRegistration, error: AppError) -> None:
        with self._cache.transaction():
            self._cache.ledger.refused(send.send_id, error.message, self._clock.now())
            self._log(send.row_id, f"PassagePoint refused the visit. {error.message}", send.who)

    def _withdraw(self, send: PreRegistration, error: AppError) -> None:
        with self._cache.transaction():
            self._cache.ledger.withdraw(send.send_id)
            self._log(send.row_id, f"Not sent. {error.message}", send.who)
        if not isinstance(error, CredentialsError):
            self.note_try(send.row_id or "", error.message)

    def _reload(self, send: PreRegistration) -> None:
        if send.row_id is not None and self._book.has(send.row_id):
            self._book.reload([send.row_id])

    def _log(self, row_id: str | None, text: str, who: str = "") -> None:
        self._cache.log.add(
            HistoryEntry(
                at=self._clock.now(),
                text=text,
                who=who,
                computer=self._sender.computer,
                row_id=row_id,
            )
        )


def earliest_retry(tries: Tries, now: datetime) -> bool:
    """Whether it may be tried again by itself at ``now``."""
    if tries.retry_at is None:
        return True
    # Further ahead than any pause: the clock was wrong then and has been put right since.
    return not timedelta(0) < tries.retry_at - now <= _LONGEST_PAUSE
