"""The last step: the visit, handed over only if everything still stands as it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.day.day_book import DayBook
from core.day.sending_gate import SendingGate
from core.domain.errors import AppError, as_app_error
from core.domain.models import AUTOMATIC, PreRegistration
from core.domain.outcomes import Outcome, judge
from core.domain.status import PassState
from core.services.clients import Clients
from core.sync.destinations import Destinations
from core.sync.failures_in_a_row import FailuresInARow
from core.sync.lanes import AT_ONCE, PASSAGEPOINT, PASSAGEPOINT_NOW, LaneJob, Lanes, about
from core.sync.people_steps import OnRows, VisitorStep
from core.sync.sending import Sending
from core.verdict import Verdict


@dataclass(eq=False, repr=False)
class VisitStep:
    """Queues a visit, commits its intent at the hand-over, and settles its answer."""

    _book: DayBook
    _gate: SendingGate
    _lanes: Lanes
    _clients: Clients
    _sending: Sending
    _visitors: VisitorStep
    _destinations: Destinations
    _failures: FailuresInARow
    _on_changed: OnRows

    def __post_init__(self) -> None:
        self._queued: set[str] = set()
        self.go_on: OnRows = lambda _: None
        """Told which rows are to be tried once more at once."""

    def begin(self) -> None:
        """A new pass."""
        self._destinations.begin()

    def is_busy(self, row_id: str) -> bool:
        """Whether it waits for its turn, or for its answer."""
        out = self._sending.out.values()
        return row_id in self._queued or any(send.row_id == row_id for send in out)

    def start(self, verdict: Verdict, *, by: str | None) -> bool:
        """Let the visit wait for its turn; ``by`` is who wants it now, None: by itself."""
        row_id, order = verdict.row.row_id, verdict.row.starts_at
        if by is None and (row_id in self._queued or not self._failures.may_send):
            return row_id in self._queued
        self._queued.add(row_id)
        out: list[PreRegistration] = []

        def begin() -> bool:
            send = self._hand_over(row_id, by)
            if send is None:
                return False
            out.append(send)
            self._on_changed([row_id])
            return True

        def finish(result: Any) -> None:
            self._queued.discard(row_id)
            self._answered(out[0], result)

        def give_up() -> None:
            self._queued.discard(row_id)
            if out:
                self._sending.withhold(out[0])

        job = LaneJob(
            order=AT_ONCE if by is not None else order,
            call=lambda: self._call(out[0], by),
            done=finish,
            begin=begin,
            dropped=give_up,
            about=about(verdict.person.primary_id, verdict.standing.destination),
        )
        self._lanes.add(PASSAGEPOINT_NOW if by is not None else PASSAGEPOINT, job)
        return True

    def _hand_over(self, row_id: str, by: str | None) -> PreRegistration | None:
        """The last look before it goes out: much may have happened while it waited."""
        if not self._book.has(row_id):
            return None
        verdict = self._book.verdict(row_id)
        visitor = self._book.people.visitor(verdict.person.primary_id or "")
        if not may_go(verdict, by) or visitor is None or visitor.visitor_id is None:
            return None
        if visitor.barcode != verdict.person.barcode:
            return None
        facts = self._book.facts(row_id)
        held = facts.hold is not None
        if facts.in_hand is not None:
            return None
        if by is None and (held or not self._failures.may_send):
            return None
        return self._sending.intend(verdict, visitor.visitor_id, by or AUTOMATIC)

    def _call(self, send: PreRegistration, by: str | None) -> str:
        if send.starts_at is None or send.ends_at is None:
            raise ValueError("a visit without its times")
        passagepoint = self._clients.passagepoint()
        if by is not None:
            passagepoint.end_pause()
        return passagepoint.create_prereg(
            visitor_id=send.visitor_id or "",
            destination=send.destination or "",
            starts_at=send.starts_at,
            ends_at=send.ends_at,
        )

    def _answered(self, send: PreRegistration, result: Any) -> None:
        if not isinstance(result, str) and judge(result) is Outcome.REFUSED:
            self._refused(send, as_app_error(result, "PassagePoint"))
            return
        outcome = self._sending.settle(send, result)
        if outcome is Outcome.NOT_SENT:
            self._failures.failed("PassagePoint", as_app_error(result, "PassagePoint"))
        elif outcome is Outcome.REGISTERED:
            self._failures.answered("PassagePoint")
            self._destinations.works(send.destination)
            self._lanes.prefer_others(PASSAGEPOINT, ())
        self._lanes.set_width(PASSAGEPOINT, self._gate.width)
        self._on_changed([send.row_id or ""])

    def _refused(self, send: PreRegistration, error: AppError) -> None:
        """A visitor who is gone is made anew, a destination that is gone is told: else the data."""
        row_id = send.row_id or ""
        if not self._destinations.lacks(send.destination) and self._visitors.may_be_gone(send):
            self._sending.take_back(send, f"The person is looked up again. {error.message}")
            self._visitors.forget(send)
            self.go_on([row_id])
            return
        # What is tried next is unlike this, to tell wrong data from a service that is wrong.
        self._lanes.prefer_others(PASSAGEPOINT, about(send.primary_id, send.destination))
        self._destinations.suspect(send.destination)
        if self._destinations.lacks(send.destination):
            self._sending.take_back(send, error.message)
        else:
            self._sending.settle(send, error)
            self._lanes.set_width(PASSAGEPOINT, self._gate.width)
        self._on_changed([row_id])


def may_go(verdict: Verdict, by: str | None) -> bool:
    """Whether only the visit is missing; what was refused goes again if a person wants it."""
    return verdict.is_ready or (by is not None and verdict.standing.code is PassState.REFUSED)
