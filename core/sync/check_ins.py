"""The desk's check-ins, on their way to LibCal: asked at once, and again while they can't be told.

LibCal refuses to check somebody in twice and says so, which is as good: so nothing has to be noted
before a call, and a lost answer is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.day.decisions import Decisions
from core.day.effects import Refusal
from core.day.service_board import ServiceBoard
from core.domain.check_in_state import REFUSED, WAITS_FOR, CheckInState
from core.domain.clock import Clock
from core.domain.errors import CredentialsRefused, MissingPermission, NoAnswer, as_app_error
from core.domain.models import Booking, DeskRequest
from core.domain.new_id import new_id
from core.domain.status import Action, LibCalState
from core.services.clients import Clients
from core.services.libcal.check_in_answer import Arrival, CheckInAnswer, check_in_all
from core.sync.lanes import AT_ONCE, LIBCAL_NOW, LaneJob, Lanes

_AT_ONCE = timedelta(minutes=1)
"""Whoever pressed the button hears the answer; later nobody waits for it."""
_GIVEN_UP = "The check-in was given up at a desk."
_WAITS = CheckInState.WAITS
_SOON_SECONDS = 5.0
"""An answer that was lost so soon is asked for once more at once."""

Finish = Callable[[DeskRequest, str, str | None], None]
"""A request is done: the text for the desk, and why it could not be where it couldn't."""
Wait = Callable[[DeskRequest, str], None]
"""It stays asked for: what the desk reads."""


