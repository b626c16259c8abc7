"""What this computer's desk asked for, on its way through the shared database."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.cache.base import Cache
from core.cache.desk_requests import OpenRequest
from core.day.buttons import NOTHING_IS_SENT, being_entered_by
from core.domain.errors import AppError, CacheReadOnly
from core.domain.models import ActionDone, BookingRow, DeskRequest, Event
from core.domain.status import Action, PassState
from core.sharing.kept_requests import KeptRequests
from core.sharing.waiting import (
    BEGINS_TO_ENTER,
    IS_DONE_WITHIN,
    apart,
    as_open,
    to_withdraw,
    while_away,
    while_undone,
)

LookAfresh = Callable[[], Mapping[str, BookingRow]]
"""The rows as the database has them at this moment."""

_WITHDRAWN = "Withdrawn."
_STILL_BY_ITSELF = (
    "Withdrawn. To enter it in PassagePoint yourself, press By hand… first: else it may still be "
    "registered by itself."
)
_WITHDRAWN_LATER = (
    "It may have been stored already: it is taken back as soon as the shared database can be "
    "reached, unless it is done by then."
)
TOO_LATE = "Too late: it is being registered now."
_OF_HANDS = (Action.IN_HAND, Action.NOT_BY_HAND, Action.BY_HAND)


class Outbox:
    """Stored as soon as the database is there, and told when the registrar has done them.

    What takes a booking over, or a request back, is stored first, and then it is looked whether
    that came too late: a registrar looks the other way round (``Sending.intend``).
    """

    def __init__(self, report: Callable[[Event], None], kept: KeptRequests) -> None:
        self._report = report
        self._kept = kept
        self._inbox: queue.SimpleQueue[DeskRequest] = queue.SimpleQueue()
        self._unstored: list[DeskRequest] = []
        self._tried: set[str] = set()
        """Perhaps stored: the connection was lost before the answer came."""
        self._told: set[str] = set()
        """Said to be kept, or in force: that it is done later is no news."""
        self._refused: set[str] = set()
        """In another's hands: to let go of these changes nothing."""
        self._taken_back: dict[str, list[DeskRequest]] = {}
        """By each Withdraw that isn't stored yet."""
        self._out: dict[str, DeskRequest] = {}
        for request in kept.read():  # the program ended while the database was away
            self._tried.add(request.request_id)
            self._told.add(request.request_id)
            self.submit(request)

    def submit(self, request: DeskRequest) -> None:
        """Ask for something; from any thread."""
        self._inbox.put(request)

    @property
    def unstored(self) -> list[DeskRequest]:
        """What hasn't surely reached the database, but for what is taken back."""
        return [one for one in self._unstored if one.action is not Action.WITHDRAW]

    def refuse(self, why: AppError) -> None:
        """Nothing can be asked for here: say so of everything that was submitted."""
        self._gather()
        while self._unstored:
            self._say(self._unstored.pop(0), str(why), error=str(why))

    def keep(self) -> bool:
        """The database is away: say what becomes of it; True where that is news."""
        self._gather()
        is_kept = self._kept.write(self._unstored)
        news = [one for one in self._unstored if one.request_id not in self._told]
        for request in news:
            self._told.add(request.request_id)
            if request.action is Action.WITHDRAW:
                self._withdraw_here(request)
            else:
                self._say(request, while_away(request.action, is_kept=is_kept), queued=True)
        self._kept.write(self._unstored)
        return bool(news)

    def store(self, cache: Cache, look: LookAfresh | None = None) -> bool:
        """Keep what was submitted; True where there was anything. What fails is tried again.

        ``look``: where another computer registers, or none.
        """
        self._gather()
        had_any = bool(self._unstored)
        while self._unstored:
            request = self._unstored[0]
            if request.action is Action.WITHDRAW:
                self._withdraw(cache, request, look)
            elif request.detail.get("decision_id") in self._refused:
                self._say(request, "It isn't in your hands.")
            else:
                self._tried.add(request.request_id)
                cache.requests.store(request)
                self._out[request.request_id] = request
                if request.action in BEGINS_TO_ENTER and look is not None:
                    self._take_over(cache, request, look)
                self._tried.discard(request.request_id)
            self._unstored.pop(0)
        self._kept.write(self._unstored)
        return had_any

    def heard(self, event: Event) -> None:
        """The registrar is this very computer, and has told the outcome itself."""
        if isinstance(event, ActionDone) and not event.queued:
            self._out.pop(event.request_id, None)

    def conclude(self, cache: Cache, rows: Mapping[str, BookingRow]) -> None:
        """Tell what another computer has done meanwhile."""
        if not self._out:
            return
        for request_id, error in cache.requests.outcomes(self._out).items():
            request = self._out.pop(request_id)
            if request.action in BEGINS_TO_ENTER and request_id in self._told and error is None:
                continue
            row = rows.get(request.row_id)
            done = ActionDone(
                request_id,
                request.row_id,
                request.action,
                text=error or _what_it_says(request, row),
                error=error,
            )
            decision = cache.decisions.get(request_id)
            can_undo = decision is not None and decision.undone_at is None and error is None
            self._report(replace(done, decision_id=request_id) if can_undo else done)

    def say_waiting(self, now: datetime, *, is_alone: bool) -> bool:
        """What no registrar has done yet waits visibly; True where that is news."""
        news = [
            one
            for one in self._out.values()
            if one.request_id not in self._told and (is_alone or now - one.at >= IS_DONE_WITHIN)
        ]
        for one in news:
            self._told.add(one.request_id)
            self._say(one, while_undone(one.action, is_alone=is_alone), queued=True)
        return bool(news)

    # Within

    def _gather(self) -> None:
        while not self._inbox.empty():
            request = self._inbox.get_nowait()
            if request.action is Action.WITHDRAW:
                self._take_back(request)
            self._unstored.append(request)

    def _take_back(self, request: DeskRequest) -> None:
        """What isn't stored yet never is; what perhaps is, is taken back there too."""
        about = [as_open(one) for one in self._unstored if one.row_id == request.row_id]
        ids = {one.request_id for one in to_withdraw(about)}
        self._taken_back[request.request_id] = [
            one for one in self._unstored if one.request_id in ids
        ]
        self._unstored = [one for one in self._unstored if one.request_id not in ids]

    def _withdraw_here(self, request: DeskRequest) -> None:
        """The database is away: what was never tried surely isn't stored."""
        taken = self._taken_back[request.request_id]
        stored = [one for one in self._out.values() if one.row_id == request.row_id]
        if not taken or stored or any(one.request_id in self._tried for one in taken):
            self._say(request, _WITHDRAWN_LATER, queued=True)
        else:
            self._unstored.remove(request)
            self._say_withdrawn(request, [one.request_id for one in taken], _STILL_BY_ITSELF)

    def _withdraw(self, cache: Cache, request: DeskRequest, look: LookAfresh | None) -> None:
        """Of what is stored, and of what perhaps is."""
        taken = [as_open(one) for one in self._taken_back.get(request.request_id, ())]
        if not any(one.action.takes_over for one in taken):
            taken += to_withdraw(cache.requests.waiting([request.row_id]))
        try:
            cache.requests.withdraw(sorted({one.request_id for one in taken}), request)
        except CacheReadOnly as error:  # rights as they were before an update
            self._unstored[1:1] = self._taken_back.pop(request.request_id, [])
            self._say(request, str(error), error=str(error))
            return
        row = look().get(request.row_id) if look is not None else None
        why = _too_late_to_withdraw(taken, row)
        if why:
            self._taken_back.pop(request.request_id, None)
            self._say(request, why, error=why)
            return
        by_itself = row is not None and row.passagepoint.is_missing and bool(apart(taken)[1])
        text = _STILL_BY_ITSELF if by_itself else _WITHDRAWN
        self._say_withdrawn(request, [one.request_id for one in taken], text)

    def _say_withdrawn(self, request: DeskRequest, request_ids: list[str], text: str) -> None:
        self._taken_back.pop(request.request_id, None)
        for request_id in request_ids:
            self._out.pop(request_id, None)
            self._report(ActionDone(request_id, request.row_id, Action.WITHDRAW, _WITHDRAWN))
        self._say(request, text)

    def _take_over(self, cache: Cache, request: DeskRequest, look: LookAfresh) -> None:
        """It is stored; is it in time, and has nobody else taken it over?"""
        others = [
            one
            for one in cache.requests.waiting([request.row_id])
            if one.action in _OF_HANDS and one.request_id != request.request_id
        ]
        why = _too_late_to_enter(look().get(request.row_id), others)
        if why:
            self._refused.add(request.request_id)
            cache.requests.withdraw([request.request_id], request)
            self._out.pop(request.request_id, None)
        else:
            self._told.add(request.request_id)
        self._say(request, why or NOTHING_IS_SENT, error=why or None)

    def _say(
        self, request: DeskRequest, text: str, *, error: str | None = None, queued: bool = False
    ) -> None:
        self._report(
            ActionDone(
                request.request_id, request.row_id, request.action, text, error, queued=queued
            )
        )


