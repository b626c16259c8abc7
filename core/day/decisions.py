"""The desk's decisions: kept once, with who and when, and undone while nothing was sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.domain.clock import Clock
from core.domain.models import Decision, DeskRequest, HistoryEntry
from core.domain.new_id import new_id
from core.domain.status import Action
from core.verdict import undoable
from core.verdict.visit import Visit

_MADE_BY_STAFF = frozenset({Action.BY_HAND, Action.BY_FILE})
"""A copy of the ledger that doesn't know of these visits would send them."""


@dataclass(eq=False, repr=False)
class Decisions:
    """Keeps what the desk decided. A decision carries the id of its request, so that carrying a
    request out twice decides once."""

    _cache: Cache
    _book: DayBook
    _clock: Clock
    _on_changed: Callable[[list[str]], None]

    def is_kept(self, request: DeskRequest) -> bool:
        """Whether this request was decided already, before a restart perhaps."""
        kept = self._cache.decisions.get(request.request_id)
        # A forged request may bear the id of another one's decision.
        return kept is not None and (kept.row_id, kept.action) == (request.row_id, request.action)

    def keep(
        self,
        request: DeskRequest,
        *,
        seen: str = "",
        detail: Mapping[str, str] | None = None,
        text: str,
    ) -> None:
        """Keep the decision, with what was seen when it was made; ``text`` is for the history."""
        if self.is_kept(request):
            return
        decision = self._decision(request, request.action, seen, decision_id=request.request_id)
        with self._cache.transaction():
            self._cache.decisions.add(dataclasses.replace(decision, detail=detail or {}))
            self.log(request, text)
            if request.action in _MADE_BY_STAFF:
                self._cache.ledger.outdate_copies()
        self._cache.known.keep()
        self._book.reload([request.row_id])

    def can_be_undone(self, request: DeskRequest) -> bool:
        """Whether the decision of this request is the one that could be undone now."""
        if not self.is_kept(request) or not self._book.has(request.row_id):
            return False
        last = undoable(self._book.facts(request.row_id))
        return last is not None and last.decision_id == request.request_id

    def undo(self, request: DeskRequest) -> Decision | None:
        """Undo the newest decision, or the one that the request names; None: too late for that."""
        last = undoable(self._book.facts(request.row_id))
        wanted = request.detail.get("decision_id")
        if last is None or (wanted and wanted != last.decision_id):
            return None
        self._cache.decisions.undo(last.decision_id, self._clock.now(), request.who)
        self.log(request, f"Undone: {last.action.label.rstrip('…')}.")
        self._book.reload([request.row_id])
        return last

    def split(self, request: DeskRequest, visit: Visit) -> None:
        """What stands in PassagePoint becomes a line of its own, to be removed there."""
        with self._cache.transaction():
            old = self._cache.bookings.split_old_visit(request.row_id, at=self._clock.now())
            for decision in self._book.facts(request.row_id).decisions:
                # By hand, by file, or an unclear one that is there: what made it a visit.
                if visit.ref in (decision.decision_id, decision.seen):
                    copy = dataclasses.replace(decision, decision_id=new_id(), row_id=old.row_id)
                    self._cache.decisions.add(copy)
            self._cache.decisions.add(
                self._decision(request, Action.REGISTER_ANEW, visit.ref, decision_id=None)
            )
            self.log(request, "The old visit is a line of its own now.")
        self._book.reload([request.row_id, old.row_id])
        self._on_changed([old.row_id])

    def _decision(
        self, request: DeskRequest, action: Action, seen: str, *, decision_id: str | None
    ) -> Decision:
        return Decision(
            decision_id=decision_id or new_id(),
            row_id=request.row_id,
            action=action,
            at=self._clock.now(),
            who=request.who,
            computer=_asked_from(request),
            seen=seen,
        )

    def log(self, request: DeskRequest, text: str) -> None:
        """A line of the booking's history, with who asked for it."""
        self._cache.log.add(
            HistoryEntry(
                at=self._clock.now(),
                text=text,
                who=request.who,
                computer=_asked_from(request),
                row_id=request.row_id,
            )
        )


def _asked_from(request: DeskRequest) -> str:
    """The computer as it calls itself, beside what the database knows of whoever asked."""
    known = f" ({request.asked_by})" if request.asked_by else ""
    return f"{request.computer}{known}"
