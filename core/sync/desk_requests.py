"""The desk's requests: stored before they are carried out, and followed to their end.

A request survives a restart. What can't go out now stays asked for, and goes out by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.cache.base import Cache
from core.day.buttons import Buttons
from core.day.day_book import DayBook
from core.day.decisions import Decisions
from core.day.desk_visits import DeskVisits
from core.day.effects import AskAlma, Done, Effect, Refusal
from core.day.parties import for_the_party, told_for_all
from core.day.service_board import ServiceBoard
from core.domain.clock import Clock
from core.domain.models import ActionDone, DeskRequest, Event, Patron
from core.domain.old_card import old_card
from core.domain.status import Action, Group, PassState, PatronState
from core.sync.check_ins import CheckIns
from core.sync.pipeline import Pipeline
from core.verdict import Verdict
from core.verdict.place import OF_ANOTHER

_TAKEN_OVER = "Not sent: it is done in PassagePoint itself since."


@dataclass(eq=False, repr=False)
class DeskRequests:
    """Carries out the desk's requests. Lives in the engine's one thread."""

    _cache: Cache
    _book: DayBook
    _board: ServiceBoard
    _pipeline: Pipeline
    _clock: Clock
    _report: Callable[[Event], None]
    _on_changed: Callable[[list[str]], None]
    _decisions: Decisions
    check_ins: CheckIns

    def __post_init__(self) -> None:
        self._buttons = Buttons(self._cache, self._book, self._decisions, self._on_changed)
        self._visits = DeskVisits(self._cache, self._book, self._decisions, self._clock)
        self.check_ins.finish, self.check_ins.wait = self._finish, self._say_waiting
        self._watched: dict[str, DeskRequest] = {}
        self._asking: set[str] = set()
        self._queued: set[str] = set()
        self._remarks: dict[str, str] = {}
        """What else the desk is told when a request is done."""

    def store(self, request: DeskRequest) -> None:
        """Keep the request: from here on it survives a restart."""
        self._cache.requests.store(request)

    def resume(self) -> None:
        """Start what was asked for earlier and could not go out yet."""
        for request in self._cache.requests.pending([*self._watched, *self.check_ins.out]):
            self.carry_out(request)
        self.check_ins.drop_withdrawn()

    def carry_out(self, request: DeskRequest) -> None:
        """Do it, or start it; the outcome is reported as ``ActionDone``."""
        try:
            if request.action is Action.CHECK_IN:
                self.check_ins.start(request)
                return
            if request.action is Action.NOT_CHECKED_IN:
                self.check_ins.give_up(request)
                self._finish(request, "Noted: left without a check-in.")
                self._on_changed([request.row_id])
                return
            if request.action is Action.REGISTER_VISIT and not self._decisions.is_kept(request):
                self._ask_for_visit(request)
                return
            verdict = self._verdict_for(request)
            alike = for_the_party(self._book, request)
            effect = self._buttons.press(request, verdict)
            self._follow(request, told_for_all(effect, len(alike)))
        except Refusal as refusal:
            self._finish(request, str(refusal), error=str(refusal))
        else:
            self._on_changed([request.row_id])
            for one in alike:
                self._do_alike(one)

    def _do_alike(self, request: DeskRequest) -> None:
        """What was decided about a booking is decided about whoever came with it."""
        self.store(request)
        try:
            self._follow(request, self._buttons.press(request, self._book.verdict(request.row_id)))
        except Refusal as refusal:
            self._finish(request, str(refusal), error=str(refusal))
        else:
            self._on_changed([request.row_id])

    def conclude(self) -> None:
        """See which requests are settled by the answers that came in."""
        for request in list(self._watched.values()):
            if request.request_id in self._asking:
                continue
            if not self._book.has(request.row_id):
                self._watched.pop(request.request_id)
            elif not self._pipeline.is_busy(request.row_id):
                self._conclude(request, self._book.verdict(request.row_id))

    def give_up(self) -> None:
        """The pass was stopped: what could not go out stays asked for."""
        for request in self._watched.values():
            self._pipeline.end_urgent(request.row_id)
        self._watched.clear()
        self._asking.clear()

    def _verdict_for(self, request: DeskRequest) -> Verdict:
        if not self._book.has(request.row_id):
            raise Refusal("This booking is no longer in the list.")
        verdict = self._book.verdict(request.row_id)
        row = verdict.row
        action, offered = request.action, (row.action, *row.offers)
        if row.is_over:
            raise Refusal("The booking is over.")
        fits = action.always_offered or action in offered
        if action is Action.BY_HAND and row.passagepoint is PassState.REGISTERED:
            raise Refusal(
                "It was registered meanwhile, so with yours it is there twice: remove one of the "
                "two visits in PassagePoint."
            )
        if action in OF_ANOTHER and not self._book.facts(request.row_id).booking.is_booked:
            raise Refusal("This visit is of one person: undo it, and register another one.")
        if not fits and not self._decisions.is_kept(request):
            raise Refusal(f"This no longer fits: the booking now says “{row.label}”.")
        return verdict

    def _follow(self, request: DeskRequest, effect: Effect) -> None:
        if isinstance(effect, Done):
            if request.action.takes_over:
                self._end_wishes(request)
            self._finish(request, effect.text)
            return
        self._watched[request.request_id] = request
        if isinstance(effect, AskAlma):
            self._asking.add(request.request_id)
            typed = effect.typed
            self._pipeline.patrons.ask_now(typed, lambda one: self._answered(request, typed, one))
        else:
            self._pipeline.start_now(request.row_id, request.who)

    def _ask_for_visit(self, request: DeskRequest) -> None:
        """Its row is made once Alma has answered, and stands or falls with that answer."""
        asked_id = self._visits.asked_id(request)
        self._watched[request.request_id] = request
        self._asking.add(request.request_id)

        def answered(patron: Patron) -> None:
            self._settle(request, lambda: self._visits.make(request, patron), patron)

        self._pipeline.patrons.ask_now(asked_id, answered, anew=True)

    def _end_wishes(self, request: DeskRequest) -> None:
        """A person does it: what was asked for before that isn't sent as well."""
        self._cache.requests.end_wishes(request, _TAKEN_OVER)
        for one in list(self._watched.values()):
            if one.row_id == request.row_id and one.action.sends:
                self._watched.pop(one.request_id)
                self._asking.discard(one.request_id)
                self._report(
                    ActionDone(one.request_id, one.row_id, one.action, _TAKEN_OVER, _TAKEN_OVER)
                )
        self._pipeline.end_urgent(request.row_id)

    def _answered(self, request: DeskRequest, typed: str, patron: Patron) -> None:
        self._settle(request, lambda: self._buttons.correct(request, typed, patron), patron)

    def _settle(self, request: DeskRequest, decide: Callable[[], None], patron: Patron) -> None:
        """Alma has answered: what it decides, and then it goes out."""
        if request.request_id not in self._asking:
            return  # taken over meanwhile
        self._asking.discard(request.request_id)
        try:
            decide()
        except Refusal as refusal:
            self._watched.pop(request.request_id, None)
            self._finish(request, str(refusal), error=str(refusal))
            return
        self._watched[request.request_id] = request
        self._remarks[request.request_id] = old_card(patron)
        self._pipeline.start_now(request.row_id, request.who)
        self._on_changed([request.row_id])

    def _conclude(self, request: DeskRequest, verdict: Verdict) -> None:
        self._watched.pop(request.request_id)
        self._pipeline.end_urgent(request.row_id)
        row = verdict.row
        waits = row.passagepoint.is_missing and row.group is not Group.EXCLUDED
        reachable = verdict.person.state in (PatronState.FOUND, PatronState.COULD_NOT_ASK)
        remark = self._remarks.pop(request.request_id, "")
        if row.group is Group.REGISTERED:
            self._finish(request, f"{row.label}. {remark}" if remark else row.label)
        elif waits and reachable and not self._is_refused():
            self._wait(request, row.reason or "")
        else:
            reason = row.reason or row.label
            self._finish(request, reason, error=reason)

    def _is_refused(self) -> bool:
        statuses = self._board.statuses().values()
        return any(status.needs_credentials or status.quota_spent for status in statuses)

    def _wait(self, request: DeskRequest, reason: str) -> None:
        """It could not go out: it stays asked for, and goes out by itself."""
        text = f"Queued: it goes out by itself as soon as that works. {reason}".strip()
        self._say_waiting(request, text)

    def _say_waiting(self, request: DeskRequest, text: str) -> None:
        if request.request_id not in self._queued:
            self._queued.add(request.request_id)
            self._report(
                ActionDone(request.request_id, request.row_id, request.action, text, queued=True)
            )

    def _finish(self, request: DeskRequest, text: str, error: str | None = None) -> None:
        self._cache.requests.done(request.request_id, self._clock.now(), error)
        can_be_undone = self._decisions.can_be_undone(request)
        self._report(
            ActionDone(
                request.request_id,
                request.row_id,
                request.action,
                text,
                error,
                decision_id=request.request_id if can_be_undone else None,
            )
        )