def _what_it_says(request: DeskRequest, row: BookingRow | None) -> str:
    """The booking, once it is done."""
    if row is None or request.action is Action.NOT_CHECKED_IN:
        return "Done."
    return row.libcal_label if request.action is Action.CHECK_IN else row.label


def _too_late_to_enter(row: BookingRow | None, others: Sequence[OpenRequest]) -> str:
    """Why nobody may begin now to enter it by hand; empty where somebody may."""
    if row is None:
        return "This booking is no longer in the list."
    if row.passagepoint is PassState.REGISTERING:
        return TOO_LATE
    if Action.BY_HAND not in (row.action, *row.offers):
        return f"Too late: the booking says “{row.label}” now."
    in_hands = others[-1].action is Action.IN_HAND if others else Action.NOT_BY_HAND in row.offers
    return being_entered_by(others[-1].who if others else "") if in_hands else ""


def _too_late_to_withdraw(taken: Sequence[OpenRequest], row: BookingRow | None) -> str:
    """Why it couldn't be taken back; empty where it was."""
    if not taken:
        return "Too late: it was done meanwhile."
    _, taken = apart(taken)
    if row is None or not taken or taken[-1].action.takes_over:
        return ""
    if row.passagepoint is PassState.REGISTERING:
        return TOO_LATE
    is_there = row.passagepoint in (PassState.REGISTERED, PassState.UNCLEAR)
    if is_there and not any(one.action.voids for one in taken):
        return f"Too late: the booking says “{row.label}” now."
    return ""
