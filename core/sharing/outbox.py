"""What this computer's desk asked for, on its way through the shared database."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from dataclasses import replace

from core.cache.base import Cache
from core.domain.errors import AppError
from core.domain.models import ActionDone, BookingRow, DeskRequest, Event


class Outbox:
    """Stored as soon as the database is there, and told when the registrar has done them."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._inbox: queue.SimpleQueue[DeskRequest] = queue.SimpleQueue()
        self._unstored: list[DeskRequest] = []
        self._out: dict[str, DeskRequest] = {}

    def submit(self, request: DeskRequest) -> None:
        """Ask for something; from any thread."""
        self._inbox.put(request)

    def refuse(self, why: AppError) -> None:
        """Nothing can be asked for here: say so of everything that was submitted."""
        self._gather()
        while self._unstored:
            one = self._unstored.pop(0)
            text = str(why)
            self._report(ActionDone(one.request_id, one.row_id, one.action, text, error=text))

    def store(self, cache: Cache) -> bool:
        """Keep what was submitted; True where there was anything. What fails is tried again."""
        self._gather()
        had_any = bool(self._unstored)
        while self._unstored:
            request = self._unstored[0]
            cache.requests.store(request)
            self._out[request.request_id] = request
            self._unstored.pop(0)
        return had_any

    def _gather(self) -> None:
        while not self._inbox.empty():
            self._unstored.append(self._inbox.get_nowait())

    def heard(self, event: Event) -> None:
        """The registrar is this very computer, and has told the outcome itself."""
        if isinstance(event, ActionDone):
            self._out.pop(event.request_id, None)

    def conclude(self, cache: Cache, rows: Mapping[str, BookingRow]) -> None:
        """Tell what another computer has done meanwhile."""
        if not self._out:
            return
        for request_id, error in cache.requests.outcomes(self._out).items():
            request = self._out.pop(request_id)
            row = rows.get(request.row_id)
            done = ActionDone(
                request_id,
                request.row_id,
                request.action,
                text=error or (row.label if row else "Done."),
                error=error,
            )
            decision = cache.decisions.get(request_id)
            can_undo = decision is not None and decision.undone_at is None and error is None
            self._report(replace(done, decision_id=request_id) if can_undo else done)
