"""The two steps before a visit: Alma's answer about the person, and PassagePoint's visitor.

One person is asked and created once, however many bookings they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.cache.base import Cache
from core.day.day_book import DayBook
from core.domain.errors import (
    AppError,
    CredentialsError,
    DataRefused,
    SeveralPeople,
    as_app_error,
)
from core.domain.models import Patron, PreRegistration, Visitor
from core.domain.status import PatronState
from core.services.clients import Clients
from core.sync.alma_due import AlmaDue
from core.sync.failures_in_a_row import FailuresInARow
from core.sync.lanes import (
    ALMA,
    ALMA_NOW,
    AT_ONCE,
    PASSAGEPOINT,
    PASSAGEPOINT_NOW,
    LaneJob,
    Lanes,
    about,
)
from core.sync.sending import Sending
from core.verdict import Verdict

OnRows = Callable[[Iterable[str]], None]


@dataclass(eq=False, repr=False)
class _PeopleStep:
    """What both have in common."""

    _cache: Cache
    _book: DayBook
    _lanes: Lanes
    _clients: Clients
    _sending: Sending
    _failures: FailuresInARow

    def __post_init__(self) -> None:
        self._under_way: set[str] = set()
        """University IDs in upper case."""
        self.go_on: OnRows = lambda _: None
        """Told which rows an answer is about."""

    def is_busy(self, primary_id: str) -> bool:
        return primary_id.upper() in self._under_way


@dataclass(eq=False, repr=False)
class PatronStep(_PeopleStep):
    """Asks Alma about whoever isn't known well enough."""

    due: AlmaDue
    _stop_requested: Callable[[], bool]

    def start(self, primary_id: str, verdict: Verdict, *, urgent: bool) -> bool:
        """Ask; False where Alma is left alone for now."""
        key = primary_id.upper()
        if key in self._under_way and not urgent:
            return True
        if not urgent and not self._failures.lasts("Alma"):
            return False
        self._under_way.add(key)

        def still_wanted() -> bool:
            return not self.due.was_asked(key) and (urgent or self._failures.lasts("Alma"))

        def call() -> Patron:
            alma = self._clients.alma()
            return alma.find_patron(primary_id, urgent=urgent, stop=self._stop_requested)

        def finish(result: Any) -> None:
            self._under_way.discard(key)
            self._arrived(result if isinstance(result, Patron) else _failed(primary_id, result))

        job = LaneJob(
            order=AT_ONCE if urgent else verdict.row.starts_at,
            call=call,
            done=finish,
            begin=still_wanted,
            dropped=lambda: self._under_way.discard(key),
        )
        self._lanes.add(ALMA_NOW if urgent else ALMA, job)
        return True

    def ask_now(self, asked_id: str, done: Callable[[Patron], None], *, anew: bool = False) -> None:
        """Ask about an ID or a barcode that the desk typed or scanned; ``anew``: Alma itself."""

        known = None if anew else self._cache.people.by_barcode(asked_id)
        if known is not None and known.state is PatronState.FOUND:
            done(known)  # offline, too
            return

        def call() -> Patron:
            return self._clients.alma().find_typed(asked_id)

        def finish(result: Any) -> None:
            patron = result if isinstance(result, Patron) else _failed(asked_id, result)
            self._note(patron)
            done(patron)

        self._lanes.add(ALMA_NOW, LaneJob(AT_ONCE, call, finish))

    def _arrived(self, patron: Patron) -> None:
        if patron.cause is None and patron.state is PatronState.COULD_NOT_ASK:
            return  # the pass was stopped before it was asked
        key = patron.asked_id.upper()
        self.due.answered(key)
        self._note(patron)
        self._cache.people.remember(patron)
        stored = self._cache.people.patrons([patron.asked_id])
        rows = self._book.put_patron(stored.get(key, patron))
        for row_id in rows:
            self._note_try(self._book.verdict(row_id), patron)
        self.go_on(rows)

    def _note_try(self, verdict: Verdict, patron: Patron) -> None:
        unknown = verdict.person.state is PatronState.COULD_NOT_ASK
        refused = isinstance(patron.cause, CredentialsError)
        if unknown and verdict.standing.is_wanted and not refused:
            self._sending.note_try(verdict.row.row_id, patron.reason)

    def _note(self, patron: Patron) -> None:
        if patron.cause is None:
            self._failures.answered("Alma")
        else:
            self._failures.failed("Alma", patron.cause)