@dataclass(eq=False, repr=False)
class CheckIns:
    """Lives in the engine's one thread; ``DeskRequests`` brings what the desk wants.

    A wish that has to wait is kept as a decision of its booking, and so is one that came to nothing
    while nobody waited for it: that is to do (``core.verdict.check_in``).
    """

    _cache: Cache
    _book: DayBook
    _board: ServiceBoard
    _decisions: Decisions
    _lanes: Lanes
    _clients: Clients
    _clock: Clock
    _on_changed: Callable[[list[str]], None]

    def __post_init__(self) -> None:
        self.out: dict[str, str] = {}
        """Requests that are on their way, and the row of each."""
        self._told_since: dict[str, Booking] = {}
        """What LibCal said since its lists were last asked for: those may be older."""
        self.finish: Finish = lambda _request, _text, _error: None
        self.wait: Wait = lambda _request, _text: None

    def start(self, request: DeskRequest) -> None:
        """Ask LibCal; the outcome is told by ``finish`` or ``wait``."""
        if request.request_id in self.out:
            return
        try:
            booking = self._wanted(request)
        except Refusal as refusal:
            self._refuse(request, str(refusal))
            return
        if not booking.open_codes:
            self._end(request)
            word = "out" if booking.check_in == "out" else "in"
            self.finish(request, f"LibCal has the reader as checked {word} already.", None)
            return
        self.out[request.request_id] = request.row_id

        def call() -> CheckInAnswer:
            return check_in_all(partial(self._check_in, booking.book_id), booking.open_codes)

        self._lanes.add(
            LIBCAL_NOW,
            LaneJob(
                AT_ONCE,
                call,
                lambda result: self._answered(request, result),
                begin=lambda: request.request_id in self.out,
                dropped=lambda: self._forget(request),
            ),
        )

    def give_up(self, request: DeskRequest) -> None:
        """The desk goes on without it: what waits isn't asked for any more. Raises Refusal."""
        is_there = self._book.has(request.row_id)
        wish = self._book.facts(request.row_id).last(Action.CHECK_IN) if is_there else None
        if wish is None:
            raise Refusal("No check-in waits for this booking.")
        self._cache.requests.end_all(request.row_id, Action.CHECK_IN, _GIVEN_UP)
        for request_id in [one for one, row_id in self.out.items() if row_id == request.row_id]:
            del self.out[request_id]  # what isn't handed over yet never is
        self._drop(request.row_id, request.who)
        self._decisions.log(request, "Left without a check-in in LibCal.")
        self._book.reload([request.row_id])

    def drop_withdrawn(self) -> None:
        """What waits here was taken back at the desk that had asked for it."""
        verdicts = filter(None, map(self._book.listed_verdict, self._book.decided()))
        waiting = [one.row for one in verdicts if one.row.check_in is _WAITS]
        if not waiting:
            return
        row_ids = {row.row_id for row in waiting}
        still = self._cache.requests.waiting(row_ids)
        for row_id in row_ids - {one.row_id for one in still if one.action is Action.CHECK_IN}:
            self._drop(row_id, "")
            self._book.reload([row_id])
            self._on_changed([row_id])

    def lists_asked(self) -> None:
        """From now on what LibCal lists is asked for anew."""
        self._told_since.clear()

    def lists_taken_in(self) -> None:
        """A list that was asked for before LibCal checked somebody in doesn't know of it."""
        for row_id, told in list(self._told_since.items()):
            if self._book.has(row_id):
                self._mark(row_id, told.check_in, told.open_codes)

    # Within

    def _wanted(self, request: DeskRequest) -> Booking:
        """The booking to check in, where everything allows it."""
        if not self._book.rules.config.libcal.check_in:
            raise Refusal("Checking readers in is switched off in Settings.")
        if not self._book.has(request.row_id):
            raise Refusal("This booking is no longer in the list.")
        cached, verdict = self._book.cached(request.row_id), self._book.verdict(request.row_id)
        booking, libcal = cached.booking, verdict.standing.libcal
        if cached.old_visit or not booking.is_booked:
            raise Refusal("LibCal has no such booking, so nobody can be checked in for it.")
        if cached.gone_at is not None:
            raise Refusal("The booking is gone from LibCal, so nobody can be checked in for it.")
        if booking.has_arrived and not booking.open_codes:
            return booking
        if verdict.row.is_over:
            raise Refusal("The booking is over, so nobody can be checked in for it.")
        if libcal is not LibCalState.LIVE:
            raise Refusal(f"LibCal says “{booking.status}”, so nobody can be checked in for it.")
        if not booking.open_codes:
            raise Refusal("LibCal gives no check-in code for this booking.")
        return booking

    def _check_in(self, book_id: str, code: str) -> Arrival:
        """In a network thread."""
        client, began = self._clients.libcal(), self._clock.monotonic()
        try:
            return client.check_in(book_id, code)
        except NoAnswer:
            if self._clock.monotonic() - began > _SOON_SECONDS:
                raise
            return client.check_in(book_id, code)

    def _forget(self, request: DeskRequest) -> None:
        self.out.pop(request.request_id, None)

    def _answered(self, request: DeskRequest, result: Any) -> None:
        self._forget(request)
        is_answer = isinstance(result, CheckInAnswer)
        answer = result if is_answer else CheckInAnswer(trouble=as_app_error(result, "LibCal"))
        if isinstance(answer.trouble, CredentialsRefused):
            self._board.failed("LibCal", answer.trouble)  # from then on it isn't asked by itself
        if self._book.has(request.row_id):
            self._note(request, answer)
        if isinstance(answer.trouble, MissingPermission):
            self._refuse(request, str(answer.trouble))
        elif answer.trouble is not None:
            self._keep_waiting(request, f"{self._partly(request)}{answer.trouble.message}")
        elif answer.refused:
            words = " ".join(dict.fromkeys(one.message for one in answer.refused.values()))
            self._refuse(request, f"{self._partly(request)}{words}")
        else:
            self._end(request)
            said = "Checked out already." if answer.says_out else "Checked in in LibCal."
            self.finish(request, said, None)

    def _note(self, request: DeskRequest, answer: CheckInAnswer) -> None:
        """What LibCal has said stands in the list at once."""
        if not answer.arrived:
            return
        booking = self._book.cached(request.row_id).booking
        still_open = tuple(one for one in booking.open_codes if one not in answer.arrived)
        mark = "out" if answer.says_out and not still_open else "in"
        self._mark(request.row_id, mark, still_open)
        self._told_since[request.row_id] = self._book.cached(request.row_id).booking
        number = len(answer.arrived)
        what = "Checked in in LibCal." if number == 1 else f"Checked in in LibCal: {number} seats."
        self._decisions.log(request, what)

    def _mark(self, row_id: str, check_in: str | None, still_open: tuple[str, ...]) -> None:
        booking = self._book.cached(row_id).booking
        # What is open in either is open in neither: only LibCal closes them.
        left = tuple(one for one in booking.open_codes if one in still_open)
        mark = booking.check_in if booking.check_in == "out" else check_in
        marked = replace(booking, check_in=mark, open_codes=left)
        if marked != booking:
            self._cache.bookings.update(row_id, marked)
            self._book.reload([row_id])
            self._on_changed([row_id])

    def _keep_waiting(self, request: DeskRequest, why: str) -> None:
        if not self._book.has(request.row_id):
            self.finish(request, why, why)
            return
        if not self._decisions.is_kept(request):
            self._drop(request.row_id, request.who)
            self._decisions.keep(
                request, detail={WAITS_FOR: why}, text=f"The check-in waits: {why}"
            )
            self._on_changed([request.row_id])
        self.wait(request, f"The check-in waits and goes out by itself. {why}")

    def _refuse(self, request: DeskRequest, why: str) -> None:
        """Whoever pressed is told; where it waited, it is to do from now on."""
        was_waited_for = self._clock.now() - request.at > _AT_ONCE
        was_waited_for |= self._decisions.is_kept(request)
        if self._book.has(request.row_id):
            self._drop(request.row_id, request.who)
            if was_waited_for and self._can_be_missed(request.row_id):
                missed = replace(request, request_id=new_id())
                text = f"The check-in came to nothing: {why}"
                self._decisions.keep(missed, detail={REFUSED: why}, text=text)
            self._book.reload([request.row_id])
            self._on_changed([request.row_id])
        self.finish(request, why, why)

    def _can_be_missed(self, row_id: str) -> bool:
        cached = self._book.cached(row_id)
        return cached.booking.is_booked and not cached.old_visit

    def _partly(self, request: DeskRequest) -> str:
        """``2 of 3 seats are checked in. ``, where some of several are."""
        if not self._book.has(request.row_id):
            return ""
        booking = self._book.cached(request.row_id).booking
        number = len(booking.check_in_codes)
        done = number - len(booking.open_codes)
        if not 0 < done < number:
            return ""
        return f"{done} of {number} seats {'is' if done == 1 else 'are'} checked in. "

    def _end(self, request: DeskRequest) -> None:
        """Nothing waits for this booking any more."""
        self._drop(request.row_id, request.who)
        self._book.reload([request.row_id])
        self._on_changed([request.row_id])

    def _drop(self, row_id: str, who: str) -> None:
        """What was wished for before is settled, or wished for anew."""
        for one in self._book.facts(row_id).decisions:
            if one.action is Action.CHECK_IN:
                self._cache.decisions.undo(one.decision_id, self._clock.now(), who)