@dataclass(eq=False, repr=False)
class VisitorStep(_PeopleStep):
    """Makes the person in PassagePoint, or finds who has the barcode there."""

    _on_changed: OnRows

    def __post_init__(self) -> None:
        super().__post_init__()
        self.made: list[Visitor] = []
        """Visitors made or found since this was last emptied."""

    def may_be_gone(self, send: PreRegistration) -> bool:
        """Whether it was sent for a visitor known from earlier, whom PassagePoint may have deleted.

        One whom the desk chose among several stays chosen.
        """
        if send.visitor_id in {one.visitor_id for one in self.made}:
            return False
        known = self._book.people.visitor(send.primary_id or "")
        return known is None or not known.candidates

    def forget(self, send: PreRegistration) -> None:
        """Let the visitor of this send be made anew, unless that was done meanwhile."""
        known = self._book.people.visitor(send.primary_id or "")
        if known is not None and known.visitor_id == send.visitor_id:
            self._cache.people.forget_visitor(known.primary_id)
            self._book.drop_visitor(known.primary_id)

    def start(self, primary_id: str, verdict: Verdict, *, urgent: bool) -> bool:
        """Make the visitor; False where PassagePoint is left alone for now."""
        key, barcode = primary_id.upper(), verdict.person.barcode or ""
        if key in self._under_way and not urgent:
            return True
        if not urgent and not self._failures.may_send:
            return False
        self._under_way.add(key)

        def still_wanted() -> bool:
            known = self._book.people.visitor(primary_id)
            if known is not None and known.barcode == barcode:
                return False
            return urgent or self._failures.may_send

        def finish(result: Any) -> None:
            self._under_way.discard(key)
            self._arrived(primary_id, barcode, result)

        job = LaneJob(
            order=AT_ONCE if urgent else verdict.row.starts_at,
            call=self._call(primary_id, verdict, urgent=urgent),
            done=finish,
            begin=still_wanted,
            dropped=lambda: self._under_way.discard(key),
            about=about(primary_id, verdict.standing.destination),
        )
        self._lanes.add(PASSAGEPOINT_NOW if urgent else PASSAGEPOINT, job)
        return True

    def _call(self, primary_id: str, verdict: Verdict, *, urgent: bool) -> Callable[[], str]:
        patron, barcode = verdict.person.patron, verdict.person.barcode
        booking = self._book.facts(verdict.row.row_id).booking

        def call() -> str:
            passagepoint = self._clients.passagepoint()
            if urgent:
                passagepoint.end_pause()
            return passagepoint.create_visitor(
                first_name=(patron.first_name if patron else "") or booking.first_name,
                last_name=(patron.last_name if patron else "") or booking.last_name,
                barcode=barcode or "",
                category=verdict.outgoing.category,
                email=booking.email,
                university_id=(patron.primary_id if patron else None) or primary_id,
            )

        return call

    def _arrived(self, primary_id: str, barcode: str, result: Any) -> None:
        if isinstance(result, str):
            self._keep(Visitor(primary_id, barcode, result))
        elif isinstance(result, SeveralPeople):
            self._keep(Visitor(primary_id, barcode, None, result.candidates))
        else:
            rows = self._book.people.rows_of(primary_id)
            self._failed(rows, as_app_error(result, "PassagePoint"))
            self._on_changed(rows)

    def _keep(self, visitor: Visitor) -> None:
        self._cache.people.remember_visitor(visitor)
        self._failures.answered("PassagePoint")
        self.made.append(visitor)
        self.go_on(self._book.put_visitor(visitor))

    def _failed(self, rows: Iterable[str], error: AppError) -> None:
        refused = isinstance(error, DataRefused)
        if not refused:
            self._failures.failed("PassagePoint", error)
        for verdict in [self._book.verdict(row_id) for row_id in rows]:
            if not verdict.is_ready or isinstance(error, CredentialsError):
                continue
            if refused:
                self._sending.refuse(verdict, error)
            else:
                self._sending.note_try(verdict.row.row_id, error.message)


def _failed(asked_id: str, result: Any) -> Patron:
    error = as_app_error(result, "Alma")
    return Patron(asked_id, PatronState.COULD_NOT_ASK, reason=error.message, cause=error)
